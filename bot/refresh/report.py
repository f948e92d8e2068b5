"""What a refresh found and did: for people and for machines. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Annotated, TypedDict

from bot.core import titles
from bot.core.arxiv_id import ArxivId
from bot.core.english import count
from bot.core.escaping import printable, to_json
from bot.core.model import Coverage, Outcome, Reason
from bot.proposals.body import short
from bot.proposals.items import Fact
from bot.refresh.model import Change, Note
from bot.relevance.screening import Known
from bot.reports.records import outcome_record
from bot.reports.shapes import OutcomeRecord
from bot.reports.summary import outcome_lines

_SHOWN = 100  # characters of a value
_IDS_SHOWN = 10


class Answer(Enum):
    """How a change stands; the value is the text shown."""

    PROPOSED = "proposed"
    PENDING = "in an open pull request"
    WAITS = "waiting for room"
    DECLINED = "declined before"
    SNOOZED = "put off"


class LookedUpRecord(TypedDict):
    """How many papers were looked up, and where."""

    of: str
    """The service or file that was asked."""
    asked: int | None
    """How many papers it was asked for."""
    read: int
    """How many it knew."""


class ChangeRecord(TypedDict):
    """What has changed for a listed paper."""

    id: str
    """The change's identity: another value is another change."""
    paper: str
    """The paper's arXiv id, without a version."""
    fact: Annotated[str, Fact]
    """What of the entry changes."""
    line: int
    """The entry's line in the list, from 1."""
    title: str
    """The entry's title."""
    old: str
    """What the entry says; empty where it says nothing."""
    value: str
    """What it would say."""
    why: str
    """How the bot knows."""
    standing: Annotated[str, Answer]
    """Whether it is proposed, and why not."""
    detail: str
    """The particulars, such as `#12`."""


class NoteRecord(TypedDict):
    """Something about an entry that a person has to decide."""

    paper: str
    """The paper's arXiv id, without a version."""
    line: int
    """The entry's line in the list, from 1."""
    title: str
    """The entry's title."""
    text: str
    """What there is to know."""


class RefreshRecord(TypedDict):
    """The report of one refresh."""

    version: str
    """The bot's version."""
    started: str
    """When it began, ISO 8601, UTC."""
    place: str
    """Where the list lives: OWNER/NAME, or a folder's name."""
    list: str
    """The list's file."""
    headline: str
    """The refresh in one sentence."""
    looked_up: LookedUpRecord
    """How many papers were looked up, and where."""
    unknown: list[str]
    """The ids of listed papers that were not found."""
    changes: list[ChangeRecord]
    """What has changed."""
    notes: list[NoteRecord]
    """What a person has to decide."""
    pull_requests: list[OutcomeRecord]
    """What became of each pull request."""
    failures: list[str]
    """What failed outside the bot, a sentence each."""


_ANSWERS = {
    Reason.PENDING: Answer.PENDING,
    Reason.DECLINED: Answer.DECLINED,
    Reason.SNOOZED: Answer.SNOOZED,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a change stands, and where that was said."""

    answer: Answer
    detail: str = ""

    @classmethod
    def of(cls, known: Known | None, *, waits: bool) -> Standing:
        """By what the pull requests say of it."""
        if known is not None:
            return cls(_ANSWERS[known.reason], known.detail)
        return cls(Answer.WAITS if waits else Answer.PROPOSED)


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """All that is to be told of one refresh; `unknown` are listed papers that the source does not know."""

    version: str
    started: datetime
    place: str
    list_path: str
    coverage: Coverage
    unknown: tuple[ArxivId, ...]
    changes: tuple[tuple[Change, Standing], ...]
    notes: tuple[Note, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def failures(self) -> tuple[str, ...]:
        """What failed outside the bot, a sentence each."""
        return tuple(f"{one.title}: {one.failure}" for one in self.outcomes if one.failure)

    @property
    def exit_code(self) -> int:
        """0 when all went well, 1 when something outside failed."""
        return 1 if self.failures else 0

    @property
    def headline(self) -> str:
        """The refresh in one sentence."""
        counts = Counter(standing.answer for _, standing in self.changes)
        told = [f"{counts[answer]:,} {answer.value}" for answer in Answer if counts[answer]]
        these = count(len(self.changes), "change")
        return f"{these}: {', '.join(told)}" if told else "nothing to change"


def render_terminal(report: RefreshReport) -> str:
    """The report for a person: what is proposed and why, what is worth knowing, what was done."""
    return "\n".join(printable(line, newlines=True) for line in _lines(report)) + "\n"


def _lines(report: RefreshReport) -> Iterator[str]:
    yield report.headline.capitalize()
    yield f"{report.list_path} in {report.place}"
    looked = report.coverage
    yield f"known to {looked.of}: {looked.read:,} of the {looked.matched:,} listed arXiv papers"
    if report.unknown:
        more = len(report.unknown) - _IDS_SHOWN
        ids = " ".join(map(str, report.unknown[:_IDS_SHOWN]))
        yield f"not known there: {ids}{f' … and {more:,} more (--json has all)' if more > 0 else ''}"
    for heading, lines in (
        ("Changes", [_change_line(*one) for one in report.changes]),
        ("To know", [_note_line(one) for one in report.notes]),
    ):
        if lines:
            yield f"\n{heading}"
            yield from lines
    for outcome in report.outcomes:
        name = f"#{outcome.number} " if outcome.number else ""
        yield f"\nPull request {outcome.kind.value}: {name}{outcome.title}"
        told = (outcome.url, outcome.detail, outcome.failure)
        yield from (f"  {text}" for text in told if text)
        if outcome.diff:
            yield f"\n{outcome.diff}"
        if outcome.body:
            yield f"\nIts text\n\n{outcome.body}"


def _change_line(change: Change, standing: Standing) -> str:
    title = titles.plain(change.listed.title)
    detail = f" ({standing.detail})" if standing.detail else ""
    value = short(" ".join(change.value.split()), _SHOWN)
    old = f"{change.old} → " if change.old and value else ""
    said = f": {old}{value}" if value else f": {change.why}"
    name = f"  {change.listed.line:>5} {change.id.paper} {change.id.fact.value} of {title}"
    return f"{name}, {standing.answer.value}{detail}{said}"


def _note_line(note: Note) -> str:
    return f"  {note.listed.line:>5} {note.paper} {titles.plain(note.listed.title)}: {note.text}"


def render_summary(report: RefreshReport) -> str:
    """The report as Markdown for a job's summary page: what was done; the pull request has the particulars."""
    lines = [f"## arxiv-bot refresh: {report.headline}", "", *outcome_lines(report.outcomes)]
    looked, notes = report.coverage, len(report.notes)
    lines.append(f"- {looked.read:,} of {looked.matched:,} listed papers looked up")
    lines += [f"- {notes:,} more to know: `arxiv-bot refresh --dry-run` tells"] if notes else []
    return "\n".join(lines) + "\n"


def render_json(report: RefreshReport) -> str:
    """The report for machines."""
    data: RefreshRecord = {
        "version": report.version,
        "started": report.started.isoformat().replace("+00:00", "Z"),
        "place": report.place,
        "list": report.list_path,
        "headline": report.headline,
        "looked_up": {
            "of": report.coverage.of,
            "asked": report.coverage.matched,
            "read": report.coverage.read,
        },
        "unknown": [str(one) for one in report.unknown],
        "changes": [_change(*one) for one in report.changes],
        "notes": [
            {
                "paper": str(one.paper),
                "line": one.listed.line,
                "title": one.listed.title,
                "text": one.text,
            }
            for one in report.notes
        ],
        "pull_requests": [outcome_record(one) for one in report.outcomes],
        "failures": list(report.failures),
    }
    return to_json(data)


def _change(change: Change, standing: Standing) -> ChangeRecord:
    return {
        "id": str(change.id),
        "paper": str(change.id.paper),
        "fact": change.id.fact.value,
        "line": change.listed.line,
        "title": change.listed.title,
        "old": change.old,
        "value": change.value,
        "why": change.why,
        "standing": standing.answer.value,
        "detail": standing.detail,
    }
