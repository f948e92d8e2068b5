"""Labelled fields: the cells of a table column, and lines with a label."""

from collections.abc import Sequence

import pytest

from bot.core.model import Paper
from bot.proposals.items import Fact
from tests.refresh.lists import ABSTRACT, NAMES, after, facts, found, listing, paper, papers

ONE = NAMES[0]
PEOPLE = (
    ("Ada Lovelace", "Alan Turing"),
    ("Grace Hopper",),
    ("Barbara Liskov", "Donald Knuth", "Tony Hoare"),
    ("Edsger Dijkstra", "Niklaus Wirth"),
    ("John Backus", "Peter Naur", "Jean Bartik", "Betty Holberton"),
)
KNOWN = papers(*(paper(name, authors=who) for name, who in zip(NAMES, PEOPLE, strict=False)))


def table(head: str, cells: Sequence[str]) -> str:
    rows = [
        f"| [{paper(name).title}](https://arxiv.org/abs/{name}) | {cell} | 2024 |\n"
        for name, cell in zip(NAMES, cells, strict=False)
    ]
    return listing(f"| Title | {head} | Year |\n|---|---|---|\n", *rows)


def joined(separator: str, last: str = "") -> list[str]:
    last = last or separator
    return [
        last.join([separator.join(who[:-1]), who[-1]]) if len(who) > 1 else who[0] for who in PEOPLE
    ]


@pytest.mark.parametrize("empty", ["-", "—", "", "N/A", "?", "None", "❌", "⚠️", "✗"])
@pytest.mark.parametrize(
    "cells",
    [
        joined(", "),
        joined("; "),
        joined(", ", " and "),
        joined(", ", " & "),
        [f"*{names}*" for names in joined(", ")],
        [f"{who[0]} et al." if len(who) > 1 else who[0] for who in PEOPLE],
    ],
)
def test_a_cell_for_authors_is_filled_like_the_rest_of_its_column(cells: list[str], empty: str):
    before, wanted = table("Authors", [empty, *cells[1:]]), table("Authors", cells)
    findings = found(before, KNOWN)

    assert [f"{ONE}/authors"] == facts(findings)
    assert wanted == after(before, findings)


@pytest.mark.parametrize("head", ["Author(s)", "**Authors**", "author"])
def test_the_column_may_have_other_headings(head: str):
    assert [f"{ONE}/authors"] == facts(found(table(head, ["-", *joined(", ")[1:]]), KNOWN))


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("Authors", ["-", *joined(", ")[1:3]]),  # two examples are too few
        (
            "Authors",
            ["-", "Hopper, G.", "Liskov et al", *joined(", ")[3:]],
        ),  # as are many different ones
        ("Authors", ["-", joined(", ")[1], joined("; ")[2], joined(", ")[3], joined("; ")[4]]),
        ("Authors", ["to be asked", *joined(", ")[1:]]),
        ("First author", ["-", *joined(", ")[1:]]),
        ("Group", ["-", *joined(", ")[1:]]),
        ("TL;DR", ["-", *(paper.abstract for paper in list(KNOWN.values())[1:])]),
    ],
)
def test_a_cell_is_left_alone_if_its_column_has_no_common_notation(head: str, cells: list[str]):
    assert () == found(table(head, cells), KNOWN).changes


def test_names_are_not_joined_if_no_entry_is_an_example():
    alone = {
        known.id: paper(str(known.id), authors=known.authors[: 2 if str(known.id) == ONE else 1])
        for known in KNOWN.values()
    }
    cells = ["-", *(paper.authors[0] for paper in list(alone.values())[1:])]

    assert () == found(table("Authors", cells), alone).changes


def test_a_row_that_lacks_cells_is_left_alone():
    text = table("Authors", ["-", *joined(", ")[1:]]).replace("| - | 2024 |", "| - |", 1)

    assert () == found(text, KNOWN).changes


def test_authors_named_elsewhere_in_the_row_are_not_repeated():
    text = table("Authors", ["-", *joined(", ")[1:]])
    text = text.replace(f"/{ONE}) |", f"/{ONE}) by Lovelace |")

    assert () == found(text, KNOWN).changes


def abstracts(*special: str) -> dict[str, Paper]:
    return {
        name: paper(name, abstract=f"{ABSTRACT}{text}")
        for name, text in zip(NAMES, special, strict=False)
    }


def test_an_abstract_in_a_cell_breaks_neither_row_nor_page():
    special = ["p(a|b)\nis <b>bold</b> & *x*", "One.", "Two.", "Three.", "Four."]
    known = abstracts(*special)
    cells = ["-", *(paper.abstract for paper in list(known.values())[1:])]
    findings = found(table("Abstract", cells), papers(*known.values()))
    text = after(table("Abstract", cells), findings)
    row = next(line for line in text.splitlines() if ONE in line)

    assert [f"{ONE}/abstract"] == facts(findings)
    assert 4 == row.replace("\\|", "").count("|")
    assert r"p(a\|b) is &lt;b>bold&lt;/b> & \*x\*" in row


DOIS = [
    "10.1145/3411764.3445",
    "10.18653/v1/2024.acl-long.1",
    "10.1007/s11263-024-1",
    "10.1109/5.771",
]
PUBLISHED = papers(*(paper(name, doi=doi) for name, doi in zip(NAMES, DOIS, strict=False)))


@pytest.mark.parametrize(
    "form", ["{}", "https://doi.org/{}", "[{}](https://doi.org/{})", "[link](https://doi.org/{})"]
)
@pytest.mark.parametrize("label", ["", "DOI: ", "**DOI:** "])
def test_a_doi_is_written_like_the_others(form: str, label: str):
    def text(*written: str) -> str:
        if not label:
            return table("DOI", written)
        items = (
            f"- [{paper(name).title}](https://arxiv.org/abs/{name})\n  - {label}{doi}\n"
            for name, doi in zip(NAMES, written, strict=False)
        )
        return listing(*items)

    written = [form.replace("{}", doi) for doi in DOIS]
    before = text("-", *written[1:])
    findings = found(before, PUBLISHED)

    assert [Fact.DOI] == [change.id.fact for change in findings.changes]
    assert text(*written) == after(before, findings)


@pytest.mark.parametrize(
    ("doi", "written"),
    [
        ("", DOIS),  # arXiv has no DOI
        ("10.1/x", DOIS),
        ("10.1145/1 10.1145/2", DOIS),
        ("10.1145/a|b", DOIS),
        ("10.1145/a_.b", DOIS),  # would have to be escaped, but escapes break a URL
        (DOIS[0], [f"10.48550/arXiv.{name}" for name in NAMES[:4]]),  # another kind of DOI
        (DOIS[0], [DOIS[0], DOIS[1], f"https://doi.org/{DOIS[2]}", f"doi:{DOIS[3]}"]),
    ],
)
def test_a_doi_is_left_out_if_it_or_its_notation_is_not_certain(doi: str, written: list[str]):
    known = {**PUBLISHED, **{changed.id: changed for changed in [paper(ONE, doi=doi)]}}

    assert () == found(table("DOI", ["-", *written[1:]]), known).changes


def test_a_label_without_a_value_is_a_field_too():
    def text(*who: str) -> str:
        items = (
            f"- [{paper(name).title}](https://arxiv.org/abs/{name})\n  - Authors:{names}\n  - Code: -\n"
            for name, names in zip(NAMES, who, strict=False)
        )
        return listing(*items)

    cells = [f" {names}" for names in joined(", ")]
    before = text("", *cells[1:])

    assert text(*cells) == after(before, found(before, KNOWN))


def test_a_label_above_its_own_lines_is_not_an_empty_field():
    def item(name: str, behind: str) -> str:
        return f"- [{paper(name).title}](https://arxiv.org/abs/{name})\n  - Authors:{behind}\n"

    first = item(ONE, "\n    - people of the lab\n    - and others")
    rest = zip(NAMES[1:], joined(", ")[1:], strict=False)

    assert (
        () == found(listing(first, *(item(name, f" {who}") for name, who in rest)), KNOWN).changes
    )


def test_line_endings_of_a_table_stay():
    before = table("Authors", ["-", *joined(", ")[1:]]).replace("\n", "\r\n")
    wanted = table("Authors", joined(", ")).replace("\n", "\r\n")

    assert wanted == after(before.encode(), found(before.encode(), KNOWN))
