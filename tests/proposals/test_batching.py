"""How much a batch can still take."""

from dataclasses import replace

import pytest

from bot.core.arxiv_id import ArxivId
from bot.core.config import PullRequestBlock
from bot.proposals.batching import MOST_BOXES, BatchRules, BatchUpdate, share_out
from bot.proposals.marker import Marker
from bot.proposals.model import Batch
from tests.factories import NOW

RULES = BatchRules.of(PullRequestBlock(max_items=50, max_open=1))


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
def test_a_batch_takes_what_its_items_and_its_boxes_leave_room_for(
    kept: int, ticked: int, room: int
):
    assert room == batch(kept, ticked).room(RULES)


def test_ticking_what_comes_in_never_makes_more_boxes_than_a_text_has_room_for():
    """Whoever ticks all but one of every round meets a full batch, and not a text that GitHub refuses."""
    state, rounds, waiting = batch(1, 0), 0, ids(900, 3)
    while rounds < 30:
        jobs, left = share_out(waiting, [state], RULES)
        if not jobs:
            break
        (job,) = jobs
        waiting, rounds = tuple(left), rounds + 1
        state = replace(state, declined=(*state.declined, *job.new))

    assert MOST_BOXES == len(state.keep) + len(state.declined)
    assert 900 == len(waiting) + len(state.declined)
