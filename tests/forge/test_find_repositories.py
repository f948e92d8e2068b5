"""Repositories are found by topic or by installation: all of them, or an error that says what to do."""

from collections.abc import Iterator

import pytest

from bot.core.errors import ForgeError, ForgeSetupError
from bot.forge.connection import Connection
from bot.forge.find_repositories import FoundRepository, RepositoryFinder
from tests.servers.github import GitHubServer
from tests.servers.github.answers import answer
from tests.servers.github.directory import Directory, Listed
from tests.servers.http import After, Request, Response


class Site:
    """A test GitHub with many repositories, and the search of them."""

    def __init__(self, server: GitHubServer) -> None:
        self.server = server
        self.directory = Directory(server.hub)
        server.server.application = self.directory

    def add(self, number: int, *topics: str, owner: str = "labs") -> None:
        self.directory.repositories += [
            Listed(f"{owner}/list-{n:04}", topics) for n in range(number)
        ]

    def finder(self, token: str = "t0ken", api: str = "") -> RepositoryFinder:
        return RepositoryFinder(
            Connection(token, f"{self.server.url}{api}", lambda _: None, monotonic=lambda: 0.0)
        )

    def failure(self, token: str = "t0ken") -> tuple[type[ForgeError], str]:
        with pytest.raises(ForgeError) as caught:
            self.finder(token).with_topic("labs", "papers")
        return type(caught.value), str(caught.value)


@pytest.fixture
def site() -> Iterator[Site]:
    with GitHubServer() as server:
        yield Site(server)


@pytest.mark.parametrize(("number", "pages"), [(0, 1), (1, 1), (100, 1), (101, 2), (1_000, 10)])
def test_a_search_reads_every_page_once(site: Site, number: int, pages: int):
    site.add(1)
    site.add(number, "papers", "lists")
    site.add(2, "papers", owner="strangers")
    found = site.finder().with_topic("labs", "papers")

    assert [f"labs/list-{n:04}" for n in range(number)] == [item.name for item in found]
    assert ["GET /search/repositories"] * pages == site.server.asked
    assert {("topic:papers user:labs", "updated")} == {
        (ask.query["q"], ask.query["sort"]) for ask in site.server.server.requests
    }


@pytest.mark.parametrize(("number", "pages"), [(0, 1), (1, 1), (250, 3)])
def test_an_installation_lists_what_its_token_may_access(site: Site, number: int, pages: int):
    site.add(number)
    found = site.finder(api="/api/v3").of_installation()

    assert number == len(found)
    assert ["GET /api/v3/installation/repositories"] * pages == site.server.asked


def test_repositories_are_in_order_and_archived_ones_are_marked(site: Site):
    site.directory.repositories = [
        Listed("labs/Newer", ("papers",)),
        Listed("labs/an-old-one", ("papers",), archived=True),
    ]
    expected = (FoundRepository("labs/an-old-one", True), FoundRepository("labs/Newer", False))

    assert expected == site.finder().with_topic("LABS", "papers")
    assert expected == site.finder().of_installation()


def test_a_search_with_more_results_than_github_returns_is_an_error(site: Site):
    site.add(1_001, "papers")
    kind, text = site.failure()

    assert ForgeSetupError is kind
    assert "1,001 repositories are more than the 1,000 that can be listed" in text
    assert "a topic of their own" in text
    assert 1 == len(site.server.asked)


def test_a_search_that_timed_out_is_an_error(site: Site):
    site.add(3, "papers")
    site.directory.times_out = True

    assert "its answer is incomplete\n  fix: run again in a few minutes" in site.failure()[1]


def test_a_repository_that_slipped_between_two_pages_is_an_error(site: Site):
    site.add(101, "papers")
    first = site.directory.repositories[0]

    def move_to_the_end(_: Request) -> None:
        site.directory.repositories.remove(first)
        site.directory.repositories.append(first)

    site.server.server.troubles[1] = After(move_to_the_end)
    kind, text = site.failure()

    assert ForgeError is kind
    assert "GitHub listed 100 of 101 repositories" in text
    assert 101 == len(site.finder().with_topic("labs", "papers"))


def test_a_repository_that_appears_between_two_pages_is_an_error(site: Site):
    site.add(150, "papers")

    def push_down(_: Request) -> None:
        site.directory.repositories.insert(0, Listed("labs/newest", ("papers",)))

    site.server.server.troubles[1] = After(push_down)

    assert "GitHub listed 150 of 151" in site.failure()[1]


def test_an_unknown_owner_is_an_error_that_says_what_to_check(site: Site):
    kind, text = site.failure()

    assert ForgeSetupError is kind
    assert "topic papers of labs: GitHub refuses the search for repositories" in text
    assert "check the owner and the topic" in text


def test_an_installation_needs_the_token_of_an_app(site: Site):
    site.directory.is_installation = False
    with pytest.raises(ForgeSetupError, match="with an installation access token") as caught:
        site.finder().of_installation()
    assert "an installation token of the GitHub App" in caught.value.fix

    with pytest.raises(ForgeSetupError, match="Requires authentication") as caught:
        site.finder("").of_installation()
    assert "set GITHUB_TOKEN to a token" == caught.value.fix

    assert "set GITHUB_TOKEN to a valid token" in site.failure("wrong")[1]


def test_a_used_up_rate_limit_says_when_to_run_again(site: Site):
    message = "API rate limit exceeded for installation ID 5425010."
    limit = answer(403, {"message": message}, **{"Retry-After": "7200"})
    site.server.server.always = limit

    assert "GitHub's rate limit is used up" in site.failure()[1]
    assert "run again in 120 minutes" in site.failure()[1]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"total_count": 1, "incomplete_results": False},
        {"total_count": "many", "items": []},
        {"total_count": 1, "items": [{"full_name": 7, "archived": False}]},
        {"total_count": 1, "items": [{"full_name": "labs/a"}]},
        {"total_count": 1, "items": "labs/a"},
        {"total_count": None, "items": None},
    ],
)
def test_an_answer_of_another_form_is_an_error(site: Site, body: object):
    site.server.server.always = answer(200, body)

    assert "is not in the documented form" in site.failure()[1]


def test_pages_without_end_are_not_read(site: Site):
    def grow(request: Request) -> Response:
        page = int(request.query["page"])
        items = [{"full_name": f"labs/p{page}-{n}", "archived": False} for n in range(100)]
        return answer(200, {"total_count": 1_000, "items": items[:99]})

    site.server.server.always = grow

    assert "GitHub listed 990 of 1,000" in site.failure()[1]
    assert 10 == len(site.server.asked)
