"""Forges that only show what would be done: a directory for demo and dry run, and a look at another forge's list."""

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

_LARGEST = 32 * 2**20  # bytes of a list; GitHub's own limit for an answer here


class _Showing:
    """What both have in common: nothing is done, everything is shown."""

    def ensure(self, proposal: Proposal) -> Outcome:
        """Shows the proposal: texts and diff."""
        title, number, url = describe(proposal.pull, proposal.title)
        return Outcome(
            OutcomeKind.PREVIEWED,
            title,
            number,
            url,
            proposal.papers,
            body=proposal.text,
            diff=difference(proposal),
            content=proposal.content,
        )

    def mark_waiting(self, batch: AnyBatch) -> None:
        """Shows nothing: nothing is written."""
        del batch

    def close(self, closing: Closing) -> Outcome:
        """Shows that the batch would be closed."""
        title, number, url = describe(closing.batch.pull, closing.batch.branch)
        detail = "it would be closed, as nothing is left in it"
        return Outcome(OutcomeKind.PREVIEWED, title, number, url, detail=detail)

    def label_and_request_review(
        self, pull: Pull, labels: Sequence[str], reviewers: Sequence[str]
    ) -> Outcome | None:
        """Shows nothing: whether a person took the labels off is not asked."""
        del pull, labels, reviewers
        return None


class LocalForge(_Showing):
    """A list in a directory, for instance a checkout; it has no pull requests, and nothing is written to it.

    Args:
        folder: the directory.
        path: the list's file in it.
    """

    def __init__(self, folder: Path, path: str) -> None:
        self._folder = folder
        self._path = path

    def read(self) -> ForgeState:
        """Reads the list's file.

        Raises:
            ListError: it is not there or can't be read.
        """
        file = self._folder / self._path
        try:
            content = read_plain(file, _LARGEST)
        except FileNotFoundError:
            fix = "set list.path in the configuration, or name the list with --list"
            raise ListError("there is no such list", where=str(file), fix=fix) from None
        except OSError as error:
            raise ListError(
                f"the list can't be read: {error.strerror}", where=str(file), fix="check the file"
            ) from None
        place = self._folder.resolve().name or str(self._folder)  # "." would name no folder
        return ForgeState(place, Base("", "", self._path, content), ())

    def examine(self, batch: AnyBatch, *, conflicts: bool) -> Inspection:
        """There is nothing to look at."""
        del batch, conflicts
        return Inspection()


class PreviewForge(_Showing):
    """Reads through another forge, and shows what would be done there."""

    def __init__(self, forge: Forge) -> None:
        self._forge = forge

    def read(self) -> ForgeState:
        """As the other forge."""
        return self._forge.read()

    def examine(self, batch: AnyBatch, *, conflicts: bool) -> Inspection:
        """As the other forge, which only reads for it."""
        return self._forge.examine(batch, conflicts=conflicts)
