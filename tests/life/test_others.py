"""Events around a batch: pull requests opened between two pages, another base branch, merge queues, late answers."""

import json
from collections.abc import Callable, Iterator

import pytest

from bot.core.model import OutcomeKind
from bot.forge.state import MOST_READ
from tests.life.world import LIST, World, kinds, paper
from tests.servers.github import GitHubServer
from tests.servers.http import After, Misfortune, Request, Response

ONE, TWO, THREE = (f"2510.{number:05}" for number in (1, 2, 3))
Befalls = Callable[[Request], Misfortune | None]


@pytest.fixture
def world() -> Iterator[World]:
    with GitHubServer({"README.md": LIST.encode()}) as server:
        yield World(server)


def stranger(world: World, number: int, text: str = "") -> None:
    """Opens a pull request from a fork that adds a line to the list."""
    content = world.hub.read() + f"\n{text or f'Note {number}.'}\n".encode()
    world.hub.open_pull(content, branch=f"b{number}", title=f"Note {number}", fork="someone/fork")


def strangers(world: World, count: int) -> None:
    """Opens and closes many pull requests from a fork."""
    stranger(world, 0)
    for _ in range(count - 1):
        world.hub.new_pull("Note", "", "b0", "someone/fork", "contributor")
    for pull in world.hub.pulls[-count:]:
        world.hub.close(pull.number)


def at(path: str, act: Callable[[], None], *, method: str = "GET", nth: int = 1) -> Befalls:
    """Lets an act happen at the nth request of a kind, after it was processed and before the response is sent."""
    left = [nth]

    def interfere(request: Request) -> Misfortune | None:
        if request.method != method or not request.path.endswith(path):
            return None
        left[0] -= 1
        return After(lambda _: act()) if left[0] == 0 else None

    return interfere


# Pages that shift


@pytest.mark.parametrize("page", [1, 2])
def test_a_pull_request_opened_between_two_pages_closes_no_batch(world: World, page: int):
    strangers(world, 3)
    world.announce(1)
    world.bot()
    strangers(world, 100 * page - 1)
    world.announce(2)
    # The batch is the last one on its page: a new pull request shifts it to the next page, which lists it again.
    world.server.server.always = at("/pulls", lambda: stranger(world, 999), nth=page)
    report = world.bot()

    assert [OutcomeKind.UPDATED] == kinds(report)
    assert "open" == world.hub.pull(4).state
    assert {ONE, TWO} == world.new_in(4)


def test_pull_requests_opened_between_pages_do_not_change_what_is_read(world: World):
    strangers(world, 230)
    inserted: list[int] = []

    def interfere(request: Request) -> Misfortune | None:
        if not request.path.endswith("/pulls"):
            return None

        def insert(_: Request) -> None:
            inserted.append(len(inserted))
            stranger(world, 1000 + len(inserted))

        return After(insert)

    world.server.server.always = interfere
    numbers = [pull.number for pull in world.forge().read().pulls]

    assert 3 == len(inserted)
    assert len(numbers) == len(set(numbers))
    assert set(range(1, 231)) <= set(numbers)


def test_opening_a_pull_request_reads_only_the_newest_page(world: World):
    strangers(world, 230)
    world.announce(1)
    start = len(world.server.asked)
    world.bot()

    path = f"GET /repos/{world.hub.name}/pulls"
    asked = [
        request
        for request in world.server.asked[start:]
        if request == path or "repositories" in request
    ]
    assert 3 + 1 == len(asked), "three pages to read, one after the branch is made"


def test_only_the_newest_of_many_foreign_pull_requests_are_read(world: World):
    stranger(world, 0)
    for _ in range(MOST_READ + 2):
        world.hub.new_pull("Note", "", "b0", "someone/fork", "contributor")
    start = len(world.server.asked)
    world.forge().read()

    asked = world.server.asked[start:]
    assert MOST_READ == sum(request.endswith("/files") for request in asked)


# Another base


def retarget(world: World, number: int, base: str) -> None:
    """Changes the base branch of a pull request, as a person does on its page."""
    if not world.hub.tip(base):
        world.hub.push(world.hub.read(), branch=base)
    world.hub.pull(number).base = base


def test_a_batch_into_another_branch_is_left_alone(world: World):
    world.announce(1)
    world.bot()
    retarget(world, 1, "next")
    world.hub.untick(1, ONE)
    world.announce(2)
    before = world.hub.pull(1).body
    report = world.bot()

    assert [OutcomeKind.FROZEN, OutcomeKind.CREATED] == kinds(report)
    assert "merges into next, which is not the default branch" in report.outcomes[0].detail
    assert before == world.hub.pull(1).body
    assert {TWO} == world.new_in(2)


@pytest.mark.parametrize("end", ["merge", "close"])
def test_a_batch_that_ends_in_another_branch_declines_nothing(world: World, end: str):
    world.announce(1, 2)
    world.bot()
    retarget(world, 1, "next")
    getattr(world.hub, end)(1)
    report = world.bot()

    assert [OutcomeKind.CREATED] == kinds(report)
    assert {ONE, TWO} == world.new_in(2)


def test_a_box_unticked_in_a_batch_into_another_branch_still_declines(world: World):
    world.announce(1, 2)
    world.bot()
    world.hub.untick(1, ONE)
    retarget(world, 1, "next")
    world.hub.close(1)
    world.bot()

    assert {TWO} == world.new_in(2)


def test_declined_papers_stay_declined_after_the_default_branch_is_renamed(world: World):
    world.announce(1)
    world.bot()
    world.hub.close(1)
    world.hub.git.move(("refs/heads/trunk", world.hub.tip("main"), None))
    world.hub.git.move(("refs/heads/main", "0" * 40, None))
    world.hub.branch = "trunk"

    assert [] == kinds(world.bot())


def test_an_open_batch_into_the_old_default_branch_does_not_grow(world: World):
    world.announce(1)
    world.bot()
    world.hub.git.move(("refs/heads/trunk", world.hub.tip("main"), None))
    world.hub.branch = "trunk"
    world.announce(2)
    report = world.bot()

    assert {ONE} == world.new_in(1)
    assert OutcomeKind.UPDATED not in kinds(report)
    assert "trunk" == world.hub.pull(2).base


def test_a_base_branch_changed_during_a_run_stops_the_update(world: World):
    world.announce(1)
    world.bot()
    world.announce(2)
    world.hub.push(world.hub.read(), branch="next")
    world.server.server.always = at(
        "/git/commits", lambda: retarget(world, 1, "next"), method="POST"
    )
    report = world.bot()

    assert [OutcomeKind.RACE_LOST] == kinds(report)
    assert "base branch was changed to next" in report.outcomes[0].detail
    assert {ONE} == world.new_in(1)


def test_a_batch_in_a_merge_queue_is_left_alone(world: World):
    world.announce(1)
    world.bot()
    queue = f"refs/heads/gh-readonly-queue/main/pr-1-{world.hub.tip('main')}"
    world.hub.git.move((queue, world.hub.pull(1).head_sha, None))
    world.announce(2)
    report = world.bot()

    assert [OutcomeKind.FROZEN, OutcomeKind.CREATED] == kinds(report) or [
        OutcomeKind.CREATED
    ] == kinds(report)
    assert {ONE} == world.new_in(1)


# At the last moment


ANSWERS: dict[str, Callable[[World], None]] = {
    "hold": lambda world: world.hub.label(1, "arxiv-bot:hold"),
    "auto-merge": lambda world: world.hub.merge_when_ready(1),
    "a note": lambda world: world.hub.edit_body(1, world.hub.pull(1).body + "\nA note.\n"),
    "a tick": lambda world: world.hub.untick(1, ONE),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_while_the_commit_is_created_stops_the_move_of_the_branch(
    world: World, answer: str
):
    world.announce(1)
    world.bot()
    head = world.hub.pull(1).head_sha
    world.announce(2)
    world.server.server.always = at("/git/commits", lambda: ANSWERS[answer](world), method="POST")
    report = world.bot()

    assert [OutcomeKind.RACE_LOST] == kinds(report)
    assert head == world.hub.pull(1).head_sha, "the branch never moved"


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_while_the_branch_is_moved_reverts_the_branch(world: World, answer: str):
    """A check and a move can't be atomic, but no paper stays on the branch for which the text has no box."""
    world.announce(1)
    world.bot()
    before = world.hub.read(branch=world.hub.pull(1).branch)
    world.announce(2)
    world.server.server.always = at("/graphql", lambda: ANSWERS[answer](world), method="POST")
    report = world.bot()
    world.server.server.always = None
    pull = world.hub.pull(1)

    assert [OutcomeKind.RACE_LOST] == kinds(report)
    assert before == world.hub.read(branch=pull.branch)
    assert {ONE} == world.new_in(1)
    assert ONE in world.text_of(1)
    assert TWO not in world.text_of(1)

    world.hub.unlabel(1, "arxiv-bot:hold") if answer == "hold" else None
    world.bot()
    if answer == "hold":
        assert {ONE, TWO} == world.new_in(1) == set(world.text_of(1))
    elif answer == "a tick":
        assert {TWO} == world.new_in(1)
    else:
        assert {ONE} == world.new_in(1), "a person has it now"


# Refusals


RULE = "Repository rule violations found\n\nCannot update this protected ref."


@pytest.mark.parametrize("status", [409, 422])
def test_a_rule_violation_says_what_to_do_whatever_its_status(world: World, status: int):
    world.announce(1)
    body = json.dumps({"message": RULE, "status": str(status)}).encode()
    refused = Response(status, body, {"Content-Type": "application/json"})
    world.hub.has_graphql = False
    world.server.server.always = lambda request: (
        refused if request.method == "POST" and request.path.endswith("/git/refs") else None
    )
    report = world.bot()

    assert [OutcomeKind.FAILED] == kinds(report)
    assert "arxiv-bot/**" in report.failures[0]


def test_a_pull_request_that_github_does_not_list_yet_is_found_by_the_next_run(world: World):
    world.announce(1)
    body = {
        "message": "Validation Failed",
        "errors": [
            {
                "resource": "PullRequest",
                "code": "custom",
                "message": "A pull request already exists for curator:x.",
            }
        ],
    }
    refused = Response(422, json.dumps(body).encode(), {"Content-Type": "application/json"})
    world.server.server.always = lambda request: (
        refused if request.method == "POST" and request.path.endswith("/pulls") else None
    )
    report = world.bot()
    world.server.server.always = None

    assert "the next run will find it" in report.failures[0]
    assert [OutcomeKind.CREATED] == kinds(world.bot())
    assert paper(1).id.value == ONE


def test_a_conflict_is_repaired_on_a_new_branch_if_rules_forbid_merges(world: World):
    world.hub.linear_refs = "refs/heads/arxiv-bot/"
    world.announce(1, 2)
    world.bot()
    entry = "- [By Hand](https://arxiv.org/abs/2510.09999)\n"
    world.hub.push_base(LIST.replace("### 2025\n\n", f"### 2025\n\n{entry}").encode())
    report = world.bot()

    assert [OutcomeKind.UPDATED] == kinds(report)
    assert 2 == report.outcomes[0].number
    assert ("closed", "open") == (world.hub.pull(1).state, world.hub.pull(2).state)
    assert "#2 replaces it" in world.hub.pull(1).body
    assert {ONE, TWO} == world.new_in(2) == set(world.text_of(2))
    assert world.hub.git.merge_tree(world.hub.tip("main"), world.hub.pull(2).head_sha)
    assert world.hub.pull(1).labels == world.hub.pull(2).labels

    world.announce(3)
    assert [OutcomeKind.UPDATED] == kinds(world.bot()), (
        "a growing batch is a commit on top, not a merge"
    )
    assert {ONE, TWO, THREE} == world.new_in(2)
    world.hub.squash(2)
    assert [] == kinds(world.bot())


def test_nothing_is_opened_again_if_no_commit_may_be_pushed(world: World):
    world.announce(1)
    world.bot()
    world.announce(2)
    refused = json.dumps({"message": RULE, "status": "422"}).encode()
    world.hub.has_graphql = False
    world.server.server.always = lambda request: (
        Response(422, refused, {"Content-Type": "application/json"})
        if request.method == "PATCH" and "/git/refs/" in request.path
        else None
    )
    report = world.bot()

    assert [OutcomeKind.FAILED] == kinds(report)
    assert [1] == world.open
