"""Dates each entry of a list, and splits the list into what was known at the cut and what came later. Pure."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.core.arxiv_id import ArxivId
from bot.core.model import Paper
from bot.listing.document import Document
from bot.listing.history import History
from bot.listing.index import Listed, ListIndex
from bot.listing.paper_list import PaperList

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Split:
    """A list split at the cut: the earlier entries, the days of the later ones, and the last of these days.

    `dated_by_history` is the number of later entries whose day the list's history gives.
    """

    before: tuple[Listed, ...]
    later: Mapping[int, date]
    until: date
    dated_by_history: int


def day_of(paper: Paper) -> date:
    """Returns the day a paper appeared: its announcement, else its submission, else the first of its id's month."""
    if paper.announced is not None:
        return paper.announced
    return paper.submitted.date() if paper.submitted else month_of(paper.id)


def month_of(paper: ArxivId) -> date:
    """Returns the first day of the month in which arXiv assigned the id."""
    return date(paper.year, paper.month, 1)


def last_day(index: ListIndex, history: History) -> date | None:
    """Returns the latest possible day of an addition; None if no entry has an id."""
    return max(
        (_latest(entry.ids[0], history) for entry in index.listed if entry.ids), default=None
    )


def _latest(paper: ArxivId, history: History) -> date:
    """Returns the day a paper was added; if that is unknown, the end of its id's month, or the oldest version's day.

    The oldest version's day counts only if the paper is in it and the day is before that month's end.
    """
    day = history.days.get(paper)
    end = date(paper.year, paper.month, calendar.monthrange(paper.year, paper.month)[1])
    if day is None:
        return end
    return min(day, end) if day == history.first else day


def split(listing: PaperList, history: History, papers: Iterable[Paper], cut: date) -> Split:
    """Splits the entries at the cut, by the first day known: from the history, the paper, its id, or a year's heading.

    `papers` are the papers with known days. An entry without any day counts as earlier.
    """
    appeared = {
        found.entry: day_of(paper)
        for paper in papers
        if isinstance(found := listing.index.find(paper), Listed)
    }
    before, later, dated_by_history = [], {}, 0
    for listed in listing.index.listed:
        written = history.day(listed.ids[0], cut) if listed.ids else None
        day = written or appeared.get(listed.entry) or _own_day(listing.document, listed)
        if day is not None and day >= cut:
            later[listed.entry] = day
            dated_by_history += written is not None
        else:
            before.append(listed)
    return Split(tuple(before), later, max(later.values(), default=cut), dated_by_history)


def _own_day(document: Document, listed: Listed) -> date | None:
    """Returns the day that the entry implies: its id's month, else the year in its innermost heading with a year."""
    if listed.ids:
        return month_of(listed.ids[0])
    section = document.entries[listed.entry].section
    path = () if section is None else document.sections[section].path
    years = [int(found[0]) for heading in path if (found := _YEAR.search(heading))]
    return date(years[-1], 1, 1) if years else None
