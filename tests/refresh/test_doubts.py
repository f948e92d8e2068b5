"""Entries are left alone if other words in them show that filling in a fact may be wrong."""

import pytest

from bot.core.arxiv_id import ArxivId
from bot.core.model import Paper
from tests.refresh.lists import NAMES, after, facts, found, listing, paper, papers, url
from tests.refresh.test_labelled import DOIS, KNOWN, ONE, PUBLISHED, joined, table

MANY = tuple(f"{first} {last}" for first in ("Ada", "Alan", "Grace") for last in "UVWXYZ")
ACCEPTED = papers(paper(ONE, comment="Accepted to ICML 2024"))
VENUES = ["arXiv 2024", "ICLR 2024", "ACL 2023", "KDD 2022"]


def known(**other: object) -> dict[ArxivId, Paper]:
    """The papers, with changed facts of the first one."""
    return {**KNOWN, **{changed.id: changed for changed in [paper(ONE, **other)]}}


def labelled(first: str = "", *, cells: list[str] | None = None) -> str:
    """Items with authors on their own line; the first has none there, and the given words after its title."""
    rest = (
        f"- [{paper(name).title}]({url(paper(name))})\n  - Authors: {who}\n"
        for name, who in zip(NAMES[1:], cells or joined(", ")[1:], strict=False)
    )
    return listing(f"- [{paper(ONE).title}]({url(paper(ONE))}){first}\n  - Authors: -\n", *rest)


def test_each_of_these_entries_is_filled_if_nothing_is_doubtful():
    for text in (labelled(), table("Authors", ["-", *joined(", ")[1:]])):
        assert [f"{ONE}/authors"] == facts(found(text, KNOWN))


@pytest.mark.parametrize("text", [labelled, lambda: table("Authors", ["-", *joined(", ")[1:]])])  # fmt: skip
def test_more_than_ten_names_are_written_out_only_if_another_entry_does_so(text):
    assert [f"{ONE}/authors"] == facts(found(text(), known(authors=MANY[:10])))
    assert () == found(text(), known(authors=MANY[:11])).changes

    other = paper(NAMES[1], authors=MANY[:12])
    before = text().replace(joined(", ")[1], ", ".join(other.authors))
    wanted = {**known(authors=MANY[:11]), other.id: other}

    assert ", ".join(MANY[:11]) in after(before, found(before, wanted))


def test_names_are_abbreviated_only_if_another_entry_does_so_for_as_few():
    some = {known.id: paper(str(known.id), authors=MANY[:5]) for known in KNOWN.values()}
    text = table("Authors", ["-", *["Ada U et al."] * 4])

    def first(count: int) -> list[str]:
        changed = paper(ONE, authors=MANY[:count])
        return facts(found(text, {**some, changed.id: changed}))

    assert [f"{ONE}/authors"] == first(1) == first(5) == first(9)
    assert [] == first(2) == first(4)


@pytest.mark.parametrize(
    ("authors", "named"),
    [
        ((r"Jos\'e Garc\'ia",), "García"),
        (("José García",), "Garcia"),
        (("José Garcia Jr.",), "Garcia"),
        (("Ada U", "Ada V", "Ada W", "Ada X", "Konrad Zuse"), "Zuse"),
    ],
)
def test_an_author_named_in_another_spelling_counts_as_named(authors: tuple[str, ...], named: str):
    assert [f"{ONE}/authors"] == facts(found(labelled(" by a friend"), known(authors=authors)))
    assert () == found(labelled(f" by {named}"), known(authors=authors)).changes


def test_words_of_the_title_do_not_count_as_names():
    authors = ("Ada Model", "Alan Says")

    assert [f"{ONE}/authors"] == facts(found(labelled(), known(authors=authors)))


@pytest.mark.parametrize("last", ["et al.", "others", "and Others"])
def test_a_remark_about_other_authors_is_not_a_name(last: str):
    text = table("Authors", ["-", *joined(", ")[1:]])

    assert () == found(text, known(authors=("Ada Lovelace", last))).changes


def test_an_entry_that_names_two_papers_is_not_filled():
    second = f"[{paper(NAMES[7]).title}]({url(paper(NAMES[7]))})"
    place = f"/{ONE})"
    for text in (labelled(), table("Authors", ["-", *joined(", ")[1:]])):
        assert () == found(text.replace(place, f"{place}, {second}", 1), KNOWN).changes

    form = "- [{0}]({1}) *({2})*, [b](https://{3}x.org)\n"
    assert [f"{ONE}/venue"] == facts(found(venues(form), ACCEPTED))
    text = venues(form, more=f"arxiv.org/abs/{NAMES[7]}/")
    assert () == found(text, ACCEPTED).changes
    assert "published: ICML 2024" in [note.text for note in found(text, ACCEPTED).notes]


def test_a_label_above_a_paragraph_is_not_an_empty_field():
    def entry(name: str, who: str) -> str:
        return f"### [{paper(name).title}]({url(paper(name))})\n\n**Authors:**{who}\n\n**Year:** 2024\n\n"

    def text(first: str) -> str:
        rest = zip(NAMES[1:], joined(", ")[1:], strict=False)
        return listing(entry(ONE, first), *(entry(name, f" {who}") for name, who in rest))

    assert [f"{ONE}/authors"] == facts(found(text(""), KNOWN))
    assert () == found(text("\n\nThe countess and the codebreaker"), KNOWN).changes


def test_a_row_with_a_leading_bar_that_the_header_lacks_is_not_matched_to_columns():
    rest = zip(NAMES[1:], joined(", ")[1:], strict=False)
    text = listing(
        "Title | Year | Authors\n---|---|---\n",
        f"| [{paper(ONE).title}]({url(paper(ONE))}) | -\n",
        *(f"[{paper(name).title}]({url(paper(name))}) | 2024 | {who}\n" for name, who in rest),
    )

    assert () == found(text, KNOWN).changes


def test_an_entry_with_another_doi_gets_no_doi():
    text = table("DOI", ["-", *DOIS[1:]])
    place = f"/{ONE}) |"

    assert () == found(text.replace(place, f"/{ONE}) 10.1000/182 |"), PUBLISHED).changes
    own = text.replace(place, f"/{ONE}) 10.48550/arXiv.{ONE} |")
    assert [f"{ONE}/doi"] == facts(found(own, PUBLISHED))


def test_nothing_is_written_in_a_code_block():
    def entry(name: str, who: str, fence: str) -> str:
        return (
            f"### [{paper(name).title}]({url(paper(name))})\n\n{fence}\nauthors: {who}\n{fence}\n\n"
        )

    def text(fence: str) -> str:
        cells = zip(NAMES, ["-", *joined(", ")[1:]], strict=False)
        return listing(*(entry(name, who, fence) for name, who in cells))

    assert [f"{ONE}/authors"] == facts(found(text(""), KNOWN))
    assert () == found(text("```"), KNOWN).changes


def test_nothing_is_written_in_an_html_block():
    def text(tag: str) -> str:
        cells = zip(NAMES, ["-", *joined(", ")[1:]], strict=False)
        items = (
            f"- [{paper(name).title}]({url(paper(name))})\n  {tag}\n  Authors: {who}\n"
            for name, who in cells
        )
        return listing(*items)

    assert [f"{ONE}/authors"] == facts(found(text("by"), KNOWN))
    assert () == found(text("<details><summary>More</summary>"), KNOWN).changes


def venues(form: str, first: str = VENUES[0], more: str = "") -> str:
    written = (
        form.format(paper(name).title, url(paper(name)), venue, more if name == ONE else "")
        for name, venue in zip(NAMES, [first, *VENUES[1:]], strict=False)
    )
    return listing(*written)


@pytest.mark.parametrize(
    "more", ["submitted to Nature", "under review", "v2", "cs.CL", "workshop", "ICML Oral"]
)
def test_words_after_a_venue_may_make_it_doubtful(more: str):
    form = "- **{0}**, {2} ({3}x). [pdf]({1})\n"

    assert [f"{ONE}/venue"] == facts(
        found(venues(form, more="see https://x.org/workshop/ICML "), ACCEPTED)
    )
    assert () == found(venues(form, more=f"{more}, "), ACCEPTED).changes


def test_a_venue_in_another_column_of_the_row_is_not_repeated():
    text = venues("| [{0}]({1}) | {2} | {3} |\n", more="ICML Oral")
    text = text.replace("Papers\n\n", "Papers\n\n| Title | Venue | Note |\n|---|---|---|\n")

    assert () == found(text, ACCEPTED).changes
    assert [f"{ONE}/venue"] == facts(found(text.replace("ICML Oral", "-"), ACCEPTED))


def test_escaped_names_are_recognised():
    some = {
        known.id: paper(str(known.id), authors=("Ada L_", "Alan [T]")) for known in KNOWN.values()
    }
    cells = [r"Ada L\_, Alan \[T\]"] * 4
    text = table("Authors", ["-", *cells])

    assert table("Authors", [cells[0], *cells]) == after(text, found(text, some))


def test_columns_with_other_headings_are_not_examples():
    first = table("Author", ["-", *joined(", ")[1:3]]).partition("\n## Other")[0]
    other = table("Authors", ["", "", "", *joined(", ")[3:]]).partition("Papers\n\n")[2]

    assert [] == [
        change for change in facts(found(f"{first}\n{other}", KNOWN)) if change.startswith(ONE)
    ]


@pytest.mark.parametrize("first", ["\n  - *Jane Roe, John Doe*", "\n  - Author(s): unknown"])
def test_names_that_differ_from_arxivs_are_left_alone(first: str):
    assert () == found(labelled(first), KNOWN).changes


@pytest.mark.parametrize("first", ["\n  - {}", "\n  <details> {} </details>", "\n  - tl;dr of it"])
def test_an_abstract_elsewhere_in_the_entry_is_not_repeated(first: str):
    listed = paper(ONE)
    cells = [f"x\n  - Abstract: {listed.abstract}"] * 4
    text = labelled("{}\n  - Abstract: -", cells=cells)

    assert f"{ONE}/abstract" in facts(found(text.replace("{}", ""), KNOWN))
    text = text.replace("{}", first.format(listed.abstract))
    assert f"{ONE}/abstract" not in facts(found(text, KNOWN))


def test_examples_come_only_from_the_part_of_the_list_with_papers():
    first, *rest = labelled().split("\n- ")[1:]
    text = f"# List\n\n## Papers\n\n- {first}\n\n## Elsewhere\n\n- " + "\n- ".join(rest)

    assert f"{ONE}/authors" in facts(found(text.replace("## E", "### E"), KNOWN))
    assert () == found(text, KNOWN).changes


def test_another_venue_in_the_line_makes_it_doubtful():
    assert () == found(venues("- [{0}]({1}) *({2})*\n", "ACL 2024, arXiv 2024"), ACCEPTED).changes
    assert () == found(venues("- [{0}]({1}), {2}, *{2}*\n", "ACL 2024*, *arXiv"), ACCEPTED).changes


@pytest.mark.parametrize(
    ("form", "part"),
    [
        ("- [code](https://x.org) **{0}**. {2}, [[pdf]]({1})\n", "[code](https://x.org) "),
        ("- [{0}]({1}) *{2}*\n    - it\n", "  "),
    ],
)
def test_text_before_the_title_or_on_another_line_is_not_an_example(form: str, part: str):
    text = venues(form)

    assert text.count(part) > 3
    assert [f"{ONE}/venue"] == facts(found(text.replace(part, "", 1), ACCEPTED))


def test_a_link_to_arxiv_keeps_its_label_if_others_link_to_proceedings():
    text = venues("- {0} [[{2}]({1})] [pdf](https://arxiv.org/pdf/{1})\n")
    text = text.replace("/pdf/https://arxiv.org/abs/", "/pdf/")
    for name in NAMES[1:4]:
        text = text.replace(f"https://arxiv.org/abs/{name}", f"https://example.org/{name}")

    assert () == found(text, ACCEPTED).changes


def test_a_doi_that_is_filled_in_gets_no_note():
    changed = paper(ONE, doi=DOIS[0], journal_ref="A Journal, 2024")
    findings = found(table("DOI", ["-", *DOIS[1:]]), {**PUBLISHED, changed.id: changed})

    assert [f"{ONE}/doi"] == facts(findings)
    assert ["published: A Journal, 2024"] == [note.text for note in findings.notes]
