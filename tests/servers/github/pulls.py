"""The data that the server stores about a pull request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = Any


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a pull request; `particulars` are the members that are specific to its kind."""

    number: int
    kind: str
    actor: str
    created: str
    particulars: Json


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on a pull request's page."""

    number: int
    login: str
    created: str
    body: str


@dataclass(frozen=True, slots=True)
class Review:
    """A review; `state` is APPROVED, CHANGES_REQUESTED, COMMENTED or DISMISSED."""

    number: int
    login: str
    created: str
    state: str
    body: str
    sha: str


@dataclass
class Pull:
    """A pull request; `state` is open, closed or merged.

    `head_sha` and `base_sha` no longer change after it is closed. `tip` is the last position of its branch,
    `rewritten` whether the branch was force-pushed or recreated while the pull request was closed. `judged` is the
    pair of commits for which GitHub has computed mergeability. `merges_for` is the person who enabled auto-merge.
    """

    number: int
    title: str
    body: str
    branch: str
    base: str
    head_repo: str
    author: str
    head_sha: str
    base_sha: str
    created: str
    updated: str
    tip: str
    state: str = "open"
    closed: str | None = None
    closed_by: str = ""
    merged: str | None = None
    merge_sha: str | None = None
    rewritten: bool = False
    judged: tuple[str, str] | None = None
    merges_for: str = ""
    labels: list[str] = field(default_factory=list)
    reviewers: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
