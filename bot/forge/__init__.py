"""Where the list lives: read once at the start of a run, asked to carry out proposals at its end."""

from __future__ import annotations

from typing import Protocol

from bot.model import Outcome, Proposal
from bot.pulls import ForgeState


class Forge(Protocol):
    """A place where a list lives and proposals are made."""

    def read(self) -> ForgeState:
        """Reads the list and the pull requests; raises ForgeError or ListError if that can't be done."""

    def ensure(self, proposal: Proposal) -> Outcome:
        """Makes sure that the proposal is there, once; a failure is told in the outcome."""
