"""Reads what a run needs from a repository on GitHub: the list, the bot's branches, every pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from bot.core.arxiv_id import ArxivId, find_ids
from bot.core.errors import ForgeSetupError
from bot.forge.github_api import GitHub
from bot.proposals.answers import BRANCH_PREFIX
from bot.proposals.commits import changes_of, papers_of, removals_of
from bot.proposals.marker import Contents
from bot.proposals.model import Base, ForgeState, Orphan, Pull, PullState

_QUEUED = re.compile(r"gh-readonly-queue/.+/pr-(\d{1,9})-[0-9a-f]+")
MOST_READ = 100
"""How many open pull requests of other people are read, newest first, with one request each.

Older ones do not hold back any paper.
"""


def read_state(github: GitHub, *paths: str) -> tuple[ForgeState, dict[int, str]]:
    """Reads the list at the default branch's newest commit, the bot's branches, and every pull request.

    All files of the list, by their paths, are read at the same commit, with one request each.

    Returns:
        the state, and the head SHA that GitHub lists for each pull request, which may lag behind its branch.

    Raises:
        ForgeError: GitHub can't be reached, or refuses.
        ListError: the repository has no such list.
    """
    repository = github.repository()
    branches = github.branches()
    sha = branches.get(repository.branch) or github.branch(repository.branch)
    if not sha:
        message = f"the repository is empty: it has no branch {repository.branch}"
        raise ForgeSetupError(message, where=repository.name, fix="push a list to it first")
    base = Base.of(repository.branch, sha, {path: github.content(path, sha) for path in paths})
    listed = github.pulls()
    pulls = tuple(_completed(github, listed, base, branches))
    ours = {name: head for name, head in branches.items() if name.startswith(BRANCH_PREFIX)}
    opened = {pull.branch for pull in pulls if pull.in_repository}
    state = ForgeState(
        place=repository.name,
        url=repository.url,
        base=base,
        pulls=pulls,
        branches=tuple(ours),
        orphans=tuple(
            Orphan(name, github.commit(head)) for name, head in ours.items() if name not in opened
        ),
    )
    return state, {pull.number: pull.head_sha for pull in listed}


def _completed(
    github: GitHub, listed: Iterable[Pull], base: Base, branches: Mapping[str, str]
) -> Iterator[Pull]:
    """Completes the pull requests with what their texts do not record: queue, branch position, added papers."""
    queued, read = _queued(branches), 0
    for pull in listed:
        known = _located(_recovered(github, pull), base, branches)
        if known.number in queued:
            known = replace(known, merges_itself=True)
        is_as_left = known.own is not None and known.own.head == known.head_sha
        if known.state is PullState.OPEN and not is_as_left and read < MOST_READ:
            read += known.own is None
            known = replace(known, adds=_added(github, pull.number, base))
        yield known


def _located(pull: Pull, base: Base, branches: Mapping[str, str]) -> Pull:
    """Sets the head from the branch itself, which is more current than the pull request, and checks the base branch.

    A pull request that is not on a branch of the bot loses its markers.
    """
    is_elsewhere = pull.base != base.branch and pull.base in branches
    head = branches.get(pull.branch, pull.head_sha) if _is_ours(pull) else pull.head_sha
    kept = pull if _is_ours(pull) else replace(pull, marker=None, refresh=None, removals=None)
    return replace(kept, head_sha=head, is_elsewhere=is_elsewhere)


def _is_ours(pull: Pull) -> bool:
    """Whether its branch has the bot's prefix and is in the list's own repository."""
    return pull.in_repository and pull.branch.startswith(BRANCH_PREFIX)


def _recovered(github: GitHub, pull: Pull) -> Pull:
    """Restores a marker that a person deleted from the text, from the trailers of the bot's commits."""
    if not _is_ours(pull) or pull.own is not None:
        return pull
    for commit in reversed(github.commits(pull.number)):
        with suppress(ValueError):
            papers = papers_of(commit)
            return replace(pull, marker=papers.marker(pull.created, Contents.PAPERS))
        with suppress(ValueError):
            changes = changes_of(commit)
            return replace(pull, refresh=changes.marker(pull.created, Contents.CHANGES))
        with suppress(ValueError):
            removals = removals_of(commit)
            return replace(pull, removals=removals.marker(pull.created, Contents.REMOVALS))
    return pull


def _added(github: GitHub, number: int, base: Base) -> tuple[ArxivId, ...]:
    """The papers that a pull request adds to the list."""
    lines = github.added_lines(number, base.files)
    return tuple(dict.fromkeys(mention.id for line in lines for mention in find_ids(line)))


def _queued(branches: Iterable[str]) -> frozenset[int]:
    """The numbers of the pull requests in a merge queue, from the branches that GitHub creates for them.

    A push would remove a pull request from the queue
    (https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue).
    """
    found = (_QUEUED.fullmatch(name) for name in branches)
    return frozenset(int(match[1]) for match in found if match)
