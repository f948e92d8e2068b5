"""The forge's side of things as values: the list as it stands there, and the pull requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.arxiv_id import ArxivId


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
    """A pull request. `ours` tells that its branch is the bot's own, in this repository and not in a fork.

    Times in UTC; `adds` are the papers that an open one of somebody else adds to the list.
    """

    number: int
    url: str
    branch: str
    head_sha: str
    state: PullState
    ours: bool
    title: str
    body: str
    labels: tuple[str, ...]
    created: datetime
    adds: tuple[ArxivId, ...] = ()
    closed: datetime | None = None


@dataclass(frozen=True, slots=True)
class ForgeState:
    """All that a run has to know of the forge: the list, the bot's pull requests, everybody else's open ones."""

    place: str
    base: Base
    pulls: tuple[Pull, ...]
