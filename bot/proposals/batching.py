"""Which new items go into which batch, within the limits. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from bot.core.config import PullRequestBlock
from bot.proposals.batch_updates import Upkeep
from bot.proposals.items import Item
from bot.proposals.marker import Marker
from bot.proposals.model import Batch

New = TypeVar("New")

MOST_BOXES = 100
"""The boxes that one text may have; ticked ones stay in it, to be unticked. GitHub takes no longer text."""


@dataclass(frozen=True, slots=True)
class BatchRules:
    """What the configuration says of pull requests."""

    one_each: bool
    max_items: int
    max_open: int
    labels: tuple[str, ...]
    reviewers: tuple[str, ...]
    title: str

    @classmethod
    def of(cls, block: PullRequestBlock) -> BatchRules:
        """As the configuration has them."""
        return cls(
            one_each=block.mode == "paper",
            max_items=block.max_items,
            max_open=block.max_open,
            labels=block.labels,
            reviewers=block.reviewers,
            title=block.title,
        )

    @property
    def size(self) -> int:
        """The most items in one batch."""
        return 1 if self.one_each else self.max_items


@dataclass(frozen=True, slots=True)
class Job(Generic[Item, New]):
    """A batch to make or to change: the items it keeps, and what is new in it."""

    keep: tuple[Item, ...] = ()
    new: tuple[New, ...] = ()
    declined: tuple[Item, ...] = ()
    batch: Batch[Item] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no item is left in it."""
        return not (self.keep or self.new)


def retired(job: Job[Item, New], batch: Batch[Item]) -> Marker[Item]:
    """The marker of a batch that the bot closes, as nothing is left in it: its being closed is no answer."""
    left = tuple(one for one in batch.marker.items if one not in job.declined)
    return replace(batch.marker, items=left, declined=job.declined, retired=True)


def room_in(one: Upkeep[Item], rules: BatchRules) -> int:
    """How many items a batch can still take, if nothing else forbids it."""
    if one.frozen or rules.one_each:
        return 0
    return max(0, min(rules.max_items, MOST_BOXES - len(one.declined)) - len(one.keep))


def share_out(
    waiting: Sequence[New], batches: Sequence[Upkeep[Item]], rules: BatchRules
) -> tuple[tuple[Job[Item, New], ...], Sequence[New]]:
    """Puts what waits, in its order, into the open batches with room and then into new ones, within the limits.

    All that there is room for is placed at once, so that a second run finds nothing to do.

    Returns:
        the batches to make or to change, and what finds no room.
    """
    jobs: list[Job[Item, New]] = []
    still_open = len(batches)
    for one in batches:
        new, waiting = waiting[: room_in(one, rules)], waiting[room_in(one, rules) :]
        job = Job(one.keep, tuple(new), one.declined, one.batch)
        reopened = job.is_empty and one.batch.marker.retired  # on purpose: it is not closed again
        if one.frozen or reopened or not (one.causes or new):
            continue
        still_open -= job.is_empty
        jobs.append(job)
    for _ in range(max(0, rules.max_open - still_open)):
        new, waiting = waiting[: rules.size], waiting[rules.size :]
        jobs += [Job(new=tuple(new))] if new else []
    return tuple(jobs), waiting
