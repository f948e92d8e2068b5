"""Where the list lives: read once at the start of a run, asked to carry out proposals at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.core.model import Outcome
from bot.proposals.model import AnyBatch, Closing, ForgeState, Inspection, Proposal, Pull


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """GitHub's answer to a question: status, data (None for a refusal), headers, and the reason of a refusal."""

    status: int
    data: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


class Forge(Protocol):
    """A place where a list lives and proposals are made. What fails there is part of the outcome, not raised."""

    def read(self) -> ForgeState:
        """Reads the list and the pull requests; raises ForgeError or ListError if that can't be done."""

    def examine(self, batch: AnyBatch, *, conflicts: bool) -> Inspection:
        """Looks closely at an open batch; with `conflicts` also whether it can be merged; raises ForgeError."""

    def mark_waiting(self, batch: AnyBatch) -> None:
        """Shows on an open batch that answers are not in its branch yet, where the token may; raises ForgeError."""

    def ensure(self, proposal: Proposal) -> Outcome:
        """Makes sure that the proposal is there, once."""

    def close(self, closing: Closing) -> Outcome:
        """Closes a batch in which nothing is left; deletes the branch of a batch that has no pull request."""

    def label_and_request_review(
        self, pull: Pull, labels: Sequence[str], reviewers: Sequence[str]
    ) -> Outcome | None:
        """Gives a pull request the labels and reviewers it should have had; None if a person took them off."""
