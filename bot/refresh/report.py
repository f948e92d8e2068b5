"""The report of a refresh: what it found and did, as the value that all its reports are rendered from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.core.arxiv_id import ArxivId
from bot.core.english import count
from bot.core.model import Coverage, Outcome, Reason
from bot.refresh.model import EntryChange, Note
from bot.relevance.screening import Known


class ChangeState(Enum):
    """Whether a change is proposed, or why not; the value is the text shown."""

    PROPOSED = "proposed"
    PENDING = "in an open pull request"
    WAITS = "waiting for room"
    DECLINED = "declined before"
    SNOOZED = "put off"


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
