"""The life of a batch whose papers go to several files of one list."""

from collections.abc import Iterator

import pytest

from bot.core.errors import ListError
from bot.core.model import OutcomeKind
from bot.proposals.marker import parse_marker
from tests.life.several import ARCHIVE, BY_HAND, FIVE, JUDGES, OTHERS, PAGE, SIX, SeveralWorld
from tests.life.test_batch import ONE, THREE, TWO
from tests.life.world import LIST, World, kinds, reasons
from tests.servers.github import GitHubServer


@pytest.fixture
def world() -> Iterator[SeveralWorld]:
    files = {"README.md": LIST, **OTHERS}
    with GitHubServer({path: text.encode() for path, text in files.items()}) as server:
        yield SeveralWorld(server)


def test_papers_go_to_the_file_of_their_topic_in_one_commit_of_one_pull_request(
    world: SeveralWorld,
):
    world.announce(1, 90)
    world.announce_judges(5)
    report = world.bot()

    (pull,) = world.hub.pulls
    commits = world.hub.git.commits(f"{world.hub.branch}..refs/heads/{pull.branch}")
    assert {ONE} == world.new_in(1)
    assert {FIVE} == world.new_in(1, JUDGES)
    assert 1 == len(commits)
    assert "Add 2 papers from arXiv" == pull.title
    assert "from arXiv, best first, may belong in" in pull.body
    assert "`README.md`" in pull.body
    assert f"`{JUDGES}`" in pull.body
    assert f"→ *{JUDGES} / Judges*" in pull.body
    assert f"b/{JUDGES}" in report.outcomes[0].diff
    assert "b/README.md" in report.outcomes[0].diff
    assert "archive" not in report.outcomes[0].diff
    row = "| [LLM Judges, Part 5](https://arxiv.org/abs/2510.00005) | 2025-10 |\n"
    assert (
        PAGE.replace("|---|---|\n", f"|---|---|\n{row}")
        == world.hub.read(JUDGES, pull.branch).decode()
    )


def test_a_paper_of_an_archive_is_listed_and_the_archive_is_never_written(world: SeveralWorld):
    world.announce(90)
    report = world.bot()

    assert [] == kinds(report)
    listed = ("already in the list", f"line 3 of {ARCHIVE}")
    assert listed == reasons(report)["2510.00090"]


def test_a_quiet_run_sends_one_more_request_for_each_further_file(world: SeveralWorld):
    world.announce(1)
    world.announce_judges(5)
    world.bot()
    before, start = world.hub.state(), len(world.server.asked)
    report = world.bot()

    assert [] == kinds(report)
    assert before == world.hub.state()
    assert 4 + 2 == len(world.server.asked[start:])


def test_unticking_every_paper_of_a_file_leaves_that_file_as_it_was(world: SeveralWorld):
    world.announce(1, 2)
    world.announce_judges(5, 6)
    world.bot()
    for name in (TWO, FIVE, SIX):
        world.hub.untick(1, name)
    world.bot()

    assert PAGE.encode() == world.hub.read(JUDGES, world.hub.pull(1).branch)
    assert {ONE} == world.new_in(1)
    world.hub.merge(1)
    world.announce(3)
    report = world.bot()
    assert {THREE} == world.new_in(2)
    assert {"unticked in #1"} == {reasons(report)[name][1] for name in (TWO, FIVE, SIX)}


def test_a_deleted_entry_in_the_second_file_declines_its_paper(world: SeveralWorld):
    world.announce(1)
    world.announce_judges(5)
    world.bot()
    world.hub.push(PAGE.encode(), branch=world.hub.pull(1).branch, path=JUDGES)
    world.hub.merge(1)
    report = world.bot()

    assert "removed from #1" == reasons(report)[FIVE][1]
    assert ONE in world.listed()


def test_a_conflict_in_the_second_file_rebuilds_the_batch(world: SeveralWorld):
    world.announce(1)
    world.announce_judges(5)
    world.bot()
    world.add_by_hand()
    report = world.bot()

    assert [OutcomeKind.UPDATED] == kinds(report)
    world.hub.merge(1)
    page = world.hub.read(JUDGES).decode()
    assert BY_HAND in page
    assert FIVE in page
    assert ONE in world.listed()


def test_a_change_elsewhere_in_the_second_file_changes_no_batch(world: SeveralWorld):
    world.announce_judges(5)
    world.bot()
    world.hub.push_base(PAGE.replace("The end.", "The End.").encode(), path=JUDGES)
    start = len(world.server.asked)

    assert [] == kinds(world.bot())
    assert 4 + 2 == len(world.server.asked[start:])


def test_a_person_who_pushes_to_the_second_file_freezes_the_batch(world: SeveralWorld):
    world.announce(1)
    world.announce_judges(5)
    world.bot()
    branch = world.hub.pull(1).branch
    world.hub.push(world.hub.read(JUDGES, branch) + b"More.\n", branch=branch, path=JUDGES)
    world.announce(2)
    report = world.bot()

    assert [OutcomeKind.CREATED] == kinds(report)
    assert b"More." in world.hub.read(JUDGES, branch)


def test_update_branch_with_changes_to_two_files_freezes_nothing(world: SeveralWorld):
    world.announce(1)
    world.announce_judges(5)
    world.bot()
    world.hub.push_base(PAGE.replace("The end.", "The End.").encode(), path=JUDGES)
    world.hub.push_base(LIST.replace("Please do.", "Do.").encode())
    world.hub.update_branch(1)
    world.announce_judges(6)

    assert [OutcomeKind.UPDATED] == kinds(world.bot())
    assert {FIVE, SIX} == world.new_in(1, JUDGES)
    assert b"The End." in world.hub.read(JUDGES, world.hub.pull(1).branch)


def test_a_person_who_edits_the_second_file_while_updating_the_branch_freezes_the_batch(
    world: SeveralWorld,
):
    world.announce(1)
    world.announce_judges(5)
    world.bot()
    branch = world.hub.pull(1).branch
    world.hub.push_base(LIST.replace("Please do.", "Do.").encode())
    edited = world.hub.read(JUDGES, branch) + b"More.\n"
    world.hub.update_branch(1, files={JUDGES: edited})
    world.announce(2)

    assert [OutcomeKind.CREATED] == kinds(world.bot())
    assert edited == world.hub.read(JUDGES, branch)


def test_a_pull_request_of_someone_else_claims_a_paper_of_the_second_file(world: SeveralWorld):
    row = f"| [Mine](https://arxiv.org/abs/{FIVE}) | 2025-10 |\n"
    page = PAGE.replace("|---|---|\n", f"|---|---|\n{row}")
    world.hub.push(page.encode(), branch="mine", path=JUDGES)
    world.hub.new_pull("Mine", "", "mine", world.hub.name, "contributor")
    world.announce_judges(5)

    assert "already in #1" == reasons(world.bot())[FIVE][1]


def test_a_paper_unticked_too_late_is_removed_from_its_file(world: SeveralWorld):
    world.announce(1)
    world.announce_judges(5)
    world.bot()
    world.hub.untick(1, ONE)
    world.hub.untick(1, FIVE)
    world.hub.merge(1)
    world.bot()
    world.hub.merge(2)

    assert PAGE.encode() == world.hub.read(JUDGES)
    assert LIST.encode() == world.hub.read()


def test_a_batch_of_one_file_stays_valid_when_the_list_becomes_several(world: SeveralWorld):
    several, world.config = world.config, world.config.model_copy(update={"lists": ()})
    world.announce(1)
    world.announce_judges(5)
    world.bot()
    assert {ONE, FIVE} == world.new_in(1)
    world.hub.untick(1, ONE)
    world.config = several
    report = world.bot()

    assert [OutcomeKind.UPDATED] == kinds(report)
    assert set() == world.new_in(1)
    assert {FIVE} == world.new_in(1, JUDGES)
    assert "unticked in #1" == reasons(report)[ONE][1]


def test_answers_in_a_pull_request_for_the_second_file_alone_still_count(world: SeveralWorld):
    world.announce_judges(5)
    world.bot()
    body = world.hub.pull(1).body.replace('"list": "README.md"', f'"list": "{JUDGES}"')
    world.hub.edit_body(1, body)
    world.hub.close(1)

    assert "#1 was closed" == reasons(world.bot())[FIVE][1]


def test_a_wrong_heading_is_reported_with_its_file(world: SeveralWorld):
    (page, archive) = world.config.lists
    wrong = page.model_copy(update={"heading": "Judging"})
    world.config = world.config.model_copy(update={"lists": (wrong, archive)})

    with pytest.raises(ListError) as caught:
        world.bot()
    assert f"lists.heading of {JUDGES}: the list has no heading 'Judging'" in str(caught.value)
    assert "did you mean 'Judges'?" in str(caught.value)


def test_the_marker_of_a_batch_in_one_file_names_no_path_in_its_anchors():
    with GitHubServer({"README.md": LIST.encode()}) as server:
        world = World(server)
        world.announce(1)
        world.bot()
        marker = parse_marker(world.hub.pull(1).body)
        assert marker
        assert not any("@" in anchor for anchor in marker.anchors)
