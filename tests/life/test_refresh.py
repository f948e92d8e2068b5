"""The life of a refresh on the test GitHub, one event at a time."""

from collections.abc import Iterator

import pytest

from bot.core.arxiv_id import ArxivId
from bot.core.config import FurtherListBlock
from bot.core.model import OutcomeKind
from bot.pipeline import run
from bot.refresh.model import RefreshReport
from bot.refresh.run import refresh
from tests.life.refreshing import (
    AUTHORS,
    LACKING,
    LIST,
    RENAMED,
    UNKNOWN,
    WITHDRAWN,
    RefreshWorld,
    entry,
)
from tests.life.world import Stream, paper, reasons
from tests.servers.github import GitHubServer

ONE, TWO, THREE = (f"{name}/authors" for name in LACKING)


@pytest.fixture
def world() -> Iterator[RefreshWorld]:
    with GitHubServer({"README.md": LIST.encode()}) as server:
        yield RefreshWorld(server)


def kinds(report: RefreshReport) -> list[OutcomeKind]:
    return [outcome.kind for outcome in report.outcomes]


def filled(*names: str) -> str:
    """The list with the authors of these papers filled in."""
    text = LIST
    for name in names:
        line = next(line for line in LIST.splitlines(keepends=True) if name in line)
        text = text.replace(line + UNKNOWN, line + AUTHORS)
    return text


def proposed(world: RefreshWorld, number: int) -> str:
    return world.hub.read(branch=world.hub.pull(number).branch).decode()


def test_missing_facts_are_proposed_and_all_other_bytes_stay(world: RefreshWorld):
    report = world.bot()
    pull = world.hub.pull(1)

    assert [OutcomeKind.CREATED] == kinds(report)
    assert {ONE: True, TWO: True, THREE: True} == world.changes_in(1)
    assert filled(*LACKING) == proposed(world, 1)
    assert "Refresh the list from arXiv: 3 changes" == pull.title
    assert pull.branch.startswith("arxiv-bot/refresh-")
    assert ["arxiv-bot"] == pull.labels


def test_a_second_run_changes_nothing(world: RefreshWorld):
    world.bot()
    before = world.hub.state()
    start = len(world.server.asked)

    assert [] == kinds(world.bot())
    assert before == world.hub.state()
    assert all(request.startswith("GET") for request in world.server.asked[start:])


def test_an_unticked_change_is_removed_and_never_proposed_again(world: RefreshWorld):
    world.bot()
    world.untick_change(1, TWO)

    assert [OutcomeKind.UPDATED] == kinds(world.bot())
    assert {ONE: True, TWO: False, THREE: True} == world.changes_in(1)
    assert filled(LACKING[0], LACKING[2]) == proposed(world, 1)
    world.hub.merge(1)
    report = world.bot()
    assert [] == kinds(report)
    assert ["declined before"] == [change.state.value for change in report.changes]


def test_unticking_and_ticking_again_restores_the_change(world: RefreshWorld):
    world.bot()
    world.untick_change(1, TWO)
    world.bot()
    body = world.hub.pull(1).body
    world.hub.edit_body(1, body.replace("- [ ]", "- [x]"))

    assert [OutcomeKind.UPDATED] == kinds(world.bot())
    assert filled(*LACKING) == proposed(world, 1)


def test_closing_declines_all_changes_but_not_other_values(world: RefreshWorld):
    world.bot()
    world.hub.close(1)
    assert [] == kinds(world.bot())
    world.say(LACKING[0], authors=("Ada Lovelace", "Alan Turing", "Grace Hopper"))
    world.bot()

    assert {ONE: True} == world.changes_in(2)
    assert "Alan Turing, Grace Hopper\n" in proposed(world, 2)


def test_a_snoozed_refresh_is_proposed_again_after_thirty_days(world: RefreshWorld):
    world.bot()
    world.hub.label(1, "arxiv-bot:later")
    world.hub.close(1)
    assert [] == kinds(world.bot())
    world.wait(31)
    world.bot()

    assert {ONE, TWO, THREE} == set(world.changes_in(2))


def test_after_merging_the_next_run_sends_few_requests_and_changes_nothing(world: RefreshWorld):
    world.bot()
    world.hub.merge(1)
    start = len(world.server.asked)
    report = world.bot()

    assert [] == kinds(report)
    assert () == report.changes
    assert 4 >= len(world.server.asked[start:])


def test_a_change_removed_by_a_person_before_merging_is_declined(world: RefreshWorld):
    world.bot()
    branch = world.hub.pull(1).branch
    world.hub.push(filled(LACKING[0]).encode(), branch=branch)
    world.hub.merge(1)
    report = world.bot()

    assert [] == kinds(report)
    assert {"removed from #1"} == {change.detail for change in report.changes}


def test_a_push_by_a_person_freezes_the_batch(world: RefreshWorld):
    world.bot()
    branch = world.hub.pull(1).branch
    world.hub.push(filled(*LACKING).replace("Ada", "Augusta Ada").encode(), branch=branch)
    world.untick_change(1, ONE)
    world.withdraw()
    before = world.hub.state()
    report = world.bot()

    assert [OutcomeKind.FROZEN] == kinds(report)
    assert "a person pushed to its branch" in report.outcomes[0].detail
    assert before == world.hub.state()
    answers = {
        str(change.change.id).rpartition("/")[0]: change.state.value for change in report.changes
    }
    assert "waiting for room" == answers[f"{WITHDRAWN}/withdrawal"]


def test_the_rebuild_label_gives_the_batch_back_to_the_bot(world: RefreshWorld):
    world.bot()
    world.hub.push(b"Mine.\n", branch=world.hub.pull(1).branch)
    world.hub.label(1, "arxiv-bot:rebuild")
    world.bot()

    assert filled(*LACKING) == proposed(world, 1)
    assert ["arxiv-bot"] == world.hub.pull(1).labels


def test_update_branch_freezes_nothing(world: RefreshWorld):
    world.bot()
    changed = LIST.replace("Please do.", "Please do so.")
    world.hub.push_base(changed.encode())
    world.hub.update_branch(1)
    world.withdraw()

    assert [OutcomeKind.UPDATED] == kinds(world.bot())
    assert f"{WITHDRAWN}/withdrawal" in world.changes_in(1)


def test_a_batch_is_rebuilt_only_if_the_list_has_changed_next_to_its_entries(
    world: RefreshWorld,
):
    world.bot()
    world.hub.push_base(LIST.replace("Please do.", "Please do so.").encode())
    assert [] == kinds(world.bot())
    world.hub.push_base(LIST.replace("Lacks Facts, Part 2", "Lacks No Facts, Part 2").encode())

    assert [OutcomeKind.UPDATED] == kinds(world.bot())
    assert "Lacks No Facts, Part 2" in proposed(world, 1)
    assert 8 == proposed(world, 1).count("Authors")


def test_changes_made_by_hand_leave_the_batch_and_an_empty_batch_is_closed(world: RefreshWorld):
    world.bot()
    world.hub.push_base(filled(LACKING[1]).encode())
    world.bot()
    assert {ONE: True, THREE: True} == world.changes_in(1)
    world.hub.push_base(filled(*LACKING).encode())
    report = world.bot()

    assert [OutcomeKind.CLOSED] == kinds(report)
    assert "Closed by the bot" in world.hub.pull(1).body
    assert [] == kinds(world.bot())


def test_a_new_title_is_proposed_if_an_older_version_had_the_listed_one(world: RefreshWorld):
    world.rename("Judges Learning from What They Got Wrong")
    world.bot()

    assert f"{RENAMED}/title" in world.changes_in(1)
    old, new = (
        "Judges that Learn from Their Own Mistakes",
        "Judges Learning from What They Got Wrong",
    )
    assert filled(*LACKING).replace(old, new) == proposed(world, 1)
    world.hub.close(1)
    world.rename("Judges and What They Got Wrong")
    world.bot()
    assert {f"{RENAMED}/title": True} == world.changes_in(2)


def test_a_source_without_older_versions_withdraws_no_title_change(world: RefreshWorld):
    world.rename("Judges that Err")
    world.bot()
    before = world.hub.state()
    plain = Stream()
    plain.papers.extend(world.library.papers)
    report = refresh(
        world.config, source=plain, of="papers.jsonl", forge=world.forge(), now=world.now
    )

    assert f"{RENAMED}/title" in world.changes_in(1)
    assert [] == kinds(report)
    assert before == world.hub.state()


def test_a_title_that_no_version_had_is_left_alone(world: RefreshWorld):
    world.rename("Judges Learning from What They Got Wrong")
    world.hub.push_base(LIST.replace("Their Own Mistakes", "Errors of Their Own").encode())
    report = world.bot()

    assert f"{RENAMED}/title" not in world.changes_in(1)
    assert [RENAMED] == [str(note.paper) for note in report.notes]


def test_a_withdrawn_paper_is_removed(world: RefreshWorld):
    world.withdraw()
    world.bot()
    gone = f"- [A Claim that Did Not Hold](https://arxiv.org/abs/{WITHDRAWN})\n{AUTHORS}"

    assert filled(*LACKING).replace(gone, "") == proposed(world, 1)
    assert "withdrawn by the authors" in world.hub.pull(1).body


def test_a_paper_that_cannot_be_looked_up_leaves_its_batch_unchanged(world: RefreshWorld):
    world.bot()
    world.untick_change(1, ONE)
    world.library.papers = [paper for paper in world.library.papers if str(paper.id) != LACKING[1]]
    before = world.hub.state()
    report = world.bot()

    assert [OutcomeKind.FAILED] == kinds(report)
    assert f"{LACKING[1]} could not be looked up" in report.outcomes[0].failure
    assert before == world.hub.state()


def test_a_text_that_lost_its_marker_is_recognised_by_its_commits(world: RefreshWorld):
    world.bot()
    world.hub.edit_body(1, "All mine now.")
    assert {"in an open pull request"} == {change.state.value for change in world.bot().changes}
    world.hub.close(1)

    assert {"#1 was closed"} == {change.detail for change in world.bot().changes}
    assert 1 == len(world.hub.pulls)


def test_a_declined_change_stays_declined_when_a_person_rewrites_the_text(world: RefreshWorld):
    world.bot()
    world.untick_change(1, TWO)
    world.bot()
    world.hub.edit_body(1, "All mine now.")
    report = world.bot()

    assert [] == kinds(report)
    states = {
        str(change.change.id).rpartition("/")[0]: change.state.value for change in report.changes
    }
    assert {ONE: "in an open pull request", TWO: "declined before"}.items() <= states.items()


def test_a_refresh_and_a_batch_of_papers_do_not_affect_each_other(world: RefreshWorld):
    world.bot()
    world.library.papers.append(paper(1))
    bot = world.forge
    papers = run(world.config, sources=[world.library], forge=bot(), now=world.now)
    refreshed = world.hub.pull(1).body

    assert [OutcomeKind.CREATED] == [outcome.kind for outcome in papers.outcomes]
    assert [] == kinds(world.bot())
    world.hub.close(1)
    again = run(world.config, sources=[world.library], forge=bot(), now=world.now)
    assert [] == [outcome.kind for outcome in again.outcomes]
    reasons = {
        str(decision.candidate.paper.id): decision.reason.value for decision in again.decisions
    }
    assert "already in an open batch" == reasons["2510.00001"]
    assert {"already in an open batch", "already in the list"} == set(reasons.values())
    world.hub.merge(2)
    assert [] == kinds(world.bot())
    assert refreshed == world.hub.pull(1).body
    assert str(ArxivId("2510.00001")) in world.listed()


def test_a_paper_that_a_person_adds_to_its_branch_is_not_proposed_again(world: RefreshWorld):
    world.bot()
    world.library.papers.append(paper(1))
    branch = world.hub.pull(1).branch
    added = filled(*LACKING).replace("\n### 2024", f"{entry('2510.00001', 'Mine')}\n### 2024")
    world.hub.push(added.encode(), branch=branch)
    papers = run(world.config, sources=[world.library], forge=world.forge(), now=world.now)

    assert () == papers.outcomes
    found = reasons(papers)
    assert ("already in someone's pull request", "already in #1") == found["2510.00001"]
    assert {"already in the list"} == {
        reason for name, (reason, _) in found.items() if name != "2510.00001"
    }


def test_an_orphan_branch_of_a_refresh_is_not_a_batch_of_papers(world: RefreshWorld):
    world.hub.may_open_pulls = False
    assert [OutcomeKind.FAILED] == kinds(world.bot())
    world.hub.may_open_pulls = True
    papers = run(world.config, sources=[world.library], forge=world.forge(), now=world.now)
    assert [] == [outcome.kind for outcome in papers.outcomes]

    assert [OutcomeKind.CREATED] == kinds(world.bot())
    assert {ONE, TWO, THREE} == set(world.changes_in(1))


def test_changes_in_two_files_of_a_list_are_one_pull_request():
    files = {"README.md": filled(LACKING[0]).encode(), "page.md": LIST.encode()}
    with GitHubServer(files) as server:
        world = RefreshWorld(server)
        page = FurtherListBlock(path="page.md", topics=("RLAIF",))
        world.config = world.config.model_copy(update={"lists": (page,)})
        report = world.bot()

        assert [OutcomeKind.CREATED] == kinds(report)
        assert {ONE: True, TWO: True, THREE: True} == world.changes_in(1)
        assert filled(*LACKING) == proposed(world, 1)
        branch = world.hub.pull(1).branch
        assert filled(*LACKING) == world.hub.read("page.md", branch).decode()
        assert "of page.md" in world.hub.pull(1).body
        world.hub.merge(1)
        assert [] == kinds(world.bot())
