"""Responses and refusals in GitHub's own words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from tests.servers.http import Request, Response

Json = Any
DOCS = "https://docs.github.com/rest"
PULLS = f"{DOCS}/pulls/pulls"
REFS = f"{DOCS}/git/refs"


class Refusal(Exception):
    """An error response: status, message, and for a 422 a list of details."""

    def __init__(self, status: int, message: str, *errors: Json, docs: str = DOCS) -> None:
        super().__init__(message)
        self.message = message
        body: Json = {"message": message}
        if errors:
            body["errors"] = list(errors)
        self.response = answer(status, {**body, "documentation_url": docs, "status": str(status)})


def answer(status: int, body: Json, **headers: str) -> Response:
    return Response(
        status,
        json.dumps(body).encode(),
        {"Content-Type": "application/json; charset=utf-8", **headers},
    )


def invalid(message: str = "", *, field: str = "", code: str = "custom", docs: str) -> Refusal:
    """GitHub's refusal of an invalid pull request."""
    particulars = {"resource": "PullRequest", "code": code}
    if field:
        particulars["field"] = field
    if message:
        particulars["message"] = message
    return Refusal(422, "Validation Failed", particulars, docs=docs)


def need(sent: Json, *names: str, docs: str) -> None:
    """Refuses a request that lacks a required member."""
    for name in names:
        if not isinstance(sent, dict) or sent.get(name) is None:
            raise Refusal(422, f'Invalid request.\n\n"{name}" wasn\'t supplied.', docs=docs)


def page(api: str, request: Request, items: Sequence[Json]) -> Response:
    """The requested page of a list; like GitHub, the link to the next page uses the repository's number."""
    query = request.query
    size, number = int(query.get("per_page", "30")), int(query.get("page", "1"))
    headers = {}
    if number * size < len(items):
        rest = request.path.removeprefix("/api/v3").split("/", 4)
        rest = rest[4:] if rest[1] == "repos" else rest[3:]
        others = "".join(f"{key}={value}&" for key, value in query.items() if key != "page")
        headers["Link"] = (
            f'<{api}/repositories/1296269/{"/".join(rest)}?{others}page={number + 1}>; rel="next"'
        )
    return answer(200, list(items[(number - 1) * size : number * size]), **headers)
