"""A test GitHub over real HTTP, on a real bare git repository.

It knows what a pull-request bot asks, answers refusals in GitHub's own words, holds every exchange against GitHub's
OpenAPI description, lets faults happen at any request, and has a human who acts beside the bot.
"""

from __future__ import annotations

import base64
import json
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from tests.conftest import SHARED
from tests.servers.github import shapes
from tests.servers.github.git import ZERO, GitError, Repository
from tests.servers.github.openapi import Contract
from tests.servers.http import Request, Response, Server

Json = Any
_DOCS = "https://docs.github.com/rest"
_SLICE = SHARED / "reference" / "github-openapi-slice.json"


@dataclass
class Pull:
    """A pull request as the server keeps it; `state` is open, closed or merged."""

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
    state: str = "open"
    labels: list[str] = field(default_factory=list)
    reviewers: list[str] = field(default_factory=list)


class Refusal(Exception):
    """An error answer: status, message, and the list of particulars that a 422 has."""

    def __init__(self, status: int, message: str, *errors: Json, docs: str = _DOCS) -> None:
        super().__init__(message)
        body: Json = {"message": message}
        if errors:
            body["errors"] = list(errors)
        self.response = _json(status, {**body, "documentation_url": docs, "status": str(status)})


def _json(status: int, body: Json, **headers: str) -> Response:
    return Response(
        status,
        json.dumps(body).encode(),
        {"Content-Type": "application/json; charset=utf-8", **headers},
    )


class Hub:
    """The repository, its pull requests, and the rules in force."""

    def __init__(self, folder: Path, files: dict[str, bytes], *, name: str, branch: str) -> None:
        self.git = Repository(folder, branch)
        self.name = name
        self.branch = branch
        self.token = "t0ken"
        self.login = "github-actions[bot]"
        self.may_write = True
        self.may_open_pulls = True
        self.forbidden_refs = ""
        self.renamed_to = ""
        self.pulls: list[Pull] = []
        self.problems: list[str] = []
        self.api = ""
        self.contract = Contract(_SLICE) if _SLICE.exists() else None
        if self.contract is None and os.environ.get("CI") == "true":
            raise AssertionError("GitHub's description is not there to check against")
        if files:
            blobs = {path: self.git.blob(content) for path, content in files.items()}
            first = self.git.commit(self.git.tree("", blobs), [], "Start", "maintainer")
            self.git.set_ref(f"refs/heads/{branch}", first)
        self._routes: list[tuple[str, re.Pattern[str], Callable[..., Response]]] = [
            (method, re.compile(pattern), handler)
            for method, pattern, handler in (
                ("GET", "", self._get_repository),
                ("GET", "/git/ref/(.+)", self._get_ref),
                ("POST", "/git/refs", self._post_ref),
                ("PATCH", "/git/refs/(.+)", self._patch_ref),
                ("GET", "/git/commits/([0-9a-f]+)", self._get_commit),
                ("GET", "/contents/(.+)", self._get_contents),
                ("GET", "/git/blobs/([0-9a-f]+)", self._get_blob),
                ("POST", "/git/blobs", self._post_blob),
                ("POST", "/git/trees", self._post_tree),
                ("POST", "/git/commits", self._post_commit),
                ("GET", "/pulls", self._get_pulls),
                ("POST", "/pulls", self._post_pull),
                ("GET", r"/pulls/(\d+)/files", self._get_files),
                ("POST", r"/issues/(\d+)/labels", self._post_labels),
                ("POST", r"/pulls/(\d+)/requested_reviewers", self._post_reviewers),
            )
        ]

    # What the server does with a request

    def respond(self, request: Request) -> Response:
        path = request.path.removeprefix("/api/v3")
        sent = json.loads(request.body) if request.body else None
        try:
            answer = self._dispatch(request, path, sent)
        except Refusal as refusal:
            answer = refusal.response
        except GitError as error:
            answer = Refusal(422, str(error)).response
        if self.contract is not None:
            described = re.sub(r"^/repositories/\d+", f"/repos/{self.name}", path)
            if "/requested_reviewers" not in described:
                body = json.loads(answer.body) if answer.body else None
                self.problems += self.contract.check(
                    request.method, described, sent, answer.status, body
                )
        return answer

    def _dispatch(self, request: Request, path: str, sent: Json) -> Response:
        token = request.headers.get("authorization", "").partition(" ")[2]
        if token not in ("", self.token):
            raise Refusal(401, "Bad credentials")
        if path == "/user":
            raise Refusal(403, "Resource not accessible by integration")
        owner_and_rest = re.fullmatch(r"/repos/([^/]+/[^/]+)(/.*)?|/repositories/\d+(/.*)?", path)
        if owner_and_rest is None or (owner_and_rest[1] or self.name) not in (
            self.name,
            self.renamed_to,
        ):
            raise Refusal(404, "Not Found")
        if request.method != "GET":
            if not token:
                raise Refusal(401, "Requires authentication")
            if not self.may_write:
                raise Refusal(403, "Resource not accessible by integration")
        rest = owner_and_rest[2] or owner_and_rest[3] or ""
        for method, pattern, handler in self._routes:
            if method == request.method and (found := pattern.fullmatch(rest)):
                arguments = list(found.groups())
                return handler(*arguments, request=request, sent=sent)
        raise Refusal(404, "Not Found")

    @property
    def _url(self) -> str:
        return f"{self.api}/repos/{self.name}"

    def _get_repository(self, **_: Any) -> Response:
        name = self.renamed_to or self.name
        return _json(200, shapes.repository(self.api, name, self.branch, whole=True))

    def _get_ref(self, name: str, **_: Any) -> Response:
        if self.git.resolve(f"refs/heads/{self.branch}") is None:
            raise Refusal(409, "Git Repository is empty.")
        sha = self.git.resolve(f"refs/{name}")
        if sha is None:
            raise Refusal(404, "Not Found")
        return _json(200, shapes.ref(self._url, f"refs/{name}", sha))

    def _post_ref(self, *, sent: Json, **_: Any) -> Response:
        name, sha = sent["ref"], sent["sha"]
        if self.forbidden_refs and name.startswith(self.forbidden_refs):
            raise Refusal(
                422,
                "Repository rule violations found\n\nCannot create ref due to creations being restricted.",
            )
        if self.git.resolve(name):
            raise Refusal(422, "Reference already exists")
        if self.git.resolve(f"{sha}^{{commit}}") is None:
            raise Refusal(422, "Object does not exist")
        self.git.set_ref(name, sha, ZERO)
        return _json(201, shapes.ref(self._url, name, sha))

    def _patch_ref(self, name: str, *, sent: Json, **_: Any) -> Response:
        old, new = self.git.resolve(f"refs/{name}"), sent["sha"]
        if old is None:
            raise Refusal(422, "Reference does not exist")
        if not sent.get("force") and not self.git.is_ancestor(old, new):
            raise Refusal(422, "Update is not a fast forward")
        self.git.set_ref(f"refs/{name}", new, old)
        return _json(200, shapes.ref(self._url, f"refs/{name}", new))

    def _get_contents(self, path: str, *, request: Request, **_: Any) -> Response:
        commit = self.git.resolve(request.query.get("ref", self.branch))
        sha = self.git.resolve(f"{commit}:{path}") if commit else None
        if sha is None:
            raise Refusal(404, "Not Found")
        return _json(200, shapes.content(self._url, path, sha, self.git.cat(sha)))

    def _get_blob(self, sha: str, **_: Any) -> Response:
        data = self.git.cat(sha)
        body = {
            "sha": sha,
            "node_id": f"B_{sha}",
            "size": len(data),
            "url": f"{self._url}/git/blobs/{sha}",
            "content": base64.encodebytes(data).decode(),
            "encoding": "base64",
        }
        return _json(200, body)

    def _post_blob(self, *, sent: Json, **_: Any) -> Response:
        data = (
            base64.b64decode(sent["content"])
            if sent["encoding"] == "base64"
            else sent["content"].encode()
        )
        sha = self.git.blob(data)
        return _json(201, {"sha": sha, "url": f"{self._url}/git/blobs/{sha}"})

    def _post_tree(self, *, sent: Json, **_: Any) -> Response:
        files = {
            one["path"]: one.get("sha") or self.git.blob(one["content"].encode())
            for one in sent["tree"]
        }
        sha = self.git.tree(sent.get("base_tree", ""), files)
        entries = [
            {
                "path": path,
                "mode": "100644",
                "type": "blob",
                "sha": blob,
                "size": 1,
                "url": f"{self._url}/git/blobs/{blob}",
            }
            for path, blob in self.git.files(sha).items()
        ]
        return _json(
            201,
            {
                "sha": sha,
                "url": f"{self._url}/git/trees/{sha}",
                "tree": entries,
                "truncated": False,
            },
        )

    def _post_commit(self, *, sent: Json, **_: Any) -> Response:
        sha = self.git.commit(sent["tree"], sent["parents"], sent["message"], self.login)
        return _json(201, shapes.commit(self._url, sha, self.git.describe(sha), self._now()))

    def _get_commit(self, sha: str, **_: Any) -> Response:
        if self.git.resolve(f"{sha}^{{commit}}") is None:
            raise Refusal(404, "Not Found")
        return _json(200, shapes.commit(self._url, sha, self.git.describe(sha), self._now()))

    def _get_pulls(self, *, request: Request, **_: Any) -> Response:
        query = request.query
        found = [self._fresh(one) for one in self.pulls]
        if query.get("state", "open") != "all":
            found = [
                one
                for one in found
                if (one.state == "open") == (query.get("state", "open") == "open")
            ]
        if head := query.get("head"):
            found = [
                one for one in found if f"{one.head_repo.partition('/')[0]}:{one.branch}" == head
            ]
        found.sort(key=lambda one: one.number, reverse=query.get("direction", "desc") == "desc")
        size, page = int(query.get("per_page", "30")), int(query.get("page", "1"))
        shown = found[(page - 1) * size : page * size]
        headers = {}
        if page * size < len(found):
            others = "&".join(f"{key}={value}" for key, value in query.items() if key != "page")
            headers["Link"] = (
                f'<{self.api}/repositories/1296269/pulls?{others}&page={page + 1}>; rel="next"'
            )
        body = [shapes.pull(self.api, self.name, self.branch, one, whole=False) for one in shown]
        return _json(200, body, **headers)

    def _post_pull(self, *, sent: Json, **_: Any) -> Response:
        docs = f"{_DOCS}/pulls/pulls#create-a-pull-request"
        if not self.may_open_pulls:
            raise Refusal(
                403,
                "GitHub Actions is not permitted to create or approve pull requests.",
                docs=docs,
            )
        branch, owner = sent["head"], self.name.partition("/")[0]
        wrong = {"resource": "PullRequest", "code": "custom"}
        if len(sent.get("body") or "") > 65_536:
            raise Refusal(
                422,
                "Validation Failed",
                {**wrong, "message": "body is too long (maximum is 65536 characters)"},
                docs=docs,
            )
        head = self.git.resolve(f"refs/heads/{branch}")
        if head is None:
            raise Refusal(
                422,
                "Validation Failed",
                {"resource": "PullRequest", "field": "head", "code": "invalid"},
                docs=docs,
            )
        if any(one.state == "open" and one.branch == branch for one in self.pulls):
            message = f"A pull request already exists for {owner}:{branch}."
            raise Refusal(422, "Validation Failed", {**wrong, "message": message}, docs=docs)
        base = self.git.resolve(f"refs/heads/{sent['base']}") or ""
        if self.git.is_ancestor(head, base):
            message = f"No commits between {sent['base']} and {branch}"
            raise Refusal(422, "Validation Failed", {**wrong, "message": message}, docs=docs)
        one = self._new_pull(sent["title"], sent.get("body") or "", branch, self.name, self.login)
        return _json(201, shapes.pull(self.api, self.name, self.branch, one, whole=True))

    def _get_files(self, number: str, **_: Any) -> Response:
        one = self._fresh(self.pull(int(number)))
        patches = self.git.patches(self.branch, one.head_sha)
        return _json(
            200, [shapes.changed_file(self._url, path, patch) for path, patch in patches.items()]
        )

    def _post_labels(self, number: str, *, sent: Json, **_: Any) -> Response:
        one = self.pull(int(number))
        names = sent if isinstance(sent, list) else sent["labels"]
        one.labels += [name for name in names if name not in one.labels]
        return _json(200, [shapes.label(self._url, name) for name in one.labels])

    def _post_reviewers(self, number: str, *, sent: Json, **_: Any) -> Response:
        one = self.pull(int(number))
        one.reviewers += sent.get("reviewers", [])
        return _json(201, shapes.pull(self.api, self.name, self.branch, one, whole=True))

    def _new_pull(self, title: str, body: str, branch: str, head_repo: str, author: str) -> Pull:
        one = Pull(
            number=len(self.pulls) + 1,
            title=title,
            body=body,
            branch=branch,
            base=self.branch,
            head_repo=head_repo,
            author=author,
            head_sha=self.git.resolve(self._ref_of(head_repo, branch)) or "",
            base_sha=self.git.resolve(f"refs/heads/{self.branch}") or "",
            created=self._now(),
        )
        self.pulls.append(one)
        return one

    def _ref_of(self, head_repo: str, branch: str) -> str:
        return (
            f"refs/heads/{branch}" if head_repo == self.name else f"refs/forks/{head_repo}/{branch}"
        )

    def _fresh(self, one: Pull) -> Pull:
        if one.state == "open":
            one.head_sha = self.git.resolve(self._ref_of(one.head_repo, one.branch)) or one.head_sha
        return one

    def _now(self) -> str:
        self.git.seconds += 1
        return datetime.fromtimestamp(self.git.seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    # What a person does

    def pull(self, number: int) -> Pull:
        found = next((one for one in self.pulls if one.number == number), None)
        if found is None:
            raise Refusal(404, "Not Found")
        return found

    def read(self, path: str = "README.md", branch: str = "") -> bytes:
        return self.git.read(branch or self.branch, path)

    def push(
        self, content: bytes, *, branch: str = "", path: str = "README.md", fork: str = ""
    ) -> None:
        """Commits a file to a branch; a new branch, or one of a fork, starts at the default branch."""
        name = self._ref_of(fork or self.name, branch or self.branch)
        parent = self.git.resolve(name) or self.git.resolve(f"refs/heads/{self.branch}") or ""
        tree = self.git.tree(parent, {path: self.git.blob(content)})
        self._now()
        self.git.set_ref(name, self.git.commit(tree, [parent], "Edit", "maintainer"))

    def open_pull(
        self, content: bytes, *, branch: str, title: str, body: str = "", fork: str = ""
    ) -> Pull:
        self.push(content, branch=branch, fork=fork)
        return self._new_pull(title, body, branch, fork or self.name, "contributor")

    def close(self, number: int) -> None:
        self.pull(number).state = "closed"

    def label(self, number: int, name: str) -> None:
        """Puts a label on a pull request, as a maintainer does on its page."""
        self.pull(number).labels.append(name)

    def tick(self, number: int, paper: str) -> None:
        """Ticks a paper's box, as a click on the page does."""
        one = self.pull(number)
        assert f"- [ ] <!-- {paper} -->" in one.body
        one.body = one.body.replace(f"- [ ] <!-- {paper} -->", f"- [x] <!-- {paper} -->")

    def reopen(self, number: int) -> None:
        self.pull(number).state = "open"

    def merge(self, number: int) -> None:
        one = self._fresh(self.pull(number))
        base = self.git.resolve(f"refs/heads/{self.branch}") or ""
        tree = self.git.merge_tree(base, one.head_sha)
        assert tree is not None, "the pull request conflicts"
        self._now()
        merged = self.git.commit(tree, [base, one.head_sha], f"Merge #{number}", "maintainer")
        self.git.set_ref(f"refs/heads/{self.branch}", merged)
        one.state = "merged"

    def state(self) -> Json:
        """All that can be seen of the repository, for comparing two."""
        return {
            "branches": {name: self.git.files(sha) for name, sha in self.git.branches().items()},
            "pulls": [
                (one.number, one.title, one.body, one.branch, one.state, sorted(one.labels))
                for one in self.pulls
            ],
        }


class GitHubServer:
    """Runs a `Hub`; fails at the end if an exchange broke GitHub's description."""

    def __init__(
        self,
        files: dict[str, bytes] | None = None,
        *,
        name: str = "curator/awesome-list",
        branch: str = "main",
    ) -> None:
        self._folder = tempfile.TemporaryDirectory()
        readme = {"README.md": b"# List\n"} if files is None else files
        self.hub = Hub(Path(self._folder.name) / "repo.git", readme, name=name, branch=branch)
        self.server = Server(self.hub)

    def __enter__(self) -> Self:
        self.server.__enter__()
        self.url = self.server.url
        self.hub.api = self.url
        return self

    def __exit__(self, kind: object, *exc: object) -> None:
        self.server.__exit__()
        self._folder.cleanup()
        if kind is None:
            assert not self.hub.problems, "\n".join(self.hub.problems)

    @property
    def asked(self) -> list[str]:
        """The requests so far: `GET /repos/o/r/pulls`."""
        return [f"{one.method} {one.path}" for one in self.server.requests]
