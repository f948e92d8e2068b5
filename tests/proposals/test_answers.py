from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.arxiv_id import ArxivId
from bot.core.model import Reason, Verdict
from bot.listing.document import Document
from bot.listing.index import ListIndex
from bot.proposals.answers import branch_of, read_answers
from bot.proposals.commits import Commit, render_trailers, seal
from bot.proposals.marker import Marker
from bot.proposals.model import Base, ForgeState, Orphan, Pull, PullState
from bot.proposals.removals import unapplied
from tests import samples
from tests.factories import NOW

INDEX = ListIndex.build(Document.parse(samples.LIST.encode()))
ITEMS = (ArxivId("2510.00001"), ArxivId("2309.00267"))
MARKER = Marker(ITEMS, "README.md", NOW, written=NOW)
PULL = Pull(
    number=1,
    url="url",
    branch="arxiv-bot/batch-1",
    head_sha="sha",
    state=PullState.OPEN,
    title="title",
    body="",
    labels=(),
    created=NOW,
    in_repository=True,
    marker=MARKER,
)


def state(*pulls: Pull) -> ForgeState:
    return ForgeState("o/r", Base("main", "sha", "README.md", b""), pulls)


def test_the_branch_name_depends_on_the_papers_alone():
    first, two = ArxivId("2401.00001"), ArxivId("2401.00002")

    assert branch_of([first, two]) == branch_of([two, ArxivId("2401.00001", 3)])
    assert branch_of([first]) != branch_of([two])


@pytest.mark.parametrize(
    ("became", "expected"),
    [
        (PullState.OPEN, {"2510.00001": Reason.PENDING, "2309.00267": Reason.PENDING}),
        (PullState.CLOSED, {"2510.00001": Reason.DECLINED, "2309.00267": Reason.DECLINED}),
        (PullState.MERGED, {"2510.00001": Reason.DECLINED}),
    ],
)
def test_the_end_of_a_batch_decides_about_its_papers(
    became: PullState, expected: dict[str, Reason]
):
    history = read_answers(state(replace(PULL, state=became)), INDEX, NOW)

    assert expected == {str(paper): known.reason for paper, known in history.known.items()}
    assert ([1] if became is PullState.OPEN else []) == [
        batch.pull.number for batch in history.open if batch.pull
    ]
    assert NOW == history.resume


def test_a_later_batch_has_the_last_word():
    later = datetime(2025, 11, 1, tzinfo=UTC)
    again = replace(
        PULL, number=2, created=later, marker=replace(MARKER, resume=later, written=later)
    )
    history = read_answers(state(again, replace(PULL, state=PullState.CLOSED)), INDEX, NOW)

    assert Reason.PENDING is history.known[ArxivId("2510.00001")].reason
    assert datetime(2025, 11, 1, tzinfo=UTC) == history.resume


def test_a_forged_or_foreign_batch_does_not_count():
    elsewhere = replace(PULL, marker=replace(MARKER, path="OTHER.md"))
    history = read_answers(state(replace(PULL, marker=None), elsewhere), INDEX, NOW)

    assert {} == history.known
    assert ((), None) == (history.open, history.resume)


def test_papers_in_somebodys_open_pull_request_are_held_back():
    theirs = replace(PULL, marker=None, adds=(ArxivId("2510.00007"),))
    history = read_answers(state(theirs), INDEX, NOW)

    assert (Verdict.HOLD, "already in #1") == (
        history.known[ArxivId("2510.00007")].verdict,
        history.known[ArxivId("2510.00007")].detail,
    )
    assert {} == read_answers(state(replace(theirs, state=PullState.CLOSED)), INDEX, NOW).known


LATER = replace(PULL, state=PullState.CLOSED, labels=("arxiv-bot:later",), closed=NOW)


def test_snoozed_papers_are_held_back_for_thirty_days_and_then_searched_again():
    soon = read_answers(state(LATER), INDEX, NOW + timedelta(days=29))
    late = read_answers(state(LATER), INDEX, NOW + timedelta(days=30))
    paper = ArxivId("2510.00001")

    assert (Verdict.HOLD, Reason.SNOOZED) == (soon.known[paper].verdict, soon.known[paper].reason)
    assert f"#1, until {NOW + timedelta(days=30):%Y-%m-%d}" == soon.known[paper].detail
    assert {} == late.known
    assert datetime(2025, 9, 1, tzinfo=UTC) == soon.resume == late.resume


@pytest.mark.parametrize(
    ("day", "since"),
    [(29, datetime(2025, 9, 1, tzinfo=UTC)), (30, NOW + timedelta(days=30))],
)
def test_snoozed_papers_are_searched_until_a_run_has_found_them_again(day: int, since: datetime):
    written = NOW + timedelta(days=day)
    newer = replace(MARKER, items=(ArxivId("2511.00002"),), written=written, resume=written)
    known = state(LATER, replace(PULL, number=2, marker=newer))

    assert since == read_answers(known, INDEX, NOW + timedelta(days=40)).resume


def test_a_snoozed_paper_whose_next_batch_is_closed_is_declined():
    closed = replace(LATER, number=2, labels=(), closed=NOW + timedelta(days=40))
    history = read_answers(state(closed, LATER), INDEX, NOW + timedelta(days=60))

    assert Reason.DECLINED is history.known[ArxivId("2510.00001")].reason
    assert NOW == history.resume


def test_a_marker_read_from_a_commit_does_not_decide_the_next_window():
    lost = replace(PULL, number=2, marker=replace(MARKER, written=None, resume=NOW))
    before = replace(MARKER, resume=NOW - timedelta(days=90))
    known = state(lost, replace(PULL, state=PullState.MERGED, marker=before))

    assert NOW - timedelta(days=90) == read_answers(known, INDEX, NOW).resume
    assert read_answers(state(lost), INDEX, NOW).resume is None


def test_snoozed_papers_are_searched_again_even_if_the_text_lost_its_marker():
    recovered = replace(LATER, marker=replace(MARKER, written=None))
    history = read_answers(state(recovered), INDEX, NOW + timedelta(days=30))
    assert INDEX.newest is not None

    assert datetime(INDEX.newest.year, INDEX.newest.month, 1, tzinfo=UTC) == history.resume
    assert history.resume <= datetime(2025, 9, 1, tzinfo=UTC)


def test_an_unticked_paper_is_declined_while_its_batch_is_open():
    body = "- [ ] <!-- 2510.00001 --> **T**\n- [x] <!-- 2309.00267 --> **U**\n"
    history = read_answers(state(replace(PULL, body=body)), INDEX, NOW)

    assert {
        "2510.00001": (Reason.DECLINED, "unticked in #1"),
        "2309.00267": (Reason.PENDING, "#1"),
    } == {str(paper): (answer.reason, answer.detail) for paper, answer in history.known.items()}


def test_an_open_batch_takes_precedence_over_one_that_was_closed_later():
    other = replace(
        PULL, number=2, state=PullState.CLOSED, created=NOW, closed=NOW + timedelta(days=1)
    )
    history = read_answers(state(other, PULL), INDEX, NOW + timedelta(days=2))

    assert {(Reason.PENDING, "#1")} == {
        (answer.reason, answer.detail) for answer in history.known.values()
    }


def test_a_batch_that_the_bot_closed_declines_only_what_was_unticked():
    retired = replace(
        PULL,
        state=PullState.CLOSED,
        closed=NOW,
        body="- [ ] <!-- 2510.00001 -->\n",
        marker=replace(MARKER, items=(), declined=(ArxivId("2510.00001"),), retired=True),
    )
    history = read_answers(state(retired), INDEX, NOW)

    assert {"2510.00001": "unticked in #1"} == {
        str(paper): answer.detail for paper, answer in history.known.items()
    }


def test_a_declined_paper_whose_box_a_person_deleted_stays_declined():
    marker = replace(MARKER, items=(), declined=MARKER.items)
    ticked = replace(PULL, marker=marker, body="- [x] <!-- 2510.00001 -->\n")
    known = read_answers(state(ticked), INDEX, NOW).known

    assert Reason.PENDING is known[ArxivId("2510.00001")].reason
    assert Reason.DECLINED is known[ArxivId("2309.00267")].reason


def test_a_branch_without_a_pull_request_is_an_open_batch():
    message = f"Add\n\n{render_trailers('arxiv-bot/batch-9', 'README.md', MARKER.items)}"
    commit = Commit("head", seal(message, "tree", ["base"]), "tree", ("base",))
    orphan = Orphan("arxiv-bot/batch-9", commit)
    history = read_answers(replace(state(), orphans=(orphan,)), INDEX, NOW)
    by_hand = replace(orphan, commit=replace(commit, tree="other"))

    assert [("arxiv-bot/batch-9", "head", None)] == [
        (batch.name, batch.head, batch.pull) for batch in history.open
    ]
    assert {"arxiv-bot/batch-9"} == {answer.detail for answer in history.known.values()}
    assert () == read_answers(replace(state(), orphans=(by_hand,)), INDEX, NOW).open


def test_a_branch_name_that_is_taken_gets_a_number():
    papers = [ArxivId("2401.00001")]
    first = branch_of(papers)

    assert f"{first}-3" == branch_of(papers, {first, f"{first}-2"})


PERHAPS, ALSO = ArxivId("2510.00031"), ArxivId("2510.00032")
SHOWN = replace(
    PULL,
    marker=replace(MARKER, perhaps=(PERHAPS, ALSO)),
    body=f"- [x] <!-- 2510.00001 -->\n- [ ] <!-- {PERHAPS} -->\n- [x] <!-- {ALSO} -->\n",
)


@pytest.mark.parametrize(
    ("became", "unticked", "ticked"),
    [
        (PullState.OPEN, (Reason.PENDING, "#1"), (Reason.PENDING, "#1")),
        (
            PullState.CLOSED,
            (Reason.PASSED_OVER, "left unticked in #1"),
            (Reason.DECLINED, "#1 was closed"),
        ),
        (
            PullState.MERGED,
            (Reason.PASSED_OVER, "left unticked in #1"),
            (Reason.ASKED, "ticked in #1"),
        ),
    ],
)
def test_papers_under_perhaps_are_passed_over_unless_ticked(
    became: PullState, unticked: tuple[Reason, str], ticked: tuple[Reason, str]
):
    answers = read_answers(state(replace(SHOWN, state=became)), INDEX, NOW)
    known = {paper: (answer.reason, answer.detail) for paper, answer in answers.known.items()}

    assert (unticked, ticked) == (known[PERHAPS], known[ALSO])
    assert ((ALSO,) if became is PullState.MERGED else ()) == answers.asked_for


def test_papers_under_perhaps_in_a_snoozed_batch_are_snoozed_too():
    put_off = replace(SHOWN, state=PullState.CLOSED, labels=("arxiv-bot:later",), closed=NOW)

    assert {Reason.SNOOZED} == {
        answer.reason for answer in read_answers(state(put_off), INDEX, NOW).known.values()
    }


LISTED = ArxivId("2309.00267")
UNAPPLIED = replace(PULL, state=PullState.MERGED, body=f"- [ ] <!-- {LISTED} -->\n")


def test_a_paper_unticked_too_late_has_to_be_removed():
    assert {LISTED: 1} == {
        paper: answer.pull.number for paper, answer in unapplied(state(UNAPPLIED), INDEX).items()
    }
    assert {} == unapplied(state(replace(UNAPPLIED, state=PullState.OPEN)), INDEX)
    assert {} == unapplied(state(replace(UNAPPLIED, body="")), INDEX)


def test_a_tick_in_a_version_1_text_removes_nothing_from_the_list():
    """In that version a tick declined a paper, but whoever ticked and merged may have meant the opposite."""
    old = replace(UNAPPLIED, marker=replace(MARKER, version=1), body=f"- [x] <!-- {LISTED} -->\n")

    assert {} == unapplied(state(old), INDEX)
