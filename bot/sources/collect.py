"""Asks every source, compares their answers, and finds the days whose announcements no run has read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.core.arxiv_id import ArxivId
from bot.core.errors import SourceError
from bot.core.model import Harvest, Paper, Topic, Window
from bot.listing.paper_list import ListFiles
from bot.sources.announcements import Announcements
from bot.sources.calendar import announcement_day, working_days
from bot.sources.contradictions import SearchSource, confirm_empty, find_witnesses
from bot.sources.oai import OaiPmh
from bot.sources.protocol import LookUp, Source

_MOST_DAYS = 92
"""Older days need a backfill: a run reads every paper of each day, and a workflow's time is limited."""
_READ_AGAIN = timedelta(days=7)
"""Days before the last batch that are read again, for papers held back then and days that could not be read."""

_MAY_LACK = (
    "abstract",
    "authors",
    "categories",
    "submitted",
    "updated",
    "announced",
    "announcement",
    "comment",
    "journal_ref",
    "doi",
)


def collect(
    sources: Sequence[Source],
    topics: tuple[Topic, ...],
    window: Window,
    papers: ListFiles,
) -> tuple[Harvest, ...]:
    """Returns each source's harvest, in order; repeats an empty search if another source or the list contradicts it.

    Args:
        sources: where to ask.
        topics: what to ask for.
        window: when the papers were submitted.
        papers: the list.
    """
    harvests = [source.collect(topics, window) for source in sources]
    for number, source in enumerate(sources):
        harvest = harvests[number]
        if harvest.papers or not harvest.coverage.complete:
            continue
        if isinstance(source, SearchSource):
            others = [paper for other in harvests for paper in other.papers]
            if witnesses := find_witnesses(topics, window, others, papers):
                harvests[number] = confirm_empty(source, topics, window, harvest, witnesses)
    return tuple(harvests)


def missed_window(
    harvests: Sequence[Harvest],
    resume: datetime | None,
    last_batch: datetime | None,
    until: datetime,
) -> Window | None:
    """Returns the window from the first day whose announcements no run has read, or None if there is no such day.

    Args:
        harvests: this run's harvests; no day is missed if it reads OAI-PMH or does not read announcements.
        resume: earlier runs have read everything up to this moment, announcements included; None if no earlier run
            is known, so that only today counts.
        last_batch: when a run last opened a batch, having read the days before; None for never.
        until: the end of this run's window.
    """
    announced = [harvest for harvest in harvests if harvest.coverage.source == Announcements.name]
    if not announced or any(harvest.coverage.source == OaiPmh.name for harvest in harvests):
        return None
    today = announcement_day(until)
    first = _last_read(resume, last_batch, until) + timedelta(days=1)
    days = list(working_days(first, today))
    if any(_has_all_of(harvest, today) for harvest in announced) and today in days:
        days.remove(today)
    if not days:
        return None
    first = max(first, today - timedelta(days=_MOST_DAYS))
    return Window(datetime.combine(first, time(), UTC), until)


def _last_read(resume: datetime | None, last_batch: datetime | None, until: datetime) -> date:
    """Returns the last day whose announcements a run has certainly read."""
    if resume is None:
        return announcement_day(until) - timedelta(days=1)
    if last_batch:  # papers that wait for a place in a batch hold `resume` back for months
        resume = max(resume, min(last_batch, until - _READ_AGAIN))
    return announcement_day(resume)


def _has_all_of(harvest: Harvest, today: date) -> bool:
    """Whether the harvest holds all of today's announcements."""
    return harvest.coverage.complete and any(
        paper.announced is not None and paper.announced >= today for paper in harvest.papers
    )


def look_up(
    papers: Sequence[ArxivId], lookups: Iterable[LookUp]
) -> tuple[dict[ArxivId, Paper], str]:
    """Looks papers up in the sources, one after the other, and returns the message of the last failure too."""
    found: dict[ArxivId, Paper] = {}
    failure = ""
    for source in lookups:
        missing = [paper for paper in papers if paper not in found]
        if not missing:
            break
        try:
            found |= {paper.id: paper for paper in source.look_up(missing)}
        except SourceError as error:
            failure = error.message
    return found, failure


def merge(harvests: Iterable[Harvest]) -> tuple[Paper, ...]:
    """Merges the papers of all sources, in the order of their ids.

    The first source that has a paper provides its fields; later sources fill in the missing ones.
    """
    papers: dict[ArxivId, Paper] = {}
    for harvest in harvests:
        for paper in harvest.papers:
            known = papers.get(paper.id)
            papers[paper.id] = paper if known is None else _filled(known, paper)
    return tuple(sorted(papers.values(), key=lambda paper: paper.id.order))


def _filled(paper: Paper, other: Paper) -> Paper:
    """Fills the paper's empty fields from the other source's paper."""
    lacking = [name for name in _MAY_LACK if not getattr(paper, name)]
    return replace(paper, **{name: getattr(other, name) for name in lacking})
