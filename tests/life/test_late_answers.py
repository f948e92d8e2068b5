"""Late answers: the pull request is merged before a run applies them. Also the commit status until then."""

from collections.abc import Iterator

import pytest

from bot.core.model import OutcomeKind
from tests.life.scenarios import ONE, TWO
from tests.life.world import LIST, World, kinds, reasons
from tests.servers.github import GitHubServer


@pytest.fixture
def world() -> Iterator[World]:
    with GitHubServer({"README.md": LIST.encode()}) as server:
        yield World(server)


def unticked_and_merged(world: World) -> None:
    world.announce(1, 2)
    world.bot()
    world.hub.untick(1, ONE)
    world.hub.merge(1)


def test_papers_unticked_too_late_are_removed_by_a_pull_request_of_their_own(world: World):
    unticked_and_merged(world)
    assert ONE in world.listed()
    report = world.bot()

    assert [OutcomeKind.CREATED] == kinds(report)
    pull = world.hub.pull(2)
    assert {ONE} == set(world.listed()) - set(world.listed(pull.branch))
    assert "Remove 1 paper that you unticked" == pull.title
    assert "unticked in [#1](" in pull.body
    assert {ONE: True} == world.text_of(2)

    before = world.hub.state()
    assert [] == kinds(world.bot())
    assert before == world.hub.state()
    world.hub.merge(2)
    assert LIST.encode() == world.hub.read().replace(entry(TWO), b"")
    assert [] == kinds(world.bot())
    assert ("declined before", "unticked in #1") == reasons(world.bot())[ONE]


def entry(name: str) -> bytes:
    return f"- [RLAIF, Part {name[-1]}](https://arxiv.org/abs/{name})\n".encode()


@pytest.mark.parametrize("answer", ["close", "untick"])
def test_a_person_who_keeps_the_paper_is_asked_once(world: World, answer: str):
    unticked_and_merged(world)
    world.bot()
    if answer == "close":
        world.hub.close(2)
    else:
        world.hub.untick(2, ONE)
    world.bot()
    before = world.hub.state()
    world.bot()

    assert before == world.hub.state()
    assert [] == world.open
    assert ONE in world.listed()


def test_ticking_the_paper_again_keeps_it(world: World):
    unticked_and_merged(world)
    world.bot()
    world.hub.tick(1, ONE)

    assert [OutcomeKind.CLOSED] == kinds(world.bot())
    assert [] == kinds(world.bot())
    assert ONE in world.listed()


def test_a_paper_removed_by_hand_needs_no_pull_request(world: World):
    unticked_and_merged(world)
    world.bot()
    world.hub.push_base(world.hub.read().replace(entry(ONE), b""))

    assert [OutcomeKind.CLOSED] == kinds(world.bot())
    assert [] == kinds(world.bot())


def test_the_status_says_whether_the_branch_has_the_ticked_papers(world: World):
    world.announce(1, 2)
    world.bot()
    first = world.hub.tip(world.hub.pull(1).branch)
    assert ["success"] == states(world, first)
    world.hub.untick(1, ONE)
    world.bot()
    second = world.hub.tip(world.hub.pull(1).branch)

    assert ["success", "pending"] == states(world, first)
    assert ["success"] == states(world, second)


def test_a_frozen_branch_shows_that_an_answer_waits(world: World):
    world.announce(1, 2)
    world.bot()
    world.hub.label(1, "arxiv-bot:hold")
    world.hub.untick(1, ONE)
    world.bot()

    assert "pending" == states(world, world.hub.tip(world.hub.pull(1).branch))[-1]


def test_everything_else_works_if_the_token_may_not_write_statuses(world: World):
    world.hub.may_write_statuses = False
    world.announce(1, 2)
    world.bot()
    world.hub.untick(1, ONE)

    assert [OutcomeKind.UPDATED] == kinds(world.bot())
    assert {TWO} == world.new_in(1)


def states(world: World, sha: str) -> list[str]:
    return [status["state"] for status in world.hub.statuses.get(sha, ())]
