"""Applies changes to the list, and verifies that all other entries keep their ids and titles."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core import titles
from bot.core.errors import ListError
from bot.listing.document import verify
from bot.listing.index import ListIndex
from bot.listing.paper_list import PaperList
from bot.proposals.items import Fact
from bot.refresh.model import EntryChange


def apply_changes(listing: PaperList, changes: Sequence[EntryChange]) -> bytes:
    """Returns the list with the changes applied.

    Raises:
        ListError: an unchanged entry would get another id or title, or a changed one another id.
    """
    ordered = sorted(changes, key=lambda change: change.order)
    removed = {change.listed.entry for change in ordered if change.id.fact is Fact.WITHDRAWAL}
    new_titles = {
        change.listed.entry: change.value for change in ordered if change.id.fact is Fact.TITLE
    }
    changed = {listing.document.entries[change.listed.entry] for change in ordered}
    edits = [change.edit for change in ordered]
    after = verify(listing.document, edits, added=-len(removed), changed=changed)
    expected = [
        (listed.ids, titles.key(new_titles.get(listed.entry, listed.title)))
        for listed in listing.index.listed
        if listed.entry not in removed
    ]
    found = [(listed.ids, titles.key(listed.title)) for listed in ListIndex.build(after).listed]
    if expected != found:
        raise ListError(
            "the changes would alter which papers the list has",
            fix="please report this with the list: the bot misreads it",
        )
    return after.content


def split_applicable(
    listing: PaperList, changes: Sequence[EntryChange]
) -> tuple[tuple[EntryChange, ...], tuple[EntryChange, ...]]:
    """Splits changes into those that can be applied together, and those that would alter other entries."""
    if not changes or _is_sound(listing, changes):
        return tuple(changes), ()
    sound = tuple(change for change in changes if _is_sound(listing, [change]))
    if not _is_sound(listing, sound):
        return (), tuple(changes)
    return sound, tuple(change for change in changes if change not in sound)


def _is_sound(listing: PaperList, changes: Sequence[EntryChange]) -> bool:
    try:
        apply_changes(listing, changes)
    except ListError:
        return False
    return True
