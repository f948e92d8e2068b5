"""Renders the text of a pull request of papers: what is in it and why, so that a maintainer can judge it quickly.

The text depends on the batch alone, so the same batch has the same text. **A ticked box is a paper in this pull
request**; `bot.proposals.marker` reads the boxes back. Text from arXiv is escaped and shortened. GitHub accepts
65,536 characters; a longer text loses the abstracts first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.core import titles
from bot.core.arxiv_id import ArxivId
from bot.core.english import count, shorten
from bot.core.escaping import inline
from bot.core.model import Coverage, Decision, Reason
from bot.proposals.marker import Marker, box
from bot.proposals.paper_text import (
    CELL_SHOWN,
    NOTE_SHOWN,
    TITLE_SHOWN,
    PaperBatch,
    ProposedPaper,
    brief,
    least,
    linked_id,
    linked_title,
    match_word,
    perhaps_id,
    perhaps_line,
    perhaps_title,
    whole,
)
from bot.proposals.text import (
    Addresses,
    code,
    files_of,
    folded,
    footer,
    how_to_answer,
    on_answer,
    removed_items,
    room_below,
)

_HELD_SHOWN = 20
_MOST_NAMED = (
    50  # declined papers of a closed batch; if there are more, their ids replace the titles
)
_IN_TABLE = 4  # papers; with at least so many, the text begins with a table
_ANSWERS = (
    ("remove a paper for good", "untick its box, or delete its entry from the branch"),
    ("add a paper of *Perhaps*", "tick its box"),
)
_MERGED_FIRST = (
    "If you merge before that run, the list gets a paper that you unticked; "
    "the run then opens a pull request that removes it."
)
_UNDO = "tick or untick again while this is open; later `arxiv-bot propose ID`"


@dataclass(frozen=True, slots=True)
class _Detail:
    """A level of detail for the text; the first one that fits the limit is used."""

    paper: Callable[[ProposedPaper, PaperBatch, Marker[ArxivId]], str]
    perhaps: Callable[[Decision, PaperBatch], str]
    note: str = ""
    names_others: bool = True


def render_text(marker: Marker[ArxivId], batch: PaperBatch) -> str:
    """Renders the text below the marker; drops abstracts, then evidence, then titles if it is too long for GitHub."""
    room = room_below(marker)
    text = ""
    for detail in _BY_LENGTH:
        parts = [
            *_papers(marker, batch, detail),
            *_perhaps(batch, detail),
            *_removed(marker, batch, detail),
            *_held(batch, _HELD_SHOWN if detail.names_others else 0),
            _coverage(batch.coverage),
            how_to_answer(_ANSWERS, _UNDO, _MERGED_FIRST),
            footer(batch.addresses),
        ]
        text = "\n\n".join(parts) + "\n"
        if len(text) <= room:
            break
    return text


def render_closed(
    marker: Marker[ArxivId], known: Mapping[ArxivId, str], addresses: Addresses
) -> str:
    """Renders the text of a batch that the bot closes because no paper is left in it; `known` are titles of papers."""
    why = (
        f"**Closed by the bot: no paper is left to decide.** Each paper is in {code(marker.path)} now, "
        "is in another pull request, or was removed here. Closing this pull request declines no further papers."
    )
    named = known if len(marker.declined) <= _MOST_NAMED else {}
    lines = [_removed_line(paper, named.get(paper, ""), marker) for paper in marker.declined]
    return "\n\n".join([why, *([removed_items(lines)] if lines else []), footer(addresses)]) + "\n"


def _papers(marker: Marker[ArxivId], batch: PaperBatch, detail: _Detail) -> list[str]:
    """The papers that the pull request adds: an introduction, a table if there are many, and a box for each."""
    number = len(batch.papers)
    parts = [_introduction(marker, batch)]
    if number >= _IN_TABLE and detail.names_others:
        parts.append(_table(batch))
    if number:
        what = "merging adds it" if number == 1 else "merging adds them"
        blocks = [
            f"{box(paper.id, ticked=True)} {detail.paper(paper, batch, marker)}"
            for paper in batch.papers
        ]
        parts += [f"### In this pull request ({number}): {what}", "\n".join(blocks)]
    return [*parts, detail.note] if detail.note else parts


def _introduction(marker: Marker[ArxivId], batch: PaperBatch) -> str:
    number, file = len(batch.papers), files_of((paper.path for paper in batch.papers), marker)
    if not number:
        return (
            f"**No paper is in this pull request yet.** Tick a paper below, and the next run adds its entry to {file}. "
            "**Close** this if none belongs there."
        )
    papers = f"**{count(number, 'paper')}** from arXiv"
    if all(paper.decision.reason is Reason.ASKED for paper in batch.papers):
        papers += f" that a person asked for {'goes' if number == 1 else 'go'} into"
    elif number == 1:
        papers += " may belong in"
    else:
        papers += ", best first, may belong in"
    new = "the new heading " if batch.section in batch.new_headings else ""
    place = f", under {new}**{inline(batch.section)}**" if batch.section else ""
    return (
        f"{papers} {file}{place}. {_new_headings(batch)}Nothing else in "
        "the list changes.\n\n"
        "**A ticked box is a paper in this pull request.** "
        f"**Merge** to add {'it' if number == 1 else 'what is ticked'}. "
        "**Untick** a paper to decline it for good; merge after the next run has removed it. "
        f"**Close** to decline {'it' if number == 1 else 'all ticked papers'}."
    )


def _new_headings(batch: PaperBatch) -> str:
    """Names the headings that the pull request adds, and asks for their lines in the table of contents."""
    headings = batch.new_headings
    them = "them" if len(headings) > 1 else "it"
    text = ""
    if headings and not batch.section:
        named = " and ".join(f"**{inline(heading)}**" for heading in headings)
        text = f"It adds the heading{'s' if len(headings) > 1 else ''} {named}. "
    if contents := next(filter(None, headings.values()), ""):
        text += f"✏️ You add {them} to the {contents}. "
    return text


def _table(batch: PaperBatch) -> str:
    rows = ["| | paper | match |", "|--:|---|---|"]
    for number, paper in enumerate(batch.papers, start=1):
        title = shorten(titles.plain(paper.draft.paper.title), CELL_SHOWN)
        rows.append(
            f"| {number} | [{inline(title, table=True)}]({paper.id.url}) "
            f"| {match_word(paper.decision, batch.threshold)} |"
        )
    return "\n".join(rows)


def _perhaps(batch: PaperBatch, detail: _Detail) -> list[str]:
    """The section of papers that a person may tick, one line each."""
    if not batch.perhaps:
        return []
    lines = [
        f"{box(decision.candidate.paper.id)} {detail.perhaps(decision, batch)}"
        for decision in batch.perhaps
    ]
    return [f"### Perhaps ({len(lines)}): tick to add", "\n".join(lines)]


_BARE = "*Evidence and abstracts are left out, because the text would be too long.*"
_NO_ABSTRACTS = "*The abstracts are left out, because the text would be too long.*"
_BY_LENGTH = (
    _Detail(whole, perhaps_line),
    _Detail(brief, perhaps_line, _NO_ABSTRACTS),
    _Detail(brief, perhaps_title, _NO_ABSTRACTS),
    _Detail(least, perhaps_title, _BARE),
    _Detail(least, perhaps_id, _BARE, names_others=False),
)


def _removed(marker: Marker[ArxivId], batch: PaperBatch, detail: _Detail) -> list[str]:
    """The section of papers that a person unticked, with their titles if there is room."""
    known = batch.titles if detail.names_others else {}
    lines = [_removed_line(paper, known.get(paper, ""), marker) for paper in marker.declined]
    return [removed_items(lines)] if lines else []


def _removed_line(paper: ArxivId, title: str, marker: Marker[ArxivId]) -> str:
    name = linked_title(title, paper) if title else linked_id(paper)
    return f"{box(paper)} {name} · {on_answer('removed', paper, marker)}"


def _held(batch: PaperBatch, shown: int) -> list[str]:
    """The papers held back for later, collapsed."""
    held = batch.held
    if not held:
        return []
    reasons = dict.fromkeys(_why_held(decision) for decision in held)
    same_reason = len(reasons) == 1
    lines = [
        _held_line(decision, "" if same_reason else _why_held(decision))
        for decision in held[:shown]
    ]
    if len(held) > shown:
        lines.append(f"- {'and ' if shown else ''}{len(held) - shown} more, in the run's report")
    brief = dict.fromkeys(decision.reason.value for decision in held)
    why = next(iter(reasons)) if same_reason else "; ".join(brief)
    are = "is" if len(held) == 1 else "are"
    summary = f"{count(len(held), 'paper')} {are} held back for later: {why}"
    return [folded(summary, "\n".join(lines))]


def _why_held(decision: Decision) -> str:
    detail = f", {shorten(decision.detail, NOTE_SHOWN)}" if decision.detail else ""
    return decision.reason.value + detail


def _held_line(decision: Decision, why: str) -> str:
    paper = decision.candidate.paper
    title = inline(shorten(titles.plain(paper.title), TITLE_SHOWN))
    return f"- {linked_id(paper.id)} {title}" + (f" · {inline(why)}" if why else "")


def _coverage(coverage: Sequence[Coverage]) -> str:
    """What was read from arXiv: collapsed if it is complete, with a warning if it is not."""
    lines = "\n".join(_coverage_line(source) for source in coverage)
    if coverage and all(source.complete for source in coverage):
        read = ", ".join(
            f"{count(source.read, 'paper')} from {source.source}" for source in coverage
        )
        return folded(f"Coverage: complete ({read})", lines)
    return (
        f"⚠️ **Not all requested papers could be read from arXiv.** Later runs try again.\n\n{lines}"
    )


def _coverage_line(source: Coverage) -> str:
    of = "" if source.matched is None else f" of {source.matched:,}"
    read = count(source.read, "paper") if source.matched is None else f"{source.read:,}{of} papers"
    text = f"{source.source}: {read} read from {source.of}"
    if source.window:
        text += f", {source.days}"
    text += "".join(f"; {note}" for note in (source.note, source.capped, source.failure) if note)
    return f"- {'' if source.complete else '⚠️ '}{inline(shorten(text, NOTE_SHOWN))}"
