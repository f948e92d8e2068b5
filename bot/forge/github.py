"""The list on GitHub, through PyGithub's Git Data API; no git binary is needed.

Nothing is visible before the branch is made, and the branch is made before its pull request: a run that dies in
between leaves at most a branch, which the next run adopts. No write is repeated blindly: when its outcome is unknown,
we look first.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from datetime import UTC
from typing import NoReturn, TypeGuard, TypeVar

import github
import requests
from github.ContentFile import ContentFile
from github.GitCommit import GitCommit
from github.GitRef import GitRef
from github.GitTree import GitTree
from github.InputGitTreeElement import InputGitTreeElement
from github.PullRequest import PullRequest
from github.Repository import Repository

from bot.arxiv_id import ArxivId, find_ids
from bot.batches import BRANCH_PREFIX, parse_marker
from bot.errors import ForgeError, ForgeSetupError, ListError
from bot.forge import Answer
from bot.forge.refusals import Asked, no_answer, refusal, said_by
from bot.model import Outcome, OutcomeKind, Proposal
from bot.pulls import Base, ForgeState, Pull, PullState
from bot.withdrawals import Withdrawal, take_out

DEFAULT_URL = "https://api.github.com"
_PAGE = 100
_TIMEOUT = 30  # seconds
_LONGEST_WAIT = 120  # seconds to wait for a rate limit before giving up

T = TypeVar("T")


class GitHubForge:
    """A list in a repository on GitHub.

    Args:
        repository: `owner/name`.
        path: the list's file in it.
        token: a token, or "" for reading a public repository.
        api_url: the address of the API; GitHub Enterprise has its own.
        paced: whether to keep the pauses GitHub asks for between requests; off only for tests.
    """

    def __init__(
        self,
        repository: str,
        path: str,
        token: str,
        *,
        api_url: str = DEFAULT_URL,
        paced: bool = True,
    ) -> None:
        self._name = repository
        self._path = path
        self._token_given = bool(token)
        self._github = github.Github(
            auth=github.Auth.Token(token) if token else None,
            base_url=api_url,
            per_page=_PAGE,
            timeout=_TIMEOUT,
            retry=github.GithubRetry(
                total=3,
                backoff_factor=1 if paced else 0,
                allowed_methods=frozenset({"GET", "HEAD"}),
                raise_on_status=False,
                max_rate_limit_wait=_LONGEST_WAIT,
            ),
            seconds_between_requests=0.25 if paced else 0,
            seconds_between_writes=1.0 if paced else 0,
        )
        self._repository: Repository | None = None

    def read(self) -> ForgeState:
        """Reads the list at the default branch's newest commit, and every pull request.

        Raises:
            ForgeError: GitHub can't be asked, or refuses.
            ListError: the repository has no such list.
        """
        repo = self._ask("the repository", lambda: self._github.get_repo(self._name))
        if repo.full_name.casefold() != self._name.casefold():
            raise ForgeSetupError(
                f"the repository is now called {repo.full_name}",
                where=self._name,
                fix="use the new name",
            )
        self._repository = repo
        branch = repo.default_branch
        ref = self._ask(f"branch {branch}", lambda: repo.get_git_ref(f"heads/{branch}"))
        content = self._content(repo, ref.object.sha)
        pulls = self._ask("the pull requests", lambda: tuple(self._pulls(repo)))
        return ForgeState(repo.full_name, Base(branch, ref.object.sha, self._path, content), pulls)

    def _content(self, repo: Repository, sha: str) -> bytes:
        try:
            file = repo.get_contents(self._path, ref=sha)
        except github.UnknownObjectException:
            fix = "set list.path in the configuration, or name the list with --list"
            raise ListError(
                "the repository has no such list", where=f"{self._name}:{self._path}", fix=fix
            ) from None
        except (github.GithubException, requests.RequestException) as error:
            self._fail("the list", error)
        if not isinstance(file, ContentFile) or file.type != "file":
            kind = "a folder" if not isinstance(file, ContentFile) else f"a {file.type}"
            raise ListError(
                f"the list is {kind}, not a file",
                where=f"{self._name}:{self._path}",
                fix="set list.path",
            )
        if file.encoding == "base64":
            return file.decoded_content
        blob = self._ask(
            "the list", lambda: repo.get_git_blob(file.sha)
        )  # files above 1 MB come only so
        return base64.b64decode(blob.content)

    def _pulls(self, repo: Repository) -> Iterator[Pull]:
        for pull in repo.get_pulls(state="all", sort="created", direction="desc"):
            ours = self._is_ours(pull, repo)
            is_open = pull.state == "open"
            adds = self._added(pull) if is_open and not ours else ()
            yield Pull(
                number=pull.number,
                url=pull.html_url,
                branch=pull.head.ref,
                head_sha=pull.head.sha,
                state=PullState.OPEN
                if is_open
                else PullState.MERGED
                if pull.merged_at
                else PullState.CLOSED,
                ours=ours,
                title=pull.title,
                body=pull.body or "",
                labels=tuple(label.name for label in pull.labels),
                created=pull.created_at.astimezone(UTC),
                closed=pull.closed_at.astimezone(UTC) if pull.closed_at else None,
                adds=adds,
            )

    def _is_ours(self, pull: PullRequest, repo: Repository) -> bool:
        """Only who may write to the repository can have a branch of that name in it; a fork's branch doesn't count."""
        home = pull.head.repo
        in_repository = home is not None and home.full_name == repo.full_name
        return (
            in_repository
            and pull.head.ref.startswith(BRANCH_PREFIX)
            and bool(parse_marker(pull.body or ""))
        )

    def _added(self, pull: PullRequest) -> tuple[ArxivId, ...]:
        """The papers that somebody's pull request adds to the list."""
        lines = (
            line
            for file in pull.get_files()
            if file.filename == self._path
            for line in (file.patch or "").splitlines()
            if line.startswith("+")
        )
        return tuple(dict.fromkeys(mention.id for line in lines for mention in find_ids(line)))

    def ensure(self, proposal: Proposal) -> Outcome:
        """Makes branch, pull request and labels, as far as they are not there yet."""
        try:
            repo = self._repository or self._ask(
                "the repository", lambda: self._github.get_repo(self._name)
            )
            self._ensure_branch(repo, proposal)
            pull, kind = self._ensure_pull(repo, proposal)
            self._dress(pull, proposal)
        except ForgeError as error:
            return Outcome(
                OutcomeKind.FAILED, proposal.title, papers=proposal.papers, failure=str(error)
            )
        return Outcome(kind, pull.title, pull.number, pull.html_url, proposal.papers)

    def withdraw(self, withdrawal: Withdrawal) -> Outcome:
        """Commits the list without the ticked papers on top of the batch's branch, unless a person pushed to it.

        The branch only moves if it is still where it was read: GitHub refuses any other move that is not forced.
        """
        pull, papers = withdrawal.pull, withdrawal.papers
        kind = OutcomeKind.UNCHANGED
        try:
            repo = self._repository or self._ask(
                "the repository", lambda: self._github.get_repo(self._name)
            )
            newest = self._ask("a commit", lambda: repo.get_git_commit(pull.head_sha))
            if f"Arxiv-Bot-Batch: {pull.branch}" not in newest.message.splitlines():
                return Outcome(OutcomeKind.FROZEN, pull.title, pull.number, pull.url, papers)
            before = self._content(repo, pull.head_sha)
            after = take_out(before, papers)
            if after != before:
                sha = self._commit(repo, after, withdrawal.message, pull.head_sha)
                url = f"{repo.url}/git/refs/heads/{pull.branch}"
                ref = GitRef(repo.requester, {}, {"url": url}, completed=True)
                self._ask(f"branch {pull.branch}", lambda: ref.edit(sha, force=False))
                kind = OutcomeKind.UPDATED
        except (ForgeError, ListError) as error:
            failure = str(error)
            return Outcome(
                OutcomeKind.FAILED, pull.title, pull.number, pull.url, papers, failure=failure
            )
        return Outcome(kind, pull.title, pull.number, pull.url, papers)

    def _ensure_branch(self, repo: Repository, proposal: Proposal) -> None:
        """One commit on top of the base that was read; a branch of that name is one for the same papers."""
        sha = self._commit(repo, proposal.content, proposal.message, proposal.base_sha)
        try:
            repo.create_git_ref(f"refs/heads/{proposal.branch}", sha)
        except (github.GithubException, requests.RequestException) as error:
            if not self._branch_exists(repo, proposal.branch):
                self._fail(f"branch {proposal.branch}", error)

    def _commit(self, repo: Repository, content: bytes, message: str, parent: str) -> str:
        """A commit that makes the list this one; no branch has it yet. Returns its SHA."""
        element = InputGitTreeElement(self._path, "100644", "blob", **self._blob(repo, content))
        base_tree = GitTree(repo.requester, {}, {"sha": parent}, completed=True)
        tree = self._ask("a tree", lambda: repo.create_git_tree([element], base_tree))
        above = GitCommit(repo.requester, {}, {"sha": parent}, completed=True)
        return self._ask("a commit", lambda: repo.create_git_commit(message, tree, [above])).sha

    def _blob(self, repo: Repository, content: bytes) -> dict[str, str]:
        try:
            return {"content": content.decode("utf-8")}
        except UnicodeDecodeError:
            raw = base64.b64encode(content).decode("ascii")
            return {"sha": self._ask("the list", lambda: repo.create_git_blob(raw, "base64")).sha}

    def _branch_exists(self, repo: Repository, branch: str) -> bool:
        try:
            repo.get_git_ref(f"heads/{branch}")
        except (github.GithubException, requests.RequestException):
            return False
        return True

    def _ensure_pull(self, repo: Repository, proposal: Proposal) -> tuple[PullRequest, OutcomeKind]:
        if found := self._open_pull(repo, proposal.branch):
            return found, OutcomeKind.UNCHANGED
        try:
            pull = repo.create_pull(
                proposal.base_branch, proposal.branch, title=proposal.title, body=proposal.body
            )
        except (github.GithubException, requests.RequestException) as error:
            if found := self._open_pull(repo, proposal.branch):
                return found, OutcomeKind.CREATED
            self._fail("the pull request", error, proposal)
        if pull.number is None:
            raise ForgeError(
                "GitHub answered without a pull request", where=self._name, fix="run again"
            )
        return pull, OutcomeKind.CREATED

    def _open_pull(self, repo: Repository, branch: str) -> PullRequest | None:
        head = f"{repo.owner.login}:{branch}"
        found = self._ask(
            "the pull requests", lambda: list(repo.get_pulls(state="open", head=head))
        )
        return next((pull for pull in found if pull.head.ref == branch), None)

    def _dress(self, pull: PullRequest, proposal: Proposal) -> None:
        """Adds the labels and asks the reviewers that are missing."""
        if missing := set(proposal.labels) - {label.name for label in pull.labels}:
            self._ask("the labels", lambda: pull.add_to_labels(*sorted(missing)))
        asked = {user.login for user in pull.requested_reviewers} | {
            team.slug for team in pull.requested_teams
        }
        users = [name for name in proposal.reviewers if "/" not in name and name not in asked]
        teams = [name.partition("/")[2] for name in proposal.reviewers if "/" in name]
        teams = [name for name in teams if name not in asked]
        if users or teams:
            self._ask("the reviewers", lambda: pull.create_review_request(users, teams))

    def look(self, path: str, **parameters: str | int) -> Answer:
        """Asks one question, and changes nothing; a refusal is an answer too.

        Raises:
            ForgeError: there is no answer: GitHub fails, limits, or does not know the token.
        """
        try:
            found = self._github.requester.requestJsonAndCheck("GET", path, parameters)
        except (github.GithubException, requests.RequestException) as error:
            if not _is_refusal(error, {403, 404, 409} if self._token_given else {401, 403, 404}):
                self._fail(path, error)
            return Answer(error.status, said=_said(error))
        return Answer(200, found[1], found[0])

    def _ask(self, what: str, call: Callable[[], T]) -> T:
        try:
            return call()
        except (github.GithubException, requests.RequestException) as error:
            self._fail(what, error)

    def _fail(self, what: str, error: Exception, proposal: Proposal | None = None) -> NoReturn:
        """Raises the failure as an error with the way out."""
        asked = Asked(what, self._name, self._token_given, self._how_to_permit(proposal))
        if not isinstance(error, github.GithubException):
            raise no_answer(asked, type(error).__name__) from None
        limited = isinstance(error, github.RateLimitExceededException)
        raise refusal(asked, error.status, _said(error), limited=limited) from None

    def _how_to_permit(self, proposal: Proposal | None) -> str:
        site = self._repository.html_url if self._repository else ""
        link = (
            f"{site}/compare/{proposal.base_branch}...{proposal.branch}?expand=1"
            if proposal
            else ""
        )
        return (
            'tick "Allow GitHub Actions to create and approve pull requests" in '
            f"{site}/settings/actions and, where there is one, in the organisation's settings "
            f"(the stricter one counts); the branch is there, so the pull request can also be opened by hand: {link}"
        )


def _is_refusal(error: Exception, statuses: set[int]) -> TypeGuard[github.GithubException]:
    limited = isinstance(error, github.RateLimitExceededException)
    return isinstance(error, github.GithubException) and error.status in statuses and not limited


def _said(error: github.GithubException) -> str:
    return said_by(error.data, str(error.message or ""))
