"""The life of a batch on the test GitHub, one event at a time."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.core.model import OutcomeKind
from tests.life.world import LIST, START, World, kinds, paper, reasons
from tests.servers.github import GitHubServer
from tests.servers.http import Fault, Response

ONE, TWO, THREE, FOUR = (f"2510.{number:05}" for number in (1, 2, 3, 4))


@pytest.fixture
def world() -> Iterator[World]:
    with GitHubServer({"README.md": LIST.encode()}) as server:
        yield World(server)


def asked_in(world: World, start: int) -> list[str]:
    return world.server.asked[start:]


def test_a_batch_grows_until_it_is_full(world: World):
    world.announce(1, 2)
    world.bot()
    world.announce(3)
    report = world.bot()

    assert [OutcomeKind.UPDATED] == kinds(report)
    assert [1] == world.open
    assert {ONE, TWO, THREE} == world.new_in(1) == set(world.text_of(1))
    assert "Add 3 papers from arXiv" == world.hub.pull(1).title
    assert (
        world.hub.git.resolve(f"refs/heads/{world.hub.pull(1).branch}")
        == world.marker_of(1)["head"]
    )


def test_papers_without_room_go_to_a_second_batch_and_then_wait(world: World):
    world.config = world.config.model_copy(
        update={"pull_request": world.config.pull_request.model_copy(update={"max_items": 2})}
    )
    world.announce(1, 2, 3)
    first = world.bot()
    world.announce(4)
    second = world.bot()
    world.announce(5)
    third = world.bot()

    assert [OutcomeKind.CREATED, OutcomeKind.CREATED] == kinds(first)
    assert [1, 2] == world.open
    assert {TWO, THREE} == world.new_in(1)
    assert {ONE, FOUR} == world.new_in(2)
    assert [OutcomeKind.UPDATED] == kinds(second)
    assert [] == kinds(third)
    assert (
        "as many batches are open as the limit allows",
        "at most 2 pull requests at a time, with at most 2 papers each",
    ) == reasons(third)["2510.00005"]


def test_a_quiet_run_sends_four_requests_and_changes_nothing(world: World):
    world.announce(1)
    world.bot()
    before, start = world.hub.state(), len(world.server.asked)
    report = world.bot()

    assert [] == kinds(report)
    assert before == world.hub.state()
    assert 4 == len(asked_in(world, start))


def test_a_change_elsewhere_in_the_list_changes_no_batch(world: World):
    world.announce(1)
    world.bot()
    world.hub.push_base(LIST.replace("Please do.", "Please do, soon.").encode())
    before, start = world.hub.state(), len(world.server.asked)
    world.bot()

    assert before == world.hub.state()
    assert 4 == len(asked_in(world, start))


def test_a_batch_in_conflict_is_rebuilt_on_the_newest_list(world: World):
    world.announce(1)
    world.bot()
    by_hand = "- [By Hand](https://arxiv.org/abs/2510.09999)\n"
    world.hub.push_base(LIST.replace("### 2025\n\n", f"### 2025\n\n{by_hand}").encode())
    report = world.bot()

    assert [OutcomeKind.UPDATED] == kinds(report)
    assert {ONE} == world.new_in(1)
    assert by_hand in world.hub.read(branch=world.hub.pull(1).branch).decode()
    world.hub.merge(1)
    assert [ONE, "2510.09999"] == sorted(set(world.listed()) & {ONE, "2510.09999"})


def test_a_rebuild_that_died_before_its_text_was_written_is_finished(world: World):
    world.announce(1)
    world.bot()
    by_hand = "- [By Hand](https://arxiv.org/abs/2510.09999)\n"
    world.hub.push_base(LIST.replace("### 2025\n\n", f"### 2025\n\n{by_hand}").encode())
    world.server.server.always = lambda request: (
        Fault.DROP_BEFORE if request.method == "PATCH" else None
    )
    assert [OutcomeKind.FAILED] == kinds(world.bot())
    world.server.server.always = None

    assert [OutcomeKind.UPDATED] == kinds(world.bot())
    assert world.hub.tip(world.hub.pull(1).branch) == world.marker_of(1)["head"]
    start = len(world.server.asked)
    world.bot()
    assert 4 == len(asked_in(world, start))


def test_two_batches_at_the_same_place_are_merged_one_after_the_other(world: World):
    world.config = world.config.model_copy(
        update={"pull_request": world.config.pull_request.model_copy(update={"max_items": 1})}
    )
    world.announce(1, 2)
    world.bot()
    world.bot()
    assert [1, 2] == world.open
    world.hub.merge(1)
    world.bot()
    world.hub.merge(2)

    assert {ONE, TWO} <= set(world.listed())


def test_an_unticked_paper_leaves_the_branch_and_its_box_stays_unticked(world: World):
    world.announce(1, 2)
    world.bot()
    world.hub.untick(1, ONE)
    report = world.bot()

    assert [OutcomeKind.UPDATED] == kinds(report)
    assert ("declined before", "unticked in #1") == reasons(report)[ONE]
    assert {TWO} == world.new_in(1)
    assert {ONE: False, TWO: True} == world.text_of(1)
    assert "Add 1 paper from arXiv" == world.hub.pull(1).title
    before = world.hub.state()
    world.bot()
    assert before == world.hub.state()


def test_ticking_again_restores_the_paper(world: World):
    world.announce(1, 2)
    world.bot()
    world.hub.untick(1, ONE)
    world.bot()
    body = world.hub.pull(1).body
    world.hub.edit_body(1, body.replace(f"- [ ] <!-- {ONE} -->", f"- [x] <!-- {ONE} -->"))
    world.bot()

    assert {ONE, TWO} == world.new_in(1)
    assert {ONE: True, TWO: True} == world.text_of(1)


def test_a_batch_with_every_box_unticked_is_closed_and_nothing_comes_back(world: World):
    world.announce(1, 2)
    world.bot()
    world.hub.untick(1, ONE)
    world.hub.untick(1, TWO)
    report = world.bot()

    assert [OutcomeKind.CLOSED] == kinds(report)
    assert "closed" == world.hub.pull(1).state
    again = world.bot()
    assert [] == kinds(again)
    assert {("declined before", "unticked in #1")} == set(reasons(again).values())


def test_a_batch_whose_papers_were_added_by_hand_is_closed_and_declines_nothing(world: World):
    world.announce(1)
    world.bot()
    by_hand = f"- [RLAIF, Part 1](https://arxiv.org/pdf/{ONE}v3)\n"
    world.hub.push_base(LIST.replace("### 2023\n\n", f"### 2023\n\n{by_hand}").encode())
    report = world.bot()

    assert [OutcomeKind.CLOSED] == kinds(report)
    world.hub.push_base(LIST.encode())
    assert ("relevant", "") == reasons(world.bot())[ONE]
    assert [2] == world.open


def push_a_line(world: World) -> None:
    branch = world.hub.pull(1).branch
    world.hub.push(world.hub.read(branch=branch) + b"\nA line.\n", branch=branch)


FROZEN = {
    "push": (push_a_line, "a person pushed to its branch"),
    "amend": (
        lambda world: world.hub.amend(
            1, world.hub.read(branch=world.hub.pull(1).branch) + b"\nA line.\n"
        ),
        "a person moved its branch",
    ),
    "review": (
        lambda world: world.hub.review(1, "CHANGES_REQUESTED", "maintainer"),
        "reviewed by maintainer",
    ),
    "hold": (lambda world: world.hub.label(1, "arxiv-bot:hold"), "labelled arxiv-bot:hold"),
    "text": (
        lambda world: world.hub.edit_body(1, world.hub.pull(1).body + "\nA note of mine.\n"),
        "a person edited its text",
    ),
}


@pytest.mark.parametrize("touch", list(FROZEN))
def test_a_batch_that_people_changed_is_left_alone_and_new_papers_go_elsewhere(
    world: World, touch: str
):
    act, why = FROZEN[touch]
    world.announce(1, 2)
    world.bot()
    act(world)
    world.hub.untick(1, ONE)
    before = world.hub.state()
    report = world.bot()

    assert before == world.hub.state()
    assert [OutcomeKind.FROZEN] == kinds(report)
    assert report.outcomes[0].detail.startswith(why)
    assert ("declined before", "unticked in #1") == reasons(report)[ONE]
    world.announce(3)
    world.bot()
    assert {THREE} == world.new_in(2)


def test_update_branch_does_not_freeze(world: World):
    world.announce(1)
    world.bot()
    world.hub.push_base(LIST.replace("Please do.", "Please do, soon.").encode())
    world.hub.update_branch(1)
    world.announce(2)
    report = world.bot()

    assert [OutcomeKind.UPDATED] == kinds(report)
    assert {ONE, TWO} == world.new_in(1)
    assert "soon" in world.hub.read(branch=world.hub.pull(1).branch).decode()


def test_a_conflict_resolved_by_a_person_freezes(world: World):
    world.announce(1)
    world.bot()
    by_hand = "- [By Hand](https://arxiv.org/abs/2510.09999)\n"
    changed = LIST.replace("### 2025\n\n", f"### 2025\n\n{by_hand}")
    world.hub.push_base(changed.encode())
    mine = f"- [Mine](https://arxiv.org/abs/{ONE})\n"
    world.hub.resolve(1, changed.replace(by_hand, by_hand + mine).encode())
    world.hub.untick(1, ONE)
    report = world.bot()

    assert [OutcomeKind.FROZEN] == kinds(report)


def test_the_rebuild_label_drops_a_persons_edits_and_is_removed(world: World):
    world.announce(1)
    world.bot()
    push_a_line(world)
    world.hub.label(1, "arxiv-bot:rebuild")
    report = world.bot()

    assert [OutcomeKind.UPDATED] == kinds(report)
    assert "A line." not in world.hub.read(branch=world.hub.pull(1).branch).decode()
    assert "arxiv-bot:rebuild" not in world.hub.pull(1).labels
    world.announce(2)
    world.bot()
    assert {ONE, TWO} == world.new_in(1)


def test_dropped_edits_do_not_freeze_a_batch_that_a_later_run_leaves_unfinished(world: World):
    world.announce(1)
    world.bot()
    push_a_line(world)
    world.hub.label(1, "arxiv-bot:rebuild")
    world.bot()
    world.announce(2)
    world.server.server.always = lambda request: (
        Fault.DROP_BEFORE if request.method == "PATCH" else None
    )
    assert [OutcomeKind.FAILED] == kinds(world.bot())
    world.server.server.always = None

    assert [OutcomeKind.UPDATED] == kinds(world.bot())
    assert {ONE, TWO} == world.new_in(1) == set(world.text_of(1))


def test_the_rebuild_label_drops_changes_to_other_files_too(world: World):
    world.announce(1)
    world.bot()
    branch = world.hub.pull(1).branch
    world.hub.push(b"Mine.\n", path="notes.md", branch=branch)
    world.hub.label(1, "arxiv-bot:rebuild")
    world.bot()

    assert {"README.md"} == set(world.hub.git.files(branch))
    assert {ONE} == world.new_in(1)


def test_closing_declines_and_reopening_makes_pending_and_growing_again(world: World):
    world.announce(1)
    world.bot()
    world.hub.close(1)
    assert ("declined before", "#1 was closed") == reasons(world.bot())[ONE]
    world.announce(2)
    world.bot()
    assert {TWO} == world.new_in(2)
    world.hub.reopen(1)
    world.announce(3)
    report = world.bot()

    assert ("already in an open batch", "#1") == reasons(report)[ONE]
    assert {ONE, THREE} == world.new_in(1)


def test_a_snoozed_batch_is_proposed_again_after_thirty_days(world: World):
    world.announce(1)
    world.bot()
    world.hub.label(1, "arxiv-bot:later")
    world.hub.close(1)
    assert "snoozed by a maintainer" == reasons(world.bot())[ONE][0]
    world.wait(31)
    world.bot()

    assert {ONE} == world.new_in(2)
    assert f"{world.hub.pull(1).branch}-2" == world.hub.pull(2).branch


def test_a_line_removed_before_merging_is_declined(world: World):
    world.announce(1, 2)
    world.bot()
    branch = world.hub.pull(1).branch
    lines = world.hub.read(branch=branch).splitlines(keepends=True)
    world.hub.push(b"".join(line for line in lines if ONE.encode() not in line), branch=branch)
    assert ("already in an open batch", "#1") == reasons(world.bot())[ONE]
    world.hub.squash(1)

    assert ("declined before", "removed from #1") == reasons(world.bot())[ONE]


def test_a_batch_whose_text_lost_its_marker_is_recognised_by_its_commits(world: World):
    world.announce(1)
    world.bot()
    world.hub.edit_body(1, "All mine now.")
    assert ("already in an open batch", "#1") == reasons(world.bot())[ONE]
    world.hub.close(1)

    assert ("declined before", "#1 was closed") == reasons(world.bot())[ONE]
    assert 1 == len(world.hub.pulls)


def test_a_title_that_a_person_changed_stays(world: World):
    world.announce(1)
    world.bot()
    world.hub.edit_title(1, "Mine")
    world.announce(2)
    world.bot()
    world.announce(3)
    world.bot()

    assert "Mine" == world.hub.pull(1).title
    assert {ONE, TWO, THREE} == world.new_in(1)


def test_papers_of_a_batch_older_than_the_window_are_looked_up(world: World):
    world.announce(1)
    world.bot()
    world.wait(60)
    world.announce(2)
    world.bot()
    world.wait(60)
    world.announce(3)
    world.bot()

    assert {ONE, TWO, THREE} == world.new_in(1)
    assert [ONE] == [str(paper_id) for paper_id in world.arxiv.asked_by_id]


def test_a_batch_that_cannot_be_looked_up_stays_unchanged_and_is_reported(world: World):
    world.announce(1, 2)
    world.bot()
    world.hub.untick(1, ONE)
    world.arxiv.is_down = True
    before = world.hub.state()
    report = world.bot()

    assert before == world.hub.state()
    assert [OutcomeKind.FAILED] == kinds(report)
    assert "could not be looked up: HTTP 503" in report.outcomes[0].failure
    world.arxiv.is_down = False
    world.bot()
    assert {TWO} == world.new_in(1)


def test_labels_that_a_dead_run_left_off_are_added_but_not_those_that_a_person_removed(
    world: World,
):
    world.announce(1)
    world.bot()
    world.hub.unlabel(1, "arxiv-bot")
    assert [] == kinds(world.bot())
    assert [] == world.hub.pull(1).labels

    world.hub.pull(1).events.clear()
    assert [OutcomeKind.LABELLED] == kinds(world.bot())
    assert ["arxiv-bot"] == world.hub.pull(1).labels


@pytest.mark.parametrize("is_refused", [True, False])
def test_the_next_run_requests_reviews_again_unless_github_refuses_them(is_refused: bool):
    refusal = Response(422, b'{"message":"Reviews may only be requested from collaborators."}')
    trouble = refusal if is_refused else Fault.DROP_BEFORE
    with GitHubServer({"README.md": LIST.encode()}) as server:
        world = World(server, reviewers=["maintainer"])
        world.announce(1)
        server.server.always = lambda request: trouble if "reviewers" in request.path else None
        report = world.bot()
        server.server.always = None
        labelled = list(world.hub.pull(1).labels)
        again = world.bot()

        assert [OutcomeKind.FAILED] == kinds(report)
        assert (["arxiv-bot"] if is_refused else []) == labelled
        assert ("pull_request.reviewers" in report.outcomes[0].failure) == is_refused
        assert ([] if is_refused else [OutcomeKind.LABELLED]) == kinds(again)
        assert ([] if is_refused else ["maintainer"]) == world.hub.pull(1).reviewers


def test_a_branch_without_a_pull_request_gets_one_even_if_more_papers_are_announced(world: World):
    world.announce(1)
    world.hub.may_open_pulls = False
    failed = world.bot()
    assert [OutcomeKind.FAILED] == kinds(failed)
    world.hub.may_open_pulls = True
    world.announce(2)
    world.bot()

    assert [1] == world.open
    assert {ONE, TWO} == world.new_in(1)
    assert 2 == len(world.hub.git.branches())


@pytest.mark.parametrize("has_graphql", [True, False])
def test_a_branch_is_moved_by_graphql_and_without_it_by_rest(world: World, has_graphql: bool):
    world.hub.has_graphql = has_graphql
    world.announce(1)
    world.bot()
    world.announce(2)
    world.bot()

    assert {ONE, TWO} == world.new_in(1)
    by_rest = [
        request
        for request in world.server.asked
        if request.startswith(("POST", "PATCH")) and "git/refs" in request
    ]
    assert (not has_graphql) == bool(by_rest)


def test_opening_a_pull_request_takes_eleven_requests(world: World):
    world.announce(1)
    world.bot()

    assert 11 == len(world.server.asked)


def test_enterprise_has_its_api_below_a_path(world: World):
    world.hub.api = f"{world.server.url}/api/v3"
    world.api = world.hub.api
    world.announce(1)
    world.bot()
    world.announce(2)
    world.bot()

    assert {ONE, TWO} == world.new_in(1)
    assert any("/api/graphql" in request for request in world.server.asked)


def test_one_pull_request_for_each_paper_is_rebuilt_and_never_grows():
    with GitHubServer({"README.md": LIST.encode()}) as server:
        world = World(server, mode="paper", max_open=5)
        world.announce(1, 2)
        world.bot()
        world.announce(3)
        world.bot()
        assert [1, 2, 3] == world.open
        world.hub.merge(1)
        world.bot()
        world.hub.merge(2)
        world.bot()
        world.hub.merge(3)
        world.bot()

        assert {ONE, TWO, THREE} <= set(world.listed())
        assert 3 == len(world.hub.pulls)


def test_a_later_start_of_the_window_leaves_no_gap(world: World):
    world.announce(1)
    world.bot()
    world.announce(2)
    world.wait(60)
    world.announce(3)
    world.bot(since=world.now - timedelta(days=10))
    assert {ONE, THREE} == world.new_in(1)
    world.bot()

    assert {ONE, TWO, THREE} == world.new_in(1)


def test_old_papers_without_room_do_not_make_every_run_search_years_back():
    with GitHubServer({"README.md": LIST.encode()}) as server:
        world = World(server, max_items=1, max_open=1)
        world.announce(1)
        world.bot()
        resume = world.marker_of(1)["resume"]
        world.hub.merge(1)
        world.arxiv.papers += [
            paper(number, month="2301", submitted=START - timedelta(days=1000)) for number in (2, 3)
        ]
        world.bot(since=START - timedelta(days=2000))

        assert [2] == world.open
        assert resume <= world.marker_of(2)["resume"]


def test_a_pull_request_lists_papers_of_one_score_in_the_order_of_the_report(world: World):
    world.announce(1, 2, 3)
    report = world.bot()

    shown = re.findall(r"<!-- (\S+) -->", world.hub.pull(1).body)
    assert [str(decision.candidate.paper.id) for decision in report.proposed] == shown
