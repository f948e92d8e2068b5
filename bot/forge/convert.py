"""GitHub's objects, as PyGithub has them, as this project's own values."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from bot.proposals.commits import Commit
from bot.proposals.marker import parse_marker, parse_refresh
from bot.proposals.model import Pull, PullState


@dataclass(frozen=True, slots=True)
class Place:
    """A repository: its full name, default branch, page, and GitHub's own id of it."""

    name: str
    branch: str
    url: str
    node: str


def git_name(content: bytes) -> str:
    """Git's name of a file's content. GitHub follows a link when it reads, and names it, not the file."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def read_pull(pull: Any, repository: str) -> Pull:  # noqa: ANN401 - only one file knows PyGithub
    """A pull request (https://docs.github.com/rest/pulls/pulls); the fork of its branch may be gone."""
    home, is_open, body = pull.head.repo, pull.state == "open", pull.body or ""
    merged = PullState.MERGED if pull.merged_at else PullState.CLOSED
    inside = home is not None and home.full_name == repository
    return Pull(
        number=pull.number,
        url=pull.html_url,
        branch=pull.head.ref,
        head_sha=pull.head.sha,
        state=PullState.OPEN if is_open else merged,
        title=pull.title,
        body=body,
        labels=tuple(label.name for label in pull.labels),
        created=pull.created_at.astimezone(UTC),
        closed=pull.closed_at.astimezone(UTC) if pull.closed_at else None,
        in_repository=inside,
        merges_itself=pull.auto_merge is not None,
        marker=parse_marker(body) if inside else None,
        refresh=parse_refresh(body) if inside else None,
    )


def read_commit(found: Any) -> Commit:  # noqa: ANN401 - as above
    """A commit of the Git database (https://docs.github.com/rest/git/commits)."""
    return _commit(found.sha, found, found.parents)


def read_listed_commit(found: Any) -> Commit:  # noqa: ANN401 - as above
    """A commit as a pull request lists it, in which message and tree are one level down."""
    return _commit(found.sha, found.commit, found.parents)


def _commit(sha: str, inner: Any, parents: Sequence[Any]) -> Commit:  # noqa: ANN401 - as above
    return Commit(sha, inner.message, inner.tree.sha, tuple(one.sha for one in parents))


def added_by(patch: str) -> tuple[str, ...]:
    """The lines that a patch adds; as git counts lines, not Python."""
    return tuple(line[1:] for line in patch.split("\n") if line.startswith("+"))


def added_to(base: bytes, content: bytes) -> tuple[str, ...]:
    """The lines of a file that another has not."""
    there = set(base.decode("utf-8", "replace").split("\n"))
    lines = content.decode("utf-8", "replace").split("\n")
    return tuple(line for line in lines if line not in there)
