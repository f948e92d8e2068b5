"""Makes changes, and makes sure that nothing else of the list becomes another."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core import titles
from bot.core.errors import ListError
from bot.listing.document import verify
from bot.listing.index import ListIndex
from bot.listing.paper_list import PaperList
from bot.proposals.items import Fact
from bot.refresh.model import EntryChange


def carry_out(listing: PaperList, changes: Sequence[EntryChange]) -> bytes:
    """The list with the changes made, in the order of its entries and their facts.

    Raises:
        ListError: an entry without a change would be another one, or one with a change of another paper.
    """
    ordered = sorted(changes, key=lambda change: change.order)
    gone = {change.listed.entry for change in ordered if change.id.fact is Fact.WITHDRAWAL}
    new = {change.listed.entry: change.value for change in ordered if change.id.fact is Fact.TITLE}
    touched = {listing.document.entries[change.listed.entry] for change in ordered}
    edits = [change.edit for change in ordered]
    after = verify(listing.document, edits, added=-len(gone), changed=touched)
    wanted = [
        (listed.ids, titles.key(new.get(listed.entry, listed.title)))
        for listed in listing.index.listed
        if listed.entry not in gone
    ]
    found = [(listed.ids, titles.key(listed.title)) for listed in ListIndex.build(after).listed]
    if wanted != found:
        raise ListError(
            "the changes would change which papers the list has",
            fix="please report this with the list: the bot's reading of it is wrong",
        )
    return after.content


def sift(
    listing: PaperList, changes: Sequence[EntryChange]
) -> tuple[tuple[EntryChange, ...], tuple[EntryChange, ...]]:
    """The changes that can be made together, and those that would change more than they should."""
    if not changes or _is_sound(listing, changes):
        return tuple(changes), ()
    sound = tuple(change for change in changes if _is_sound(listing, [change]))
    if not _is_sound(listing, sound):
        return (), tuple(changes)
    return sound, tuple(change for change in changes if change not in sound)


def _is_sound(listing: PaperList, changes: Sequence[EntryChange]) -> bool:
    try:
        carry_out(listing, changes)
    except ListError:
        return False
    return True
