"""What is found wrong with a list, and what is put right."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.config import Doubt
from bot.listing.document import Document
from bot.listing.index import ListIndex
from bot.listing.paper_list import Census, PaperList
from bot.tools.check.audit import Finding, Rule, audit, repair
from bot.tools.check.findings import render_doubts, render_github, render_json, render_text

LINK = "https://arxiv.org/abs"


DOUBTS = (Doubt("arxiv.categories", "no category 'cs.ZZ' is known", "see there"),)


def found(text: str) -> list[tuple[Rule, int]]:
    return [(one.rule, one.line) for one in findings(text)]


def findings(text: str) -> tuple[Finding, ...]:
    return audit(PaperList.parse(text.encode("utf-8", "surrogateescape")))


def repaired(text: str) -> str:
    listing = PaperList.parse(text.encode("utf-8", "surrogateescape"))
    return repair(listing, audit(listing)).decode("utf-8", "surrogateescape")


def entries(*numbers: str) -> str:
    words = "Moths Zebras Ants Newts Crows Yaks Bats Eels Owls Pigs Rats Cows".split()
    return "".join(
        f"- [On {word} and Others]({LINK}/{number})\n"
        for word, number in zip(words, numbers, strict=False)
    )


GOOD = entries("2505.00001", "2504.00001", "2503.00001", "2502.00001", "2501.00001")
WRONG = {
    "the same id twice": (
        GOOD + f"- [On Moths and others!]({LINK}/2505.00001)\n",
        [(Rule.REPEATED, 6)],
    ),
    "the same title twice": (
        GOOD + "- [On Moths and Others](https://x.org/moths)\n",
        [(Rule.REPEATED, 6)],
    ),
    "one id under a title and its short form": (
        GOOD + f"- [On Moths]({LINK}/2505.00001)\n",
        [(Rule.REPEATED, 6)],
    ),
    "one id under two titles": (
        GOOD + f"- [A Study of Volcanoes]({LINK}/2501.00001)\n",
        [(Rule.TWO_TITLES, 6)],
    ),
    "a link with a version": (
        GOOD.replace("2503.00001", "2503.00001v2"),
        [(Rule.VERSION, 3)],
    ),
    "a link without encryption": (
        GOOD.replace("https://arxiv.org/abs/2503", "http://arxiv.org/abs/2503"),
        [(Rule.HTTP, 3)],
    ),
    "an id that can't be": (GOOD.replace("2503.00001", "2513.00001"), [(Rule.MALFORMED, 3)]),
    "no link": (GOOD + "- On Snails without a Link\n", [(Rule.NO_LINK, 6)]),
}


def test_a_paper_named_above_the_papers_too_is_told_only_where_it_is_there_twice():
    above = f"# Judges\n\n- [On Moths and Others]({LINK}/2505.00001)\n\n## Papers\n\n{GOOD}"
    twice = above + f"- [On Moths and Others]({LINK}/2505.00001)\n"

    def told(text: str) -> list[str]:
        found = audit(PaperList.parse(text.encode(), "Papers"))
        return [one.what for one in found if one.rule is Rule.REPEATED]

    assert [] == told(above)
    assert ["'On Moths and Others' is already at line 7"] == told(twice)


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_found_at_its_line(name: str):
    text, wanted = WRONG[name]

    assert [] == found(GOOD)
    assert wanted == found(text)


def test_a_paper_in_several_sections_is_wrong_only_where_the_list_hardly_has_any():
    again = f"# Rewards\n{GOOD}# Judges\n{{}}# Taken back\n- [Loose Ends]({LINK}/2406.00001)\n"
    once, habit = again.format(GOOD.splitlines()[0] + "\n"), again.format(GOOD)
    volcanoes = f"- [A Study of Volcanoes]({LINK}/2501.00001)\n"

    assert [(Rule.REPEATED, 8)] == found(once)
    assert [] == found(habit)
    assert [(Rule.REPEATED, 13)] == found(
        habit.replace("# Taken", GOOD.splitlines()[0] + "\n# Taken")
    )
    assert [(Rule.TWO_TITLES, 15)] == found(habit + volcanoes), "a wrong link is no habit"


def test_a_pdf_is_wrong_only_where_the_list_links_to_abstracts():
    numbers = [f"25{month:02}.00001" for month in range(12, 0, -1)]
    one = entries(*numbers).replace("abs/2506.00001", "pdf/2506.00001v1.pdf")
    pdfs = GOOD.replace("/abs/", "/pdf/")

    assert [(Rule.PDF, 7), (Rule.VERSION, 7)] == found(one)
    assert entries(*numbers) == repaired(one)
    assert [] == found(pdfs)


def test_an_entry_out_of_an_order_that_all_others_keep():
    numbers = [f"25{month:02}.00001" for month in range(12, 0, -1)]
    numbers[6], numbers[7] = "2505.00001", "2506.00001"

    assert [(Rule.ORDER, 8)] == found(entries(*numbers))


def test_a_paper_under_another_year_where_nearly_all_are_under_theirs():
    years = "".join(
        f"## 20{year}\n"
        + entries(*(f"{year}{month:02}.{year:05}" for month in range(11, 0, -1))).replace(
            "On ", f"In 20{year} On "
        )
        for year in (25, 24)
    )
    wrong = years.replace("2403.00024", "2203.00024")

    assert [] == found(years)
    assert (Rule.YEAR, 22) in found(wrong)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_repair_changes_only_the_links(ending: str):
    text = (
        "\ufeff# L\xa0é"
        "\n"
        + GOOD.replace("https://arxiv.org/abs/2503.00001", "http://arxiv.org/abs/2503.00001v3")
        + "tail \udcff"
    )
    text = text.replace("\n", ending)

    assert text.replace("http://arxiv.org/abs/2503.00001v3", f"{LINK}/2503.00001") == repaired(text)


@given(
    st.lists(
        st.sampled_from(
            [
                "## 2024",
                "- [A](http://arxiv.org/pdf/2401.00001v2.pdf)",
                "- [B](https://arxiv.org/abs/2402.00002v11)",
                "- [C](https://arxiv.org/abs/2402.00003) http://arxiv.org/abs/2402.00003v1",
                "- [D](http://www.arxiv.org/abs/hep-th/9901001v1)",
                "- [E](http://arxiv.org/abs/9999.99999)",
                "  - http://arxiv.org/abs/2402.00004v1 \xe9",
                "",
                "| t | p |",
                "|---|---|",
                "| F | [p](http://arxiv.org/pdf/2402.00005v1) |",
            ]
        ),
        max_size=14,
    )
)
def test_a_repaired_list_needs_no_repair_and_has_the_same_papers(lines: list[str]):
    text = "\n".join(lines)
    after = repaired(text)
    document = Document.parse(after.encode())

    assert not any(one.edit for one in audit(PaperList.parse(after.encode())))
    assert [one.line for one in ListIndex.build(Document.parse(text.encode())).listed] == [
        one.line for one in ListIndex.build(document).listed
    ]


def test_findings_as_text_json_and_annotations():
    told = (
        Finding(
            Rule.REPEATED, 7, "'A,\n::error::b 100%' is already at line 3", "remove one of them"
        ),
    )

    assert (
        "README.md:7: repeated: 'A, ::error::b 100%' is already at line 3\n    fix: remove one of them\n"
        == render_text("README.md", told)
    )
    assert (
        "::warning file=a%2Cb.md,line=7,title=repeated::'A, ::error::b 100%25' is already at line 3; "
        "fix: remove one of them\n" == render_github("a,b.md", told, "c.toml", ())
    )
    data = json.loads(render_json("README.md", Census(3, 2, 1), told, DOUBTS))
    assert (3, 2, 1) == (data["entries"], data["papers"], data["on_arxiv"])
    assert [False] == [one["fixable"] for one in data["findings"]]
    assert ["arxiv.categories"] == [one["where"] for one in data["doubts"]]


def test_doubts_are_told_beside_the_findings():
    assert (
        "c.toml: warning: arxiv.categories: no category 'cs.ZZ' is known\n    fix: see there\n"
        == render_doubts("c.toml", DOUBTS)
    )
    assert (
        "::warning file=c.toml,title=arxiv.categories::no category 'cs.ZZ' is known; fix: see there\n"
        == render_github("README.md", (), "c.toml", DOUBTS)
    )


def test_a_doubt_starts_no_command_of_its_own():
    doubt = Doubt("x,y", "50%\n::error::a", "::error::b\r\n::error::c")
    told = render_github("README.md", (), "c:d,e.toml", (doubt,))

    assert told.startswith("::warning file=c%3Ad%2Ce.toml,title=x%2Cy::50%25")
    assert 1 == len(told.splitlines())
    assert "\n::error" not in render_doubts("c.toml", (doubt,))
