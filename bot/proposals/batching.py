"""Decides which open batches must change, and which new items go into which batch, within the limits. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Generic, TypeVar

from bot.core.config import PullRequestBlock
from bot.proposals.anchors import hold_in_files
from bot.proposals.items import Item
from bot.proposals.labels import HOLD, REBUILD
from bot.proposals.marker import Marker, Ticks, is_edited, read_ticks
from bot.proposals.model import Base, Batch, Inspection

New = TypeVar("New")

MOST_BOXES = 100
"""The most boxes in one text, including those of declined items; more would exceed GitHub's limit for a text."""


@dataclass(frozen=True, slots=True)
class BatchRules:
    """The limits of pull requests: `one_each` means one pull request per item, whatever `max_items` is.

    At most `max_perhaps` items are shown under "Perhaps", in all open batches together. They open a pull request of
    their own if `perhaps_alone`.
    """

    one_each: bool
    max_items: int
    max_open: int
    max_perhaps: int = 0
    perhaps_alone: bool = False

    @classmethod
    def of(cls, block: PullRequestBlock) -> BatchRules:
        """Reads the limits from the configuration; a pull request for one paper has no "Perhaps"."""
        one_each = block.mode == "paper"
        return cls(
            one_each=one_each,
            max_items=block.max_items,
            max_open=block.max_open,
            max_perhaps=0 if one_each else block.max_perhaps,
            perhaps_alone=block.perhaps_alone and not one_each,
        )

    def free_perhaps(self, shown: int) -> int:
        """Returns how many items may be added under "Perhaps" if all open batches together show this many there."""
        return max(0, self.max_perhaps - shown)

    @property
    def size(self) -> int:
        """The most items in one batch."""
        return 1 if self.one_each else self.max_items


class Cause(Enum):
    """Why an open batch has to change; the value is the text in reports."""

    UNOPENED = "its branch has no pull request"
    REBUILD = f"labelled {REBUILD.name}"
    TICKED = "a box was ticked or unticked"
    LISTED = "one of its papers is in the list now"
    SETTLED = "one of its items is done or no longer needed"
    REPEATED = "one of its papers is in an earlier batch"
    UNRECORDED = "its branch has a paper that its text does not name"
    CONFLICT = "the list has changed next to its entries"


@dataclass(frozen=True, slots=True)
class BatchUpdate(Generic[Item]):
    """An open batch and its target state: the items to keep, the declined items, and why it has to change.

    `perhaps` are the items that a person may still tick. `answered` are the items that a person ticked or unticked
    since the bot wrote the text. A batch without causes is up to date; it can only gain items.
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
        """Whether a possible merge conflict, which the forge has to confirm, is the only cause."""
        return self.causes == (Cause.CONFLICT,)

    def after(self, inspection: Inspection) -> BatchUpdate[Item]:
        """Returns the update with the result of the forge's inspection.

        A supposed conflict that the forge does not confirm is no cause, unless a run moved the branch and died before
        it wrote the text.
        """
        causes = self.causes
        is_recorded = self.batch.head == self.batch.marker.head
        if self.only_a_conflict and is_recorded and inspection.conflicts is not True:
            causes = ()
        return replace(self, frozen=inspection.frozen, causes=causes)

    def room(self, rules: BatchRules) -> int:
        """The number of items that can still be added to the batch."""
        if self.frozen or rules.one_each:
            return 0
        return max(0, min(rules.max_items, MOST_BOXES - len(self.declined)) - len(self.keep))

    def room_for_perhaps(self, rules: BatchRules) -> int:
        """The number of items that can still be added under "Perhaps"."""
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
    """Computes the target state of each open batch, in the order given.

    Args:
        batches: the open batches, oldest first.
        base: the current list.
        listed: the items that no batch needs any more, because the list has them.
        gone: the cause for a batch that has such an item.
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
    """The causes that can be found without looking for the items in the list and in other batches."""
    return {
        Cause.UNOPENED: batch.pull is None,
        Cause.REBUILD: batch.pull is not None and batch.pull.has(REBUILD.name),
        Cause.TICKED: set(ticks.wanted) != set(batch.marker.items),
        Cause.UNRECORDED: bool(batch.adds),
        Cause.CONFLICT: not _fits(batch.marker, base),
    }


def _answered(marker: Marker[Item], ticks: Ticks[Item]) -> tuple[Item, ...]:
    """The items that a person ticked or unticked since the text was written."""
    ticked = (item for item in ticks.wanted if item not in marker.items)
    unticked = (item for item in ticks.declined if item not in marker.declined)
    return (*ticked, *unticked)


def _frozen(batch: Batch[Item]) -> str:
    """Why the bot must not change a batch, as far as its pull request shows it; "" if it may."""
    if batch.pull is None:
        return ""
    if batch.pull.has(HOLD.name):
        return f"labelled {HOLD.name}"
    if batch.pull.merges_itself:
        return "auto-merge is on"
    if batch.pull.is_elsewhere:
        return f"it merges into {batch.pull.base}, which is not the default branch"
    if not batch.pull.has(REBUILD.name) and is_edited(batch.pull.body, batch.marker):
        return "a person edited its text"
    return ""


def _fits(marker: Marker[Item], base: Base) -> bool:
    """Whether the list still has the lines around the batch's entries, so that there is no conflict."""
    return marker.base == base.sha or hold_in_files(base.files, marker.path, marker.anchors)


@dataclass(frozen=True, slots=True)
class BatchJob(Generic[Item, New]):
    """A batch to open or to change: the items that it keeps, and the new ones.

    `perhaps` and `new_perhaps` are shown for a person to tick. `answered` are the items that a person ticked or
    unticked since the text was written. `text_only` means that only the text changes.
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
        """Whether nothing is left to decide in the batch."""
        return not (self.keep or self.new or self.perhaps or self.new_perhaps)


@dataclass(frozen=True, slots=True)
class Allotment(Generic[Item, New]):
    """The batches to open or to change, and the items for which they have no room."""

    jobs: tuple[BatchJob[Item, New], ...]
    left: Sequence[New]
    left_perhaps: Sequence[New]


def share_out(
    waiting: Sequence[New],
    updates: Sequence[BatchUpdate[Item]],
    rules: BatchRules,
    unsure: Sequence[New] = (),
) -> Allotment[Item, New]:
    """Puts the waiting items, in their order, into open batches with room and then into new ones, within the limits.

    All room is used at once, so that a second run finds nothing to do. `unsure` are items for "Perhaps": they go into
    open batches and into new ones, but into a new batch without other items only if `perhaps_alone`.
    """
    jobs: list[BatchJob[Item, New]] = []
    still_open = len(updates)
    for update in updates:
        job, waiting, unsure = _filled(update, waiting, unsure, rules)
        # a person reopened it on purpose: do not close it again
        reopened = job.is_empty and update.batch.marker.retired
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
    """Fills an open batch; also returns the accepted items and the unsure items that still wait."""
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
