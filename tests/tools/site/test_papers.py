from datetime import date

import pytest

from bot.core.arxiv_id import ArxivId
from bot.core.errors import ListError
from bot.core.model import Paper, Topic
from bot.tools.site.links import Link
from bot.tools.site.papers import Listing, SitePaper, read

LIST = """\
# Awesome **Judges** :scales:

[![Awesome](https://awesome.re/badge.svg)](https://awesome.re)

Papers on models that judge [other models](https://example.org), and on who judges the judges.

More words that don't lead.

## Papers
### Surveys
#### 2024
- [Judging: A *Survey* of Judges](https://arxiv.org/abs/2401.00002v3)
  - Authors: Ada Lovelace, Alan Turing, et al.
  - <details> <summary>Abstract (click me)</summary> We judge ~70% of &lt;b&gt; all. </details>
  - Links: [code](https://github.com/a/b), [data](javascript:alert(1))
### Methods
#### 2023
- [An Older Paper on Reward](https://arxiv.org/abs/2312.00001)
- [A Paper That Is Elsewhere](https://openreview.net/forum?id=x)
#### 2022
- [A Paper of Somewhere Else](https://openreview.net/forum?id=y)

## Related lists
- [Another List of Papers](https://arxiv.org/abs/2001.00001)
"""


def of(
    text: str = LIST, heading: str = "", topics: tuple[Topic, ...] = (), **days: date
) -> Listing:
    dates = {ArxivId(name.lstrip("d").replace("_", ".")): day for name, day in days.items()}
    return read(
        text.encode(), name="a-list", heading=heading, topics=topics, days=dates, updated=None
    )


def item(title: str, listing: Listing | None = None) -> SitePaper:
    (element,) = (example for example in (listing or of()).items if title in example.title)
    return element


def test_a_list_has_its_own_title_and_its_first_words():
    listing = of()

    assert "Awesome Judges" == listing.title
    assert "Papers on models that judge other models, and on who judges the judges." == listing.lead


def test_a_list_without_headings_or_words_is_read():
    listing = of("- [Some Paper of Note](https://arxiv.org/abs/2401.00002)\n")

    assert ("a-list", "") == (listing.title, listing.lead)
    assert ["Some Paper of Note"] == [element.title for element in listing.items]


@pytest.mark.parametrize("head", ["## Contents", "# <h2>", "# Content", "## Some Section"])
def test_a_list_without_a_title_has_its_folders_name_and_the_text_above_the_list(head: str):
    listing = of(
        f"These are the words that lead in.\n\n{head}\n\nOther words that do not lead at all.\n"
    )

    assert ("a-list", "These are the words that lead in.") == (listing.title, listing.lead)


def test_the_first_heading_is_the_title_whatever_its_level():
    assert "A List" == of("## A List\n\n## Papers\n").title


def test_papers_come_newest_first_and_other_lists_are_left_out():
    assert ["2401.00002", "2312.00001", "paper-a-paper-that-is-elsewhere"] == [
        element.anchor for element in of().items
    ][:3]
    assert 4 == len(of().items)


def test_an_entry_is_read_with_its_facts():
    element = item("Survey", of(d2401_00002=date(2025, 5, 6)))

    assert "Judging: A Survey of Judges" == element.title
    assert "https://arxiv.org/abs/2401.00002" == element.url
    assert (("Ada Lovelace", "Alan Turing"), True) == (element.authors, element.cut)
    assert "We judge ~70% of <b> all." == element.abstract
    assert (Link("Code", "https://github.com/a/b"),) == element.links
    assert (2024, 1, date(2025, 5, 6)) == (element.year, element.month, element.added)


def test_an_entry_without_an_id_has_the_date_of_its_heading_and_its_own_link():
    element = item("Somewhere")

    assert (2022, None) == (element.year, element.month)
    assert "https://openreview.net/forum?id=y" == element.url
    assert element.arxiv is None


@pytest.mark.parametrize(
    ("words", "authors"),
    [
        ("*Ada Lovelace*", ("Ada Lovelace",)),
        ("*ada lovelace, alan turing*", ("ada lovelace", "alan turing")),
        ("A judge for *span-level hallucination detection* of models", ()),
    ],
)
def test_a_phrase_in_italics_is_no_author(words: str, authors: tuple[str, ...]):
    word = item("Survey", of(LIST.replace("Authors: Ada Lovelace, Alan Turing, et al.", words)))

    assert authors == word.authors


def test_headings_are_tags_except_dates_and_headings_above_all_papers():
    assert ("Surveys",) == item("Survey").tags
    assert ("Methods",) == item("Reward").tags


@pytest.mark.parametrize(
    ("heading", "tag"),
    [
        ("📜 Papers", ()),
        ("2.1 Reward 🏆 Models:", ("Reward Models",)),
        ("3) *Critics*", ("Critics",)),
        ("3D Vision", ("3D Vision",)),
    ],
)
def test_a_tag_is_the_words_of_its_heading(heading: str, tag: tuple[str, ...]):
    assert tag == item("Survey", of(LIST.replace("### Surveys", f"### {heading}"))).tags


def test_topics_that_match_are_tags_too():
    topics = (Topic("Rewards", ("reward",)), Topic("Methods", ("older paper",)))

    element = item("Reward", of(topics=topics))

    assert ("Methods", "Rewards") == element.tags


def test_only_what_is_below_the_heading_counts():
    assert ["2401.00002"] == [element.anchor for element in of(heading="Surveys").items]
    with pytest.raises(ListError, match="Survey"):
        of(heading="Surveyss")


def test_a_paper_listed_twice_becomes_one_with_the_facts_of_both_entries():
    text = LIST.replace(
        "#### 2023",
        "#### 2023\n- [Judging: A Survey of Judges](https://arxiv.org/pdf/2401.00002) [Site](https://s.org)",
    ).replace("#### 2022", "### Third\n#### 2022")

    element = item("Survey", of(text))

    assert ("Surveys", "Methods") == element.sections
    assert {"Code", "Site"} <= {link.label for link in element.links}
    assert 2 == len(element.authors)


def test_an_anchor_depends_on_the_paper_alone():
    before = {element.title: element.anchor for element in of().items}
    after = {
        element.title: element.anchor
        for element in of(
            LIST.replace(
                "## Papers", "## Papers\n- [New One Here](https://arxiv.org/abs/2501.00001)"
            )
        ).items
    }

    assert before.items() <= after.items()


def test_long_and_foreign_titles_have_anchors_of_their_own():
    same = " ".join(["word"] * 20)
    titles = [f"{same} one", f"{same} two", "一篇 关于 奖励 的 论文", "另 一篇 关于 判断 的 论文"]
    text = "".join(
        f"- [{title}](https://openreview.net/forum?id={n})\n" for n, title in enumerate(titles)
    )

    anchors = [element.anchor for element in of(text).items]

    assert 4 == len(set(anchors))
    assert all(anchor.isascii() and len(anchor) < 70 for anchor in anchors)


def test_invalid_bytes_and_invisible_characters_are_left_out():
    text = "# A\n- [A Title \u202e of \x07 Note](https://arxiv.org/abs/2401.00002)\n".encode()
    listing = read(
        text.replace(b"Note", b"No\xffte"),
        name="a-list",
        heading="",
        topics=(),
        days={},
        updated=None,
    )

    assert ["A Title of Note"] == [element.title for element in listing.items]


def test_metadata_fills_in_missing_fields_of_an_entry():
    known = {
        ArxivId("2312.00001"): Paper(ArxivId("2312.00001"), "x", "An abstract.", ("Grace Hopper",)),
        ArxivId("2401.00002"): Paper(ArxivId("2401.00002"), "x", "Another.", ("A B", "C D", "E F")),
    }
    listing = read(
        LIST.encode(), name="x", heading="", topics=(), days={}, updated=None, known=known
    )

    assert ("An abstract.", ("Grace Hopper",)) == (
        item("Reward", listing).abstract,
        item("Reward", listing).authors,
    )
    survey = item("Survey", listing)
    assert "We judge ~70% of <b> all." == survey.abstract
    assert (("A B", "C D", "E F"), False) == (survey.authors, survey.cut)


def test_topics_of_a_paper_without_an_id_come_from_its_words_alone():
    element = item(
        "Elsewhere", of(topics=(Topic("Places", ("elsewhere",)), Topic("Ids", ("0000",))))
    )

    assert element.arxiv is None
    assert ("Places",) == element.topics


def test_related_papers_share_rare_words():
    titles = [
        "Rubric Rewards for Scientific Writing",
        "Scientific Writing with Rubric Judges",
        "Video Preferences of a Small Model",
        "Small Models and Video Preferences",
        "Something Else Altogether",
    ]
    text = "# A\n" + "".join(
        f"- [{title}](https://arxiv.org/abs/2401.{n:05})\n" for n, title in enumerate(titles, 1)
    )
    near = {element.anchor: element.related for element in of(text).items}

    assert ("2401.00002",) == near["2401.00001"]
    assert ("2401.00003",) == near["2401.00004"]
    assert () == near["2401.00005"]


ABOUT = """\
# A list

Words that lead into this list of papers.

## What is it?

It is **bold** and *not* <script>alert(1)</script>, says
[a page](https://a.org/x), [not this](javascript:alert(2)).

- One item
  that goes on
- `Two`

| a | table |
|---|---|

## Empty

## Papers
- [Some Paper of Note](https://arxiv.org/abs/2401.00002)

## After

These words come after the papers.
"""


def test_the_words_above_the_papers_are_carried_over_as_prose():
    (part,) = of(ABOUT).about

    assert "What is it?" == part.heading
    assert (
        "<p>It is <strong>bold</strong> and <em>not</em> &lt;script&gt;alert(1)&lt;/script&gt;, says "
        '<a href="https://a.org/x">a page</a>, not this.</p>\n'
        "<ul><li>One item that goes on</li><li><code>Two</code></li></ul>"
    ) == part.prose
