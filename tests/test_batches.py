from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arxiv_id import ArxivId
from bot.batches import Marker, branch_of, parse_marker, read_history, render_marker
from bot.document import Document
from bot.index import ListIndex
from bot.model import Reason, Verdict
from bot.pulls import Base, ForgeState, Pull, PullState
from tests import samples
from tests.factories import NOW

INDEX = ListIndex.build(Document.parse(samples.LIST.encode()))
MARKER = Marker((ArxivId("2510.00001"), ArxivId("2309.00267")), "README.md", NOW)
PULL = Pull(
    1,
    "url",
    "arxiv-bot/batch-1",
    "sha",
    PullState.OPEN,
    True,
    "title",
    render_marker(MARKER),
    (),
    NOW,
)


def state(*pulls: Pull) -> ForgeState:
    return ForgeState("o/r", Base("main", "sha", "README.md", b""), pulls)


@given(
    st.lists(
        st.integers(1, 9999).map(lambda n: ArxivId(f"2401.{n:05}")),
        min_size=1,
        max_size=5,
        unique=True,
    ),
    st.text(max_size=30),
)
def test_a_marker_is_read_back_as_it_was_written_and_stays_a_comment(
    papers: list[ArxivId], path: str
):
    path = path.encode("utf-8", "ignore").decode()
    text = render_marker(Marker(tuple(papers), path, NOW))

    assert Marker(tuple(papers), path, NOW) == parse_marker(
        f"{text}\n\nwords <!-- arxiv-bot {{}} -->"
    )
    assert text.count("-->") == 1
    assert "\n" not in text


@pytest.mark.parametrize(
    "body",
    [
        "",
        "words",
        f"words\n{render_marker(MARKER)}",
        "<!-- arxiv-bot {} -->",
        '<!-- arxiv-bot {"papers": 3} -->',
        render_marker(MARKER).replace("2510.00001", "nonsense"),
        render_marker(MARKER).replace("2025", "year"),
    ],
)
def test_what_is_not_a_marker_at_the_top_is_none(body: str):
    assert parse_marker(body) is None


def test_the_branch_follows_from_the_papers_alone():
    one, two = ArxivId("2401.00001"), ArxivId("2401.00002")

    assert branch_of([one, two]) == branch_of([two, ArxivId("2401.00001", 3)])
    assert branch_of([one]) != branch_of([two])


@pytest.mark.parametrize(
    ("became", "expected"),
    [
        (PullState.OPEN, {"2510.00001": Reason.PENDING, "2309.00267": Reason.PENDING}),
        (PullState.CLOSED, {"2510.00001": Reason.DECLINED, "2309.00267": Reason.DECLINED}),
        (PullState.MERGED, {"2510.00001": Reason.DECLINED}),
    ],
)
def test_what_a_batch_says_of_its_papers(became: PullState, expected: dict[str, Reason]):
    history = read_history(state(replace(PULL, state=became)), INDEX, NOW)

    assert expected == {str(paper): known.reason for paper, known in history.known.items()}
    assert int(became is PullState.OPEN) == history.open_batches
    assert NOW == history.resume


def test_a_later_batch_has_the_last_word():
    again = replace(
        PULL,
        number=2,
        body=render_marker(replace(MARKER, resume=datetime(2025, 11, 1, tzinfo=UTC))),
    )
    history = read_history(state(again, replace(PULL, state=PullState.CLOSED)), INDEX, NOW)

    assert Reason.PENDING is history.known[ArxivId("2510.00001")].reason
    assert datetime(2025, 11, 1, tzinfo=UTC) == history.resume


def test_a_forged_or_foreign_batch_counts_for_nothing():
    elsewhere = replace(PULL, body=render_marker(replace(MARKER, path="OTHER.md")))
    history = read_history(state(replace(PULL, ours=False), elsewhere), INDEX, NOW)

    assert {} == history.known
    assert (0, None) == (history.open_batches, history.resume)


def test_what_an_open_pull_request_of_somebody_adds_is_held():
    theirs = replace(PULL, ours=False, adds=(ArxivId("2510.00007"),))
    history = read_history(state(theirs), INDEX, NOW)

    assert (Verdict.HOLD, "already in #1") == (
        history.known[ArxivId("2510.00007")].verdict,
        history.known[ArxivId("2510.00007")].detail,
    )
    assert {} == read_history(state(replace(theirs, state=PullState.CLOSED)), INDEX, NOW).known


LATER = replace(PULL, state=PullState.CLOSED, labels=("arxiv-bot:later",), closed=NOW)


def test_what_is_put_off_is_held_for_thirty_days_and_asked_for_again_after():
    soon = read_history(state(LATER), INDEX, NOW + timedelta(days=29))
    late = read_history(state(LATER), INDEX, NOW + timedelta(days=30))
    paper = ArxivId("2510.00001")

    assert (Verdict.HOLD, Reason.SNOOZED) == (soon.known[paper].verdict, soon.known[paper].reason)
    assert f"#1, until {NOW + timedelta(days=30):%Y-%m-%d}" == soon.known[paper].detail
    assert {} == late.known
    assert datetime(2025, 9, 1, tzinfo=UTC) == soon.resume == late.resume


def test_a_paper_put_off_and_then_closed_again_is_declined():
    closed = replace(LATER, number=2, labels=())
    history = read_history(state(closed, LATER), INDEX, NOW + timedelta(days=60))

    assert Reason.DECLINED is history.known[ArxivId("2510.00001")].reason
    assert NOW == history.resume


def test_a_ticked_paper_is_declined_while_its_batch_is_open():
    body = f"{PULL.body}\n\n- [x] <!-- 2510.00001 --> **T**\n- [ ] <!-- 2309.00267 --> **U**\n"
    history = read_history(state(replace(PULL, body=body)), INDEX, NOW)

    assert {
        "2510.00001": (Reason.DECLINED, "ticked in #1"),
        "2309.00267": (Reason.PENDING, "#1"),
    } == {str(paper): (one.reason, one.detail) for paper, one in history.known.items()}
