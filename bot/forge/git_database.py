"""Reads and writes branches, commits and files of a repository on GitHub, through PyGithub and without git.

A write whose outcome is unknown is not simply repeated: the code first reads what GitHub has now.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import NoReturn, TypeVar
from urllib.parse import quote

import github
from github.ContentFile import ContentFile
from github.GitCommit import GitCommit
from github.GitRef import GitRef
from github.GitTree import GitTree
from github.InputGitTreeElement import InputGitTreeElement
from github.Repository import Repository

from bot.core.errors import ForgeSetupError, ListError, MovedError
from bot.forge import convert
from bot.forge.connection import FAILURES, Connection, is_refusal, reason_of
from bot.forge.failures import error_of
from bot.forge.protocol import ApiResponse
from bot.forge.refusals import Asked, how_to_permit
from bot.proposals.commits import Commit, seal
from bot.proposals.model import Proposal

STATUS = "arxiv-bot/answers"
"""The context of the commit status that the bot sets."""
_NONE = "0" * 40  # stands for the SHA of a branch that does not exist

T = TypeVar("T")


class GitDatabase:
    """The branches, commits and files of one repository. Every method raises ForgeError if GitHub fails or refuses.

    `repository` is `owner/name`.
    """

    def __init__(self, repository: str, connection: Connection) -> None:
        self.name = repository
        self._connection = connection
        self._known: tuple[Repository, convert.HostedRepository] | None = None

    def repository(self) -> convert.HostedRepository:
        """The repository; requested from GitHub once."""
        if self._known is None:
            path = f"/repos/{quote(self.name)}"
            known = self._ask("the repository", lambda: self._read_repository(path))
            if known[1].name.casefold() != self.name.casefold():
                message = f"the repository is now called {known[1].name}"
                raise ForgeSetupError(message, where=self.name, fix="use the new name")
            self._known = known
        return self._known[1]

    def _read_repository(self, path: str) -> tuple[Repository, convert.HostedRepository]:
        headers, data = self._connection.requestJsonAndCheck("GET", path)
        found = Repository(self._connection, headers, data, completed=True)
        return found, convert.read_repository(found)

    @property
    def _repo(self) -> Repository:
        self.repository()
        assert self._known is not None
        return self._known[0]

    def branches(self) -> dict[str, str]:
        """All branches with the SHA of their newest commit; takes one request per hundred branches."""
        repo, prefix = self._repo, "refs/heads/"
        return self._ask(
            "the branches",
            lambda: {
                found.ref.removeprefix(prefix): convert.text(found.object.sha)
                for found in repo.get_git_matching_refs("heads/")
            },
        )

    def branch(self, name: str) -> str:
        """The SHA of a branch's newest commit; "" if there is no such branch."""
        repo = self._repo
        found = self._find(
            f"branch {name}", lambda: convert.text(repo.get_git_ref(f"heads/{name}").object.sha)
        )
        return found or ""

    def content(self, path: str, sha: str) -> bytes:
        """The content of the list's file at a commit.

        Raises:
            ListError: there is no such file.
        """
        repo, where = self._repo, f"{self.name}:{path}"
        file = self._find("the list", lambda: repo.get_contents(path, ref=sha))
        if file is None:
            fix = "correct its path in the configuration, or name the list with --list"
            raise ListError("the repository has no such list", where=where, fix=fix)
        if not isinstance(file, ContentFile) or file.type != "file":
            kind = "a folder" if not isinstance(file, ContentFile) else f"a {file.type}"
            fix = "correct its path in the configuration"
            raise ListError(f"the list is {kind}, not a file", where=where, fix=fix)
        content = self._ask("the list", lambda: self._content_of(file))
        if convert.blob_sha(content) != file.sha:
            fix = "write the path of the file itself in the configuration"
            raise ListError("the list is a symbolic link", where=where, fix=fix)
        return content

    def contents(self, paths: Iterable[str], sha: str) -> dict[str, bytes]:
        """The contents of the list's files at a commit by path, without files that are not there."""
        found = {}
        for path in paths:
            with suppress(ListError):
                found[path] = self.content(path, sha)
        return found

    def _content_of(self, file: ContentFile) -> bytes:
        """Returns a file's content; GitHub sends a file above 1 MB only as a blob."""
        return file.decoded_content if file.encoding == "base64" else self._blob_of(file.sha)

    def _blob_of(self, sha: str) -> bytes:
        return base64.b64decode(self._repo.get_git_blob(sha).content)

    def commit(self, sha: str) -> Commit:
        """The commit with this SHA."""
        return self._ask("a commit", lambda: convert.read_commit(self._repo.get_git_commit(sha)))

    def make_commit(self, files: Mapping[str, bytes], message: str, parents: Sequence[str]) -> str:
        """Creates a sealed commit: the tree of its last parent with these files replaced. No branch points to it yet.

        Returns:
            the commit's SHA.
        """
        repo = self._repo
        elements = [
            InputGitTreeElement(path, "100644", "blob", **self._blob(content))
            for path, content in files.items()
        ]
        tree = self._tree(elements, parents[-1])
        text = seal(message, tree, parents)
        parent_commits = [
            GitCommit(repo.requester, {}, {"sha": sha}, completed=True) for sha in parents
        ]
        new_tree = GitTree(repo.requester, {}, {"sha": tree}, completed=True)
        return self._ask(
            "a commit",
            lambda: convert.text(repo.create_git_commit(text, new_tree, parent_commits).sha),
        )

    def _tree(self, elements: list[InputGitTreeElement], commit: str) -> str:
        """Creates a commit's tree with some files changed, and returns its SHA.

        GitHub accepts a commit's SHA in place of its tree's; compatible servers may not, so the tree is the second try.
        """
        repo = self._repo

        def made_from(sha: str) -> str:
            base = GitTree(repo.requester, {}, {"sha": sha}, completed=True)
            return convert.text(repo.create_git_tree(elements, base).sha)

        try:
            return made_from(commit)
        except FAILURES as error:
            if not is_refusal(error, {422}):
                self._fail("a tree", error)
        tree = self.commit(commit).tree
        return self._ask("a tree", lambda: made_from(tree))

    def _blob(self, content: bytes) -> dict[str, str]:
        try:
            return {"content": content.decode("utf-8")}
        except UnicodeDecodeError:
            raw = base64.b64encode(content).decode("ascii")
            blob = self._ask(
                "the list", lambda: convert.text(self._repo.create_git_blob(raw, "base64").sha)
            )
            return {"sha": blob}

    def move(self, branch: str, before: str, after: str) -> None:
        """Moves a branch from commit `before` to commit `after`, without force; "" stands for "no such branch".

        GraphQL's `updateRefs` compares and swaps. A server without it falls back to REST, which only moves a branch
        forward: there too, nobody else's commit can be lost.

        Raises:
            MovedError: the branch is no longer at `before`.
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
        """Moves the branch by compare-and-swap (https://docs.github.com/graphql/reference/mutations#updaterefs)."""
        update = {
            "name": f"refs/heads/{branch}",
            "beforeOid": before or _NONE,
            "afterOid": after or _NONE,
            "force": False,
        }
        self._connection.graphql_named_mutation(
            "updateRefs",
            {"repositoryId": self.repository().node, "refUpdates": [update]},
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
        """Whether the branch is at `after`; False if it is still at `before`."""
        now = self.branch(branch)
        if now not in {before, after}:
            raise MovedError(f"somebody moved branch {branch} during this run", where=self.name)
        return now == after

    def status(self, sha: str) -> str:
        """The state of the bot's status on a commit; "" if there is none, or the token may not read it."""
        found = self.look(f"/repos/{quote(self.name)}/commits/{sha}/statuses", per_page=100).data
        return self._ask("the commit's status", lambda: convert.status_in(found or (), STATUS))

    def set_status(self, sha: str, state: str, description: str, *, url: str = "") -> bool:
        """Sets the bot's status on a commit, and replaces the previous one.

        Args:
            sha: the commit.
            state: `pending` or `success` (https://docs.github.com/rest/commits/statuses).
            description: a sentence, cut at 140 characters.
            url: the page that the status links to; "" for none.

        Returns:
            False if the token may not write statuses, which is not an error.
        """
        given = {"state": state, "description": description[:140], "context": STATUS}
        if url:
            given["target_url"] = url
        try:
            self._connection.requestJsonAndCheck(
                "POST", f"{self._repo.url}/statuses/{sha}", input=given
            )
        except FAILURES as error:
            if is_refusal(error, {403, 404}):
                return False
            self._fail("the commit's status", error)
        return True

    def look(self, path: str, **parameters: str | int) -> ApiResponse:
        """Sends a GET request. Returns a refusal as a response with its status and reason.

        Raises:
            ForgeError: GitHub fails, its rate limit is used up, or it does not accept the token.
        """
        try:
            found = self._connection.requestJsonAndCheck("GET", path, parameters)
        except FAILURES as error:
            if not is_refusal(
                error, {403, 404, 409} if self._connection.has_token else {401, 403, 404}
            ):
                self._fail(path, error)
            return ApiResponse(error.status, reason=reason_of(error))
        return ApiResponse(200, found[1], found[0])

    def _ask(self, what: str, call: Callable[[], T]) -> T:
        try:
            return call()
        except FAILURES as error:
            self._fail(what, error)

    def _find(self, what: str, call: Callable[[], T]) -> T | None:
        """Same as `_ask`, with None if GitHub answers "not found"."""
        try:
            return call()
        except github.UnknownObjectException:
            return None
        except FAILURES as error:
            self._fail(what, error)

    def _fail(self, what: str, error: Exception, proposal: Proposal | None = None) -> NoReturn:
        """Raises the error for a failure, with what to do about it."""
        permit = how_to_permit(self.repository().url, proposal) if self._known and proposal else ""
        raise error_of(Asked(what, self.name, self._connection.has_token, permit), error) from None
