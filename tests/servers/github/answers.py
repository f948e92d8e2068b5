"""Answers and refusals as GitHub words them."""

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
    """An error answer: status, message, and the list of particulars that a 422 has."""

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
    """What GitHub says of a pull request that can't be so."""
    particulars = {"resource": "PullRequest", "code": code}
    if field:
        particulars["field"] = field
    if message:
        particulars["message"] = message
    return Refusal(422, "Validation Failed", particulars, docs=docs)


def need(sent: Json, *names: str, docs: str) -> None:
    """Refuses a request without what it must have."""
    for name in names:
        if not isinstance(sent, dict) or sent.get(name) is None:
            raise Refusal(422, f'Invalid request.\n\n"{name}" wasn\'t supplied.', docs=docs)


def page(api: str, request: Request, items: Sequence[Json]) -> Response:
    """The part of a list that was asked for; the way to the next one is by the repository's number, as GitHub's is."""
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
