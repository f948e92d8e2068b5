"""Forges that write nothing and show what would be done: for a local directory, and for another forge's list."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.core.errors import ListError
from bot.core.files import read_plain
from bot.core.model import Outcome, OutcomeKind
from bot.forge.protocol import Forge
from bot.proposals.model import (
    AnyBatch,
    Base,
    Closing,
    ForgeState,
    Inspection,
    Proposal,
    Pull,
    describe,
    difference,
)

_MAX_BYTES = 32 * 2**20  # of a list; the same limit as for a response from GitHub


class _ReadOnlyForge:
    """The common part of both forges: every write is shown instead of done."""

    def ensure(self, proposal: Proposal) -> Outcome:
        """Returns the proposal's text and diff as a preview."""
        title, number, url = describe(proposal.pull, proposal.title)
        return Outcome(
            OutcomeKind.PREVIEWED,
            title,
            number,
            url,
            proposal.papers,
            body=proposal.text,
            diff=difference(proposal),
            content=proposal.files[0].content,
        )

    def mark_waiting(self, batch: AnyBatch) -> None:
        """Does nothing, because nothing is written."""
        del batch

    def close(self, closing: Closing) -> Outcome:
        """Reports that the batch would be closed."""
        title, number, url = describe(closing.batch.pull, closing.batch.branch)
        detail = "it would be closed, because nothing is left to decide"
        return Outcome(OutcomeKind.PREVIEWED, title, number, url, detail=detail)

    def label_and_request_review(
        self, pull: Pull, labels: Sequence[str], reviewers: Sequence[str]
    ) -> Outcome | None:
        """Does nothing: a preview does not check which labels a person removed."""
        del pull, labels, reviewers
        return None


class LocalForge(_ReadOnlyForge):
    """A list in a local directory, such as a checkout. It has no pull requests, and nothing is written to it.

    Args:
        folder: the directory.
        paths: the paths of the list's files in the directory, at least one.
    """

    def __init__(self, folder: Path, *paths: str) -> None:
        self._folder = folder
        self._paths = paths

    def read(self) -> ForgeState:
        """Reads the list's files.

        Raises:
            ListError: a file is missing or can't be read.
        """
        base = Base.of("", "", {path: self._content(path) for path in self._paths})
        place = self._folder.resolve().name or str(self._folder)  # "." has no name before `resolve`
        return ForgeState(place, base, ())

    def _content(self, path: str) -> bytes:
        file = self._folder / path
        try:
            return read_plain(file, _MAX_BYTES)
        except FileNotFoundError:
            fix = "correct its path in the configuration, or name the list with --list"
            raise ListError("there is no such list", where=str(file), fix=fix) from None
        except OSError as error:
            raise ListError(
                f"the list can't be read: {error.strerror}", where=str(file), fix="check the file"
            ) from None

    def examine(self, batch: AnyBatch, *, conflicts: bool) -> Inspection:
        """Finds nothing, because there are no pull requests."""
        del batch, conflicts
        return Inspection()


class PreviewForge(_ReadOnlyForge):
    """Reads from another forge, and shows what would be done there."""

    def __init__(self, forge: Forge) -> None:
        self._forge = forge

    def read(self) -> ForgeState:
        """Reads from the other forge."""
        return self._forge.read()

    def examine(self, batch: AnyBatch, *, conflicts: bool) -> Inspection:
        """Inspects the batch through the other forge, which only reads."""
        return self._forge.examine(batch, conflicts=conflicts)
