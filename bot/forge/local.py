"""Forges that only show what would be done: a directory for demo and dry run, and a look at another forge's list."""

from __future__ import annotations

import difflib
from pathlib import Path

from bot.errors import ListError
from bot.forge import Forge
from bot.model import Outcome, OutcomeKind, Proposal
from bot.pulls import Base, ForgeState
from bot.withdrawals import Withdrawal


class LocalForge:
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
            content = file.read_bytes()
        except FileNotFoundError:
            fix = "set list.path in the configuration, or name the list with --list"
            raise ListError("there is no such list", where=str(file), fix=fix) from None
        except OSError as error:
            raise ListError(
                f"the list can't be read: {error.strerror}", where=str(file), fix="check the file"
            ) from None
        return ForgeState(str(self._folder), Base("", "", self._path, content), ())

    def ensure(self, proposal: Proposal) -> Outcome:
        """Shows the proposal."""
        return preview(proposal)

    def withdraw(self, withdrawal: Withdrawal) -> Outcome:
        """Shows which papers would be taken out."""
        return preview_withdrawal(withdrawal)


class PreviewForge:
    """Reads through another forge, and shows what would be proposed there."""

    def __init__(self, forge: Forge) -> None:
        self._forge = forge

    def read(self) -> ForgeState:
        """As the other forge."""
        return self._forge.read()

    def ensure(self, proposal: Proposal) -> Outcome:
        """Shows the proposal."""
        return preview(proposal)

    def withdraw(self, withdrawal: Withdrawal) -> Outcome:
        """Shows which papers would be taken out."""
        return preview_withdrawal(withdrawal)


def preview(proposal: Proposal) -> Outcome:
    """What a proposal would do: texts and diff, without a pull request."""
    return Outcome(
        OutcomeKind.PREVIEWED,
        proposal.title,
        papers=proposal.papers,
        body=proposal.body,
        diff=_diff(proposal),
        content=proposal.content,
    )


def preview_withdrawal(withdrawal: Withdrawal) -> Outcome:
    """What a withdrawal would do."""
    pull = withdrawal.pull
    return Outcome(OutcomeKind.PREVIEWED, pull.title, pull.number, pull.url, withdrawal.papers)


def _diff(proposal: Proposal) -> str:
    before = proposal.before.decode("utf-8", "replace").splitlines(keepends=True)
    after = proposal.content.decode("utf-8", "replace").splitlines(keepends=True)
    lines = difflib.unified_diff(before, after, f"a/{proposal.path}", f"b/{proposal.path}")
    ended = (
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
    return "".join(ended)
