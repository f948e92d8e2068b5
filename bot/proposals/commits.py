"""Recognises the bot's own commits by a seal in their message, and reads the batch that they describe.

A name or an e-mail address proves nothing: every workflow of a repository commits under the same one, and a person who
amends a commit of the bot leaves both as they are. A seal no longer fits once tree, parents or message have changed.
It is no signature: who may push to the repository could forge one, and may do all that the bot may.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic

from bot.core.arxiv_id import ArxivId
from bot.proposals.items import ChangeId, Item
from bot.proposals.marker import VERSION, Contents, Marker

_SEAL = "Arxiv-Bot-Seal"
_DECLINED = "Arxiv-Bot-Declined"
_VERSION = "Arxiv-Bot-Text"
_TRAILERS = {
    Contents.PAPERS: "Arxiv-Bot-Papers",
    Contents.CHANGES: "Arxiv-Bot-Changes",
    Contents.REMOVALS: "Arxiv-Bot-Removals",
}


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
    version: int = VERSION,
) -> str:
    """The batch as git trailers of a commit's message."""
    trailers = {
        "Arxiv-Bot-Batch": branch,
        "Arxiv-Bot-List": path,
        _TRAILERS[contents]: " ".join(map(str, items)),
        _DECLINED: " ".join(map(str, declined)),
        _VERSION: str(version),
    }
    needed = {_TRAILERS[contents]}
    return "\n".join(f"{name}: {text}" for name, text in trailers.items() if text or name in needed)


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
    """A batch as the trailers of the bot's commit describe it: the list, the items, those declined by then.

    `version` is that of the pull request's text (`bot.proposals.marker`).
    """

    path: str
    items: tuple[Item, ...]
    declined: tuple[Item, ...] = ()
    version: int = 1

    def marker(self, written: datetime, contents: Contents) -> Marker[Item]:
        """The batch's marker with what the commit's trailers record; `written` (UTC) stands for an unknown time."""
        return Marker(
            self.items,
            self.path,
            written,
            declined=self.declined,
            contents=contents,
            version=self.version,
        )


def papers_of(commit: Commit) -> Trailers[ArxivId]:
    """The batch of papers that a sealed commit describes.

    Raises:
        ValueError: the commit is not the bot's, or describes no batch of papers.
    """
    return _trailers_of(commit, Contents.PAPERS, ArxivId.parse)


def changes_of(commit: Commit) -> Trailers[ChangeId]:
    """The batch of changes that a sealed commit describes. Raises as `papers_of` does."""
    return _trailers_of(commit, Contents.CHANGES, ChangeId.parse)


def removals_of(commit: Commit) -> Trailers[ArxivId]:
    """The batch of entries to take out that a sealed commit describes. Raises as `papers_of` does."""
    return _trailers_of(commit, Contents.REMOVALS, ArxivId.parse)


def _trailers_of(
    commit: Commit, contents: Contents, parse: Callable[[str], Item]
) -> Trailers[Item]:
    if not is_sealed(commit):
        raise ValueError("not a commit of the bot")
    last = commit.message.rstrip().rpartition("\n\n")[2]
    trailers = dict(line.split(": ", 1) for line in last.splitlines() if ": " in line)
    if _TRAILERS[contents] not in trailers:
        raise ValueError(f"it names no {contents.value}")
    items, declined = (
        tuple(parse(text) for text in trailers.get(name, "").split())
        for name in (_TRAILERS[contents], _DECLINED)
    )
    version = int(trailers.get(_VERSION, "1"))
    return Trailers(trailers.get("Arxiv-Bot-List", ""), items, declined, version)


def ancestors(sha: str, commits: Mapping[str, Commit]) -> set[str]:
    """A commit and all commits before it, of those given."""
    found, waiting = set[str](), [sha]
    while waiting:
        name = waiting.pop()
        if name in commits and name not in found:
            found.add(name)
            waiting += commits[name].parents
    return found


def base_of(commit: Commit, commits: Mapping[str, Commit]) -> str:
    """The commit of the default branch that the bot's commit, or a merge, was made for."""
    while len(commit.parents) == 1 and commit.parents[0] in commits:
        commit = commits[commit.parents[0]]
    return commit.parents[-1]
