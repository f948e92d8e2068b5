"""The repositories of a whole test GitHub: an application in front of a `Hub` for the search, and for an App's list.

Responses and refusals have GitHub's own form; all other requests go to the hub.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.servers.github import Hub, shapes
from tests.servers.github.answers import DOCS, Refusal, answer
from tests.servers.http import Request, Response

Json = Any
_SEARCH = f"{DOCS}/search/search#search-repositories"
_INSTALLATION = f"{DOCS}/apps/installations#list-repositories-accessible-to-the-app-installation"
_MOST_FOUND = 1_000  # by a search


@dataclass(frozen=True)
class Listed:
    """A repository on the test GitHub."""

    name: str
    topics: tuple[str, ...] = ()
    archived: bool = False


@dataclass
class Directory:
    """The repositories, and the application that lists them.

    `is_installation` is whether the token is that of an App, `times_out` whether the search gives up halfway.
    """

    hub: Hub
    repositories: list[Listed] = field(default_factory=list)
    is_installation: bool = True
    times_out: bool = False

    def respond(self, request: Request) -> Response:
        path = request.path.removeprefix("/api/v3")
        handlers = {
            "/search/repositories": self._search,
            "/installation/repositories": self._installation,
        }
        if request.method != "GET" or path not in handlers:
            return self.hub.respond(request)
        token = request.headers.get("authorization", "").partition(" ")[2]
        if token not in ("", self.hub.token):
            return Refusal(401, "Bad credentials").response
        try:
            return handlers[path](request, with_token=bool(token))
        except Refusal as refusal:
            return refusal.response

    def _search(self, request: Request, *, with_token: bool) -> Response:
        del with_token
        found = re.fullmatch(r"topic:(\S+) user:(\S+)", request.query["q"])
        assert found is not None, request.query["q"]
        topic, owner = found[1], found[2].casefold()
        owned = [repository for repository in self.repositories if _owner(repository) == owner]
        if not owned:
            reason = (
                "The listed users and repositories cannot be searched either because the resources do not exist "
                "or you do not have permission to view them."
            )
            wrong = {"message": reason, "resource": "Search", "field": "q", "code": "invalid"}
            raise Refusal(422, "Validation Failed", wrong, docs=_SEARCH)
        if int(request.query["page"]) * int(request.query["per_page"]) > _MOST_FOUND:
            raise Refusal(422, "Only the first 1000 search results are available", docs=_SEARCH)
        matching = [repository for repository in owned if topic in repository.topics]
        items = [
            {**self._shape(repository), "score": 1.0} for repository in _page(request, matching)
        ]
        return answer(
            200,
            {
                "total_count": len(matching),
                "incomplete_results": self.times_out,
                "items": items,
            },
            **_link(self.hub.api, request, len(matching)),
        )

    def _installation(self, request: Request, *, with_token: bool) -> Response:
        if not with_token:
            raise Refusal(401, "Requires authentication", docs=_INSTALLATION)
        if not self.is_installation:
            reason = (
                "You must authenticate with an installation access token in order to list repositories for an "
                "installation."
            )
            raise Refusal(403, reason, docs=_INSTALLATION)
        items = [self._shape(repository) for repository in _page(request, self.repositories)]
        return answer(
            200,
            {
                "total_count": len(self.repositories),
                "repository_selection": "selected",
                "repositories": items,
            },
            **_link(self.hub.api, request, len(self.repositories)),
        )

    def _shape(self, repository: Listed) -> Json:
        """A repository in a list, checked against GitHub's description."""
        shape = shapes.repository(
            self.hub.api, repository.name, "main", whole=False, archived=repository.archived
        )
        shape["topics"] = list(repository.topics)
        if self.hub.contract is not None:
            self.hub.problems += self.hub.contract.check_schema("repository", shape)
        return shape


def _owner(repository: Listed) -> str:
    return repository.name.partition("/")[0].casefold()


def _page(request: Request, items: Sequence[Listed]) -> Sequence[Listed]:
    size, number = int(request.query["per_page"]), int(request.query["page"])
    return items[(number - 1) * size : number * size]


def _link(api: str, request: Request, total: int) -> dict[str, str]:
    """The link to the next page, if there is one."""
    number = int(request.query["page"])
    if number * int(request.query["per_page"]) >= total:
        return {}
    return {"Link": f'<{api}{request.path}?page={number + 1}>; rel="next"'}
