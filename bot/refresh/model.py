"""The results of a refresh: changes to entries, notes for a person, and the report that its texts are made from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.core.arxiv_id import ArxivId
from bot.core.english import count
from bot.core.model import Coverage, Outcome, Reason
from bot.listing.index import Listed
from bot.listing.parts import Replacement
from bot.proposals.items import ChangeId, Fact
from bot.relevance.screening import Known

ORDER = tuple(Fact)


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One change to one entry: `edit` applies it, `value` is the new value as plain text.

    `old` is what the entry says now, empty if it says nothing; `why` is the evidence for the change.
    `again` is the same change in other files of the list.
    """

    id: ChangeId
    listed: Listed
    edit: Replacement
    value: str
    old: str = ""
    why: str = ""
    again: tuple[EntryChange, ...] = ()

    @property
    def order(self) -> tuple[str, int, int]:
        """A sort key: by file, by position of the entry in it, then by fact."""
        return self.listed.path, self.listed.entry, ORDER.index(self.id.fact)


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on a listed paper for which no edit is certain to be right."""

    paper: ArxivId
    listed: Listed
    text: str


@dataclass(frozen=True, slots=True)
class Findings:
    """All differences between arXiv and the list, in the order of the list."""

    changes: tuple[EntryChange, ...]
    notes: tuple[Note, ...]


class ChangeState(Enum):
    """Whether a change is proposed, or why not; the value is the text shown."""

    PROPOSED = "proposed"
    PENDING = "in an open pull request"
    WAITS = "waiting for room"
    DECLINED = "declined before"
    SNOOZED = "snoozed"


_STATES = {
    Reason.PENDING: ChangeState.PENDING,
    Reason.DECLINED: ChangeState.DECLINED,
    Reason.SNOOZED: ChangeState.SNOOZED,
}


@dataclass(frozen=True, slots=True)
class ReportedChange:
    """A change and its state; `detail` names the pull request that decided it, such as "#12"."""

    change: EntryChange
    state: ChangeState
    detail: str = ""

    @classmethod
    def of(cls, change: EntryChange, known: Known | None, *, waits: bool) -> ReportedChange:
        """Returns the change with its state, which follows from the pull requests if `known` is set."""
        if known is not None:
            return cls(change, _STATES[known.reason], known.detail)
        return cls(change, ChangeState.WAITS if waits else ChangeState.PROPOSED)


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """The report of one refresh; `unknown` are the listed papers that the source does not know."""

    version: str
    started: datetime
    place: str
    list_path: str
    coverage: Coverage
    unknown: tuple[ArxivId, ...]
    changes: tuple[ReportedChange, ...]
    notes: tuple[Note, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def failures(self) -> tuple[str, ...]:
        """What failed outside the bot, one sentence each."""
        return tuple(
            f"{outcome.title}: {outcome.failure}" for outcome in self.outcomes if outcome.failure
        )

    @property
    def exit_code(self) -> int:
        """0 if all went well, 1 if something outside the bot failed."""
        return 1 if self.failures else 0

    @property
    def headline(self) -> str:
        """The refresh in one sentence."""
        counts = Counter(reported.state for reported in self.changes)
        parts = [f"{counts[state]:,} {state.value}" for state in ChangeState if counts[state]]
        return (
            f"{count(len(self.changes), 'change')}: {', '.join(parts)}"
            if parts
            else "nothing to change"
        )
