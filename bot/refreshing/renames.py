"""Whether a paper was given another title after it was listed, and the edit that gives its entry the same."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from bot import escaping, titles
from bot.document import EntryForm, Replacement
from bot.entries.slots import Slot
from bot.model import Paper
from bot.refreshing.places import Place

_ALIKE = 80.0  # likeness, 0 to 100, of a title and another one that are certainly of one paper
_SHORTEST = 4  # words of a title that is not only a name for the paper
_MARKED = frozenset("$\\{}")


def differs(listed: str, title: str) -> bool:
    """Whether a listed title is another one, and neither a part of the paper's nor more than it."""
    ours, theirs = titles.key(listed), titles.key(title)
    if ours.replace(" ", "") == theirs.replace(" ", ""):
        return False
    return not set(ours.split()) <= set(theirs.split()) and theirs not in ours


def is_of(listed: str, title: str) -> bool:
    """Whether an entry with this title may be one of the paper at all, and its link no mistake."""
    ours, theirs = titles.key(listed), titles.key(title)
    return bool(ours) and (ours in theirs or fuzz.partial_ratio(ours, theirs) >= 60)


def renamed(
    place: Place, paper: Paper, older: Sequence[str] | None
) -> tuple[Replacement, str] | None:
    """The edit, and what makes it certain: that an older version had the listed title.

    Where the older titles are not known (None), the two must be so alike that they can only be of one paper.
    """
    listed, new = place.listed.title, titles.plain(paper.title)
    spans = [span for span in place.spans if span.slot is Slot.TITLE]
    odd = place.entry.form is EntryForm.HTML_ROW or _MARKED & {*listed, *new}
    if odd or len(spans) != 1 or not differs(listed, new):
        return None
    if older is not None:
        if titles.key(listed) not in map(titles.key, older):
            return None
        why = "an older version had the listed title"
    else:
        ratio = fuzz.ratio(titles.key(listed), titles.key(new))
        if ratio < _ALIKE or min(len(listed.split()), len(new.split())) < _SHORTEST:
            return None
        why = "the titles are alike; what older versions had could not be looked up"
    in_table = place.entry.form is EntryForm.TABLE_ROW
    text = escaping.inline(new, table=in_table)
    return place.rewritten(spans[0].start, spans[0].end, text), why
