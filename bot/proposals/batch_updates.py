"""What the open batches need: which items each should have now, and why that differs from what it has. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Generic

from bot.proposals.anchors import hold
from bot.proposals.answers import declined_in
from bot.proposals.items import Item
from bot.proposals.labels import HOLD, REBUILD
from bot.proposals.marker import Marker, is_edited
from bot.proposals.model import Base, Batch, Inspection


class Cause(Enum):
    """Why an open batch has to change; the value is what a report says of it."""

    UNOPENED = "its branch has no pull request"
    REBUILD = f"labelled {REBUILD.name}"
    TICKED = "a box was ticked or unticked"
    LISTED = "a paper of it is in the list now"
    SETTLED = "a change of it is made or not called for any more"
    REPEATED = "a paper of it is in an earlier batch"
    UNRECORDED = "its branch has a paper that its text does not name"
    CONFLICT = "the list has changed where its entries go"


@dataclass(frozen=True, slots=True)
class Upkeep(Generic[Item]):
    """An open batch and what it should be: the items to keep, those declined in it, and why it has to change.

    Without causes it is as it should be, and may only grow. `frozen` says why the bot leaves it alone all the same.
    """

    batch: Batch[Item]
    keep: tuple[Item, ...]
    declined: tuple[Item, ...]
    causes: tuple[Cause, ...]
    frozen: str = ""

    @property
    def only_a_conflict(self) -> bool:
        """Whether a conflict, which only the forge knows for sure, is all that there is to mend."""
        return self.causes == (Cause.CONFLICT,)

    def after(self, inspection: Inspection) -> Upkeep[Item]:
        """The same, once the batch was looked at closely.

        Without conflict there is nothing to mend, unless a run moved the branch and died before it wrote the text.
        """
        mends = self.causes
        is_told = self.batch.head == self.batch.marker.head
        if self.only_a_conflict and is_told and inspection.conflicts is not True:
            mends = ()
        return replace(self, frozen=inspection.frozen, causes=mends)


def upkeep(
    batches: Iterable[Batch[Item]],
    base: Base,
    listed: Container[Item],
    gone: Cause = Cause.LISTED,
) -> tuple[Upkeep[Item], ...]:
    """What each open batch should be, in the order given.

    Args:
        batches: the open batches, the oldest first.
        base: the list as it stands.
        listed: the items that it has, so that no batch need have them.
        gone: what it is called if a batch has one of those.
    """
    return tuple(_upkeep(batches, base, listed, gone))


def _upkeep(
    batches: Iterable[Batch[Item]], base: Base, listed: Container[Item], gone: Cause
) -> Iterator[Upkeep[Item]]:
    earlier: set[Item] = set()
    for batch in batches:
        marker = batch.marker
        declined = declined_in(marker, batch.pull.body) if batch.pull else ()
        named = dict.fromkeys((*marker.items, *marker.declined, *batch.adds))
        wanted = [item for item in named if item not in declined]
        keep = tuple(one for one in wanted if one not in listed and one not in earlier)
        found = {
            Cause.UNOPENED: batch.pull is None,
            Cause.REBUILD: batch.pull is not None and batch.pull.has(REBUILD.name),
            Cause.TICKED: set(declined) != set(marker.declined),
            gone: any(one in listed for one in wanted),
            Cause.REPEATED: any(one in earlier for one in wanted),
            Cause.UNRECORDED: bool(batch.adds),
            Cause.CONFLICT: not _fits(marker, base),
        }
        earlier |= set(keep)
        causes = tuple(cause for cause, is_so in found.items() if is_so)
        yield Upkeep(batch, keep, declined, causes, _frozen(batch))


def _frozen(batch: Batch[Item]) -> str:
    """Why the pull request itself, as it was read, forbids every change."""
    if batch.pull is None:
        return ""
    if batch.pull.has(HOLD.name):
        return f"labelled {HOLD.name}"
    if batch.pull.merges_itself:
        return "it is set to merge by itself"
    if not batch.pull.has(REBUILD.name) and is_edited(batch.pull.body, batch.marker):
        return "a person edited its text"
    return ""


def _fits(marker: Marker[Item], base: Base) -> bool:
    """Whether the list still has the places that the batch's entries were written for."""
    return not marker.anchors or marker.base == base.sha or hold(base.content, marker.anchors)
