"""Converts PyGithub's objects into this project's own values."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from bot.proposals.commits import Commit
from bot.proposals.marker import parse_marker, parse_refresh, parse_removals
from bot.proposals.model import Pull, PullState


@dataclass(frozen=True, slots=True)
class HostedRepository:
    """A repository: its full name, default branch, page URL, and its node id on GitHub."""

    name: str
    branch: str
    url: str
    node: str


def read_repository(found: Any) -> HostedRepository:  # noqa: ANN401 - only one file knows PyGithub
    """Reads a repository (https://docs.github.com/rest/repos/repos)."""
    facts = (found.full_name, found.default_branch, found.html_url, found.node_id)
    return HostedRepository(*map(text, facts))


def text(value: object) -> str:
    """Returns a string that GitHub always sends. PyGithub has None where the response lacks it.

    Raises:
        TypeError: the value is not a string.
    """
    if not isinstance(value, str):
        raise TypeError("a string is missing in GitHub's response")
    return value


def blob_sha(content: bytes) -> str:
    """Returns the SHA that Git gives a file of this content.

    It exposes symbolic links: GitHub sends the content of the target, but the SHA of the link.
    """
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def read_pull(pull: Any, repository: str) -> Pull:  # noqa: ANN401 - only one file knows PyGithub
    """Reads a pull request (https://docs.github.com/rest/pulls/pulls), even if its fork was deleted."""
    home, body = pull.head.repo, pull.body or ""
    in_repository = home is not None and home.full_name == repository
    return Pull(
        number=int(pull.number),
        url=text(pull.html_url),
        branch=text(pull.head.ref),
        head_sha=text(pull.head.sha),
        state=_state(pull),
        title=text(pull.title),
        body=body,
        labels=tuple(text(label.name) for label in pull.labels),
        created=pull.created_at.astimezone(UTC),
        closed=pull.closed_at.astimezone(UTC) if pull.closed_at else None,
        in_repository=in_repository,
        merges_itself=pull.auto_merge is not None,
        base=text(pull.base.ref),
        marker=parse_marker(body) if in_repository else None,
        refresh=parse_refresh(body) if in_repository else None,
        removals=parse_removals(body) if in_repository else None,
    )


def _state(pull: Any) -> PullState:  # noqa: ANN401 - as above
    if pull.state == "open":
        return PullState.OPEN
    return PullState.MERGED if pull.merged_at else PullState.CLOSED


def read_commit(found: Any) -> Commit:  # noqa: ANN401 - as above
    """Reads a commit of the Git database (https://docs.github.com/rest/git/commits)."""
    return _commit(found.sha, found, found.parents)


def read_listed_commit(found: Any) -> Commit:  # noqa: ANN401 - as above
    """Reads a commit as a pull request lists it, with message and tree one level further down."""
    return _commit(found.sha, found.commit, found.parents)


def _commit(sha: str, inner: Any, parents: Sequence[Any]) -> Commit:  # noqa: ANN401 - as above
    parent_shas = tuple(text(parent.sha) for parent in parents)
    return Commit(text(sha), text(inner.message), text(inner.tree.sha), parent_shas)


def people_in(reviews: Iterable[Any]) -> tuple[str, ...]:
    """The login of each person who submitted a review, without bots and deleted accounts."""
    people = (review.user for review in reviews if review.state != "PENDING")
    return tuple(dict.fromkeys(user.login for user in people if user and user.type != "Bot"))


def labels_in(events: Iterable[Any]) -> frozenset[str]:
    """The labels that these events added to a pull request."""
    return frozenset(
        event.label.name for event in events if event.event == "labeled" and event.label
    )


def status_in(statuses: Iterable[Any], context: str) -> str:
    """The newest status of a commit under this context (https://docs.github.com/rest/commits/statuses); "" if none."""
    states = (status["state"] for status in statuses if status["context"] == context)
    return text(next(states, ""))


def added_by(patch: str) -> tuple[str, ...]:
    """The lines that a patch adds, split at newlines only, as git does."""
    return tuple(line[1:] for line in patch.split("\n") if line.startswith("+"))


def added_to(base: bytes, content: bytes) -> tuple[str, ...]:
    """The lines of `content` that `base` does not contain."""
    base_lines = set(base.decode("utf-8", "replace").split("\n"))
    lines = content.decode("utf-8", "replace").split("\n")
    return tuple(line for line in lines if line not in base_lines)
