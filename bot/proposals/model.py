"""The forge's side of things as values: the list as it stands there, the pull requests, and what to do with them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Generic

from bot.core.arxiv_id import ArxivId
from bot.proposals.commits import Commit
from bot.proposals.items import AnyItem, ChangeId, Item, papers_among
from bot.proposals.marker import AnyMarker, Marker


@dataclass(frozen=True, slots=True)
class Base:
    """The list as it stands: `sha` is the commit of `branch` that `content` was read at (empty for a directory)."""

    branch: str
    sha: str
    path: str
    content: bytes


class PullState(Enum):
    """What has become of a pull request."""

    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request. It is the bot's own if it has a marker, on a branch of the bot's in the list's own repository.

    `marker` is that of a batch of papers, `refresh` that of one of changes to entries, `removals` that of one of
    entries to take out again.
    `in_repository` says that its branch is in the list's own repository and not in a fork, `merges_itself` that GitHub
    merges it as soon as its checks pass. `base` is the branch that it goes into, `is_elsewhere` that this is another
    branch of the repository than the default one.
    Times in UTC; `adds` are the papers that an open one adds to the list: one of somebody else, or one of the bot's
    whose branch is not where the bot left it.
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
        """The marker of the bot's, whatever it proposes."""
        return self.marker or self.refresh or self.removals

    def has(self, label: str) -> bool:
        """Whether it has the label; to GitHub capitals make no other label."""
        return label.casefold() in map(str.casefold, self.labels)


def describe(pull: Pull | None, otherwise: str) -> tuple[str, int | None, str]:
    """A pull request as an outcome names it: title, number, address; `otherwise` is the title where there is none."""
    return (pull.title, pull.number, pull.url) if pull else (otherwise, None, "")


@dataclass(frozen=True, slots=True)
class Orphan:
    """A branch such as the bot's own that no pull request was ever opened for, and its newest commit."""

    branch: str
    commit: Commit


@dataclass(frozen=True, slots=True)
class ForgeState:
    """All that a run has to know of the forge: the list, the bot's pull requests, everybody else's open ones.

    `branches` are the names in the repository that begin as the bot's own do, `url` is the repository's page (empty for
    a directory).
    """

    place: str
    base: Base
    pulls: tuple[Pull, ...]
    branches: tuple[str, ...] = ()
    orphans: tuple[Orphan, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Batch(Generic[Item]):
    """A batch as it stands; `pull` is None where its branch was made and its pull request was not.

    `adds` are items that its branch has by a person's hand, or by a run's that died.
    """

    branch: str
    head: str
    marker: Marker[Item]
    pull: Pull | None = None
    adds: tuple[Item, ...] = ()

    @property
    def name(self) -> str:
        """As people call it: `#12`, or its branch."""
        return f"#{self.pull.number}" if self.pull else self.branch


AnyBatch = Batch[AnyItem]


@dataclass(frozen=True, slots=True)
class Inspection:
    """What GitHub says of an open batch when asked about it.

    `frozen` is why the bot must leave the batch alone, empty if the bot may change it; `conflicts` is whether GitHub
    can't merge it, None where GitHub has not found out yet or was not asked.
    """

    frozen: str = ""
    conflicts: bool | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A batch as planned; all of it follows from its items and the list.

    On `branch`, the list at `path` becomes `content` where commit `base_sha` of `base_branch` has `before`. Where the
    branch is there already it stands at `head`, and `pull` is its pull request if it has one. `title` and `text` are
    the pull request's; the text goes below `marker`, which the forge completes with the new commit. `text_only` says
    that the branch has all of it already and only the text changes.
    """

    branch: str
    base_branch: str
    base_sha: str
    path: str
    before: bytes = field(repr=False)
    content: bytes = field(repr=False)
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
    def papers(self) -> tuple[ArxivId, ...]:
        """The papers it is about, in the order of its text."""
        return papers_among(self.marker.items)

    def has_rival(self, pull: Pull) -> bool:
        """Whether `pull` is of another run of the bot, open, and proposes an item of this proposal."""
        marker = pull.own
        return (
            marker is not None
            and (marker.path, marker.contents) == (self.path, self.marker.contents)
            and pull.state is PullState.OPEN
            and pull.branch != self.branch
            and bool({*marker.items} & {*self.marker.items})
        )


@dataclass(frozen=True, slots=True)
class Closing:
    """A batch in which nothing is left to decide on: its pull request is closed with this marker and text."""

    batch: AnyBatch
    marker: AnyMarker
    text: str = field(repr=False)


def difference(proposal: Proposal) -> str:
    """What the proposal changes in the list, as a diff that can be applied."""
    before = proposal.before.decode("utf-8", "replace").splitlines(keepends=True)
    after = proposal.content.decode("utf-8", "replace").splitlines(keepends=True)
    lines = difflib.unified_diff(before, after, f"a/{proposal.path}", f"b/{proposal.path}")
    ended = (
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
    return "".join(ended)
