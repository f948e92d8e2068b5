"""GitHub's API through PyGithub: one method for each thing that is asked or done, in this project's own values.

No write is repeated blindly: when its outcome is unknown, we look first. No git binary is needed.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NoReturn, TypeVar
from urllib.parse import quote

import github
from github.ContentFile import ContentFile
from github.File import File
from github.GitCommit import GitCommit
from github.GitRef import GitRef
from github.GitTree import GitTree
from github.InputGitTreeElement import InputGitTreeElement
from github.PullRequest import PullRequest
from github.Repository import Repository

from bot.core.errors import ForgeError, ForgeSetupError, ListError, MovedError
from bot.forge import convert as shapes
from bot.forge.connection import FAILURES, Connection, is_refusal, limit_in, said_in
from bot.forge.protocol import Answer
from bot.forge.refusals import REVIEWERS, Asked, how_to_permit, no_answer, refusal
from bot.proposals.commits import Commit, seal
from bot.proposals.model import Proposal, Pull

DEFAULT_URL = "https://api.github.com"
_NONE = "0" * 40  # the SHA of a branch that is not there

T = TypeVar("T")


class GitHub:
    """One repository on GitHub. Every method raises ForgeError where GitHub fails or refuses.

    Args:
        repository: `owner/name`.
        token: a token, or "" for reading a public repository.
        api_url: the address of the API; GitHub Enterprise has its own.
        sleep: waits for some seconds.
    """

    def __init__(
        self,
        repository: str,
        token: str,
        *,
        sleep: Callable[[float], None],
        api_url: str = DEFAULT_URL,
    ) -> None:
        self.name = repository
        self._token_given = bool(token)
        self._connection = Connection(token, api_url, sleep)
        self._known: Repository | None = None

    def place(self) -> shapes.Place:
        """The repository, asked for once."""
        if self._known is None:
            path = f"/repos/{quote(self.name)}"
            headers, data = self._ask(
                "the repository", lambda: self._connection.requestJsonAndCheck("GET", path)
            )
            found = Repository(self._connection, headers, data, completed=True)
            if found.full_name.casefold() != self.name.casefold():
                message = f"the repository is now called {found.full_name}"
                raise ForgeSetupError(message, where=self.name, fix="use the new name")
            self._known = found
        repo = self._known
        return shapes.Place(repo.full_name, repo.default_branch, repo.html_url, repo.node_id)

    @property
    def _repo(self) -> Repository:
        self.place()
        assert self._known is not None
        return self._known

    def branches(self) -> dict[str, str]:
        """The branches and their newest commits: all of them, with one request for each hundred."""
        repo, prefix = self._repo, "refs/heads/"
        found = self._ask("the branches", lambda: list(repo.get_git_matching_refs("heads/")))
        return {one.ref.removeprefix(prefix): one.object.sha for one in found}

    def branch(self, name: str) -> str:
        """The newest commit of a branch; "" where there is none of that name."""
        repo = self._repo
        found = self._find(f"branch {name}", lambda: repo.get_git_ref(f"heads/{name}").object.sha)
        return found or ""

    def content(self, path: str, sha: str) -> bytes:
        """A file at a commit.

        Raises:
            ListError: there is no such file.
        """
        repo, where = self._repo, f"{self.name}:{path}"
        file = self._find("the list", lambda: repo.get_contents(path, ref=sha))
        if file is None:
            fix = "set list.path in the configuration, or name the list with --list"
            raise ListError("the repository has no such list", where=where, fix=fix)
        if not isinstance(file, ContentFile) or file.type != "file":
            kind = "a folder" if not isinstance(file, ContentFile) else f"a {file.type}"
            raise ListError(f"the list is {kind}, not a file", where=where, fix="set list.path")
        content = file.decoded_content if file.encoding == "base64" else self._blob_of(file.sha)
        if shapes.git_name(content) != file.sha:
            fix = "set list.path to the file itself"
            raise ListError("the list is a link to another file", where=where, fix=fix)
        return content

    def _blob_of(self, sha: str) -> bytes:
        """A file of any size; one above 1 MB comes in no other way."""
        blob = self._ask("a large file", lambda: self._repo.get_git_blob(sha))
        return base64.b64decode(blob.content)

    def commit(self, sha: str) -> Commit:
        """One commit."""
        return shapes.read_commit(self._ask("a commit", lambda: self._repo.get_git_commit(sha)))

    def pulls(self) -> Iterator[Pull]:
        """Every pull request, the newest first; the bot's own with what their text tells."""
        repo = self._repo
        pages = repo.get_pulls(state="all", sort="created", direction="desc")
        for one in self._ask("the pull requests", lambda: list(pages)):
            yield shapes.read_pull(one, repo.full_name)

    def pull(self, number: int) -> Pull:
        """One pull request as it is now."""
        found = self._ask(f"pull request #{number}", lambda: self._repo.get_pull(number))
        return shapes.read_pull(found, self._repo.full_name)

    def pull_of(self, branch: str) -> Pull | None:
        """The open pull request of a branch in this repository."""
        repo = self._repo
        head = f"{repo.owner.login}:{branch}"
        pages = repo.get_pulls(state="open", head=head)
        found = self._ask("the pull requests", lambda: list(pages))
        return next(
            (shapes.read_pull(one, repo.full_name) for one in found if one.head.ref == branch), None
        )

    def merges(self, number: int) -> bool | None:
        """Whether a pull request merges without conflict; None while GitHub is finding out."""
        return self._ask(f"pull request #{number}", lambda: self._repo.get_pull(number)).mergeable

    def commits(self, number: int) -> tuple[Commit, ...]:
        """The commits of a pull request, the oldest first; without those that its base has too."""
        found = self._ask("the commits", lambda: list(self._handle(number).get_commits()))
        return tuple(shapes.read_listed_commit(one) for one in found)

    def added_lines(self, number: int, path: str, base: bytes) -> tuple[str, ...]:
        """The lines that a pull request adds to a file, which is `base` without it."""
        for file in self._files(number):
            if file.filename == path and file.status != "removed":
                patch: str | None = file.patch
                return (
                    shapes.added_by(patch)
                    if patch
                    else shapes.added_to(base, self._blob_of(file.sha))
                )
        return ()

    def changed(self, number: int) -> set[str]:
        """The files that a pull request changes."""
        return {file.filename for file in self._files(number)}

    def _files(self, number: int) -> list[File]:
        return self._ask("the changed files", lambda: list(self._handle(number).get_files()))

    def reviewers(self, number: int) -> tuple[str, ...]:
        """The people who submitted a review of a pull request; other bots are not asked for their opinion."""
        found = self._ask("the reviews", lambda: list(self._handle(number).get_reviews()))
        people = (one.user for one in found if one.state != "PENDING")
        return tuple(dict.fromkeys(one.login for one in people if one and one.type != "Bot"))

    def labelled(self, number: int) -> frozenset[str]:
        """The labels that a pull request ever got, those that were taken off again too."""
        found = self._ask("the events", lambda: list(self._handle(number).get_issue_events()))
        return frozenset(one.label.name for one in found if one.event == "labeled" and one.label)

    def make_commit(self, path: str, content: bytes, message: str, parents: Sequence[str]) -> str:
        """A sealed commit that is its last parent, with this file; no branch has it yet. Returns its SHA."""
        repo = self._repo
        element = InputGitTreeElement(path, "100644", "blob", **self._blob(content))
        tree = self._tree(element, parents[-1])
        text = seal(message, tree.sha, parents)
        above = [GitCommit(repo.requester, {}, {"sha": one}, completed=True) for one in parents]
        return self._ask("a commit", lambda: repo.create_git_commit(text, tree, above)).sha

    def _tree(self, element: InputGitTreeElement, commit: str) -> GitTree:
        """A commit's tree with one file changed. GitHub takes a commit for its tree; not everything like it does."""
        repo = self._repo
        base = GitTree(repo.requester, {}, {"sha": commit}, completed=True)
        try:
            return repo.create_git_tree([element], base)
        except FAILURES as error:
            if not is_refusal(error, {422}):
                self._fail("a tree", error)
        base = GitTree(repo.requester, {}, {"sha": self.commit(commit).tree}, completed=True)
        return self._ask("a tree", lambda: repo.create_git_tree([element], base))

    def _blob(self, content: bytes) -> dict[str, str]:
        try:
            return {"content": content.decode("utf-8")}
        except UnicodeDecodeError:
            raw = base64.b64encode(content).decode("ascii")
            blob = self._ask("the list", lambda: self._repo.create_git_blob(raw, "base64"))
            return {"sha": blob.sha}

    def move(self, branch: str, before: str, after: str) -> None:
        """Moves a branch from one commit to another, "" for none, if it is still there; never back, never by force.

        GitHub compares and swaps (GraphQL's `updateRefs`). Where it has no such thing, REST moves a branch only
        forward, which no commit of somebody else survives unseen either.

        Raises:
            MovedError: the branch is somewhere else by now.
        """
        try:
            self._swap(branch, before, after)
        except FAILURES as error:
            if self._is_at(branch, before, after):
                return
            if not after:
                self._fail(f"branch {branch}", error)
            try:
                self._push(branch, before, after)
            except FAILURES as refused:
                if not self._is_at(branch, before, after):
                    self._fail(f"branch {branch}", refused)

    def _swap(self, branch: str, before: str, after: str) -> None:
        """Compares and swaps (https://docs.github.com/graphql/reference/mutations#updaterefs)."""
        update = {
            "name": f"refs/heads/{branch}",
            "beforeOid": before or _NONE,
            "afterOid": after or _NONE,
            "force": False,
        }
        self._connection.graphql_named_mutation(
            "updateRefs",
            {"repositoryId": self.place().node, "refUpdates": [update]},
            "clientMutationId",
        )

    def _push(self, branch: str, before: str, after: str) -> None:
        repo = self._repo
        if not before:
            repo.create_git_ref(f"refs/heads/{branch}", after)
            return
        url = f"{repo.url}/git/refs/heads/{branch}"
        GitRef(repo.requester, {}, {"url": url}, completed=True).edit(after, force=False)

    def _is_at(self, branch: str, before: str, after: str) -> bool:
        """Whether the branch was moved after all; False where it is still where it was."""
        now = self.branch(branch)
        if now not in {before, after}:
            raise MovedError(f"somebody moved branch {branch} meanwhile", where=self.name)
        return now == after

    def open_pull(self, proposal: Proposal, body: str) -> Pull:
        """Opens a pull request; one that is open for the branch already is taken for it."""
        repo = self._repo
        try:
            made = repo.create_pull(
                proposal.base_branch, proposal.branch, title=proposal.title, body=body
            )
        except FAILURES as error:
            if found := self.pull_of(proposal.branch):
                return found
            self._fail("the pull request", error, proposal)
        if not made.number:  # an answer of another kind, as to a redirected request
            raise ForgeError(
                "GitHub answered with something else", where=self.name, fix="run again"
            )
        return shapes.read_pull(made, repo.full_name)

    def edit_pull(self, number: int, changes: Mapping[str, Any]) -> Pull:
        """Changes `title`, `body` or `state` of a pull request; returns it as it is then."""
        one = self._handle(number)
        try:
            one.edit(**changes)
        except FAILURES as error:
            now = self.pull(number)
            there = {"title": now.title, "body": now.body, "state": now.state.value}
            if any(there[key] != value for key, value in changes.items()):
                self._fail(f"pull request #{number}", error)
            return now
        return shapes.read_pull(one, self._repo.full_name)

    def add_labels(self, number: int, labels: Sequence[str]) -> None:
        """Adds labels; those that don't exist are made."""
        self._ask("the labels", lambda: self._handle(number).add_to_labels(*labels))

    def remove_label(self, number: int, label: str) -> None:
        """Takes a label off; one that is not there is no failure."""
        self._find("the labels", lambda: self._handle(number).remove_from_labels(label))

    def ask_for_review(self, number: int, users: Sequence[str], teams: Sequence[str]) -> None:
        """Asks users and teams for a review."""
        handle = self._handle(number)
        self._ask(REVIEWERS, lambda: handle.create_review_request(list(users), list(teams)))

    def _handle(self, number: int) -> PullRequest:
        """A pull request to ask about or to change, without a request for it."""
        url = f"{self._repo.url}/pulls/{number}"
        links = {"url": url, "issue_url": f"{self._repo.url}/issues/{number}", "number": number}
        return PullRequest(self._repo.requester, {}, links, completed=True)

    def look(self, path: str, **parameters: str | int) -> Answer:
        """Asks one question, and changes nothing; a refusal is an answer too.

        Raises:
            ForgeError: there is no answer: GitHub fails, limits, or does not know the token.
        """
        try:
            found = self._connection.requestJsonAndCheck("GET", path, parameters)
        except FAILURES as error:
            if not is_refusal(error, {403, 404, 409} if self._token_given else {401, 403, 404}):
                self._fail(path, error)
            return Answer(error.status, said=said_in(error))
        return Answer(200, found[1], found[0])

    def _ask(self, what: str, call: Callable[[], T]) -> T:
        try:
            return call()
        except FAILURES as error:
            self._fail(what, error)

    def _find(self, what: str, call: Callable[[], T]) -> T | None:
        """The same; None where GitHub knows of no such thing."""
        try:
            return call()
        except github.UnknownObjectException:
            return None
        except FAILURES as error:
            self._fail(what, error)

    def _fail(self, what: str, error: Exception, proposal: Proposal | None = None) -> NoReturn:
        """Raises the failure as an error with the way out."""
        permit = how_to_permit(self.place().url, proposal) if self._known and proposal else ""
        asked = Asked(what, self.name, self._token_given, permit)
        if not isinstance(error, github.GithubException):
            raise no_answer(asked, type(error).__name__) from None
        limit = limit_in(error)
        raise refusal(asked, error.status, said_in(error), limit.again if limit else "") from None
