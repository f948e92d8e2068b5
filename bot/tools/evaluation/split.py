"""When each entry of a list came in, and so what was known at the cut and what came later. Pure."""

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
    """A list at the cut: the entries before it, the days of the later ones, and the last day of those.

    `told` is for how many of the later entries the list's history has the day.
    """

    before: tuple[Listed, ...]
    later: Mapping[int, date]
    until: date
    told: int


def day_of(paper: Paper) -> date:
    """The day a paper appeared: announced, else submitted, else the first of its id's month."""
    if paper.announced is not None:
        return paper.announced
    return paper.submitted.date() if paper.submitted else month_of(paper.id)


def month_of(paper: ArxivId) -> date:
    """The first day of the month in which arXiv gave the id."""
    return date(paper.year, paper.month, 1)


def last_day(index: ListIndex, history: History) -> date | None:
    """The last day on which something can have come in; None for a list of which no day is known."""
    return max(
        (_latest(entry.ids[0], history) for entry in index.listed if entry.ids), default=None
    )


def _latest(paper: ArxivId, history: History) -> date:
    """The day a paper came in; where that is not known, the last of its id's month, or of the oldest version."""
    day, end = history.days.get(paper), _end_of_month(paper)
    if day is None:
        return end
    return min(day, end) if day == history.first else day


def _end_of_month(paper: ArxivId) -> date:
    return date(paper.year, paper.month, calendar.monthrange(paper.year, paper.month)[1])


def split(listing: PaperList, history: History, papers: Iterable[Paper], cut: date) -> Split:
    """Parts the entries at the cut: by the list's history, else by when the paper appeared, else by a year's heading.

    `papers` are those whose days are known. An entry of which nothing is known counts as one from before.
    """
    appeared = {
        found.entry: day_of(paper)
        for paper in papers
        if isinstance(found := listing.index.find(paper), Listed)
    }
    before, later, told = [], {}, 0
    for listed in listing.index.listed:
        written = history.day(listed.ids[0], cut) if listed.ids else None
        day = written or appeared.get(listed.entry) or _own_day(listing.document, listed)
        if day is not None and day >= cut:
            later[listed.entry] = day
            told += written is not None
        else:
            before.append(listed)
    return Split(tuple(before), later, max(later.values(), default=cut), told)


def _own_day(document: Document, listed: Listed) -> date | None:
    """The day that the entry itself gives: the month of its id, else the year of the innermost heading with a year."""
    if listed.ids:
        return month_of(listed.ids[0])
    section = document.entries[listed.entry].section
    path = () if section is None else document.sections[section].path
    years = [int(found[0]) for heading in path if (found := _YEAR.search(heading))]
    return date(years[-1], 1, 1) if years else None
