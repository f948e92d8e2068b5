"""Reports a refresh: as text for a terminal, as Markdown for a job's summary page, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.core import titles
from bot.core.english import count, shorten
from bot.core.escaping import printable
from bot.core.model import Outcome, OutcomeKind
from bot.listing.index import Listed
from bot.proposals.items import Fact
from bot.refresh.model import ChangeState, Note, RefreshReport, ReportedChange
from bot.reports.json_record import JsonRecord, Text, as_json, at
from bot.reports.records import OutcomeRecord
from bot.reports.summary import outcome_lines

_SHOWN = 100  # characters of a value
_IDS_SHOWN = 10


class LookedUpRecord(JsonRecord):
    """How many papers were looked up, and where."""

    of: Text
    """The service or file that was asked."""
    asked: int | None = at("matched")
    """How many papers were looked up."""
    read: int
    """How many of them the source knew."""


class ChangeRecord(JsonRecord):
    """A change to a listed paper's entry."""

    id: Text = at("change", "id")
    """The change's identity; a change to another value has a different identity."""
    paper: Text = at("change", "id", "paper")
    """The paper's arXiv id, without a version."""
    fact: Fact = at("change", "id", "fact")
    """The part of the entry that changes."""
    line: int = at("change", "listed", "line")
    """The entry's line in the list, from 1."""
    path: Text = at("change", "listed", "path")
    """The path of the file that has this line; empty for the list's first file."""
    title: Text = at("change", "listed", "title")
    """The entry's title."""
    old: Text = at("change", "old")
    """The entry's current text; empty if the entry lacks this fact."""
    value: Text = at("change", "value")
    """The text that the entry would have."""
    why: Text = at("change", "why")
    """The evidence for the change."""
    standing: ChangeState = at("state")
    """Whether the change is proposed, or why not."""
    detail: Text
    """Details, such as `#12`."""


class NoteRecord(JsonRecord):
    """Something about an entry that needs a person's decision."""

    paper: Text
    """The paper's arXiv id, without a version."""
    line: int = at("listed", "line")
    """The entry's line in the list, from 1."""
    path: Text = at("listed", "path")
    """The path of the file that has this line; empty for the list's first file."""
    title: Text = at("listed", "title")
    """The entry's title."""
    text: Text
    """What the person should know."""


class RefreshRecord(JsonRecord):
    """The report of one refresh."""

    version: Text
    """The bot's version."""
    started: datetime
    """When the refresh began, UTC."""
    place: Text
    """Where the list is: OWNER/NAME, or a folder's name."""
    list: Text = at("list_path")
    """The list's file."""
    headline: Text
    """The refresh in one sentence."""
    looked_up: LookedUpRecord = at("coverage")
    """How many papers were looked up, and where."""
    unknown: tuple[Text, ...]
    """The ids of listed papers that the source does not know."""
    changes: tuple[ChangeRecord, ...]
    """The changes to entries."""
    notes: tuple[NoteRecord, ...]
    """What needs a person's decision."""
    pull_requests: tuple[OutcomeRecord, ...] = at("outcomes")
    """What the bot did with each pull request."""
    failures: tuple[Text, ...]
    """What failed outside the bot, one sentence each."""


def render_json(report: RefreshReport) -> str:
    """Renders the report for machines."""
    return as_json(RefreshRecord.model_validate(report))


def render_terminal(report: RefreshReport, *, full: bool = False) -> str:
    """Renders the report for a terminal: notes, pull requests, changes, and the headline last, next to the prompt.

    `full` adds the diff and text of a pull request that a dry run previews.
    """
    return "\n".join(printable(line, newlines=True) for line in _lines(report, full=full)) + "\n"


def _lines(report: RefreshReport, *, full: bool) -> Iterator[str]:
    yield from _part("Notes", [_note_line(note) for note in report.notes])
    for outcome in report.outcomes:
        yield from _outcome_lines(outcome, full=full)
    yield from _part("Changes", [_change_line(change) for change in report.changes])
    looked = report.coverage
    yield f"{looked.of} knows {looked.read:,} of the {looked.matched:,} listed arXiv papers"
    if report.unknown:
        more = len(report.unknown) - _IDS_SHOWN
        ids = " ".join(map(str, report.unknown[:_IDS_SHOWN]))
        yield f"It does not know {ids}{f' … and {more:,} more (--json has all)' if more > 0 else ''}"
    yield report.headline.capitalize()
    yield f"{report.list_path} in {report.place}"


def _part(heading: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield from (heading, *lines, "")


def _outcome_lines(outcome: Outcome, *, full: bool) -> Iterator[str]:
    name = f"#{outcome.number} " if outcome.number else ""
    yield f"Pull request {outcome.kind.value}: {name}{outcome.title}"
    yield from (f"  {text}" for text in (outcome.url, outcome.detail, outcome.failure) if text)
    preview = outcome.kind is OutcomeKind.PREVIEWED
    if preview and full:
        yield f"\n{outcome.diff}\nIts text\n\n{outcome.body}"
    elif preview:
        yield "  --full prints the diff and the text"
    yield ""


def _change_line(reported: ReportedChange) -> str:
    change = reported.change
    title = titles.plain(change.listed.title)
    detail = f" ({reported.detail})" if reported.detail else ""
    value = shorten(" ".join(change.value.split()), _SHOWN)
    old = f"{change.old} → " if change.old and value else ""
    said = f": {old}{value}" if value else f": {change.why}"
    name = f"  {_place(change.listed)} {change.id.paper} {change.id.fact.value} of {title}"
    return f"{name}, {reported.state.value}{detail}{said}"


def _place(listed: Listed) -> str:
    return f"{listed.path}:{listed.line}" if listed.path else f"{listed.line:>5}"


def _note_line(note: Note) -> str:
    return f"  {_place(note.listed)} {note.paper} {titles.plain(note.listed.title)}: {note.text}"


def render_summary(report: RefreshReport) -> str:
    """Renders the report as Markdown for a job's summary page; the details are in the pull request."""
    lines = [f"## arxiv-bot refresh: {report.headline}", "", *outcome_lines(report.outcomes)]
    looked, notes = report.coverage, len(report.notes)
    lines.append(f"- {looked.read:,} of {looked.matched:,} listed papers looked up")
    lines += (
        [f"- {count(notes, 'note')}: `arxiv-bot refresh --dry-run` lists them"] if notes else []
    )
    return "\n".join(lines) + "\n"
