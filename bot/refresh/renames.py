"""Whether a paper was given another title after it was listed, and the edit that gives its entry the same."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core import escaping, titles
from bot.core.model import Paper
from bot.listing.fields import Slot
from bot.listing.parts import EntryForm, Replacement
from bot.refresh.entry_text import Place

_MARKED = frozenset("$\\{}")


def differs(listed: str, title: str) -> bool:
    """Whether a listed title is another one, and neither a part of the paper's nor more than it."""
    ours, theirs = titles.key(listed), titles.key(title)
    if ours.replace(" ", "") == theirs.replace(" ", ""):
        return False
    return not set(ours.split()) <= set(theirs.split()) and theirs not in ours


def renamed(place: Place, paper: Paper, older: Sequence[str]) -> Replacement | None:
    """The edit, if an older version had the listed title: that a title was another one is no reason to change it.

    Curators correct titles, and a source may be older than the list (docs/decisions/0009).
    """
    listed, new = place.listed.title, titles.plain(paper.title)
    spans = [span for span in place.spans if span.slot is Slot.TITLE]
    odd = place.entry.form is EntryForm.HTML_ROW or is_marked(listed) or is_marked(new)
    if odd or len(spans) != 1 or not differs(listed, new):
        return None
    if titles.key(listed) not in map(titles.key, older):
        return None
    text = escaping.inline(new, table=place.entry.form is EntryForm.TABLE_ROW)
    return place.rewritten(spans[0].start, spans[0].end, text)


def is_marked(title: str) -> bool:
    """Whether a title has TeX left in it, which may be written in many ways."""
    return bool(_MARKED & set(title))
