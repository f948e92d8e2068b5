"""Values between the pipeline and the forge: the list, its pull requests, and the proposals to publish."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Generic

from bot.core.arxiv_id import ArxivId
from bot.listing.index import ListIndex
from bot.listing.paper_list import PaperList
from bot.proposals.commits import Commit
from bot.proposals.items import AnyItem, ChangeId, Item, papers_among
from bot.proposals.marker import AnyMarker, Marker


@dataclass(frozen=True, slots=True)
class Base:
    """The current list: `content` was read at commit `sha` of `branch` (both empty for a directory).

    `others` are the other files of a list of several files, by path.
    """

    branch: str
    sha: str
    path: str
    content: bytes
    others: Mapping[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, branch: str, sha: str, files: Mapping[str, bytes]) -> Base:
        """Makes the list from its files by path; the path of the first file identifies the list."""
        (path, content), *others = files.items()
        return cls(branch, sha, path, content, dict(others))

    @property
    def files(self) -> dict[str, bytes]:
        """All files by path, the one at `path` first."""
        return {self.path: self.content, **self.others}

    def index(self) -> ListIndex:
        """Builds the index of the papers of all files."""
        files = {"": self.content, **self.others}
        return ListIndex.join(
            {path: PaperList.parse(content).index for path, content in files.items()}
        )


class PullState(Enum):
    """The state of a pull request."""

    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request. It is the bot's own if one of its three markers is set. Times are in UTC.

    `marker` describes a batch of papers, `refresh` a batch of changes to entries, `removals` a batch of entries to
    remove again. They are read only on a branch with the bot's prefix in the list's own repository.
    `in_repository` is false if the branch is in a fork. `merges_itself` means that GitHub merges it as soon as its
    checks pass. `base` is the branch that it merges into; `is_elsewhere` means that this is not the default branch.
    `adds` are the papers that an open pull request adds to the list. They are read for pull requests of other people,
    and for the bot's own if the branch is not at the commit that the bot recorded.
    """

    number: int
    url: str
    branch: str
    head_sha: str
    state: PullState
    title: str
    body: str
    labels: tuple[str, ...]
    created: datetime
    in_repository: bool = False
    merges_itself: bool = False
    base: str = ""
    is_elsewhere: bool = False
    marker: Marker[ArxivId] | None = None
    refresh: Marker[ChangeId] | None = None
    removals: Marker[ArxivId] | None = None
    adds: tuple[ArxivId, ...] = ()
    closed: datetime | None = None

    @property
    def own(self) -> AnyMarker | None:
        """The bot's marker, whichever kind of batch it describes; None if the pull request is not the bot's."""
        return self.marker or self.refresh or self.removals

    def has(self, label: str) -> bool:
        """Whether the pull request has the label; GitHub ignores the case of labels."""
        return label.casefold() in map(str.casefold, self.labels)


def describe(pull: Pull | None, otherwise: str) -> tuple[str, int | None, str]:
    """The title, number and URL of a pull request for an outcome; `otherwise` is the title if there is none."""
    return (pull.title, pull.number, pull.url) if pull else (otherwise, None, "")


@dataclass(frozen=True, slots=True)
class Orphan:
    """A branch with the bot's prefix and its newest commit, for which no pull request was ever opened."""

    branch: str
    commit: Commit


@dataclass(frozen=True, slots=True)
class ForgeState:
    """All that a run reads from the forge: the list, all pull requests, and the bot's branches.

    `branches` are the branch names that begin with the bot's prefix, `orphans` the branches without a pull request.
    `url` is the repository's page (empty for a directory).
    """

    place: str
    base: Base
    pulls: tuple[Pull, ...]
    branches: tuple[str, ...] = ()
    orphans: tuple[Orphan, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Batch(Generic[Item]):
    """An open batch; `pull` is None if a run died after it created the branch and before it opened the pull request.

    `adds` are items that are in the branch but not in the text: a person pushed them, or a run died in between.
    """

    branch: str
    head: str
    marker: Marker[Item]
    pull: Pull | None = None
    adds: tuple[Item, ...] = ()

    @property
    def name(self) -> str:
        """The batch's name for people: `#12`, or its branch."""
        return f"#{self.pull.number}" if self.pull else self.branch


AnyBatch = Batch[AnyItem]


@dataclass(frozen=True, slots=True)
class Inspection:
    """What the forge found out about an open batch.

    `frozen` is why the bot must leave the batch alone, empty if the bot may change it. `conflicts` is whether it has
    a merge conflict, None if GitHub has not computed that yet or was not asked.
    """

    frozen: str = ""
    conflicts: bool | None = None


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file of the list: its content before and with a proposal, equal if the proposal does not change it."""

    path: str
    before: bytes = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A planned batch, computed from its items and the list alone.

    `files` are the files that the bot may write, as commit `base_sha` of `base_branch` has them and as `branch` gets
    them, the list's first file first. If the branch exists, its newest commit is `head`, and `pull` is its pull request
    if it has one. `title` and `text` are for the pull request; the text goes below `marker`, in which the forge records
    the new commit. `text_only` means that the branch is up to date and only the text changes.
    """

    branch: str
    base_branch: str
    base_sha: str
    files: tuple[FileChange, ...]
    message: str
    title: str
    text: str = field(repr=False)
    marker: AnyMarker
    labels: tuple[str, ...]
    reviewers: tuple[str, ...]
    head: str = ""
    pull: Pull | None = None
    text_only: bool = False

    @property
    def changed(self) -> tuple[FileChange, ...]:
        """The files that change; the first file if none does."""
        changed = tuple(file for file in self.files if file.before != file.content)
        return changed or self.files[:1]

    @property
    def papers(self) -> tuple[ArxivId, ...]:
        """The papers in the proposal, in the order of its text."""
        return papers_among(self.marker.items)

    def has_rival(self, pull: Pull) -> bool:
        """Whether another run has opened `pull` with an item of this proposal."""
        marker = pull.own
        return (
            marker is not None
            and (marker.path, marker.contents) == (self.marker.path, self.marker.contents)
            and pull.state is PullState.OPEN
            and pull.branch != self.branch
            and bool({*marker.items} & {*self.marker.items})
        )


@dataclass(frozen=True, slots=True)
class Closing:
    """A batch with nothing left to decide: its pull request is closed with this marker and text."""

    batch: AnyBatch
    marker: AnyMarker
    text: str = field(repr=False)


def difference(proposal: Proposal) -> str:
    """What the proposal changes in the list, as a unified diff that `git apply` accepts."""
    return "".join(_difference(file) for file in proposal.files)


def _difference(file: FileChange) -> str:
    before = file.before.decode("utf-8", "replace").splitlines(keepends=True)
    after = file.content.decode("utf-8", "replace").splitlines(keepends=True)
    lines = difflib.unified_diff(before, after, f"a/{file.path}", f"b/{file.path}")
    ended = (
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
    return "".join(ended)
