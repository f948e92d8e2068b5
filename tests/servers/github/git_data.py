"""The git part of the API: refs, commits, trees, blobs, contents and comparisons."""

from __future__ import annotations

import base64
from typing import Any

from tests.servers.github import git_shapes, shapes
from tests.servers.github.answers import DOCS, REFS, Refusal, answer, need, page
from tests.servers.github.git import WEB_FLOW, ZERO, Identity
from tests.servers.github.store import Store
from tests.servers.http import Request, Response

Json = Any
_LONGEST_DESCRIPTION = 140
_COMMITS = f"{DOCS}/git/commits"


class GitData:
    """The request handlers; `routes` maps requests to them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.git = store.git
        self.routes = (
            ("GET", "/git/ref/(.+)", self._get_ref),
            ("GET", "/git/matching-refs/(.+)", self._get_matching_refs),
            ("POST", "/git/refs", self._post_ref),
            ("PATCH", "/git/refs/(.+)", self._patch_ref),
            ("DELETE", "/git/refs/(.+)", self._delete_ref),
            ("GET", "/git/commits/([0-9a-f]+)", self._get_commit),
            ("POST", "/git/commits", self._post_commit),
            ("GET", "/git/blobs/([0-9a-f]+)", self._get_blob),
            ("POST", "/git/blobs", self._post_blob),
            ("POST", "/git/trees", self._post_tree),
            ("GET", "/contents/(.+)", self._get_contents),
            ("POST", "/statuses/([0-9a-f]{40})", self._post_status),
            ("GET", "/commits/([0-9a-f]{40})/statuses", self._get_statuses),
            ("GET", r"/compare/(.+)\.\.\.(.+)", self._compare),
        )

    @property
    def _url(self) -> str:
        return self.store.url

    def _refuse_if_empty(self) -> None:
        if not self.store.tip(self.store.branch):
            raise Refusal(409, "Git Repository is empty.")

    def _get_ref(self, name: str, **_: Any) -> Response:
        self._refuse_if_empty()
        sha = self.git.resolve(f"refs/{name}")
        if sha is None:
            raise Refusal(404, "Not Found", docs=f"{REFS}#get-a-reference")
        return answer(200, shapes.ref(self._url, f"refs/{name}", sha))

    def _get_matching_refs(self, prefix: str, **_: Any) -> Response:
        self._refuse_if_empty()
        found = self.git.refs(f"refs/{prefix}")
        return answer(200, [shapes.ref(self._url, name, sha) for name, sha in found.items()])

    def _post_ref(self, *, sent: Json, **_: Any) -> Response:
        docs = f"{REFS}#create-a-reference"
        need(sent, "ref", "sha", docs=docs)
        name, sha = sent["ref"], sent["sha"]
        if rule := self.store.rule_against(name):
            raise Refusal(422, rule, docs=docs)
        if self.git.resolve(name):
            raise Refusal(422, "Reference already exists", docs=docs)
        if self.git.kind(sha) != "commit":
            raise Refusal(422, "Object does not exist", docs=docs)
        self.store.move_refs((name, sha, ZERO), actor=self.store.login)
        return answer(201, shapes.ref(self._url, name, sha))

    def _patch_ref(self, name: str, *, sent: Json, **_: Any) -> Response:
        docs = f"{REFS}#update-a-reference"
        need(sent, "sha", docs=docs)
        old, new = self.git.resolve(f"refs/{name}"), sent["sha"]
        if old is None:
            raise Refusal(422, "Reference does not exist", docs=docs)
        if self.git.kind(new) != "commit":
            raise Refusal(422, "Object does not exist", docs=docs)
        if not sent.get("force") and not self.git.is_ancestor(old, new):
            raise Refusal(422, "Update is not a fast forward", docs=docs)
        if rule := self.store.rule_against_merges(f"refs/{name}", old, new):
            raise Refusal(422, rule, docs=docs)
        self.store.move_refs((f"refs/{name}", new, old), actor=self.store.login)
        return answer(200, shapes.ref(self._url, f"refs/{name}", new))

    def _delete_ref(self, name: str, **_: Any) -> Response:
        old = self.git.resolve(f"refs/{name}")
        if old is None:
            docs = f"{REFS}#delete-a-reference"
            raise Refusal(422, "Reference does not exist", docs=docs)
        self.store.move_refs((f"refs/{name}", ZERO, old), actor=self.store.login)
        return Response(204)

    def _get_commit(self, sha: str, **_: Any) -> Response:
        if self.git.kind(sha) != "commit":
            raise Refusal(404, "Not Found", docs=f"{_COMMITS}#get-a-commit-object")
        return answer(200, git_shapes.git_commit(self._url, self.git.show(sha)))

    def _post_commit(self, *, sent: Json, **_: Any) -> Response:
        need(sent, "message", "tree", docs=f"{_COMMITS}#create-a-commit")
        who = Identity.of(self.store.login)
        author = _identity(sent.get("author")) or who
        committer = _identity(sent.get("committer")) or author
        if self.store.signs_for_bots and committer == who and who.name.endswith("[bot]"):
            committer = WEB_FLOW
        self.store.now()
        parents = sent.get("parents", [])
        sha = self.git.commit(sent["tree"], parents, sent["message"], author, committer)
        return answer(201, git_shapes.git_commit(self._url, self.git.show(sha)))

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
        return answer(200, body)

    def _post_blob(self, *, sent: Json, **_: Any) -> Response:
        text = sent["content"]
        data = base64.b64decode(text) if sent["encoding"] == "base64" else text.encode()
        sha = self.git.blob(data)
        return answer(201, {"sha": sha, "url": f"{self._url}/git/blobs/{sha}"})

    def _post_tree(self, *, sent: Json, **_: Any) -> Response:
        files = {
            entry["path"]: entry.get("sha") or self.git.blob(entry["content"].encode())
            for entry in sent["tree"]
        }
        sha = self.git.tree(sent.get("base_tree", ""), files)
        return answer(201, git_shapes.tree(self._url, sha, self.git.files(sha)))

    def _get_contents(self, path: str, *, request: Request, **_: Any) -> Response:
        commit = self.git.resolve(request.query.get("ref", self.store.branch))
        sha = self.git.resolve(f"{commit}:{path}") if commit else None
        if sha is None:
            raise Refusal(404, "Not Found", docs=f"{DOCS}/repos/contents#get-repository-content")
        return answer(200, shapes.content(self._url, path, sha, self.git.cat(sha)))

    def _post_status(self, sha: str, *, sent: Json, **_: Any) -> Response:
        docs = f"{DOCS}/commits/statuses#create-a-commit-status"
        if not self.store.may_write_statuses:
            raise Refusal(403, "Resource not accessible by integration", docs=docs)
        if self.git.kind(sha) != "commit":
            raise Refusal(422, f"No commit found for SHA: {sha}", docs=docs)
        need(sent, "state", docs=docs)
        if len(sent.get("description") or "") > _LONGEST_DESCRIPTION:
            message = f"description is too long (maximum is {_LONGEST_DESCRIPTION} characters)"
            raise Refusal(422, message, docs=docs)
        kept = self.store.statuses.setdefault(sha, [])
        shape = git_shapes.status(self._url, sha, sent, self.store.login, self.store.now())
        kept.append(shape)
        return answer(201, shape)

    def _get_statuses(self, sha: str, *, request: Request, **_: Any) -> Response:
        return page(self.store.api, request, self.store.statuses.get(sha, [])[::-1])

    def _compare(self, base: str, head: str, **_: Any) -> Response:
        docs = f"{DOCS}/commits/commits#compare-two-commits"
        shas = [self._commit_called(name) for name in (base, head)]
        if "" in shas:
            raise Refusal(404, "Not Found", docs=docs)
        common = self.git.merge_base(*shas)
        if not common:
            raise Refusal(404, f"No common ancestor between {base} and {head}.", docs=docs)
        show = self.git.show
        body = git_shapes.comparison(
            self.store.api,
            self.store.name,
            (base, head),
            ends=(show(shas[0]), show(common)),
            ahead=self.git.commits(f"{shas[0]}..{shas[1]}"),
            behind=len(self.git.commits(f"{shas[1]}..{shas[0]}")),
            patches=self.git.patches(*shas),
        )
        return answer(200, body)

    def _commit_called(self, name: str) -> str:
        owner = self.store.name.partition("/")[0]
        name = name.removeprefix(f"{owner}:")
        found = self.store.tip(name) or name
        return found if self.git.kind(found) == "commit" else ""


def _identity(sent: Json) -> Identity | None:
    return Identity(sent["name"], sent["email"]) if sent else None
