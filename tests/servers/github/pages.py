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

    def _shape(self, pull: Pull) -> Json:
        return shapes.pull(self.store.api, self.store.name, self.store.branch, pull)

    def _whole(self, pull: Pull, *, mergeable: bool | None = None) -> Json:
        patches = self.store.git.patches(self.store.base_of(pull), pull.head_sha)
        return shapes.whole_pull(
            self._shape(pull),
            self.store.api,
            pull,
            mergeable,
            len(self.store.commits_of(pull)),
            patches,
        )

    def _get_pulls(self, *, request: Request, **_: Any) -> Response:
        query = request.query
        state = query.get("state", "open")
        found = [
            pull
            for pull in self.store.pulls
            if (state == "all" or (pull.state == "open") == (state == "open"))
            and query.get("head") in {None, f"{pull.head_repo.partition('/')[0]}:{pull.branch}"}
            and query.get("base") in {None, pull.base}
        ]
        by_update = query.get("sort") == "updated"
        found.sort(
            key=lambda pull: (pull.updated if by_update else pull.created, pull.number),
            reverse=query.get("direction", "desc") == "desc",
        )
        return page(self.store.api, request, [self._shape(pull) for pull in found])

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
        if any(
            pull.state == "open" and self.store.head_ref(pull) == ref for pull in self.store.pulls
        ):
            raise invalid(f"A pull request already exists for {owner}:{branch}.", docs=docs)
        if git.is_ancestor(head, base):
            raise invalid(f"No commits between {sent['base']} and {branch}", docs=docs)
        pull = self.store.new_pull(
            sent["title"], sent.get("body") or "", branch, self.store.name, self.store.login
        )
        return answer(201, self._whole(pull))

    def _get_pull(self, number: str, **_: Any) -> Response:
        pull = self._pull(number)
        return answer(200, self._whole(pull, mergeable=self.store.judge(pull)))

    def _patch_pull(self, number: str, *, sent: Json, **_: Any) -> Response:
        docs = f"{PULLS}#update-a-pull-request"
        pull = self._pull(number)
        _refuse_lengths(sent, docs)
        if (base := sent.get("base")) and not self.store.tip(base):
            message = f"Proposed base branch '{base}' was not found"
            raise invalid(message, field="base", code="invalid", docs=docs)
        if sent.get("state") == "open":
            self.store.reopen_pull(pull, self.store.login)
        if title := sent.get("title"):
            self.store.rename(pull, title, self.store.login)
        if sent.get("body") is not None:
            pull.body, pull.updated = sent["body"], self.store.now()
        pull.base = base or pull.base
        if sent.get("state") == "closed":
            self.store.close_pull(pull, self.store.login)
        return answer(200, self._whole(pull))

    def _get_files(self, number: str, *, request: Request, **_: Any) -> Response:
        pull = self._pull(number)
        patches = self.store.git.patches(self.store.base_of(pull), pull.head_sha)
        blobs = self.store.git.files(pull.head_sha)
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
        shaped = [git_shapes.commit(self.store.api, self.store.url, commit) for commit in commits]
        return page(self.store.api, request, shaped)

    def _get_reviews(self, number: str, *, request: Request, **_: Any) -> Response:
        pull = self._pull(number)
        shaped = [timeline.review(self._shape(pull), self.store.api, each) for each in pull.reviews]
        return page(self.store.api, request, shaped)

    def _post_reviewers(self, number: str, *, sent: Json, **_: Any) -> Response:
        pull = self._pull(number)
        asked = sent.get("reviewers", [])
        pull.reviewers += [name for name in asked if name not in pull.reviewers]
        return answer(201, self._whole(pull))

    def _get_issue(self, number: str, **_: Any) -> Response:
        pull = self._pull(number)
        shape = shapes.issue(self._shape(pull), self.store.api, self.store.url, pull)
        return answer(200, shape)

    def _labels(self, pull: Pull) -> list[Json]:
        return [shapes.label(self.store.url, name) for name in pull.labels]

    def _get_labels(self, number: str, *, request: Request, **_: Any) -> Response:
        return page(self.store.api, request, self._labels(self._pull(number)))

    def _post_labels(self, number: str, *, sent: Json, **_: Any) -> Response:
        pull = self._pull(number)
        for name in sent if isinstance(sent, list) else sent["labels"]:
            self.store.add_label(pull, name, self.store.login)
        return answer(200, self._labels(pull))

    def _delete_label(self, number: str, name: str, **_: Any) -> Response:
        pull = self._pull(number)
        self.store.remove_label(pull, name, self.store.login)
        return answer(200, self._labels(pull))

    def _get_comments(self, number: str, *, request: Request, **_: Any) -> Response:
        pull = self._pull(number)
        shaped = [
            timeline.comment(self._shape(pull), self.store.api, each) for each in pull.comments
        ]
        return page(self.store.api, request, shaped)

    def _post_comment(self, number: str, *, sent: Json, **_: Any) -> Response:
        need(sent, "body", docs=f"{DOCS}/issues/comments#create-an-issue-comment")
        pull = self._pull(number)
        made = self.store.add_comment(pull, sent["body"], self.store.login)
        return answer(201, timeline.comment(self._shape(pull), self.store.api, made))

    def _get_events(self, number: str, *, request: Request, **_: Any) -> Response:
        pull = self._pull(number)
        shaped = [timeline.event(self.store.api, self.store.url, each) for each in pull.events]
        return page(self.store.api, request, shaped)

    def _get_timeline(self, number: str, *, request: Request, **_: Any) -> Response:
        pull = self._pull(number)
        whole = timeline.timeline(
            self._shape(pull), self.store.api, self.store.url, pull, self.store.commits_of(pull)
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
