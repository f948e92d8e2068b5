"""How many items still fit into a batch."""

from dataclasses import replace

import pytest

from bot.core.arxiv_id import ArxivId
from bot.core.config import PullRequestBlock
from bot.proposals.batching import MOST_BOXES, Allotment, BatchRules, BatchUpdate, Cause, share_out
from bot.proposals.marker import Marker
from bot.proposals.model import Batch
from tests.factories import NOW

Shared = Allotment[ArxivId, ArxivId]
RULES = BatchRules.of(PullRequestBlock(max_items=50, max_open=1, max_perhaps=3))


def ids(number: int, month: int) -> tuple[ArxivId, ...]:
    return tuple(ArxivId(f"25{month:02}.{n:05}") for n in range(1, number + 1))


def batch(kept: int, ticked: int) -> BatchUpdate[ArxivId]:
    keep, declined = ids(kept, 1), ids(ticked, 2)
    marker = Marker(keep, "README.md", NOW, declined)
    return BatchUpdate(Batch("arxiv-bot/batch-1", "a" * 40, marker), keep, declined, ())


@pytest.mark.parametrize(
    ("kept", "ticked", "room"),
    [(0, 0, 50), (40, 0, 10), (40, 50, 10), (40, 55, 5), (40, 60, 0), (10, 400, 0), (50, 0, 0)],
)
def test_the_room_in_a_batch_is_limited_by_its_items_and_its_boxes(
    kept: int, ticked: int, room: int
):
    assert room == batch(kept, ticked).room(RULES)


def test_answers_never_lead_to_more_boxes_than_a_text_has_room_for():
    """A person who unticks all papers but one in each round ends with a full batch, not with an overlong text."""
    state, rounds, waiting = batch(1, 0), 0, ids(900, 3)
    while rounds < 30:
        shared = share_out(waiting, [state], RULES)
        if not shared.jobs:
            break
        (job,) = shared.jobs
        waiting, rounds = tuple(shared.left), rounds + 1
        state = replace(state, declined=(*state.declined, *job.new))

    assert MOST_BOXES == len(state.keep) + len(state.declined)
    assert 900 == len(waiting) + len(state.declined)


@pytest.mark.parametrize(("unsure", "shown", "left"), [(0, 0, 0), (2, 2, 0), (3, 3, 0), (5, 3, 2)])
def test_a_new_batch_shows_papers_to_tick_up_to_their_number(unsure: int, shown: int, left: int):
    shared: Shared = share_out(ids(1, 3), [], RULES, ids(unsure, 4))
    (job,) = shared.jobs

    assert (shown, left) == (len(job.new_perhaps), len(shared.left_perhaps))


def test_papers_to_tick_open_a_batch_of_their_own_only_if_configured():
    alone = replace(RULES, perhaps_alone=True)

    assert () == share_out((), [], RULES, ids(2, 4)).jobs
    shared: Shared = share_out((), [], alone, ids(2, 4))
    assert [ids(2, 4)] == [job.new_perhaps for job in shared.jobs]


def test_papers_to_tick_change_only_the_text_of_an_open_batch():
    shared: Shared = share_out((), [batch(1, 0)], RULES, ids(5, 4))
    (job,) = shared.jobs

    assert (True, ids(3, 4)) == (job.text_only, job.new_perhaps)
    assert () == share_out((), [replace(batch(1, 0), perhaps=ids(3, 5))], RULES, ids(5, 4)).jobs
    assert () == share_out((), [replace(batch(1, 0), frozen="held")], RULES, ids(5, 4)).jobs


def test_a_batch_with_papers_to_tick_stays_open_when_all_others_are_removed():
    update = replace(batch(0, 2), perhaps=ids(1, 5), causes=(Cause.TICKED,))
    shared: Shared = share_out((), [update], RULES)
    (job,) = shared.jobs

    assert not job.is_empty
