"""Finds repositories on GitHub: those of an owner that have a topic, or those that a GitHub App is installed on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.core.errors import ForgeError, ForgeSetupError
from bot.forge import convert
from bot.forge.connection import FAILURES, Connection, is_refusal, reason_of
from bot.forge.failures import error_of
from bot.forge.refusals import Asked

_PAGE = 100
_MOST_FOUND = 1_000  # by a search (https://docs.github.com/rest/search/search)
_MOST_INSTALLED = 10_000  # a hundred pages


@dataclass(frozen=True, slots=True)
class FoundRepository:
    """A repository as GitHub lists it: its name, `OWNER/NAME`, and whether it is archived. The name is not checked."""

    name: str
    archived: bool


@dataclass(frozen=True, slots=True)
class _Listing:
    """A list of repositories: its path, the key of its items, the most items, and what errors say about it."""

    path: str
    key: str
    most: int
    what: str
    where: str
    fix: str


class RepositoryFinder:
    """Lists repositories. Every method raises ForgeError if GitHub fails, refuses, or leaves repositories out."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def with_topic(self, owner: str, topic: str) -> tuple[FoundRepository, ...]:
        """The repositories of a user or organisation that have a topic and that the token may see."""
        listing = _Listing(
            path="/search/repositories",
            key="items",
            most=_MOST_FOUND,
            what="the search for repositories",
            where=f"topic {topic} of {owner}",
            fix="check the owner and the topic; private repositories need a token that may read them",
        )
        # A fixed order, as GitHub's own ("best match") may differ from page to page.
        return self._read(listing, q=f"topic:{topic} user:{owner}", sort="updated", order="desc")

    def of_installation(self) -> tuple[FoundRepository, ...]:
        """The repositories that the token of a GitHub App may access."""
        listing = _Listing(
            path="/installation/repositories",
            key="repositories",
            most=_MOST_INSTALLED,
            what="the list of the App's repositories",
            where="installation",
            fix="set GITHUB_TOKEN to an installation token of the GitHub App",
        )
        return self._read(listing)

    def _read(self, listing: _Listing, **parameters: str) -> tuple[FoundRepository, ...]:
        """Reads all pages; an item that moved to the next page in between counts once."""
        found: dict[str, FoundRepository] = {}
        stated = 0
        for page in range(1, listing.most // _PAGE + 1):
            stated, items = self._read_page(listing, {**parameters, "page": f"{page}"})
            found |= {item.name.casefold(): item for item in items}
            if not items or page * _PAGE >= stated:
                break
        if len(found) < stated:
            message = f"GitHub listed {len(found):,} of {stated:,} repositories"
            fix = "run again: repositories may have changed while the list was read"
            raise ForgeError(message, where=listing.where, fix=fix)
        return tuple(found[name] for name in sorted(found))

    def _read_page(
        self, listing: _Listing, parameters: dict[str, str]
    ) -> tuple[int, list[FoundRepository]]:
        """Returns how many repositories there are, and those of a page."""
        try:
            _, data = self._connection.requestJsonAndCheck(
                "GET", listing.path, {**parameters, "per_page": f"{_PAGE}"}
            )
            stated, items = (
                int(data["total_count"]),
                [_repository(item) for item in data[listing.key]],
            )
            is_incomplete = data.get("incomplete_results") is True
        except FAILURES as error:
            if is_refusal(error, {403, 404, 422}):
                message = f"GitHub refuses {listing.what}: {reason_of(error)}"
                raise ForgeSetupError(message, where=listing.where, fix=listing.fix) from None
            asked = Asked(listing.what, listing.where, self._connection.has_token)
            raise error_of(asked, error) from None
        if is_incomplete:
            message = "GitHub's search took too long, so its answer is incomplete"
            raise ForgeError(message, where=listing.where, fix="run again in a few minutes")
        if stated > listing.most:
            message = (
                f"{stated:,} repositories are more than the {listing.most:,} that can be listed"
            )
            fix = "give the lists a topic of their own, or name them in [[lists]]"
            raise ForgeSetupError(message, where=listing.where, fix=fix)
        return stated, items


def _repository(item: Any) -> FoundRepository:  # noqa: ANN401 (JSON)
    return FoundRepository(convert.text(item["full_name"]), bool(item["archived"]))
