"""The git side of a repository on GitHub: its name, branches, commits and files, through PyGithub.

No write is repeated blindly: when its outcome is unknown, we look first. No git binary is needed.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
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
from bot.forge import convert as shapes
from bot.forge.connection import (
    FAILURES,
    MALFORMED,
    Connection,
    OnWait,
    ignore_wait,
    is_refusal,
    limit_in,
    reason_of,
    why_unreached,
)
from bot.forge.protocol import ApiResponse
from bot.forge.refusals import Asked, how_to_permit, malformed, no_answer, refusal
from bot.proposals.commits import Commit, seal
from bot.proposals.model import Proposal

DEFAULT_URL = "https://api.github.com"
STATUS = "arxiv-bot/answers"
"""What the bot's status of a commit is called."""
_NONE = "0" * 40  # the SHA of a branch that is not there

T = TypeVar("T")


class GitDatabase:
    """The branches, commits and files of one repository. Every method raises ForgeError where GitHub fails or refuses.

    Args:
        repository: `owner/name`.
        token: a token, or "" for reading a public repository.
        api_url: the address of the API; GitHub Enterprise has its own.
        sleep: waits for a number of seconds.
        monotonic: a clock in seconds, to notice an answer that trickles.
        on_wait: is given the reason and the seconds of a wait that a person would notice.
    """

    def __init__(
        self,
        repository: str,
        token: str,
        *,
        sleep: Callable[[float], None],
        monotonic: Callable[[], float],
        on_wait: OnWait = ignore_wait,
        api_url: str = DEFAULT_URL,
    ) -> None:
        self.name = repository
        self._token_given = bool(token)
        self._connection = Connection(token, api_url, sleep, monotonic=monotonic, on_wait=on_wait)
        self._known: tuple[Repository, shapes.HostedRepository] | None = None

    def place(self) -> shapes.HostedRepository:
        """The repository, asked for once."""
        if self._known is None:
            path = f"/repos/{quote(self.name)}"
            known = self._ask("the repository", lambda: self._read_place(path))
            if known[1].name.casefold() != self.name.casefold():
                message = f"the repository is now called {known[1].name}"
                raise ForgeSetupError(message, where=self.name, fix="use the new name")
            self._known = known
        return self._known[1]

    def _read_place(self, path: str) -> tuple[Repository, shapes.HostedRepository]:
        headers, data = self._connection.requestJsonAndCheck("GET", path)
        found = Repository(self._connection, headers, data, completed=True)
        return found, shapes.read_repository(found)

    @property
    def _repo(self) -> Repository:
        self.place()
        assert self._known is not None
        return self._known[0]

    def branches(self) -> dict[str, str]:
        """All branches and their newest commits, with a request for each hundred."""
        repo, prefix = self._repo, "refs/heads/"
        return self._ask(
            "the branches",
            lambda: {
                found.ref.removeprefix(prefix): shapes.text(found.object.sha)
                for found in repo.get_git_matching_refs("heads/")
            },
        )

    def branch(self, name: str) -> str:
        """The newest commit of a branch; "" where there is none of that name."""
        repo = self._repo
        found = self._find(
            f"branch {name}", lambda: shapes.text(repo.get_git_ref(f"heads/{name}").object.sha)
        )
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
        content = self._ask("the list", lambda: self._content_of(file))
        if shapes.git_name(content) != file.sha:
            fix = "set list.path to the file itself"
            raise ListError("the list is a link to another file", where=where, fix=fix)
        return content

    def _content_of(self, file: ContentFile) -> bytes:
        """A file of any size; one above 1 MB comes only as a blob."""
        return file.decoded_content if file.encoding == "base64" else self._blob_of(file.sha)

    def _blob_of(self, sha: str) -> bytes:
        return base64.b64decode(self._repo.get_git_blob(sha).content)

    def commit(self, sha: str) -> Commit:
        """One commit."""
        return self._ask("a commit", lambda: shapes.read_commit(self._repo.get_git_commit(sha)))

    def make_commit(self, path: str, content: bytes, message: str, parents: Sequence[str]) -> str:
        """A sealed commit that is its last parent, with this file; no branch has it yet. Returns its SHA."""
        repo = self._repo
        element = InputGitTreeElement(path, "100644", "blob", **self._blob(content))
        tree = self._tree(element, parents[-1])
        text = seal(message, tree, parents)
        above = [GitCommit(repo.requester, {}, {"sha": sha}, completed=True) for sha in parents]
        made = GitTree(repo.requester, {}, {"sha": tree}, completed=True)
        return self._ask(
            "a commit", lambda: shapes.text(repo.create_git_commit(text, made, above).sha)
        )

    def _tree(self, element: InputGitTreeElement, commit: str) -> str:
        """A commit's tree with one file changed. GitHub takes a commit for its tree; not everything like it does."""
        repo = self._repo

        def made_from(sha: str) -> str:
            base = GitTree(repo.requester, {}, {"sha": sha}, completed=True)
            return shapes.text(repo.create_git_tree([element], base).sha)

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
                "the list", lambda: shapes.text(self._repo.create_git_blob(raw, "base64").sha)
            )
            return {"sha": blob}

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

    def status(self, sha: str) -> str:
        """The state of the bot's status of a commit; "" where it has none, or the token may not read it."""
        found = self.look(f"/repos/{quote(self.name)}/commits/{sha}/statuses", per_page=100).data
        return self._ask("the commit's status", lambda: shapes.status_in(found or (), STATUS))

    def set_status(self, sha: str, state: str, description: str, *, url: str = "") -> bool:
        """Gives a commit the status of the bot, in place of the one that it has.

        Args:
            sha: the commit.
            state: `pending` or `success` (https://docs.github.com/rest/commits/statuses).
            description: a sentence, of which 140 characters are shown.
            url: a page on it; "" for none.

        Returns:
            False where the token may not write statuses, which is no failure.
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
        """Sends a GET request; a refusal is an answer too.

        Raises:
            ForgeError: there is no answer: GitHub fails, limits, or does not know the token.
        """
        try:
            found = self._connection.requestJsonAndCheck("GET", path, parameters)
        except FAILURES as error:
            if not is_refusal(error, {403, 404, 409} if self._token_given else {401, 403, 404}):
                self._fail(path, error)
            return ApiResponse(error.status, reason=reason_of(error))
        return ApiResponse(200, found[1], found[0])

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
        kind = type(error).__name__
        if isinstance(error, MALFORMED) and not isinstance(error, OSError):
            raise malformed(asked, kind) from None
        if not isinstance(error, github.GithubException):
            raise no_answer(asked, kind, why_unreached(error)) from None
        limit = limit_in(error)
        raise refusal(asked, error.status, reason_of(error), limit.again if limit else "") from None
