"""The part of the API about pull requests: labels, comments, reviews, files, events."""

from __future__ import annotations

from typing import Any

from tests.servers.github import git_shapes, shapes, timeline
from tests.servers.github.answers import DOCS, PULLS, Refusal, answer, invalid, need, page
from tests.servers.github.pulls import Pull
from tests.servers.github.store import Store
from tests.servers.http import Request, Response

Json = Any
_LONGEST_TITLE = 256
_LONGEST_BODY = 65_536


class Pages:
    """The request handlers; `routes` maps requests to them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.routes = (
            ("GET", "/pulls", self._get_pulls),
            ("POST", "/pulls", self._post_pull),
            ("GET", r"/pulls/(\d+)", self._get_pull),
            ("PATCH", r"/pulls/(\d+)", self._patch_pull),
            ("GET", r"/pulls/(\d+)/files", self._get_files),
            ("GET", r"/pulls/(\d+)/commits", self._get_commits),
            ("GET", r"/pulls/(\d+)/reviews", self._get_reviews),
            ("POST", r"/pulls/(\d+)/requested_reviewers", self._post_reviewers),
            ("GET", r"/issues/(\d+)", self._get_issue),
            ("GET", r"/issues/(\d+)/labels", self._get_labels),
            ("POST", r"/issues/(\d+)/labels", self._post_labels),
            ("DELETE", r"/issues/(\d+)/labels/(.+)", self._delete_label),
            ("GET", r"/issues/(\d+)/comments", self._get_comments),
            ("POST", r"/issues/(\d+)/comments", self._post_comment),
            ("GET", r"/issues/(\d+)/events", self._get_events),
            ("GET", r"/issues/(\d+)/timeline", self._get_timeline),
            ("GET", r"/collaborators/(.+)/permission", self._get_permission),
        )

    def _pull(self, number: str) -> Pull:
        return self.store.pull(int(number))

    def _shape(self, one: Pull) -> Json:
        return shapes.pull(self.store.api, self.store.name, self.store.branch, one)

    def _whole(self, one: Pull, *, mergeable: bool | None = None) -> Json:
        patches = self.store.git.patches(self.store.base_of(one), one.head_sha)
        return shapes.whole_pull(
            self._shape(one),
            self.store.api,
            one,
            mergeable,
            len(self.store.commits_of(one)),
            patches,
        )

    def _get_pulls(self, *, request: Request, **_: Any) -> Response:
        query = request.query
        state = query.get("state", "open")
        found = [
            one
            for one in self.store.pulls
            if (state == "all" or (one.state == "open") == (state == "open"))
            and query.get("head") in {None, f"{one.head_repo.partition('/')[0]}:{one.branch}"}
            and query.get("base") in {None, one.base}
        ]
        by_update = query.get("sort") == "updated"
        found.sort(
            key=lambda one: (one.updated if by_update else one.created, one.number),
            reverse=query.get("direction", "desc") == "desc",
        )
        return page(self.store.api, request, [self._shape(one) for one in found])

    def _post_pull(self, *, sent: Json, **_: Any) -> Response:
        docs = f"{PULLS}#create-a-pull-request"
        if not self.store.may_open_pulls:
            message = "GitHub Actions is not permitted to create or approve pull requests."
            raise Refusal(403, message, docs=docs)
        need(sent, "head", "base", docs=docs)
        owner, git = self.store.name.partition("/")[0], self.store.git
        branch = sent["head"].removeprefix(f"{owner}:")
        _refuse_lengths(sent, docs)
        head, base = self.store.tip(branch), self.store.tip(sent["base"])
        for field, sha in (("head", head), ("base", base)):
            if not sha:
                raise invalid(field=field, code="invalid", docs=docs)
        ref = f"refs/heads/{branch}"
        if any(one.state == "open" and self.store.head_ref(one) == ref for one in self.store.pulls):
            raise invalid(f"A pull request already exists for {owner}:{branch}.", docs=docs)
        if git.is_ancestor(head, base):
            raise invalid(f"No commits between {sent['base']} and {branch}", docs=docs)
        one = self.store.new_pull(
            sent["title"], sent.get("body") or "", branch, self.store.name, self.store.login
        )
        return answer(201, self._whole(one))

    def _get_pull(self, number: str, **_: Any) -> Response:
        one = self._pull(number)
        return answer(200, self._whole(one, mergeable=self.store.judge(one)))

    def _patch_pull(self, number: str, *, sent: Json, **_: Any) -> Response:
        docs = f"{PULLS}#update-a-pull-request"
        one = self._pull(number)
        _refuse_lengths(sent, docs)
        if (base := sent.get("base")) and not self.store.tip(base):
            message = f"Proposed base branch '{base}' was not found"
            raise invalid(message, field="base", code="invalid", docs=docs)
        if sent.get("state") == "open":
            self.store.reopen_pull(one, self.store.login)
        if title := sent.get("title"):
            self.store.rename(one, title, self.store.login)
        if sent.get("body") is not None:
            one.body, one.updated = sent["body"], self.store.now()
        one.base = base or one.base
        if sent.get("state") == "closed":
            self.store.close_pull(one, self.store.login)
        return answer(200, self._whole(one))

    def _get_files(self, number: str, *, request: Request, **_: Any) -> Response:
        one = self._pull(number)
        patches = self.store.git.patches(self.store.base_of(one), one.head_sha)
        blobs = self.store.git.files(one.head_sha)
        files = [
            git_shapes.changed_file(
                self.store.url,
                path,
                patch,
                blobs.get(path, "0" * 40),
                whole=len(patch) <= self.store.largest_patch,
            )
            for path, patch in patches.items()
        ]
        return page(self.store.api, request, files)

    def _get_commits(self, number: str, *, request: Request, **_: Any) -> Response:
        commits = self.store.commits_of(self._pull(number))
        shaped = [git_shapes.commit(self.store.api, self.store.url, one) for one in commits]
        return page(self.store.api, request, shaped)

    def _get_reviews(self, number: str, *, request: Request, **_: Any) -> Response:
        one = self._pull(number)
        shaped = [timeline.review(self._shape(one), self.store.api, each) for each in one.reviews]
        return page(self.store.api, request, shaped)

    def _post_reviewers(self, number: str, *, sent: Json, **_: Any) -> Response:
        one = self._pull(number)
        asked = sent.get("reviewers", [])
        one.reviewers += [name for name in asked if name not in one.reviewers]
        return answer(201, self._whole(one))

    def _get_issue(self, number: str, **_: Any) -> Response:
        one = self._pull(number)
        shape = shapes.issue(self._shape(one), self.store.api, self.store.url, one)
        return answer(200, shape)

    def _labels(self, one: Pull) -> list[Json]:
        return [shapes.label(self.store.url, name) for name in one.labels]

    def _get_labels(self, number: str, *, request: Request, **_: Any) -> Response:
        return page(self.store.api, request, self._labels(self._pull(number)))

    def _post_labels(self, number: str, *, sent: Json, **_: Any) -> Response:
        one = self._pull(number)
        for name in sent if isinstance(sent, list) else sent["labels"]:
            self.store.add_label(one, name, self.store.login)
        return answer(200, self._labels(one))

    def _delete_label(self, number: str, name: str, **_: Any) -> Response:
        one = self._pull(number)
        self.store.remove_label(one, name, self.store.login)
        return answer(200, self._labels(one))

    def _get_comments(self, number: str, *, request: Request, **_: Any) -> Response:
        one = self._pull(number)
        shaped = [timeline.comment(self._shape(one), self.store.api, each) for each in one.comments]
        return page(self.store.api, request, shaped)

    def _post_comment(self, number: str, *, sent: Json, **_: Any) -> Response:
        need(sent, "body", docs=f"{DOCS}/issues/comments#create-an-issue-comment")
        one = self._pull(number)
        made = self.store.add_comment(one, sent["body"], self.store.login)
        return answer(201, timeline.comment(self._shape(one), self.store.api, made))

    def _get_events(self, number: str, *, request: Request, **_: Any) -> Response:
        one = self._pull(number)
        shaped = [timeline.event(self.store.api, self.store.url, each) for each in one.events]
        return page(self.store.api, request, shaped)

    def _get_timeline(self, number: str, *, request: Request, **_: Any) -> Response:
        one = self._pull(number)
        whole = timeline.timeline(
            self._shape(one), self.store.api, self.store.url, one, self.store.commits_of(one)
        )
        return page(self.store.api, request, whole)

    def _get_permission(self, login: str, *, request: Request, **_: Any) -> Response:
        docs = f"{DOCS}/collaborators/collaborators#get-repository-permissions-for-a-user"
        if not request.headers.get("authorization"):
            raise Refusal(401, "Requires authentication", docs=docs)
        role = self.store.roles.get(login, "read")
        body = {
            "permission": {"triage": "read", "maintain": "write"}.get(role, role),
            "role_name": role,
            "user": shapes.user(self.store.api, login),
        }
        return answer(200, body)


def _refuse_lengths(sent: Json, docs: str) -> None:
    for field, longest in (("title", _LONGEST_TITLE), ("body", _LONGEST_BODY)):
        if len(sent.get(field) or "") > longest:
            message = f"{field} is too long (maximum is {longest} characters)"
            raise invalid(message, docs=docs)
