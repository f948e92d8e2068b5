"""Renders the text of a pull request of changes: what each change is and why, so that a maintainer can judge it.

The text depends on the batch alone. It shows only the beginning of an abstract; the diff has all of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core import titles
from bot.core.english import count, shorten
from bot.core.escaping import inline
from bot.core.model import Coverage
from bot.proposals.items import ChangeId, Fact
from bot.proposals.marker import Marker, box
from bot.proposals.text import (
    BREAK,
    Addresses,
    files_of,
    folded,
    footer,
    how_to_answer,
    on_answer,
    removed_items,
    room_below,
)
from bot.refresh.model import EntryChange, Note

_TITLE_SHOWN = 300  # characters, as for the next two constants
_VALUE_SHOWN = 240
_WHY_SHOWN = 300
_NOTES_SHOWN = 20
_ANSWERS = (("remove a change", "untick its box"),)


def render_text(
    marker: Marker[ChangeId],
    changes: Sequence[EntryChange],
    notes: Sequence[Note],
    coverage: Coverage,
    waiting: int,
    addresses: Addresses,
) -> str:
    """Renders the text below the marker; drops notes, then details, if it is too long for GitHub."""
    room = room_below(marker)
    ending = _declined(marker)
    ending += [_waiting(waiting)] if waiting else []
    read = f"{coverage.read:,} of {coverage.matched:,} listed papers were found there."
    ending += [
        f"Looked up at {inline(coverage.of)}: {read}",
        how_to_answer(_ANSWERS, "tick or untick again while this is open"),
        footer(addresses),
    ]
    text = ""
    for render, shown in ((_whole, notes), (_whole, ()), (_least, ())):
        blocks = "\n".join(f"{box(change.id, ticked=True)} {render(change)}" for change in changes)
        parts = [
            _introduction(marker, changes),
            blocks,
            *([_notes(shown)] if shown else []),
            *ending,
        ]
        text = "\n\n".join(parts) + "\n"
        if len(text) <= room:
            break
    return text


def render_closed(marker: Marker[ChangeId], addresses: Addresses) -> str:
    """Renders the text of a batch that the bot closes because no change is left in it."""
    why = (
        "**Closed by the bot: no change is left to decide.** Each change is made, is no longer needed, "
        "or was declined here. Closing this pull request declines no further changes."
    )
    parts = [why, *_declined(marker), footer(addresses)]
    return "\n\n".join(parts) + "\n"


def _introduction(marker: Marker[ChangeId], changes: Sequence[EntryChange]) -> str:
    files = files_of((change.listed.path for change in changes), marker)
    return (
        f"**{count(len(changes), 'change')}** to entries of {files}, from arXiv's current data. "
        "Nothing else in the list changes.\n\n"
        "**A ticked box is a change in this pull request.** **Merge** to make the ticked changes. "
        "**Untick** a change to decline it: the next run removes it, and proposes it again only with another value. "
        "Merge after that run. "
        "**Close** to decline all changes."
    )


def _least(change: EntryChange) -> str:
    name = change.id.fact.value.capitalize()
    title = inline(shorten(titles.plain(change.listed.title), _TITLE_SHOWN))
    return f"**{name}** of [{title}]({change.id.paper.url}), {inline(change.listed.where)}"


def _whole(change: EntryChange) -> str:
    value = inline(shorten(change.value, _VALUE_SHOWN))
    old = inline(shorten(change.old, _VALUE_SHOWN))
    why = inline(shorten(change.why, _WHY_SHOWN))
    match change.id.fact:
        case Fact.WITHDRAWAL:
            lines = [f"The entry is removed: arXiv's comment on the paper is “{why}”"]
        case Fact.TITLE:
            lines = [f"“{old}” becomes “{value}”: {why}"]
        case Fact.VENUE:
            lines = [f"“{old}” becomes “{value}”", f"arXiv says: “{why}”"]
        case _:
            lines = [f"Missing here: {value}"]
    return BREAK.join([_least(change), *lines])


def _declined(marker: Marker[ChangeId]) -> list[str]:
    """The section of changes that a person unticked."""
    lines = [
        f"{box(change)} {change.fact.value} of [{change.paper}]({change.paper.url}) · "
        + on_answer("removed", change, marker)
        for change in marker.declined
    ]
    return [removed_items(lines)] if lines else []


def _waiting(number: int) -> str:
    changes = f"{count(number, 'more change')} {'waits' if number == 1 else 'wait'}"
    return f"{changes} for the next pull request, which opens once this one is merged or closed."


def _notes(notes: Sequence[Note]) -> str:
    lines = [_note_line(note) for note in notes[:_NOTES_SHOWN]]
    if len(notes) > _NOTES_SHOWN:
        lines.append(f"- and {len(notes) - _NOTES_SHOWN} more, in the run's report")
    return folded(
        f"{count(len(notes), 'note')}: facts without a place in the entry, and doubts for a person to decide",
        "\n".join(lines),
    )


def _note_line(note: Note) -> str:
    title = inline(shorten(titles.plain(note.listed.title), _TITLE_SHOWN))
    text = inline(shorten(note.text, _WHY_SHOWN))
    return f"- {inline(note.listed.where)}, [{note.paper}]({note.paper.url}) {title}: {text}"
