"""Less obvious things that people do to a batch on the test GitHub."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.core.model import OutcomeKind
from bot.pipeline import run
from tests.life.world import LIST, World, kinds, reasons
from tests.servers.github import GitHubServer
from tests.servers.http import Misfortune, Request, Response

ONE, TWO, THREE = (f"2510.{number:05}" for number in (1, 2, 3))


@pytest.fixture
def world() -> Iterator[World]:
    with GitHubServer({"README.md": LIST.encode()}) as server:
        yield World(server)


def rules(world: World, **settings: object) -> None:
    block = world.config.pull_request.model_copy(update=settings)
    world.config = world.config.model_copy(update={"pull_request": block})


def test_a_label_is_recognised_in_any_case(world: World):
    for name in ("Arxiv-Bot:Hold", "Arxiv-Bot:Later", "Arxiv-Bot:Rebuild"):
        world.hub.labels[name.casefold()] = name
    world.announce(1)
    world.bot()
    world.hub.label(1, "arxiv-bot:hold")
    world.announce(2)
    world.bot()
    assert {ONE} == world.new_in(1)

    world.hub.unlabel(1, "arxiv-bot:hold")
    world.hub.push(b"Mine.\n", branch=world.hub.pull(1).branch)
    world.hub.label(1, "arxiv-bot:rebuild")
    world.bot()
    assert {ONE} == world.new_in(1)
    assert ["arxiv-bot"] == world.hub.pull(1).labels

    world.hub.label(1, "arxiv-bot:later")
    world.hub.close(1)
    assert "snoozed by a maintainer" == reasons(world.bot())[ONE][0]


def test_a_label_that_the_repository_writes_in_another_case_is_added_once(world: World):
    world.hub.labels["papers"] = "papers"
    rules(world, labels=("Papers",), reviewers=("maintainer",))
    world.announce(1)
    world.bot()
    start = len(world.server.asked)

    assert [] == kinds(world.bot())
    assert ["papers"] == world.hub.pull(1).labels
    assert all(request.startswith("GET") for request in world.server.asked[start:])
    world.hub.unlabel(1, "papers")
    assert [] == kinds(world.bot())


def test_a_merge_of_the_default_branch_that_brings_another_file_freezes(world: World):
    world.announce(1)
    world.bot()
    world.hub.push_base(LIST.replace("Please do.", "Please do, soon.").encode())
    world.hub.update_branch(1, files={"notes.md": b"Mine.\n"})
    world.hub.untick(1, ONE)
    before = world.hub.state()
    report = world.bot()

    assert [OutcomeKind.FROZEN] == kinds(report)
    assert report.outcomes[0].detail.startswith("a person pushed to its branch")
    assert before == world.hub.state()


def test_update_branch_does_not_freeze_a_batch_that_the_bot_rebuilt_on_a_newer_list(world: World):
    world.announce(1)
    world.bot()
    world.hub.push_base(LIST.replace("Please do.", "Please do, soon.").encode())
    world.announce(2)
    assert [OutcomeKind.UPDATED] == kinds(world.bot())
    world.hub.push_base(LIST.replace("Please do.", "Please do, now.").encode())
    world.hub.update_branch(1)
    world.announce(3)

    assert [OutcomeKind.UPDATED] == kinds(world.bot())
    assert {ONE, TWO, THREE} == world.new_in(1)


def test_a_batch_of_papers_added_by_hand_is_closed_after_update_branch_too(world: World):
    world.announce(1)
    world.bot()
    world.hub.push_base(world.hub.read(branch=world.hub.pull(1).branch))
    world.hub.update_branch(1)

    assert [OutcomeKind.CLOSED] == kinds(world.bot())


def test_a_batch_with_auto_merge_is_merged_as_the_person_saw_it(world: World):
    world.announce(1)
    world.bot()
    world.hub.merge_when_ready(1)
    world.hub.untick(1, ONE)
    world.announce(2)
    before = world.hub.pull(1).body
    report = world.bot()

    assert [OutcomeKind.FROZEN, OutcomeKind.CREATED] == kinds(report)
    assert report.outcomes[0].detail.startswith("auto-merge is on")
    assert {ONE} == world.new_in(1)
    assert {TWO} == world.new_in(2)
    assert before == world.hub.pull(1).body


def test_a_batch_with_auto_merge_set_during_a_run_is_left_alone(world: World):
    world.announce(1)
    world.bot()
    world.announce(2)

    def interfere(request: Request) -> Misfortune | None:
        if request.path.endswith("/reviews"):
            world.hub.merge_when_ready(1)
        return None

    world.server.server.always = interfere
    report = world.bot()

    assert [OutcomeKind.RACE_LOST] == kinds(report)
    assert {ONE} == world.new_in(1)


def test_a_batch_labelled_during_a_run_is_left_alone_whatever_the_case_of_the_label(world: World):
    world.hub.labels["arxiv-bot:hold"] = "Arxiv-Bot:Hold"
    world.announce(1)
    world.bot()
    world.announce(2)

    def interfere(request: Request) -> Misfortune | None:
        if request.path.endswith("/reviews"):
            world.hub.label(1, "arxiv-bot:hold")
        return None

    world.server.server.always = interfere

    assert [OutcomeKind.RACE_LOST] == kinds(world.bot())
    assert {ONE} == world.new_in(1)


def test_papers_held_back_are_found_again_even_if_a_later_batch_lost_its_marker(world: World):
    rules(world, max_items=1, max_open=1)
    world.announce(1, 2, 3)
    world.bot()
    world.hub.merge(1)
    world.wait(60)
    world.bot()
    world.hub.edit_body(2, "All mine now.")
    world.hub.merge(2)
    world.bot()
    world.hub.merge(3)

    assert {ONE, TWO, THREE} <= set(world.listed())


@pytest.mark.parametrize("largest_patch", [0, 100_000])
def test_an_entry_that_contains_a_line_separator_is_recognised(world: World, largest_patch: int):
    world.hub.largest_patch = largest_patch
    world.announce(1)
    entry = f"- [RLAIF,\u2028Part 1](https://arxiv.org/abs/{ONE})\n"
    content = LIST.replace("### 2025\n\n", f"### 2025\n\n{entry}").encode()
    world.hub.open_pull(content, branch="theirs", title="Theirs", fork="someone/fork")
    report = world.bot()

    assert [] == kinds(report)
    assert ("already in someone's pull request", "already in #1") == reasons(report)[ONE]


def test_a_pull_request_whose_reviewers_are_refused_is_still_reported(world: World):
    rules(world, reviewers=("stranger",))
    refusal = Response(422, b'{"message":"Reviews may only be requested from collaborators."}')
    world.server.server.always = lambda request: refusal if "reviewers" in request.path else None
    world.announce(1)
    (outcome,) = world.bot().outcomes

    assert (OutcomeKind.FAILED, 1) == (outcome.kind, outcome.number)
    assert "pull_request.reviewers" in outcome.failure


@pytest.mark.parametrize("note", ["Thanks!", "Thanks!\n\n", "> Thanks!\r\n"])
def test_declined_papers_stay_declined_when_a_person_writes_above_the_text(world: World, note: str):
    world.announce(1, 2)
    world.bot()
    world.hub.untick(1, ONE)
    world.bot()
    assert {TWO} == world.new_in(1)
    world.hub.edit_body(1, note + world.hub.pull(1).body)
    before = world.hub.state()
    report = world.bot()

    assert [] == kinds(report)
    assert ("declined before", "unticked in #1") == reasons(report)[ONE]
    assert before == world.hub.state()
    world.announce(3)
    world.bot()
    assert {THREE} == world.new_in(2)


def test_a_stranger_who_writes_the_bots_text_below_a_note_declines_nothing(world: World):
    """The name of the branch does not help either, because a branch of a fork is never the bot's."""
    world.announce(1, 2)
    world.bot()
    ours = world.hub.pull(1)
    forged = ours.body.replace("- [x]", "- [ ]")
    assert forged != ours.body
    for note in ("", "Thanks!\n\n"):
        world.hub.open_pull(
            LIST.encode(), branch=ours.branch, title="x", body=note + forged, fork="someone/fork"
        )
    before = world.hub.state()

    assert [] == kinds(world.bot())
    assert before == world.hub.state()
    world.hub.close(2)
    world.hub.close(3)
    assert {"already in an open batch"} == {why for why, _ in reasons(world.bot()).values()}


def test_declined_papers_stay_declined_when_a_person_rewrites_the_text(world: World):
    world.announce(1, 2)
    world.bot()
    world.hub.untick(1, ONE)
    world.bot()
    world.hub.edit_body(1, "All mine now.")
    report = world.bot()

    assert [] == kinds(report)
    assert ("declined before", "unticked in #1") == reasons(report)[ONE]


def test_snoozed_papers_that_no_longer_match_are_not_searched_forever(world: World):
    world.announce(1)
    world.bot()
    world.hub.label(1, "arxiv-bot:later")
    world.hub.close(1)
    world.hub.push_base(
        LIST.replace(
            "### 2025\n\n", "### 2025\n\n- [RLAIF, Part 1](https://a.example/1)\n"
        ).encode()
    )
    world.wait(200)
    world.announce(2)
    world.bot()
    assert {TWO} == world.new_in(2)
    world.wait(10)

    assert world.now - world.bot().window.since < timedelta(days=40)


def test_a_run_up_to_the_end_of_its_own_day_does_not_skip_the_rest_of_it(world: World):
    world.announce(1)
    now = world.now
    until = now + timedelta(hours=17)
    report = run(world.config, sources=[world.arxiv], forge=world.forge(), now=now, until=until)

    assert now == report.window.until
    assert now.isoformat() == world.marker_of(1)["resume"]


def test_update_branch_does_not_freeze_if_the_list_changed_two_lines_away(world: World):
    world.announce(1)
    world.bot()
    world.hub.push_base(LIST.replace("### 2025", "### Year 2025").encode())
    world.hub.update_branch(1)
    world.announce(2)
    report = world.bot()

    assert [OutcomeKind.UPDATED] == kinds(report)
    assert {ONE, TWO} == world.new_in(1)
