"""GitHub refuses, limits, redirects or fails at each request of a run: the message is clear, and nothing is half-done or done twice.

The response bodies are GitHub's own. Each case ends with a run without faults, after which everything must be as usual.
"""

import copy
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.core.errors import BotError
from bot.core.model import OutcomeKind
from bot.forge.connection import Connection
from bot.forge.convert import blob_sha
from bot.forge.github_api import GitHub
from tests.conftest import thinned
from tests.life.world import LIST, World, kinds
from tests.servers.github import GitHubServer, shapes
from tests.servers.http import After, Misfortune, Request, Response

REST = "https://docs.github.com/rest"
LIMITS = f"{REST}/overview/rate-limits-for-the-rest-api"
ONE, TWO, THREE = (f"2510.{number:05}" for number in (1, 2, 3))
WHEN = re.compile(
    r"run again (?:after \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC|in (?:\d+ (?:seconds|minutes)|an hour|a few minutes))"
)


def refusal(status: int, message: str, *errors: Any, docs: str = REST, **headers: str) -> Response:
    body: dict[str, Any] = {"message": message}
    if errors:
        body["errors"] = list(errors)
    body |= {"documentation_url": docs, "status": str(status)}
    sent = {"Content-Type": "application/json; charset=utf-8"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, json.dumps(body).encode(), sent)


def invalid(**particulars: str) -> Response:
    return refusal(
        422,
        "Validation Failed",
        {"resource": "PullRequest", **particulars},
        docs=f"{REST}/pulls/pulls#create-a-pull-request",
    )


BAD_TOKEN = refusal(401, "Bad credentials")
PRIMARY = refusal(
    403,
    "API rate limit exceeded for installation ID 5425010.",
    X_RateLimit_Remaining="0",
    X_RateLimit_Reset="4102444800",
)
CREATION = refusal(
    403,
    "You have exceeded a secondary rate limit and have been temporarily blocked from content creation. "
    "Please retry your request again later.",
    docs=f"{LIMITS}#about-secondary-rate-limits",
    Retry_After="60",
)
SECONDARY = refusal(
    403,
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. "
    "If you reach out to GitHub Support for help, please include the request ID FA2D:1234.",
    docs="https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api"
    "#about-secondary-rate-limits",
)
TOO_MANY = Response(429, SECONDARY.body, SECONDARY.headers)
LONG = Response(429, SECONDARY.body, {**SECONDARY.headers, "Retry-After": "1800"})


class Moment:
    """A copy of a world's current state, to restore later."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.kept = world.hub.git.folder.with_name("kept.git")
        shutil.copytree(world.hub.git.folder, self.kept)
        self.pulls = copy.deepcopy(world.hub.pulls)
        self.seconds = world.hub.git.seconds

    def come_back(self) -> None:
        hub = self.world.hub
        shutil.rmtree(hub.git.folder)
        shutil.copytree(self.kept, hub.git.folder)
        hub.pulls[:] = copy.deepcopy(self.pulls)
        hub.git.seconds = self.seconds
        hub.renamed_to = ""
        self.world.slept.clear()
        self.world.server.server.always = None


def opening(world: World) -> set[str]:
    """A run that opens a pull request."""
    world.announce(1, 2)
    return {ONE, TWO}


def growing(world: World) -> set[str]:
    """A run that adds to an open one."""
    world.announce(1, 2)
    world.bot()
    world.announce(3)
    return {ONE, TWO, THREE}


def quiet(world: World) -> set[str]:
    """A run that finds nothing new."""
    world.announce(1, 2)
    world.bot()
    return {ONE, TWO}


RUNS = (opening, growing, quiet)
STEP = 4
PARTS = [
    pytest.param(run, first, id=f"{run.__name__}, from request {first}")
    for run in RUNS
    for first in range(1, STEP + 1)
]
"""The runs, each with every fourth of its requests, from the first, second, … on."""


@pytest.fixture
def world() -> Iterator[World]:
    with GitHubServer({"README.md": LIST.encode()}) as server:
        yield World(server)


@dataclass
class Done:
    """How a run ended: its exit code, and what it says went wrong."""

    code: int
    said: str
    outcomes: list[OutcomeKind] = field(default_factory=list)


def attempt(world: World) -> Done:
    try:
        report = world.bot()
    except BotError as error:
        done = Done(error.exit_code, str(error))
    else:
        done = Done(report.exit_code, "\n".join(report.failures), kinds(report))
    assert bool(done.code) == ("\n  fix: " in done.said)
    return done


def requests_of(world: World, moment: Moment, first: int) -> range:
    """Every fourth of the requests that the run has when all goes well, by their numbers from 1."""
    start = len(world.server.asked)
    assert 0 == attempt(world).code
    moment.come_back()
    return range(first, len(world.server.asked) - start + 1, STEP)


def from_request(
    world: World, number: int, trouble: Misfortune, until: int = 10**9
) -> Callable[[Request], Misfortune | None]:
    """Makes a run's requests fail from the given number on (from 1)."""
    start = len(world.server.asked)
    return lambda request: trouble if number <= request.number - start < until else None


def assert_all_is_well(world: World, papers: set[str]) -> None:
    """Checks that the next run leaves one complete pull request, as usual, and that the run after it finds nothing to do."""
    world.server.server.always = None
    done = attempt(world)

    assert (0, "") == (done.code, done.said)
    assert [1] == world.open
    assert papers == world.new_in(1) == set(world.text_of(1))
    assert ["arxiv-bot"] == world.hub.pull(1).labels
    assert {"main", world.hub.pull(1).branch} == set(world.hub.git.branches())
    assert LIST.encode() == world.hub.read()
    start = len(world.server.asked)
    assert [] == attempt(world).outcomes
    assert 4 == len(world.server.asked) - start


def each_request(
    world: World, run: Callable[[World], set[str]], first: int, trouble: Misfortune
) -> Iterator[Done]:
    """Yields how the run ends if it fails from its first, second, … request on; checks the next run after each."""
    papers = run(world)
    moment = Moment(world)
    for number in requests_of(world, moment, first):
        world.server.server.always = from_request(world, number, trouble)
        done = attempt(world)
        assert len(world.hub.pulls) <= 1
        yield done
        assert_all_is_well(world, papers)
        moment.come_back()


@pytest.mark.parametrize(("run", "first"), thinned(PARTS, every=len(PARTS)))
def test_a_token_that_expires_during_a_run_is_reported(
    world: World, run: Callable[[World], set[str]], first: int
):
    for done in each_request(world, run, first, BAD_TOKEN):
        assert 1 == done.code
        assert "GitHub does not accept the token: Bad credentials" in done.said
        assert "set GITHUB_TOKEN to a valid token" in done.said


@pytest.mark.parametrize(("run", "first"), thinned(PARTS, every=len(PARTS)))
def test_a_long_rate_limit_is_reported_with_its_end_and_not_waited_for(
    world: World, run: Callable[[World], set[str]], first: int
):
    for done in each_request(world, run, first, PRIMARY):
        assert 1 == done.code
        assert "API rate limit exceeded for installation ID 5425010." in done.said
        assert "run again after 2100-01-01 00:00:00 UTC" in done.said
        assert max(world.slept, default=0) <= 1


@pytest.mark.parametrize(("run", "first"), thinned(PARTS, every=len(PARTS)))
def test_a_short_rate_limit_is_waited_for_once(
    world: World, run: Callable[[World], set[str]], first: int
):
    papers = run(world)
    moment = Moment(world)
    for number in requests_of(world, moment, first):
        world.server.server.always = from_request(world, number, CREATION, number + 1)
        done = attempt(world)
        assert (0, "") == (done.code, done.said)
        assert [60.0] == [wait for wait in world.slept if wait > 1]
        assert_all_is_well(world, papers)
        moment.come_back()


@pytest.mark.parametrize("limit", [CREATION, SECONDARY, TOO_MANY, LONG])
@pytest.mark.parametrize("number", [1, 5, 9])
def test_every_rate_limit_says_when_to_run_again_and_waits_are_bounded(
    world: World, limit: Response, number: int
):
    papers = opening(world)
    world.server.server.always = from_request(world, number, limit)
    done = attempt(world)

    assert 1 == done.code
    assert "GitHub's rate limit is used up" in done.said
    assert WHEN.search(done.said)
    assert sum(wait for wait in world.slept if wait > 1) <= 180
    assert_all_is_well(world, papers)


def test_a_graphql_rate_limit_with_status_200_is_recognised(world: World):
    papers = opening(world)
    error = {"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}
    limited = Response(
        200,
        json.dumps({"errors": [error]}).encode(),
        {**PRIMARY.headers},
    )

    def trouble(request: Request) -> Misfortune | None:
        return limited if request.path == "/graphql" else None

    world.server.server.always = trouble
    done = attempt(world)

    assert (0, "") == (done.code, done.said), "REST, which has a limit of its own, does as well"
    assert_all_is_well(world, papers)


@pytest.mark.parametrize(("run", "first"), thinned(PARTS, every=len(PARTS)))
def test_a_repository_renamed_during_a_run_is_reported(
    world: World, run: Callable[[World], set[str]], first: int
):
    papers = run(world)
    moment = Moment(world)
    for number in requests_of(world, moment, first):
        world.server.server.always = renamed(world, number)
        done = attempt(world)
        assert 1 == done.code
        assert "renamed" in done.said or "is now called curator/new-name" in done.said
        assert "new name" in done.said
        assert len(world.hub.pulls) <= 1
        world.hub.renamed_to = ""
        assert_all_is_well(world, papers)
        moment.come_back()


def renamed(world: World, number: int) -> Callable[[Request], Misfortune | None]:
    """Makes GitHub redirect requests with the old name (301 for GET, 307 for others), without their query."""
    start = len(world.server.asked)
    old = f"/repos/{world.hub.name}"

    def trouble(request: Request) -> Misfortune | None:
        if request.number - start < number:
            return None
        world.hub.renamed_to = "curator/new-name"
        if not request.path.startswith(old):
            return None
        target = f"{world.hub.api}/repositories/1296269{request.path.removeprefix(old)}"
        body = {"message": "Moved Permanently", "url": target, "documentation_url": REST}
        status = 301 if request.method == "GET" else 307
        return Response(status, json.dumps(body).encode(), {"Location": target})

    return trouble


@pytest.mark.parametrize(("run", "first"), thinned(PARTS, every=len(PARTS)))
def test_a_repository_that_disappears_during_a_run_is_reported(
    world: World, run: Callable[[World], set[str]], first: int
):
    gone = refusal(404, "Not Found", docs=f"{REST}/git/refs#get-a-reference")
    for done in each_request(world, run, first, gone):
        if done.outcomes == [OutcomeKind.RACE_LOST]:
            continue  # for requests about a branch, it looks as if somebody deleted the branch
        assert done.code in {1, 2}
        assert "can't find" in done.said or "has no such list" in done.said


@pytest.mark.parametrize(("run", "first"), thinned(PARTS, every=len(PARTS)))
@pytest.mark.parametrize(
    "broken",
    [
        Response(503, b"<html><body>Unicorn!</body></html>", {"Content-Type": "text/html"}),
        Response(200, b"<html>Sign in to the hotel's network</html>"),
    ],
)
def test_an_overloaded_github_is_retried_and_then_reported(
    world: World, run: Callable[[World], set[str]], first: int, broken: Response
):
    for done in each_request(world, run, first, broken):
        assert 1 == done.code
        assert "GitHub failed on" in done.said
        assert "run again" in done.said


# A refusal of one particular request: (words of the request, answer, words of the message)

PULL = "POST /repos/curator/awesome-list/pulls"
TREE = "POST /repos/curator/awesome-list/git/trees"
COMMIT = "POST /repos/curator/awesome-list/git/commits"
REF = "POST /repos/curator/awesome-list/git/refs"
LABELS = "POST /repos/curator/awesome-list/issues/1/labels"
EDIT = "PATCH /repos/curator/awesome-list/pulls/1"
MOVE = "PATCH /repos/curator/awesome-list/git/refs/heads/"
REFS_DOCS = f"{REST}/git/refs#create-a-reference"
RULE = "Repository rule violations found\n\nCannot create ref due to creations being restricted."
LABEL = {"resource": "Label", "code": "already_exists", "field": "name"}
ALLOW = "Allow GitHub Actions to create and approve pull requests"

AT_OPENING: list[tuple[str, Response, tuple[str, ...]]] = [
    (PULL, invalid(code="custom", message="No commits between main and BRANCH"), ("No commits",)),
    (PULL, invalid(field="head", code="invalid"), ("Validation Failed; head invalid",)),
    (PULL, invalid(field="base", code="invalid"), ("Validation Failed; base invalid",)),
    (
        PULL,
        invalid(field="body", code="custom", message="body is too long (maximum is 65536 characters)"),
        ("body is too long",),
    ),
    (
        PULL,
        invalid(field="title", code="custom", message="title is too long (maximum is 256 characters)"),
        ("title is too long",),
    ),
    (
        PULL,
        invalid(code="custom", message="A pull request already exists for curator:BRANCH."),
        ("already exists",),
    ),
    (PULL, refusal(422, 'Invalid request.\n\n"head" wasn\'t supplied.'), ("wasn't supplied",)),
    (
        PULL,
        refusal(403, "GitHub Actions is not permitted to create or approve pull requests."),
        (ALLOW, "/compare/main...arxiv-bot/batch-"),
    ),
    (
        PULL,
        refusal(403, "Resource not accessible by integration"),
        ("Resource not accessible by integration", "`pull-requests: write`"),
    ),
    (
        TREE,
        refusal(403, "Resource not accessible by personal access token"),
        ("Resource not accessible by personal access token", "`contents: write`"),
    ),
    (
        TREE,
        refusal(403, "Repository was archived so is read-only."),
        ("Repository was archived so is read-only.", "unarchive the repository"),
    ),
    (TREE, refusal(409, "Git Repository is empty."), ("the repository is empty",)),
    (COMMIT, refusal(422, "Object does not exist"), ("Object does not exist",)),
    (REF, refusal(422, "Reference already exists", docs=REFS_DOCS), ("Reference already exists",)),
    (REF, refusal(422, "Object does not exist", docs=REFS_DOCS), ("Object does not exist",)),
    (REF, refusal(422, "Reference update failed", docs=REFS_DOCS), ("Reference update failed",)),
    (REF, refusal(422, RULE, docs=REFS_DOCS), ("rule violations", "`arxiv-bot/**`")),
    (LABELS, refusal(422, "Validation Failed", LABEL), ("Validation Failed; name already_exists",)),
    (
        LABELS,
        refusal(422, "Validation Failed", {"resource": "Label", "code": "invalid", "field": "color"}),
        ("color invalid",),
    ),
    (LABELS, refusal(422, "Could not resolve to a node"), ("Could not resolve to a node",)),
]  # fmt: skip

AT_GROWING: list[tuple[str, Response, tuple[str, ...]]] = [
    (MOVE, refusal(422, "Update is not a fast forward"), ("Update is not a fast forward",)),
    (MOVE, refusal(422, "Reference does not exist"), ("Reference does not exist",)),
    (MOVE, refusal(422, RULE), ("rule violations", "`arxiv-bot/**`")),
    (EDIT, invalid(field="base", code="invalid", message="Proposed base branch 'x' was not found"), ("was not found",)),
    (EDIT, invalid(field="body", code="custom", message="body is too long (maximum is 65536 characters)"), ("too long",)),
    (EDIT, refusal(403, "Repository was archived so is read-only."), ("unarchive the repository",)),
]  # fmt: skip


@pytest.mark.parametrize(("where", "answer", "words"), AT_OPENING)
def test_a_refusal_while_opening_is_reported_in_githubs_words_with_a_fix(
    world: World, where: str, answer: Response, words: tuple[str, ...]
):
    refused_at(world, opening, where, answer, words)


@pytest.mark.parametrize(("where", "answer", "words"), AT_GROWING)
def test_a_refusal_while_growing_is_reported_in_githubs_words_with_a_fix(
    world: World, where: str, answer: Response, words: tuple[str, ...]
):
    refused_at(world, growing, where, answer, words)


def refused_at(
    world: World,
    run: Callable[[World], set[str]],
    where: str,
    answer: Response,
    words: tuple[str, ...],
) -> None:
    papers = run(world)
    by_rest = where in {REF, MOVE}
    met = []

    def trouble(request: Request) -> Misfortune | None:
        if by_rest and request.path == "/graphql":
            return refusal(404, "Not Found")
        if f"{request.method} {request.path}".startswith(where):
            met.append(request)
            return answer
        return None

    world.server.server.always = trouble
    done = attempt(world)

    assert 1 == len(met), "a write was repeated, or never made"
    assert 1 == done.code
    for word in words:
        assert word in done.said
    assert_all_is_well(world, papers)


def test_a_rule_against_the_bots_branches_leaves_nothing_behind(world: World):
    papers = opening(world)
    world.hub.forbidden_refs = "refs/heads/arxiv-bot"
    done = attempt(world)

    assert 1 == done.code
    assert "rule violations found" in done.said
    assert "`arxiv-bot/**`" in done.said
    assert (["main"], []) == (list(world.hub.git.branches()), world.hub.pulls)
    world.hub.forbidden_refs = ""
    assert_all_is_well(world, papers)


def test_an_archived_repository_is_reported_and_left_alone(world: World):
    opening(world)
    world.hub.archived = True
    before = world.hub.state()
    done = attempt(world)

    assert 1 == done.code
    assert "Repository was archived so is read-only." in done.said
    assert "unarchive the repository, or disable the workflow" in done.said
    assert before == world.hub.state()


def test_an_empty_repository_is_reported():
    with GitHubServer({}) as server:
        done = attempt(World(server))

    assert 1 == done.code
    assert "the repository is empty" in done.said
    assert "push a list to it first" in done.said


# The list itself


@pytest.mark.parametrize("branch", ["trunk", "release/1.x", "arxiv-bot"])
def test_the_default_branch_may_have_any_name(branch: str):
    with GitHubServer({"README.md": LIST.encode()}, branch=branch) as server:
        world = World(server)
        world.announce(1, 2)
        if branch == "arxiv-bot":
            done = attempt(world)
            assert 1 == done.code, "no branch can lie under another's name"
            assert "Reference update failed" in done.said
            assert [branch] == list(world.hub.git.branches())
            return
        assert [OutcomeKind.CREATED] == attempt(world).outcomes
        assert branch == world.hub.pull(1).base
        assert {ONE, TWO} == world.new_in(1)
        assert [] == attempt(world).outcomes


@pytest.mark.deep  # test_github reads and writes a list as large
def test_a_list_above_a_megabyte_is_read_changed_and_grown():
    large = LIST.replace("Please do.", "Please do.\n\n" + "A line of prose.\n" * 70_000)
    with GitHubServer({"README.md": large.encode()}) as server:
        world = World(server)
        papers = growing(world)
        assert [OutcomeKind.UPDATED] == attempt(world).outcomes
        assert papers == world.new_in(1)
        assert len(large) < len(world.hub.read(branch=world.hub.pull(1).branch))


def contents(world: World, **changes: Any) -> Callable[[Request], Misfortune | None]:
    """GitHub's answer about the list's file, with changes."""
    data = LIST.encode()
    body = shapes.content(world.hub.url, "README.md", blob_sha(data), data) | changes
    answer = Response(200, json.dumps(body).encode(), {"Content-Type": "application/json"})
    return lambda request: answer if request.path.endswith("/contents/README.md") else None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sha": blob_sha(b"docs/list.md")}, "the list is a symbolic link"),
        ({"type": "symlink", "target": "docs"}, "the list is a symlink, not a file"),
        ({"type": "submodule", "submodule_git_url": "x"}, "the list is a submodule, not a file"),
    ],
)
def test_a_list_that_is_a_link_or_a_submodule_is_refused_before_anything_is_written(
    world: World, changes: dict[str, str], words: str
):
    opening(world)
    before = world.hub.state()
    world.server.server.always = contents(world, **changes)
    done = attempt(world)

    assert 2 == done.code
    assert words in done.said
    assert "in the configuration" in done.said
    assert before == world.hub.state()


@pytest.mark.parametrize("where", ["Please do.", "- [Old and Known]"])
@pytest.mark.parametrize(("run", "first"), thinned(PARTS[:-STEP], every=2 * STEP))
def test_a_list_changed_by_others_at_any_time_loses_nothing(
    world: World, run: Callable[[World], set[str]], first: int, where: str
):
    """Others change distant lines of the list, and the lines where the new entries go."""
    papers = run(world)
    changed = LIST.replace(where, f"- [Theirs](https://arxiv.org/abs/2501.00009)\n{where}")
    moment = Moment(world)
    for number in requests_of(world, moment, first):
        start = len(world.server.asked)

        def push(request: Request, number: int = number, start: int = start) -> Misfortune | None:
            if request.number - start != number:
                return None
            return After(lambda _: world.hub.push_base(changed.encode()))

        world.server.server.always = push
        done = attempt(world)
        assert (0, "") == (done.code, done.said)
        world.server.server.always = None
        for _ in range(2):
            assert 0 == attempt(world).code
        assert [1] == world.open
        assert changed.encode() == world.hub.read()
        assert papers == set(world.text_of(1))
        world.hub.merge(1)
        merged = world.listed()
        assert sorted(merged) == sorted({*merged})
        assert papers | {"2501.00001", "2501.00009"} <= set(merged)
        moment.come_back()


@pytest.mark.parametrize("words", thinned([850, 100, 8_000], every=3))
def test_a_text_beyond_githubs_limit_is_cut_and_accepted(world: World, words: int):
    world.announce(*range(1, 11))
    world.arxiv.papers = [
        replace(paper, title=f"{paper.title} {'Long Title ' * 90}", abstract="RLAIF " * words)
        for paper in world.arxiv.papers
    ]
    assert [OutcomeKind.CREATED] == attempt(world).outcomes

    pull = world.hub.pull(1)
    assert len(pull.title) <= 256
    assert len(pull.body) <= 65_536
    assert 10 == len(world.text_of(1))
    assert [] == attempt(world).outcomes


def test_a_rate_limit_is_reported_without_a_token_too(world: World):
    forge = GitHub(
        world.hub.name, Connection("", world.api, world.slept.append, monotonic=lambda: 0.0)
    )
    world.server.server.always = PRIMARY
    with pytest.raises(BotError, match="rate limit"):
        forge.repository()
    assert [] == world.slept
