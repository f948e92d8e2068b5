"""How the commits of a pull request hang together. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.proposals.commits import Commit


def history(sha: str, commits: Mapping[str, Commit]) -> set[str]:
    """A commit and all before it, of those given."""
    found, waiting = set[str](), [sha]
    while waiting:
        if (one := waiting.pop()) in commits and one not in found:
            found.add(one)
            waiting += commits[one].parents
    return found


def base_of(commit: Commit, commits: Mapping[str, Commit]) -> str:
    """The commit of the default branch that the bot's commit, or a merge, was made for."""
    while len(commit.parents) == 1 and commit.parents[0] in commits:
        commit = commits[commit.parents[0]]
    return commit.parents[-1]
