"""Hostile metadata in a refresh: in edited entries, the pull request's text, the commit, and the report."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.arxiv_id import ArxivId
from bot.core.config import parse
from bot.core.model import Coverage, Outcome, OutcomeKind, Paper
from bot.listing.document import Document
from bot.listing.index import ListIndex
from bot.listing.paper_list import PaperList
from bot.proposals.batching import BatchJob
from bot.proposals.commits import Commit, changes_of, seal
from bot.proposals.context import RunContext, RunLinks
from bot.proposals.items import ChangeId
from bot.proposals.marker import boxes, compose, parse_refresh
from bot.proposals.model import Base, ForgeState, Proposal
from bot.proposals.text import LIMIT
from bot.refresh.apply import apply_changes
from bot.refresh.find_changes import find_changes
from bot.refresh.model import ChangeState, EntryChange, Findings, RefreshReport, ReportedChange
from bot.refresh.propose import propose_changes
from bot.reports.refresh import render_json, render_terminal
from tests import samples
from tests.conftest import thinned
from tests.fire.attacks import ATTACK_GROUPS, FRAGMENTS
from tests.fire.surfaces import SKIPS, Page, controls
from tests.fire.test_hostile_metadata import RUN, safe

NOW = datetime(2025, 10, 20, 6, 23, tzinfo=UTC)
CONFIG = parse(samples.CONFIG, where="test")
NAMES = tuple(f"2402.{n:05}" for n in range(1, 8))
ONE, TWO, THREE = NAMES[:3]
COVERAGE = Coverage("look-up", "arXiv", "7 ids", read=7, matched=7)
TEMPLATE = """
- [{{ title }}]({{ url }})
{% if authors %}  - Authors: {{ authors | join(", ") }}
{% endif %}{% if abstract %}  - <details> <summary>Abstract</summary> {{ abstract }} </details>
{% endif %}"""


def title(name: str) -> str:
    return f"A Paper on Judging, Part {name[-1]}"


def entry(name: str, template: str | None) -> str:
    """An entry; the first lacks the authors and the abstract, if the template has lines for these."""
    text = f"- [{title(name)}](https://arxiv.org/abs/{name})\n"
    facts = ("Ada Lovelace", "Words.") if name != ONE else ("-", "-")
    if name == ONE and template is not None:
        return text
    if template is not None:
        return (
            text
            + f"  - Authors: {facts[0]}\n  - <details> <summary>Abstract</summary> {facts[1]} </details>\n"
        )
    return text + f"  - Authors: {facts[0]}\n  - Abstract: {facts[1]}\n"


def content_of(template: str | None) -> bytes:
    entries = "".join(entry(name, template) for name in NAMES)
    return f"# List\n\n## Papers\n\n{entries}\n## Other\n\nWords.\n".encode()


def papers(text: str) -> dict[ArxivId, Paper]:
    """Papers in hostile words: one whose entry lacks facts, one with another title, one that is withdrawn."""
    known = {
        name: Paper(ArxivId(name, 2), title(name), "Words.", ("Ada Lovelace",)) for name in NAMES
    }
    lacking, new, gone = known[ONE], known[TWO], known[THREE]
    known[ONE] = replace(
        lacking,
        abstract=f"We {text} judge {text}.",
        authors=(f"Ada {text} Lovelace", "Alan Turing"),
    )
    known[TWO] = replace(new, title=f"Judging {text} anew", journal_ref=f"J. {text}", doi=text)
    known[THREE] = replace(gone, comment=f"This paper has been withdrawn by the authors: {text}")
    return {paper.id: paper for paper in known.values()}


def read(text: str, template: str | None) -> tuple[Findings, Proposal]:
    content = content_of(template)
    state = ForgeState("owner/name", Base("main", "1" * 40, "README.md", content), ())
    context = RunContext.of(CONFIG, state, NOW, RunLinks(RUN))
    older = {ArxivId(TWO): (title(TWO),)}
    found = find_changes(context.papers.files[""], papers(text), older, template)
    job: BatchJob[ChangeId, EntryChange] = BatchJob(new=found.changes)
    (proposal,) = propose_changes([job], found, COVERAGE, 0, context).proposals
    return found, proposal


def check(text: str, template: str | None) -> None:
    found, proposal = read(text, template)
    _, ordinary = read("word", template)
    after = proposal.files[0].content.decode("utf-8")

    # The list: the same as with ordinary words, except for parts that named another paper.
    page, plain = Page(after), Page(ordinary.files[0].content.decode())
    facts = {change.id.fact for change in found.changes}
    if len(facts) == 4:
        assert plain.elements == page.elements
        assert plain.links == page.links
    assert [] == page.images
    assert plain.comments == page.comments
    assert [] == page.unbalanced
    assert plain.acts == page.acts
    assert [] == list(controls(after))
    ids = [entry.ids for entry in ListIndex.build(Document.parse(proposal.files[0].content)).listed]
    assert [(ArxivId(name),) for name in NAMES if name != THREE] == ids

    # The text of the pull request.
    written = compose(proposal.marker, proposal.text)
    marker = parse_refresh(written)
    links = [f"https://arxiv.org/abs/{name}" for name in NAMES]
    assert [] == list(safe(Page(written), RUN, *links))
    assert [] == list(controls(written))
    assert len(written) <= LIMIT
    assert marker is not None
    assert {change.id: True for change in found.changes} == boxes(written)  # all are in
    assert tuple(change.id for change in found.changes) == marker.items

    # The commit.
    message = seal(proposal.message, "2" * 40, ["1" * 40])
    sealed = Commit("3" * 40, message, "2" * 40, ("1" * 40,))
    assert marker.items == changes_of(sealed).items
    assert not SKIPS.search(message)
    assert [] == list(controls(message))


def check_report(text: str) -> None:
    found, proposal = read(text, None)
    outcome = Outcome(
        OutcomeKind.FAILED, text, 3, "", failure=text, detail=text, body=proposal.text
    )
    report = RefreshReport(
        "0.1.0",
        NOW,
        "owner/name",
        "README.md",
        COVERAGE,
        (),
        tuple(ReportedChange(change, ChangeState.PROPOSED, text) for change in found.changes),
        found.notes,
        (outcome,),
    )
    said = render_terminal(report)
    assert [] == list(controls(said))
    assert not [line for line in said.splitlines() if line.lstrip().startswith("::")]
    as_json = render_json(report)
    assert [] == list(controls(as_json))
    assert len(found.changes) == len(json.loads(as_json)["changes"])


WHO = "Ada Lovelace, Alan Turing"


def in_cells(name: str) -> str:
    facts = "- | - | -" if name == ONE else f"{WHO} | 10.1145/1.{name[-1]} | Words."
    return f"| [{title(name)}](https://arxiv.org/abs/{name}) | {facts} |\n"


def in_lines(name: str) -> str:
    who = "-" if name == ONE else f"*{WHO}*"
    return f"- **{title(name)}** - [pdf](https://arxiv.org/abs/{name})\n  - **Authors:** {who}\n"


FORMS = (("| Paper | Authors | DOI | Abstract |\n|---|---|---|---|\n", in_cells), ("", in_lines))


def filled(text: str, head: str, form: Callable[[str], str]) -> tuple[set[str], str]:
    """Returns the facts filled in for a paper with hostile authors, DOI and abstract, and the resulting list."""
    content = f"# List\n\n## Papers\n\n{head}{''.join(map(form, NAMES))}".encode()
    known = {
        name: Paper(
            ArxivId(name),
            title(name),
            "Words.",
            tuple(WHO.split(", ")),
            doi=f"10.1145/1.{name[-1]}",
        )
        for name in NAMES
    }
    known[ONE] = replace(
        known[ONE],
        authors=(f"Ada {text}", text),
        abstract=f"{text} a {text}",
        doi=f"10.1145/{text}",
    )
    listing = PaperList.parse(content, "Papers")
    by_id = {paper.id: paper for paper in known.values()}
    found = find_changes(listing, by_id, {})
    after = apply_changes(listing, found.changes).decode()
    return {change.id.fact.value for change in found.changes}, after


@cache
def usual(head: str, form: Callable[[str], str]) -> tuple[str, Page]:
    _, plain = filled("word", head, form)
    return plain, Page(plain)


def check_filled(text: str) -> None:
    for head, form in FORMS:
        facts, after = filled(text, head, form)
        plain, ordinary = usual(head, form)
        page = Page(after)

        assert {"authors", "doi", "abstract"} >= facts
        assert page.elements <= ordinary.elements  # without facts that are not filled in
        assert ordinary.links == page.links
        assert [] == page.images
        assert ordinary.comments == page.comments
        assert [] == page.unbalanced
        assert ordinary.acts == page.acts
        assert [] == list(controls(after))
        assert plain.count("\n") == after.count("\n")


@pytest.mark.parametrize("texts", thinned(ATTACK_GROUPS, every=4))
def test_in_cells_and_lines_hostile_words_show_and_do_nothing(texts: list[str]):
    assert {"authors", "doi", "abstract"} == filled("word", *FORMS[0])[0]
    assert {"authors"} == filled("word", *FORMS[1])[0]
    for text in texts:
        check_filled(text)


@pytest.mark.deep
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=6).map("".join))
def test_in_cells_and_lines_any_mix_of_attacks_shows_and_does_nothing(text: str):
    check_filled(text)


@pytest.mark.parametrize("texts", thinned(ATTACK_GROUPS, every=4))
@pytest.mark.parametrize("template", [None, TEMPLATE])
def test_hostile_words_show_and_do_nothing(template: str | None, texts: list[str]):
    for text in texts:
        check(text, template)


@pytest.mark.parametrize("texts", thinned(ATTACK_GROUPS, every=4))
def test_a_report_shows_them_and_does_nothing(texts: list[str]):
    for text in texts:
        check_report(text)


@pytest.mark.deep
@given(
    st.lists(st.sampled_from(FRAGMENTS), max_size=6).map("".join), st.sampled_from([None, TEMPLATE])
)
def test_any_mix_of_attacks_shows_and_does_nothing(text: str, template: str | None):
    check(text, template)
    check_report(text)
