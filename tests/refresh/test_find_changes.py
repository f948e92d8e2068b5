"""Which changes are proposed for listed papers, and which are not because they would be guesses."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.arxiv_id import ArxivId
from bot.core.errors import ListError
from bot.listing.paper_list import PaperList
from bot.listing.parts import Replacement
from bot.proposals.items import Fact
from bot.refresh.apply import apply_changes
from tests.refresh.lists import (
    ABSTRACT,
    NAMES,
    after,
    complete,
    entry,
    facts,
    found,
    listing,
    paper,
    papers,
)

ONE, TWO, THREE, FOUR = NAMES[:4]
TEMPLATE = """
- [{{ title }}]({{ url }})
{% if authors %}  - Authors: {{ authors | join(", ") }}
{% endif %}{% if abstract %}  - Abstract: {{ abstract }}
{% endif %}{% if code %}  - Links: [code]({{ code }})
{% endif %}"""


def without_abstract(name: str) -> str:
    return entry(name, abstract=False).replace("  - Abstract: -\n", "")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("indent", ["    * ", "\t- "])
def test_a_line_of_the_template_is_indented_like_the_entry(indent: str, newline: str):
    text = listing(*map(without_abstract, NAMES)).replace("  - ", indent).replace("\n", newline)
    wanted = listing(*complete(*NAMES)).replace("  - ", indent).replace("\n", newline)
    findings = found(text.encode(), papers(), template=TEMPLATE)

    assert wanted == (after(text.encode(), findings) if "-" in indent else wanted)
    assert bool(findings.changes) is ("-" in indent)


def test_a_line_for_authors_that_only_the_template_has_goes_below_the_title():
    text = listing(*(entry(name, authors=False).replace("  - Authors: -\n", "") for name in NAMES))
    findings = found(text, papers(), template=TEMPLATE)

    assert [f"{name}/authors" for name in NAMES] == facts(findings)
    assert listing(*complete(*NAMES)) == after(text, findings)


def test_a_fact_without_a_label_or_a_line_in_the_template_is_left_out():
    text = listing(without_abstract(ONE), *complete(*NAMES[1:]))

    assert () == found(text, papers()).changes


def test_missing_facts_are_written_like_those_of_the_neighbours():
    text = listing(entry(ONE, authors=False, abstract=False), *complete(*NAMES[1:]))
    findings = found(text, papers())

    assert [f"{ONE}/authors", f"{ONE}/abstract"] == facts(findings)
    assert listing(*complete(*NAMES)) == after(text, findings)


def test_other_lines_of_the_entry_stay_below_the_filled_facts():
    more = "  - Links: [code](https://github.com/a/b)\n"
    text = listing(entry(ONE, abstract=False, more=more), *complete(*NAMES[1:]))

    assert entry(ONE, more=more) in after(text, found(text, papers()))


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (listing(*(entry(n, abstract=False) for n in NAMES)), []),  # the list has no abstracts
        (listing(*complete(*NAMES[:2]), *(entry(n, abstract=False) for n in NAMES[2:])), []),
        (
            listing(
                entry(ONE, authors=False, more="  - By Lovelace and others\n"),
                *complete(TWO, THREE, FOUR),
            ),
            [],
        ),
        (
            listing(
                entry(ONE, abstract=False, more="  - TL;DR: it works.\n"),
                *complete(TWO, THREE, FOUR),
            ),
            [],
        ),
        (
            listing(entry(ONE, authors=False), "\n", *complete(TWO, THREE)),
            [],
        ),  # too few to learn from
    ],
)
def test_facts_that_neighbours_lack_or_the_entry_has_are_not_filled_in(
    before: str, expected: list[str]
):
    assert expected == facts(found(before, papers()))


def test_a_template_defines_the_form_even_if_no_entry_has_it():
    text = listing(*map(without_abstract, NAMES))
    findings = found(text, papers(), template=TEMPLATE)

    assert [f"{name}/abstract" for name in NAMES] == facts(findings)
    assert listing(*complete(*NAMES)) == after(text, findings)


def test_a_code_link_from_the_abstract_is_not_treated_as_part_of_it():
    named = paper(ONE, abstract=f"{ABSTRACT}Code: https://github.com/a/b")
    text = listing(without_abstract(ONE), *complete(TWO))
    findings = found(text, papers(named), template=TEMPLATE)

    assert [f"{ONE}/abstract"] == facts(findings)
    assert "Links" not in after(text, findings)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("ended", [True, False])
def test_line_endings_are_those_of_the_list(newline: str, ended: bool):
    text = "# List\n\n## Papers\n\n" + "".join([*complete(*NAMES[1:]), entry(ONE, abstract=False)])
    text = text if ended else text.rstrip("\n")
    content = text.replace("\n", newline).encode()
    wanted = "# List\n\n## Papers\n\n" + "".join(complete(*NAMES[1:], ONE))
    wanted = wanted if ended else wanted.rstrip("\n")

    assert wanted.replace("\n", newline) == after(content, found(content, papers()))


def test_an_abstract_that_names_another_paper_becomes_a_note():
    naming = paper(ONE, abstract=f"{ABSTRACT}It follows arXiv:2309.00267.")
    text = listing(entry(ONE, abstract=False), *complete(*NAMES[1:]))
    findings = found(text, papers(naming))

    assert () == findings.changes
    assert ["with its abstract, the entry would look like that of another paper"] == [
        note.text for note in findings.notes
    ]


OLD = paper(ONE).title
NEW = "How Models Learn from One Another"


def test_the_title_of_an_older_version_is_replaced_by_the_newest():
    text = listing(*complete(*NAMES))
    newest = papers(paper(ONE, title=NEW))
    findings = found(text, newest, older={ArxivId(ONE): ["First", OLD]})

    assert [f"{ONE}/title"] == facts(findings)
    assert text.replace(OLD, NEW) == after(text, findings)


@pytest.mark.parametrize("older", [{}, {ArxivId(ONE): ["Another Title Altogether"]}])
def test_a_title_that_no_older_version_had_becomes_a_note(
    older: dict[ArxivId, list[str]],
):
    newest = papers(paper(ONE, title="Learning from What Some Model Says, Part 1"))
    findings = found(listing(*complete(*NAMES)), newest, older=older)

    assert () == findings.changes
    assert [ONE] == [str(note.paper) for note in findings.notes]


@pytest.mark.parametrize(
    "title",
    [
        "LEARNING from what a Model says: Part 1",
        "Learning from What a Model Says, Part 1: Extended",
        r"Learning from \emph{What} a Model Says, Part~1",
    ],
)
def test_a_title_in_another_notation_or_cut_short_is_left_alone(title: str):
    findings = found(
        listing(*complete(*NAMES)), papers(paper(ONE, title=title)), older={ArxivId(ONE): [OLD]}
    )

    assert () == findings.changes
    assert () == findings.notes


def test_nothing_is_filled_in_if_the_link_is_to_another_paper():
    wrong = paper(ONE, title="Fluid Dynamics of Very Small Teapots")
    text = listing(entry(ONE, abstract=False), *complete(*NAMES[1:]))
    findings = found(text, papers(wrong))

    assert () == findings.changes
    assert "the title differs from arXiv's" in findings.notes[0].text


WITHDRAWN = {"comment": "This paper has been withdrawn by the authors: Theorem 1 is wrong"}


def test_the_entry_of_a_withdrawn_paper_is_removed_whatever_it_lacks():
    text = listing(entry(ONE, authors=False), *complete(*NAMES[1:]))
    findings = found(text, papers(paper(ONE, **WITHDRAWN)))

    assert [f"{ONE}/withdrawal"] == facts(findings)
    assert listing(*complete(*NAMES[1:])) == after(text, findings)


def test_the_last_entry_below_a_heading_stays_even_if_all_are_withdrawn():
    text = f"# L\n\n## Papers\n\n### A\n\n{entry(ONE)}{entry(TWO)}\n### B\n\n{entry(THREE)}"
    findings = found(text, papers(paper(ONE, **WITHDRAWN), paper(TWO, **WITHDRAWN)))

    assert [f"{ONE}/withdrawal"] == [change for change in facts(findings) if "withdrawal" in change]
    assert [TWO] == [str(note.paper) for note in findings.notes if "withdrawn" in note.text]


def test_an_entry_is_removed_with_the_blank_line_after_it():
    entries = complete(*NAMES)
    text = listing("\n".join(entries))
    findings = found(text, papers(paper(TWO, **WITHDRAWN)))

    assert listing("\n".join([entries[0], *entries[2:]])) == after(text, findings)


@pytest.mark.parametrize(
    "text",
    [
        "# List\n\n## Papers\n\n### 2025\n\n" + entry(ONE) + "\n### 2024\n\n" + entry(TWO),
        listing(entry(ONE, more="  - See also arXiv:2309.00267\n"), entry(TWO)),
        listing(*(f"{n}. {entry(name)[2:]}" for n, name in enumerate(NAMES[:2], 1))),
    ],
)
def test_a_withdrawn_paper_whose_entry_cannot_simply_be_removed_becomes_a_note(text: str):
    findings = found(text, papers(paper(ONE, **WITHDRAWN)))

    assert () == findings.changes
    assert any("withdrawn" in note.text for note in findings.notes)


def test_a_paper_listed_twice_is_changed_once():
    text = listing(*complete(*NAMES), entry(ONE, abstract=False))

    assert () == found(text, papers()).changes


def test_a_paper_named_above_the_list_is_changed_in_the_list():
    intro = f"# List\n\n- Start with [this](https://arxiv.org/abs/{ONE}).\n\n"
    text = listing(entry(ONE, abstract=False), *complete(*NAMES[1:])).replace(
        "# List\n\n", intro, 1
    )
    findings = found(text, papers())

    assert [f"{ONE}/abstract"] == facts(findings)
    assert intro in after(text, findings)


def venues(*values: str) -> str:
    return listing(
        *(
            entry(name, more=f"  - Venue: {value}\n")
            for name, value in zip(NAMES, values, strict=False)
        )
    )


@pytest.mark.parametrize(
    ("values", "comment", "expected"),
    [
        (["arXiv", "ICLR 2024", "ACL 2023", "EMNLP 2024"], "Accepted to ICLR 2024", "ICLR 2024"),
        (["-", "ICLR'24", "ACL'23", "EMNLP'24"], "EMNLP 2024", "EMNLP'24"),
        (["arXiv 2024", "ICLR", "ACL", "EMNLP"], "10 pages, ICML 2024", "ICML"),
    ],
)
def test_a_venue_is_written_like_the_other_venues_of_the_list(
    values: list[str], comment: str, expected: str
):
    findings = found(venues(*values), papers(paper(ONE, comment=comment)))

    assert [f"{ONE}/venue"] == facts(findings)
    assert venues(expected, *values[1:]) == after(venues(*values), findings)


@pytest.mark.parametrize(
    ("values", "has_note"),
    [
        (["ICLR 2024 Workshop", "ICLR 2024", "ACL 2023", "EMNLP 2024"], False),
        (["arXiv", "ICLR 2024", "ACL 2023"], True),
        (["arXiv", "ICLR 2024", "ACL'23", "In EMNLP", "somewhere"], True),
    ],
)
def test_a_venue_is_unchanged_if_present_or_if_no_style_is_common(
    values: list[str], has_note: bool
):
    findings = found(venues(*values), papers(paper(ONE, comment="Accepted to ICLR 2024")))

    assert () == findings.changes
    assert has_note is bool(findings.notes)


def test_a_table_column_for_venues_is_filled_too():
    rows = [
        f"| [{paper(name).title}](https://arxiv.org/abs/{name}) | {venue} | 2024 |\n"
        for name, venue in zip(
            NAMES, ["arXiv", "*ICLR 2024*", "ACL 2023", "EMNLP 2024"], strict=False
        )
    ]
    text = listing("| Title | Venue | Date |\n|---|---|---|\n", *rows)
    findings = found(text, papers(paper(ONE, comment="ICML 2024")))

    assert text.replace("| arXiv |", "| ICML 2024 |") == after(text, findings)


def test_a_fact_without_a_place_in_the_list_becomes_a_note():
    published = paper(ONE, journal_ref="J. of Judges 3 (2024)", doi="10.1000/182")
    findings = found(listing(*complete(*NAMES)), papers(published))

    assert ["published: J. of Judges 3 (2024), DOI 10.1000/182"] == [
        note.text for note in findings.notes
    ]


def test_an_edit_that_changes_more_than_its_entry_is_refused():
    text = listing(entry(ONE, abstract=False), *complete(*NAMES[1:]))
    whole = PaperList.parse(text.encode())
    (change,) = found(text, papers()).changes
    at = change.edit.start
    for content in (b"- [Other](https://arxiv.org/abs/2309.00267)\n", b"```\n"):
        wrong = replace(change, edit=Replacement(at, at, content))
        with pytest.raises(ListError):
            apply_changes(whole, [wrong])


LACKS = st.lists(
    st.tuples(
        st.booleans(),
        st.booleans(),
        st.sampled_from(["", "  - Links: [code](https://github.com/a/b)\n", "\n"]),
    ),
    min_size=2,
    max_size=8,
)


@given(
    LACKS,
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([None, TEMPLATE]),
    st.sets(st.sampled_from(NAMES)),
)
def test_no_other_byte_changes_and_a_second_refresh_finds_nothing(
    lacks: list[tuple[bool, bool, str]], newline: str, template: str | None, withdrawn: set[str]
):
    entries = [
        entry(name, authors=authors, abstract=abstract, more=more)
        for name, (authors, abstract, more) in zip(NAMES, lacks, strict=False)
    ]
    content = listing(*entries).replace("\n", newline).encode()
    known = papers(*(paper(name, **WITHDRAWN) for name in withdrawn))
    findings = found(content, known, template=template)
    new = after(content, findings).encode()

    rebuilt, position = b"", 0
    for change in findings.changes:
        rebuilt += content[position : change.edit.start] + change.edit.content
        position = change.edit.end
        was = content[change.edit.start : change.edit.end]
        assert (was in {b"", b"-"}) is (change.id.fact is not Fact.WITHDRAWAL)
    again = found(new, known, template=template)

    assert new == rebuilt + content[position:]
    assert not {change.id for change in again.changes} & {change.id for change in findings.changes}
    assert () == again.changes or template is None
