"""The interface to the place that stores the list: a run reads it first and publishes its proposals there last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.core.model import Outcome
from bot.proposals.model import AnyBatch, Closing, ForgeState, Inspection, Proposal, Pull

GITHUB_URL = "https://api.github.com"
"""GitHub's own API."""


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """A response from GitHub: status, data (None if it refused), headers, and the reason of a refusal."""

    status: int
    data: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


class Forge(Protocol):
    """A place that stores the list and takes pull requests. Failures to write are returned as outcomes, not raised."""

    def read(self) -> ForgeState:
        """Reads the list and the pull requests; raises ForgeError or ListError if that fails."""

    def examine(self, batch: AnyBatch, *, conflicts: bool) -> Inspection:
        """Checks who changed an open batch and, if `conflicts`, whether it merges; raises ForgeError."""

    def mark_waiting(self, batch: AnyBatch) -> None:
        """Marks an open batch whose branch lacks the newest answers, if the token allows it; raises ForgeError."""

    def ensure(self, proposal: Proposal) -> Outcome:
        """Opens or updates the proposal's pull request; never creates a second one."""

    def close(self, closing: Closing) -> Outcome:
        """Closes a batch with nothing left to decide; deletes the branch of a batch without a pull request."""

    def label_and_request_review(
        self, pull: Pull, labels: Sequence[str], reviewers: Sequence[str]
    ) -> Outcome | None:
        """Adds the labels and reviewers that a pull request lacks; None if a person removed them."""
