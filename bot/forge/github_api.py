"""Reads and writes the pull requests of a repository on GitHub, through PyGithub."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from github.PaginatedList import PaginatedList
from github.PullRequest import PullRequest
from github.Repository import Repository

from bot.forge import convert
from bot.forge.connection import FAILURES
from bot.forge.git_database import GitDatabase
from bot.forge.refusals import REVIEWERS
from bot.forge.reply import TooLargeError
from bot.proposals.commits import Commit
from bot.proposals.model import Proposal, Pull

_MARGIN = 2**20  # bytes; a changed list is read up to twice the size of the list plus this margin


class GitHub(GitDatabase):
    """One repository on GitHub with its pull requests; arguments and errors are those of `GitDatabase`."""

    def pulls(self) -> tuple[Pull, ...]:
        """Every pull request once, newest first; the bot's own with the marker in their text.

        A pull request that is opened while the pages are read shifts the last item of a page to the next page,
        so duplicates are dropped.
        """
        repo = self._repo
        found = self._ask("the pull requests", lambda: list(map(self._read_pull, _newest(repo))))
        return tuple({pull.number: pull for pull in found}.values())

    def newest_pulls(self) -> tuple[Pull, ...]:
        """The hundred newest pull requests, in one request."""
        repo = self._repo
        return self._ask(
            "the pull requests", lambda: tuple(map(self._read_pull, _newest(repo).get_page(0)))
        )

    def pull(self, number: int) -> Pull:
        """One pull request as it is now."""
        return self._ask(
            f"pull request #{number}", lambda: self._read_pull(self._repo.get_pull(number))
        )

    def pull_of(self, branch: str) -> Pull | None:
        """The open pull request of a branch in this repository."""
        repo = self._repo
        head = f"{repo.owner.login}:{branch}"
        pages = repo.get_pulls(state="open", head=head)
        found = self._ask("the pull requests", lambda: list(map(self._read_pull, pages)))
        return next((pull for pull in found if pull.branch == branch), None)

    def _read_pull(self, found: PullRequest) -> Pull:
        return convert.read_pull(found, self._repo.full_name)

    def merges(self, number: int) -> bool | None:
        """Whether a pull request merges without conflict; None while GitHub is still computing it."""
        return self._ask(f"pull request #{number}", lambda: self._repo.get_pull(number).mergeable)

    def commits(self, number: int) -> tuple[Commit, ...]:
        """The commits of a pull request that its base lacks, oldest first, at most 250."""
        return self._ask(
            "the commits",
            lambda: tuple(map(convert.read_listed_commit, self._handle(number).get_commits())),
        )

    def added_lines(self, number: int, files: Mapping[str, bytes]) -> tuple[str, ...]:
        """The lines that a pull request adds to files, given by path with their content without it.

        A changed file that is too large to be worth reading has none.
        """
        return self._ask("the changed files", lambda: tuple(self._added_lines(number, files)))

    def _added_lines(self, number: int, files: Mapping[str, bytes]) -> Iterator[str]:
        for file in self._handle(number).get_files():
            if file.filename in files and file.status != "removed":
                patch: str | None = file.patch
                base = files[file.filename]
                yield from convert.added_by(patch) if patch else self._added_to(base, file.sha)

    def _added_to(self, base: bytes, sha: str) -> tuple[str, ...]:
        most = 2 * len(base) + _MARGIN
        try:
            with self._connection.at_most(4 * most // 3 + most // 30):  # base64, in lines of 60
                return convert.added_to(base, self._blob_of(sha))
        except TooLargeError:
            return ()

    def changed(self, number: int) -> set[str]:
        """The files that a pull request changes."""
        return self._ask(
            "the changed files",
            lambda: {file.filename for file in self._handle(number).get_files()},
        )

    def reviewers(self, number: int) -> tuple[str, ...]:
        """The logins of the people who reviewed a pull request; reviews by bots do not count."""
        return self._ask(
            "the reviews", lambda: convert.people_in(self._handle(number).get_reviews())
        )

    def labelled(self, number: int) -> frozenset[str]:
        """All labels that a pull request ever had, including those that were removed again."""
        return self._ask(
            "the events", lambda: convert.labels_in(self._handle(number).get_issue_events())
        )

    def open_pull(self, proposal: Proposal, body: str) -> Pull:
        """Opens a pull request, or returns the one that is already open for the branch."""
        repo = self._repo
        try:
            opened = self._read_pull(
                repo.create_pull(
                    proposal.base_branch, proposal.branch, title=proposal.title, body=body
                )
            )
        except FAILURES as error:
            if found := self.pull_of(proposal.branch):
                return found
            self._fail("the pull request", error, proposal)
        return opened

    def edit_pull(self, number: int, changes: Mapping[str, Any]) -> Pull:
        """Changes `title`, `body` or `state` of a pull request, and returns the changed pull request."""
        handle = self._handle(number)
        try:
            handle.edit(**changes)
        except FAILURES as error:
            now = self.pull(number)
            current = {"title": now.title, "body": now.body, "state": now.state.value}
            if any(current[key] != value for key, value in changes.items()):
                self._fail(f"pull request #{number}", error)
            return now
        return self._ask(f"pull request #{number}", lambda: self._read_pull(handle))

    def add_labels(self, number: int, labels: Sequence[str]) -> None:
        """Adds labels; GitHub creates those that do not exist yet."""
        self._ask("the labels", lambda: self._handle(number).add_to_labels(*labels))

    def remove_label(self, number: int, label: str) -> None:
        """Removes a label; a missing label is not an error."""
        self._find("the labels", lambda: self._handle(number).remove_from_labels(label))

    def ask_for_review(self, number: int, users: Sequence[str], teams: Sequence[str]) -> None:
        """Requests a review from users and teams."""
        handle = self._handle(number)
        self._ask(REVIEWERS, lambda: handle.create_review_request(list(users), list(teams)))

    def _handle(self, number: int) -> PullRequest:
        """Returns a PyGithub object to query or change a pull request, without requesting it first."""
        url = f"{self._repo.url}/pulls/{number}"
        links = {"url": url, "issue_url": f"{self._repo.url}/issues/{number}", "number": number}
        return PullRequest(self._repo.requester, {}, links, completed=True)


def _newest(repo: Repository) -> PaginatedList[PullRequest]:
    return repo.get_pulls(state="all", sort="created", direction="desc")
