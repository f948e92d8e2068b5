"""Papers under "Perhaps", which a person can tick, in the life of a batch."""

from collections.abc import Callable, Iterator

import pytest

from bot.core.arxiv_id import ArxivId
from bot.core.model import OutcomeKind
from bot.tools.single_papers import propose
from tests.life.scenarios import ONE, TWO, UNSURE
from tests.life.scenarios import UNSURE_TOO as ALSO
from tests.life.world import LIST, World, kinds, reasons
from tests.servers.github import GitHubServer

Make = Callable[..., World]


@pytest.fixture
def make() -> Iterator[Make]:
    with GitHubServer({"README.md": LIST.encode()}) as server:
        yield lambda **options: World(server, **options)


@pytest.fixture
def world(make: Make) -> World:
    """A world with a batch of two papers and two more to tick."""
    world = make()
    world.announce(1, 2)
    world.announce_unsure(31, 32)
    world.bot()
    return world


def rests(world: World) -> bool:
    before, start = world.hub.state(), len(world.server.asked)
    world.bot()
    return before == world.hub.state() and 4 == len(world.server.asked) - start


def test_papers_under_perhaps_have_open_boxes_and_are_not_in_the_branch(world: World):
    assert {ONE: True, TWO: True, UNSURE: False, ALSO: False} == world.text_of(1)
    assert {ONE, TWO} == world.new_in(1)
    assert rests(world)


def test_ticked_papers_are_added_and_the_text_says_by_whose_answer(world: World):
    world.hub.tick(1, UNSURE)

    assert [OutcomeKind.UPDATED] == kinds(world.bot())
    assert {ONE, TWO, UNSURE} == world.new_in(1)
    assert {ONE: True, TWO: True, UNSURE: True, ALSO: False} == world.text_of(1)
    assert "**Added after your answer of 20 October 2025.**" in world.hub.pull(1).body
    assert rests(world)


def test_ticking_and_unticking_before_a_run_changes_nothing(world: World):
    world.hub.tick(1, UNSURE)
    world.hub.untick(1, UNSURE)

    assert rests(world)


def test_papers_added_and_then_unticked_are_declined(world: World):
    world.hub.tick(1, UNSURE)
    world.bot()
    world.hub.untick(1, UNSURE)
    world.bot()

    assert {ONE, TWO} == world.new_in(1)
    assert {ONE: True, TWO: True, ALSO: False, UNSURE: False} == world.text_of(1)
    assert f"<!-- {UNSURE} --> **[A Paper, Part 31]" in world.hub.pull(1).body
    assert "removed after your answer of 20 October 2025" in world.hub.pull(1).body
    assert ("declined before", "unticked in #1") == reasons(world.bot())[UNSURE]


@pytest.mark.parametrize("end", ["merge", "close"])
def test_papers_left_unticked_are_passed_over_and_not_shown_again(world: World, end: str):
    getattr(world.hub, end)(1)
    world.announce(3)
    report = world.bot()

    assert ("shown before, and not ticked", "left unticked in #1") == reasons(report)[UNSURE]
    assert {"2510.00003": True} == world.text_of(2)
    assert rests(world)


def test_closing_declines_the_ticked_papers(world: World):
    world.hub.tick(1, UNSURE)
    world.hub.close(1)
    found = reasons(world.bot())

    assert ("declined before", "#1 was closed") == found[ONE] == found[UNSURE]
    assert ("shown before, and not ticked", "left unticked in #1") == found[ALSO]


def test_papers_ticked_and_merged_before_a_run_are_proposed_at_once(world: World):
    world.hub.tick(1, UNSURE)
    world.hub.merge(1)
    world.wait(90)  # so that only a look-up finds it
    report = world.bot()

    assert [OutcomeKind.CREATED] == kinds(report)
    assert {UNSURE} == world.new_in(2)
    assert "Asked for by a person, ticked in " in world.hub.pull(2).body
    assert rests(world)


def test_snoozed_papers_come_again_after_thirty_days(world: World):
    world.hub.label(1, "arxiv-bot:later")
    world.hub.close(1)
    world.wait(31)
    world.bot()

    assert {ONE: True, TWO: True, UNSURE: False, ALSO: False} == world.text_of(2)


def test_new_papers_to_tick_change_only_the_text_of_an_open_batch(world: World):
    head = world.hub.tip(world.hub.pull(1).branch)
    world.announce_unsure(33)

    assert [OutcomeKind.UPDATED] == kinds(world.bot())
    assert head == world.hub.tip(world.hub.pull(1).branch)
    assert world.text_of(1)["2510.00033"] is False
    assert rests(world)


def test_a_batch_with_only_papers_to_tick_stays_open(world: World):
    world.hub.untick(1, ONE)
    world.hub.untick(1, TWO)

    assert [OutcomeKind.UPDATED] == kinds(world.bot())
    assert set() == world.new_in(1)
    assert "**No paper is in this pull request yet.**" in world.hub.pull(1).body
    world.hub.tick(1, ALSO)
    world.bot()
    assert {ALSO} == world.new_in(1)


def test_papers_to_tick_open_no_pull_request_and_wait_for_the_next(make: Make):
    world = make()
    world.announce_unsure(31)
    report = world.bot()

    assert [] == kinds(report)
    assert "waits to be shown under Perhaps" == reasons(report)[UNSURE][0]
    world.announce(1)
    world.bot()
    assert {ONE: True, UNSURE: False} == world.text_of(1)


def test_papers_to_tick_open_a_pull_request_if_configured(make: Make):
    world = make(perhaps_alone=True)
    world.announce_unsure(31)

    assert [OutcomeKind.CREATED] == kinds(world.bot())
    assert {UNSURE: False} == world.text_of(1)
    assert rests(world)
    world.hub.tick(1, UNSURE)
    world.bot()
    assert {UNSURE} == world.new_in(1)


def test_papers_to_tick_wait_at_most_thirty_days(make: Make):
    world = make()
    world.announce_unsure(31)
    world.bot()
    world.wait(31)
    report = world.bot()

    assert [] == [
        decision for decision in report.held if str(decision.candidate.paper.id) == UNSURE
    ]


def test_papers_to_tick_wait_if_there_is_no_room(make: Make):
    world = make(max_perhaps=1)
    world.announce(1)
    world.announce_unsure(31)
    world.bot()
    world.announce_unsure(32)
    report = world.bot()

    assert ("waits to be shown under Perhaps", "at most 1 at a time") == reasons(report)[ALSO]
    assert {ONE: True, UNSURE: False} == world.text_of(1)


def test_a_second_run_shows_no_more_papers_to_tick_in_another_batch(make: Make):
    world = make(max_items=1, max_perhaps=1)
    world.announce(1, 2)
    world.announce_unsure(31, 32)
    world.bot()

    assert [{ONE: True}, {TWO: True, ALSO: False}] == sorted(
        (world.text_of(1), world.text_of(2)), key=len
    )
    assert rests(world)


def test_a_pull_request_for_one_paper_shows_no_papers_to_tick(make: Make):
    world = make(mode="paper")
    world.announce(1)
    world.announce_unsure(31)
    report = world.bot()

    assert {ONE: True} == world.text_of(1)
    assert "score below the threshold, among the next best" == reasons(report)[UNSURE][0]
    assert [UNSURE] == world.marker_of(1)["noted"]
    assert rests(world)


def test_a_paper_that_no_pull_request_can_show_is_noted_in_the_next_pull_request(make: Make):
    world = make(mode="paper", max_open=1)
    world.announce_unsure(31)
    world.bot()
    world.announce(1)
    world.bot()
    world.hub.merge(1)
    world.announce(2)
    world.announce_unsure(32)
    report = world.bot()

    noted = "not sure enough for a pull request of its own"
    assert (noted, "noted in #1") == reasons(report)[UNSURE]
    assert (noted, "noted in #2") == reasons(world.bot())[ALSO]
    assert [ALSO] == world.marker_of(2)["noted"]


def test_a_rewritten_text_keeps_the_noted_papers(make: Make):
    world = make(mode="paper")
    world.announce(1)
    world.announce_unsure(31)
    world.bot()
    world.hub.label(1, "arxiv-bot:rebuild")

    assert [OutcomeKind.UPDATED] == kinds(world.bot())
    assert [UNSURE] == world.marker_of(1)["noted"]


def test_a_noted_paper_gets_a_pull_request_if_a_person_asks_for_it(make: Make):
    world = make(mode="paper")
    world.announce(1)
    world.announce_unsure(31)
    world.bot()
    report = propose(
        world.config,
        ArxivId(UNSURE),
        sources=[world.arxiv],
        of="search",
        forge=world.forge(),
        now=world.now,
    )

    assert [OutcomeKind.CREATED] == kinds(report)
    assert {UNSURE} == world.new_in(2)
    assert ("already in an open batch", "#2") == reasons(world.bot())[UNSURE]
