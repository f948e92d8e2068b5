"""Decides what each open batch needs, and which new items go into which batch, within the limits. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Generic, TypeVar

from bot.core.config import PullRequestBlock
from bot.proposals.anchors import hold
from bot.proposals.items import Item
from bot.proposals.labels import HOLD, REBUILD
from bot.proposals.marker import Marker, Ticks, is_edited, read_ticks
from bot.proposals.model import Base, Batch, Inspection

New = TypeVar("New")

MOST_BOXES = 100
"""The most boxes in one text: items that were declined keep theirs. GitHub takes no longer text."""


@dataclass(frozen=True, slots=True)
class BatchRules:
    """The limits of pull requests: `one_each` makes one for each item, whatever `max_items` is.

    `max_perhaps` items may be shown under "Perhaps", and open a pull request if `perhaps_alone`.
    """

    one_each: bool
    max_items: int
    max_open: int
    max_perhaps: int = 0
    perhaps_alone: bool = False

    @classmethod
    def of(cls, block: PullRequestBlock) -> BatchRules:
        """As the configuration has them; a pull request for one paper shows no others."""
        one_each = block.mode == "paper"
        return cls(
            one_each=one_each,
            max_items=block.max_items,
            max_open=block.max_open,
            max_perhaps=0 if one_each else block.max_perhaps,
            perhaps_alone=block.perhaps_alone and not one_each,
        )

    @property
    def size(self) -> int:
        """The most items in one batch."""
        return 1 if self.one_each else self.max_items


class Cause(Enum):
    """Why an open batch has to change; the value is what a report says of it."""

    UNOPENED = "its branch has no pull request"
    REBUILD = f"labelled {REBUILD.name}"
    TICKED = "a box was ticked or unticked"
    LISTED = "a paper of it is in the list now"
    SETTLED = "an item of it is done or not called for any more"
    REPEATED = "a paper of it is in an earlier batch"
    UNRECORDED = "its branch has a paper that its text does not name"
    CONFLICT = "the list has changed where its entries go"


@dataclass(frozen=True, slots=True)
class BatchUpdate(Generic[Item]):
    """An open batch and what it should be: the items to keep, those declined in it, and why it has to change.

    `perhaps` are the items that a person may still tick. `answered` are those that came in or went out as a person
    ticked or unticked them since the bot wrote the text. A batch without causes is as it should be, and may only grow.
    `frozen` says why the bot leaves the batch alone; it is empty if the bot may change the batch.
    """

    batch: Batch[Item]
    keep: tuple[Item, ...]
    declined: tuple[Item, ...]
    causes: tuple[Cause, ...]
    frozen: str = ""
    perhaps: tuple[Item, ...] = ()
    answered: tuple[Item, ...] = ()

    @property
    def only_a_conflict(self) -> bool:
        """Whether a conflict, which only the forge knows for sure, is the only cause."""
        return self.causes == (Cause.CONFLICT,)

    def after(self, inspection: Inspection) -> BatchUpdate[Item]:
        """The same, once the forge was asked about the batch.

        Without conflict there is nothing to mend, unless a run moved the branch and died before it wrote the text.
        """
        causes = self.causes
        is_recorded = self.batch.head == self.batch.marker.head
        if self.only_a_conflict and is_recorded and inspection.conflicts is not True:
            causes = ()
        return replace(self, frozen=inspection.frozen, causes=causes)

    def room(self, rules: BatchRules) -> int:
        """How many items the batch can still take."""
        if self.frozen or rules.one_each:
            return 0
        return max(0, min(rules.max_items, MOST_BOXES - len(self.declined)) - len(self.keep))

    def room_for_perhaps(self, rules: BatchRules) -> int:
        """How many items more it can show under "Perhaps"."""
        if self.frozen:
            return 0
        boxes = MOST_BOXES - len(self.declined) - len(self.keep)
        return max(0, min(rules.max_perhaps, boxes) - len(self.perhaps))


def batch_updates(
    batches: Iterable[Batch[Item]],
    base: Base,
    listed: Container[Item],
    gone: Cause = Cause.LISTED,
) -> Iterator[BatchUpdate[Item]]:
    """What each open batch should be, in the order given.

    Args:
        batches: the open batches, the oldest first.
        base: the list as it stands.
        listed: the items that no batch needs any more, as the list has them.
        gone: the cause if a batch has such an item.
    """
    earlier: set[Item] = set()
    for batch in batches:
        ticks = read_ticks(batch.marker, batch.pull.body if batch.pull else "")
        wanted = tuple(dict.fromkeys((*ticks.wanted, *batch.adds)))
        keep = tuple(item for item in wanted if item not in listed and item not in earlier)
        found = {
            **_causes(batch, ticks, base),
            gone: any(item in listed for item in wanted),
            Cause.REPEATED: any(item in earlier for item in wanted),
        }
        earlier |= set(keep)
        yield BatchUpdate(
            batch=batch,
            keep=keep,
            declined=ticks.declined,
            causes=tuple(cause for cause in Cause if found.get(cause)),
            frozen=_frozen(batch),
            perhaps=tuple(item for item in ticks.perhaps if item not in listed),
            answered=_answered(batch.marker, ticks),
        )


def _causes(batch: Batch[Item], ticks: Ticks[Item], base: Base) -> dict[Cause, bool]:
    """The causes that the batch itself shows, whatever the list and other batches have of its items."""
    return {
        Cause.UNOPENED: batch.pull is None,
        Cause.REBUILD: batch.pull is not None and batch.pull.has(REBUILD.name),
        Cause.TICKED: set(ticks.wanted) != set(batch.marker.items),
        Cause.UNRECORDED: bool(batch.adds),
        Cause.CONFLICT: not _fits(batch.marker, base),
    }


def _answered(marker: Marker[Item], ticks: Ticks[Item]) -> tuple[Item, ...]:
    """The items that a person ticked or unticked since the text was written."""
    came_in = (item for item in ticks.wanted if item not in marker.items)
    went_out = (item for item in ticks.declined if item not in marker.declined)
    return (*came_in, *went_out)


def _frozen(batch: Batch[Item]) -> str:
    """Why the pull request itself, as it was read, forbids every change."""
    if batch.pull is None:
        return ""
    if batch.pull.has(HOLD.name):
        return f"labelled {HOLD.name}"
    if batch.pull.merges_itself:
        return "it is set to merge by itself"
    if batch.pull.is_elsewhere:
        return f"it goes into {batch.pull.base}, which is not the default branch"
    if not batch.pull.has(REBUILD.name) and is_edited(batch.pull.body, batch.marker):
        return "a person edited its text"
    return ""


def _fits(marker: Marker[Item], base: Base) -> bool:
    """Whether the list still has the places that the batch's entries were written for."""
    return not marker.anchors or marker.base == base.sha or hold(base.content, marker.anchors)


@dataclass(frozen=True, slots=True)
class BatchJob(Generic[Item, New]):
    """A batch to make or to change: the items it keeps, and what is new in it.

    `perhaps` and `new_perhaps` are shown for a person to tick; `answered` are the items that a person ticked or
    unticked since the text was written. `text_only` says that only its text changes.
    """

    keep: tuple[Item, ...] = ()
    new: tuple[New, ...] = ()
    declined: tuple[Item, ...] = ()
    batch: Batch[Item] | None = None
    perhaps: tuple[Item, ...] = ()
    new_perhaps: tuple[New, ...] = ()
    answered: tuple[Item, ...] = ()
    text_only: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left in it to decide on."""
        return not (self.keep or self.new or self.perhaps or self.new_perhaps)


@dataclass(frozen=True, slots=True)
class Allotment(Generic[Item, New]):
    """The batches to make or to change, and what finds no room in them."""

    jobs: tuple[BatchJob[Item, New], ...]
    left: Sequence[New]
    left_perhaps: Sequence[New]


def share_out(
    waiting: Sequence[New],
    updates: Sequence[BatchUpdate[Item]],
    rules: BatchRules,
    unsure: Sequence[New] = (),
) -> Allotment[Item, New]:
    """Puts what waits, in its order, into the open batches with room and then into new ones, within the limits.

    All that there is room for is placed at once, so that a second run finds nothing to do. `unsure` are items to show
    under "Perhaps": in open batches, and in a new one that has other items or may do without.
    """
    jobs: list[BatchJob[Item, New]] = []
    still_open = len(updates)
    for update in updates:
        job, waiting, unsure = _filled(update, waiting, unsure, rules)
        reopened = job.is_empty and update.batch.marker.retired  # on purpose: not closed again
        if update.frozen or reopened or not (update.causes or job.new or job.new_perhaps):
            continue
        still_open -= job.is_empty
        jobs.append(job)
    for _ in range(max(0, rules.max_open - still_open)):
        new, waiting = tuple(waiting[: rules.size]), waiting[rules.size :]
        if not new and not (rules.perhaps_alone and unsure):
            break
        shown, unsure = tuple(unsure[: rules.max_perhaps]), unsure[rules.max_perhaps :]
        jobs.append(BatchJob(new=new, new_perhaps=shown))
    return Allotment(tuple(jobs), waiting, unsure)


def _filled(
    update: BatchUpdate[Item], waiting: Sequence[New], unsure: Sequence[New], rules: BatchRules
) -> tuple[BatchJob[Item, New], Sequence[New], Sequence[New]]:
    """An open batch with as much of what waits as it has room for, and what then still waits."""
    room, places = update.room(rules), update.room_for_perhaps(rules)
    job = BatchJob(
        keep=update.keep,
        new=tuple(waiting[:room]),
        declined=update.declined,
        batch=update.batch,
        perhaps=update.perhaps,
        new_perhaps=tuple(unsure[:places]),
        answered=update.answered,
        text_only=not update.causes and not waiting[:room],
    )
    return job, waiting[room:], unsure[places:]
