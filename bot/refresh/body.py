"""The text of a pull request of changes: what each is and why, for a maintainer to judge at a glance.

A pure function of the batch. Abstracts are in the diff; here only how they begin is shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core import titles
from bot.core.english import count, shorten
from bot.core.escaping import inline
from bot.core.model import Coverage
from bot.proposals.body import BREAK, LIMIT, MARKER_GROWS, answers, folded, footer
from bot.proposals.items import ChangeId, Fact
from bot.proposals.marker import Marker, box, render_marker
from bot.refresh.model import Change, Note

_TITLE_SHOWN = 300  # characters, as for the two below
_VALUE_SHOWN = 240
_WHY_SHOWN = 300
_NOTES_SHOWN = 20


def render_text(
    marker: Marker[ChangeId],
    changes: Sequence[Change],
    notes: Sequence[Note],
    coverage: Coverage,
    waiting: int,
    run_url: str,
) -> str:
    """All that goes below the marker, within the limit with it: if need be without particulars and notes."""
    room = LIMIT - len(render_marker(marker)) - MARKER_GROWS
    around = [_declined(marker.declined)] if marker.declined else []
    around += [_waiting(waiting)] if waiting else []
    read = f"{coverage.read:,} of {coverage.matched:,} listed papers were found there."
    around += [f"Looked up at {inline(coverage.of)}: {read}", _how_to_answer(), footer(run_url)]
    text = ""
    for render, told in ((_whole, notes), (_whole, ()), (_least, ())):
        blocks = "\n".join(f"{box(one.id)} {render(one)}" for one in changes)
        parts = [_introduction(marker, changes), blocks, *([_notes(told)] if told else []), *around]
        text = "\n\n".join(parts) + "\n"
        if len(text) <= room:
            break
    return text


def render_closed(marker: Marker[ChangeId], run_url: str) -> str:
    """The text of a batch that the bot closes, as no change is left in it."""
    why = (
        "**Closed by the bot: no change is left to decide on.** Each of them is made by now, not called for any more, "
        "or was declined here. That this is closed declines nothing more."
    )
    parts = [why, *([_declined(marker.declined)] if marker.declined else []), footer(run_url)]
    return "\n\n".join(parts) + "\n"


def _introduction(marker: Marker[ChangeId], changes: Sequence[Change]) -> str:
    path = marker.path.replace("`", "")
    return (
        f"**{count(len(changes), 'change')}** to entries of `{path}`: what arXiv says of their papers now. "
        "Nothing else in the file changes.\n\n"
        "**Merge** to make what is listed here. **Tick a box** to decline that change: "
        "the next run takes it out, and proposes it again only with another value; merge after that. "
        "**Close** to decline them all."
    )


def _least(change: Change) -> str:
    name = change.id.fact.value.capitalize()
    title = inline(shorten(titles.plain(change.listed.title), _TITLE_SHOWN))
    return f"**{name}** of [{title}]({change.id.paper.url}), line {change.listed.line}"


def _whole(change: Change) -> str:
    value = inline(shorten(change.value, _VALUE_SHOWN))
    old = inline(shorten(change.old, _VALUE_SHOWN))
    why = inline(shorten(change.why, _WHY_SHOWN))
    match change.id.fact:
        case Fact.WITHDRAWAL:
            lines = [f"The entry is taken out: arXiv's comment on the paper is “{why}”"]
        case Fact.TITLE:
            lines = [f"“{old}” becomes “{value}”: {why}"]
        case Fact.VENUE:
            lines = [f"“{old}” becomes “{value}”", f"By what arXiv says: “{why}”"]
        case _:
            lines = [f"Missing here: {value}"]
    return BREAK.join([_least(change), *lines])


def _declined(declined: Sequence[ChangeId]) -> str:
    """The changes taken out, their boxes still ticked."""
    lines = [
        f"{box(one, ticked=True)} {one.fact.value} of [{one.paper}]({one.paper.url})"
        for one in declined
    ]
    return "**Declined here, and taken out.** Untick a box to take that back.\n\n" + "\n".join(
        lines
    )


def _waiting(number: int) -> str:
    these = f"{count(number, 'more change')} {'waits' if number == 1 else 'wait'}"
    return f"{these}: the next pull request has them, when this one is answered."


def _notes(notes: Sequence[Note]) -> str:
    lines = [_note_line(one) for one in notes[:_NOTES_SHOWN]]
    if len(notes) > _NOTES_SHOWN:
        lines.append(f"- and {len(notes) - _NOTES_SHOWN} more, in the run's report")
    return folded(
        f"{count(len(notes), 'thing')} to know, for which no entry has a place, or which a person has to judge",
        "\n".join(lines),
    )


def _note_line(one: Note) -> str:
    title = inline(shorten(titles.plain(one.listed.title), _TITLE_SHOWN))
    return f"- line {one.listed.line}, [{one.paper}]({one.paper.url}) {title}: {inline(shorten(one.text, _WHY_SHOWN))}"


def _how_to_answer() -> str:
    return answers("change", ("", "or reopen the pull request"))
