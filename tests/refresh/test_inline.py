"""Authors within a line or a paragraph, and facts below a heading."""

from collections.abc import Callable

import pytest

from bot.core.model import Paper
from tests.refresh.lists import NAMES, after, facts, found, listing, paper, papers
from tests.refresh.test_spots import KNOWN

ONE = NAMES[0]
Form = Callable[[Paper, str], str]


def names(one: Paper) -> str:
    return ", ".join(one.authors)


def url(one: Paper) -> str:
    return f"https://arxiv.org/abs/{one.id}"


WHOLE: dict[str, tuple[Form, str, str]] = {
    "sentences": (
        lambda one, who: f"- {one.title}.{who} ICML 2024. [pdf]({url(one)})\n",
        " {}.",
        "",
    ),
    "dashes": (lambda one, who: f"- **{one.title}**{who} - [link]({url(one)})\n", " - *{}*", ""),
    "label": (lambda one, who: f"1. [{one.title}]({url(one)}){who}. 2024\n", " by {}", ""),
    "heading": (
        lambda one, who: f"### [{one.title}]({url(one)}){who}\n\nIt works.\n\n",
        ", {}",
        "",
    ),
    "second line": (
        lambda one, who: f"- **{one.title}**  \n  {who}[[pdf]({url(one)})], 2024.\n",
        "*{}*. ",
        "",
    ),
}


def text_of(form: Form, frame: str, lacking: str | None = None) -> str:
    entries = [
        form(
            one, lacking if lacking is not None and str(one.id) == ONE else frame.format(names(one))
        )
        for one in KNOWN.values()
    ]
    return listing(*entries)


@pytest.mark.parametrize("name", WHOLE)
def test_they_are_put_where_the_others_have_them(name: str):
    form, frame, lacking = WHOLE[name]
    before = text_of(form, frame, lacking)
    findings = found(before, KNOWN)

    assert [f"{ONE}/authors"] == facts(findings)
    assert text_of(form, frame) == after(before, findings)


@pytest.mark.parametrize("instead", [" DeepMind.", " Lovelace et al.", " (Judges)."])
def test_an_entry_that_says_something_else_there_is_left(instead: str):
    form, frame, _ = WHOLE["sentences"]

    assert () == found(text_of(form, frame, instead), KNOWN).changes


def test_an_entry_that_goes_on_as_no_other_does_is_left():
    form, frame, lacking = WHOLE["sentences"]
    before = text_of(form, frame, lacking).replace("ICML 2024.", "Under review.", 1)

    assert () == found(before, KNOWN).changes


def test_authors_on_either_side_of_the_title_leave_it_open():
    entries = [
        f"- {one.title}. [pdf]({url(one)})\n"
        if str(one.id) == ONE
        else f"- {names(one)}. {one.title}. [pdf]({url(one)})\n"
        if number % 2
        else f"- {one.title}. {names(one)}. [pdf]({url(one)})\n"
        for number, one in enumerate(KNOWN.values())
    ]

    assert () == found(listing(*entries), KNOWN).changes


@pytest.mark.parametrize("others", [2, 8])
def test_they_are_left_where_few_have_them(others: int):
    form, frame, lacking = WHOLE["dashes"]
    entries = [
        form(one, frame.format(names(one)) if 0 < number <= others - 4 * (others > 4) else lacking)
        for number, one in enumerate(KNOWN.values())
    ]

    assert () == found(listing(*entries), KNOWN).changes


@pytest.mark.parametrize(
    "authors",
    [("Ada, Countess of Lovelace", "Alan Turing"), ("The Team:", "Ada"), ("R2-D2",), ("-",)],
)
def test_names_that_are_no_names_are_left(authors: tuple[str, ...]):
    form, frame, lacking = WHOLE["dashes"]
    known = {**KNOWN, **{one.id: one for one in [paper(ONE, authors=authors)]}}

    assert () == found(text_of(form, frame, lacking), known).changes


def test_names_are_escaped():
    form, frame, lacking = WHOLE["dashes"]
    known = {**KNOWN, **{one.id: one for one in [paper(ONE, authors=("Ada [x] L", "@ada"))]}}
    findings = found(text_of(form, frame, lacking), known)

    assert r"*Ada \[x\] L" in after(text_of(form, frame, lacking), findings)
    assert "@ada" not in after(text_of(form, frame, lacking), findings)


BELOW = {
    "items": "- **Authors:** {who}\n- **Abstract:** {abstract}\n- **Code:** none\n",
    "paragraphs": "\n**Authors:** {who}\n\n**Abstract:** {abstract}\n",
    "breaks": "**Authors:** {who}  \n**Abstract:** {abstract}  \n**Code:** none\n",
}


@pytest.mark.parametrize("form", BELOW)
@pytest.mark.parametrize("lost", ["Authors", "Abstract"])
def test_facts_below_a_heading_have_lines_of_their_own(form: str, lost: str):
    def entry(one: Paper, text: str) -> str:
        return (
            f"### [{one.title}]({url(one)})\n{text.format(who=names(one), abstract=one.abstract)}\n"
        )

    lacking = "".join(
        line for line in BELOW[form].splitlines(keepends=True) if lost not in line
    ).replace("\n\n\n", "\n\n")
    if form == "paragraphs":
        lacking = lacking.removesuffix("\n\n") + "\n" if lost == "Abstract" else lacking[1:]
    entries = [entry(one, BELOW[form]) for one in KNOWN.values()]
    before = listing(entry(next(iter(KNOWN.values())), lacking), *entries[1:])
    findings = found(before, KNOWN)

    assert [f"{ONE}/{lost.casefold()}"] == facts(findings)
    assert listing(*entries) == after(before, findings)


def test_a_line_of_a_paragraph_is_one_only_after_a_break():
    def entry(one: Paper, *, who: bool = True, end: str = " \\") -> str:
        middle = f"*{names(one)}* \\\n" if who else ""
        return f"**{one.title}**{end}\n{middle}[[arXiv]({url(one)})]\n\n"

    first, *rest = KNOWN.values()
    others = [entry(one) for one in rest]
    before = listing(entry(first, who=False), *others)

    assert listing(entry(first), *others) == after(before, found(before, KNOWN))
    assert () == found(listing(entry(first, who=False, end=""), *others), KNOWN).changes


def test_inside_a_block_of_html_nothing_is_written():
    def entry(one: Paper, who: str) -> str:
        return f'- <div>\n  {one.title}{who} - <a href="{url(one)}">pdf</a>\n  </div>\n'

    first, *rest = KNOWN.values()
    before = listing(entry(first, ""), *(entry(one, f" - {names(one)}") for one in rest))

    assert () == found(before, papers(*KNOWN.values())).changes
