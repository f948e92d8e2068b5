"""Recognises the bot's own commits by a seal in their message, and reads the batch that they describe.

The seal is a hash of the commit's tree, parents and message, so it no longer fits once a person amends the commit.
Author name and e-mail address would prove nothing: all workflows of a repository share them, and amending keeps them.
A seal is no signature. Whoever can push to the repository could forge one, but can do all that the bot can anyway.
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
    """Renders a batch as git trailers for a commit message."""
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
    """Returns the message with the seal appended as its last trailer."""
    return f"{message.rstrip()}\n{_SEAL}: {_seal_of(message, tree, parents)}\n"


def is_sealed(commit: Commit) -> bool:
    """Whether the bot made the commit and nobody has changed it since."""
    message, _, found_seal = commit.message.rstrip().rpartition(f"\n{_SEAL}: ")
    return bool(message) and found_seal == _seal_of(message, commit.tree, commit.parents)


def _seal_of(message: str, tree: str, parents: Sequence[str]) -> str:
    text = "\n".join([tree, *parents, message.rstrip().replace("\r\n", "\n")])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Trailers(Generic[Item]):
    """A batch as the trailers of a commit describe it: the list's path, the items, and the items declined so far.

    `version` is the version of the pull request's text (`bot.proposals.marker`).
    """

    path: str
    items: tuple[Item, ...]
    declined: tuple[Item, ...] = ()
    version: int = 1

    def marker(self, written: datetime, contents: Contents) -> Marker[Item]:
        """Returns the batch's marker; `written` (UTC) becomes its `resume`, which trailers do not record."""
        return Marker(
            self.items,
            self.path,
            written,
            declined=self.declined,
            contents=contents,
            version=self.version,
        )


def papers_of(commit: Commit) -> Trailers[ArxivId]:
    """Reads the batch of papers that a sealed commit describes.

    Raises:
        ValueError: the commit is not the bot's, or describes no batch of papers.
    """
    return _trailers_of(commit, Contents.PAPERS, ArxivId.parse)


def changes_of(commit: Commit) -> Trailers[ChangeId]:
    """Reads the batch of changes that a sealed commit describes; raises ValueError as `papers_of` does."""
    return _trailers_of(commit, Contents.CHANGES, ChangeId.parse)


def removals_of(commit: Commit) -> Trailers[ArxivId]:
    """Reads the batch of removals that a sealed commit describes; raises ValueError as `papers_of` does."""
    return _trailers_of(commit, Contents.REMOVALS, ArxivId.parse)


def _trailers_of(
    commit: Commit, contents: Contents, parse: Callable[[str], Item]
) -> Trailers[Item]:
    if not is_sealed(commit):
        raise ValueError("not a commit of the bot")
    last = commit.message.rstrip().rpartition("\n\n")[2]
    trailers = dict(line.split(": ", 1) for line in last.splitlines() if ": " in line)
    if _TRAILERS[contents] not in trailers:
        raise ValueError(f"the commit names no {contents.value}")
    items, declined = (
        tuple(parse(text) for text in trailers.get(name, "").split())
        for name in (_TRAILERS[contents], _DECLINED)
    )
    version = int(trailers.get(_VERSION, "1"))
    return Trailers(trailers.get("Arxiv-Bot-List", ""), items, declined, version)


def ancestors(sha: str, commits: Mapping[str, Commit]) -> set[str]:
    """The SHAs of a commit and all its ancestors among `commits`."""
    found, queue = set[str](), [sha]
    while queue:
        current = queue.pop()
        if current in commits and current not in found:
            found.add(current)
            queue += commits[current].parents
    return found


def base_of(commit: Commit, commits: Mapping[str, Commit]) -> str:
    """The SHA of the commit of the default branch on which a commit of a batch's branch is based."""
    while len(commit.parents) == 1 and commit.parents[0] in commits:
        commit = commits[commit.parents[0]]
    return commit.parents[-1]
