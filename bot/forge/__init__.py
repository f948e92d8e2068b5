"""Where the list lives: read once at the start of a run, asked to carry out proposals at its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.model import Outcome, Proposal
from bot.pulls import ForgeState
from bot.withdrawals import Withdrawal


@dataclass(frozen=True, slots=True)
class Answer:
    """GitHub's answer to a question: status, data (None for a refusal), headers, and a refusal's own words."""

    status: int
    data: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    said: str = ""


class Forge(Protocol):
    """A place where a list lives and proposals are made."""

    def read(self) -> ForgeState:
        """Reads the list and the pull requests; raises ForgeError or ListError if that can't be done."""

    def ensure(self, proposal: Proposal) -> Outcome:
        """Makes sure that the proposal is there, once; a failure is told in the outcome."""

    def withdraw(self, withdrawal: Withdrawal) -> Outcome:
        """Takes ticked papers out of an open batch; a failure is told in the outcome."""
