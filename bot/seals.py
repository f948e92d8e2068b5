"""Which commits are the bot's own: a commit's message is sealed with what the commit holds.

A name or an e-mail address does not tell: every workflow of a repository commits under the same one, and a person who
amends a commit of the bot leaves both as they are. A seal no longer fits once tree, parents or message have changed.
It is no signature: who may push to the repository could forge one, and may do all that the bot may.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from bot.arxiv_id import ArxivId
from bot.changes import ChangeId, Item
from bot.marker import Contents

_SEAL = "Arxiv-Bot-Seal"
_TRAILERS = {Contents.PAPERS: "Arxiv-Bot-Papers", Contents.CHANGES: "Arxiv-Bot-Changes"}


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: `tree` and `parents` are SHAs."""

    sha: str
    message: str
    tree: str
    parents: tuple[str, ...]


def render_trailers(
    branch: str, path: str, items: Sequence[Item], contents: Contents = Contents.PAPERS
) -> str:
    """What the bot's commits tell of their batch, as git trailers."""
    names = " ".join(map(str, items))
    return f"Arxiv-Bot-Batch: {branch}\nArxiv-Bot-List: {path}\n{_TRAILERS[contents]}: {names}"


def seal(message: str, tree: str, parents: Sequence[str]) -> str:
    """The message with its seal as the last trailer."""
    return f"{message.rstrip()}\n{_SEAL}: {_seal_of(message, tree, parents)}\n"


def is_sealed(commit: Commit) -> bool:
    """Whether the commit is as the bot made it."""
    message, _, found = commit.message.rstrip().rpartition(f"\n{_SEAL}: ")
    return bool(message) and found == _seal_of(message, commit.tree, commit.parents)


def _seal_of(message: str, tree: str, parents: Sequence[str]) -> str:
    text = "\n".join([tree, *parents, message.rstrip().replace("\r\n", "\n")])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def papers_of(commit: Commit) -> tuple[str, tuple[ArxivId, ...]]:
    """The list and the papers of a sealed commit's batch.

    Raises:
        ValueError: it is not the bot's, or does not tell.
    """
    path, names = _told_by(commit, Contents.PAPERS)
    return path, tuple(ArxivId.parse(one) for one in names)


def changes_of(commit: Commit) -> tuple[str, tuple[ChangeId, ...]]:
    """The list and the changes of a sealed commit's batch. Raises as `papers_of` does."""
    path, names = _told_by(commit, Contents.CHANGES)
    return path, tuple(ChangeId.parse(one) for one in names)


def _told_by(commit: Commit, contents: Contents) -> tuple[str, list[str]]:
    if not is_sealed(commit):
        raise ValueError("not a commit of the bot")
    last = commit.message.rstrip().rpartition("\n\n")[2]
    trailers = dict(line.split(": ", 1) for line in last.splitlines() if ": " in line)
    if _TRAILERS[contents] not in trailers:
        raise ValueError(f"it tells of no {contents.value}")
    return trailers.get("Arxiv-Bot-List", ""), trailers[_TRAILERS[contents]].split()
