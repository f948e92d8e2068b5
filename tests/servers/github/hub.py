"""The application of the test GitHub: routes requests, checks permissions, and validates each exchange."""

from __future__ import annotations

import json
import os
import re
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tests.conftest import SHARED
from tests.servers.github import graphql, shapes
from tests.servers.github.answers import DOCS, Refusal, answer
from tests.servers.github.git import GitError
from tests.servers.github.git_data import GitData
from tests.servers.github.openapi import Contract
from tests.servers.github.pages import Pages
from tests.servers.github.people import People
from tests.servers.http import Request, Response

Json = Any
_SLICE = SHARED / "reference" / "github-openapi-slice.json"
_CONTRACT = Contract(_SLICE) if _SLICE.exists() else None
VERSIONS = ("2022-11-28", "2026-03-10")
"""The versions of the REST API; the first one is the default."""
_GONE = {"assignee", "merge_commit_sha", "has_downloads", "use_squash_pr_title_as_default"}
"""The members that the newer version no longer has."""
_GRAPHQL = {"/graphql", "/api/graphql"}


def _newer(body: Json) -> Json:
    """Converts a response of the first version to the newer one."""
    if isinstance(body, list):
        return [_newer(each) for each in body]
    if isinstance(body, dict):
        return {key: _newer(value) for key, value in body.items() if key not in _GONE}
    return body


class Hub(People):
    """The repository, its pull requests, its rules, the actions of people, and the API to all of it."""

    def __init__(self, folder: Path, files: dict[str, bytes], *, name: str, branch: str) -> None:
        super().__init__(folder, files, name=name, branch=branch)
        self.problems: list[str] = []
        self.contract = _CONTRACT
        if self.contract is None and os.environ.get("CI") == "true":
            raise AssertionError("GitHub's description is not there to check against")
        self._routes: list[tuple[str, re.Pattern[str], Callable[..., Response]]] = [
            (method, re.compile(pattern), handler)
            for method, pattern, handler in (
                ("GET", "", self._get_repository),
                *GitData(self).routes,
                *Pages(self).routes,
            )
        ]

    def respond(self, request: Request) -> Response:
        version = request.headers.get("x-github-api-version", VERSIONS[0])
        if version not in VERSIONS:
            message = "The 'X-GitHub-Api-Version' header contains an unsupported version."
            return Refusal(400, message).response
        given = self._respond(request)
        headers = {**given.headers, "X-GitHub-Api-Version-Selected": version}
        if version == VERSIONS[0] or not given.body:
            return replace(given, headers=headers)
        return replace(
            given, headers=headers, body=json.dumps(_newer(json.loads(given.body))).encode()
        )

    def _respond(self, request: Request) -> Response:
        path = request.path.removeprefix("/api/v3")
        sent = json.loads(request.body) if request.body else None
        try:
            given = (
                self._graphql(request, sent)
                if request.path in _GRAPHQL
                else self._dispatch(request, path, sent)
            )
        except Refusal as refusal:
            given = refusal.response
        except GitError as error:
            given = Refusal(422, str(error)).response
        except Exception:
            self.problems.append(f"{request.method} {path}: {traceback.format_exc()}")
            raise
        if self.contract is not None:
            described = re.sub(r"^/repositories/\d+", f"/repos/{self.name}", path)
            body = json.loads(given.body) if given.body else None
            self.problems += self.contract.check(
                request.method, described, sent, given.status, body
            )
        return given

    def _token(self, request: Request, docs: str) -> str:
        token = request.headers.get("authorization", "").partition(" ")[2]
        if token not in ("", self.token):
            raise Refusal(401, "Bad credentials", docs=docs)
        return token

    def _graphql(self, request: Request, sent: Json) -> Response:
        if not self.has_graphql:
            raise Refusal(404, "Not Found")
        docs = DOCS.replace("/rest", "/graphql")
        if not self._token(request, docs):
            message = "This endpoint requires you to be authenticated."
            raise Refusal(401, message, docs=f"{docs}/guides/forming-calls-with-graphql")
        return answer(200, graphql.respond(self, sent))

    def _dispatch(self, request: Request, path: str, sent: Json) -> Response:
        token = self._token(request, DOCS)
        if path == "/user":
            docs = f"{DOCS}/users/users#get-the-authenticated-user"
            raise Refusal(403, "Resource not accessible by integration", docs=docs)
        owner_and_rest = re.fullmatch(r"/repos/([^/]+/[^/]+)(/.*)?|/repositories/\d+(/.*)?", path)
        if owner_and_rest is None or (owner_and_rest[1] or self.name) not in (
            self.name,
            self.renamed_to,
        ):
            raise Refusal(404, "Not Found")
        if request.method != "GET":
            if not token:
                raise Refusal(401, "Requires authentication")
            if refusal := self.refusal_to_write():
                raise Refusal(403, refusal)
        rest = owner_and_rest[2] or owner_and_rest[3] or ""
        for method, pattern, handler in self._routes:
            if method == request.method and (found := pattern.fullmatch(rest)):
                arguments = [unquote(argument) for argument in found.groups()]
                return handler(*arguments, request=request, sent=sent)
        raise Refusal(404, "Not Found")

    def _get_repository(self, **_: Any) -> Response:
        name = self.renamed_to or self.name
        return answer(
            200,
            shapes.repository(self.api, name, self.branch, whole=True, archived=self.archived),
        )
