"""Which commits are the bot's own: a commit's message is sealed with what the commit holds.

A name or an e-mail address does not tell: every workflow of a repository commits under the same one, and a person who
amends a commit of the bot leaves both as they are. A seal no longer fits once tree, parents or message have changed.
It is no signature: who may push to the repository could forge one, and may do all that the bot may.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic

from bot.core.arxiv_id import ArxivId
from bot.proposals.items import ChangeId, Item
from bot.proposals.marker import Contents

_SEAL = "Arxiv-Bot-Seal"
_DECLINED = "Arxiv-Bot-Declined"
_TRAILERS = {Contents.PAPERS: "Arxiv-Bot-Papers", Contents.CHANGES: "Arxiv-Bot-Changes"}


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: `tree` and `parents` are SHAs."""

    sha: str
    message: str
    tree: str
    parents: tuple[str, ...]


def render_trailers(
    branch: str,
    path: str,
    items: Sequence[Item],
    contents: Contents = Contents.PAPERS,
    declined: Sequence[Item] = (),
) -> str:
    """What the bot's commits tell of their batch, as git trailers."""
    trailers = {
        "Arxiv-Bot-Batch": branch,
        "Arxiv-Bot-List": path,
        _TRAILERS[contents]: " ".join(map(str, items)),
        _DECLINED: " ".join(map(str, declined)),
    }
    return "\n".join(f"{name}: {value}" for name, value in trailers.items() if value)


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


@dataclass(frozen=True, slots=True)
class Trailers(Generic[Item]):
    """What the trailers of a commit of the bot tell: the list, the items, and those that were declined by then."""

    path: str
    items: tuple[Item, ...]
    declined: tuple[Item, ...] = ()


def papers_of(commit: Commit) -> Trailers[ArxivId]:
    """What a sealed commit tells of a batch of papers.

    Raises:
        ValueError: it is not the bot's, or does not tell.
    """
    return _told_by(commit, Contents.PAPERS, ArxivId.parse)


def changes_of(commit: Commit) -> Trailers[ChangeId]:
    """What a sealed commit tells of a batch of changes. Raises as `papers_of` does."""
    return _told_by(commit, Contents.CHANGES, ChangeId.parse)


def _told_by(commit: Commit, contents: Contents, parse: Callable[[str], Item]) -> Trailers[Item]:
    if not is_sealed(commit):
        raise ValueError("not a commit of the bot")
    last = commit.message.rstrip().rpartition("\n\n")[2]
    trailers = dict(line.split(": ", 1) for line in last.splitlines() if ": " in line)
    if _TRAILERS[contents] not in trailers:
        raise ValueError(f"it tells of no {contents.value}")
    items, declined = (
        tuple(parse(one) for one in trailers.get(name, "").split())
        for name in (_TRAILERS[contents], _DECLINED)
    )
    return Trailers(trailers.get("Arxiv-Bot-List", ""), items, declined)
