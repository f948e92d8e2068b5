"""Surveys a list with arXiv or a snapshot: reads its papers, finds their categories, and reads a month of these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.arxiv_id import ArxivId
from bot.core.errors import SourceError, UsageError
from bot.core.model import Harvest, Paper, Window
from bot.sources.search import Search
from bot.sources.snapshot import Snapshot, moment_of

USUAL = ("cs.AI", "cs.CL", "cs.CV", "cs.LG")
"""The categories of most lists' papers, used if a source knows too few of the list's papers."""

_ENOUGH = 0.95  # share of the papers that the categories must cover
_FEW = 10  # with fewer papers, and fewer than half of the list's, the categories are only a hint
_WORTH = 0.02  # share of the papers that another category must add

MONTH = timedelta(days=30)
_ASKED = 100  # newest listed papers to look up: one request, and enough to find the categories


@dataclass(frozen=True, slots=True)
class Survey:
    """The result: the known papers of the list, their categories and why these, and all papers of a window."""

    known: tuple[Paper, ...]
    categories: tuple[str, ...]
    reason: str
    window: Window
    harvest: Harvest


@dataclass(frozen=True, slots=True)
class SurveyRequest:
    """What to survey; the survey finds the empty values itself. `now` is the time, UTC."""

    listed: tuple[ArxivId, ...]
    categories: tuple[str, ...]
    since: datetime | None
    until: datetime | None
    now: datetime


def survey(make: Callable[[Sequence[str]], Search | Snapshot], request: SurveyRequest) -> Survey:
    """Surveys a list; `make` makes the source for some categories.

    If the source fails, the harvest's coverage reports it.

    Raises:
        UsageError: the period asked for is empty.
    """
    source = make(request.categories or USUAL)
    known, newest, trouble = _listed(source, request.listed)
    categories = request.categories or categories_of(known, len(request.listed))
    reason = _reason(request, known, categories, trouble)
    window = _window(request, newest)
    source = make(categories)
    harvest = source.stream(window) if isinstance(source, Search) else source.collect((), window)
    # No paper was chosen by its words, so all of them can be background.
    harvest = replace(harvest, background=harvest.background or harvest.papers)
    return Survey(known, categories, reason, window, harvest)


def _window(request: SurveyRequest, newest: datetime | None) -> Window:
    """Returns the window asked for, or else a month that ends now or with the source's `newest` paper."""
    until = request.until or min(newest or request.now, request.now)
    window = Window(request.since or until - MONTH, until)
    if window.since >= window.until:
        fix = "choose a --since before --until and before today"
        raise UsageError("the period to search is empty", where="--since", fix=fix)
    return window


def _listed(
    source: Search | Snapshot, listed: Iterable[ArxivId]
) -> tuple[tuple[Paper, ...], datetime | None, str]:
    """Looks the listed papers up; returns them, the time of a snapshot's newest paper, and why the look-up failed."""
    try:
        if isinstance(source, Search):
            newest_first = sorted(listed, key=lambda paper_id: paper_id.order, reverse=True)
            return source.look_up(newest_first[:_ASKED]), None, ""
        return *_in_snapshot(source, frozenset(listed)), ""
    except SourceError as error:
        return (), None, error.message


def _in_snapshot(
    source: Snapshot, ids: frozenset[ArxivId]
) -> tuple[tuple[Paper, ...], datetime | None]:
    """Returns the snapshot's papers with these ids, and the time of its newest paper."""
    known, newest = [], None
    for paper in source.papers():
        moment = moment_of(paper)
        newest = max(newest or moment, moment)
        if paper.id in ids:
            known.append(paper)
    return tuple(known), newest


def _reason(
    request: SurveyRequest, known: Sequence[Paper], categories: Sequence[str], trouble: str
) -> str:
    if request.categories:
        return "As given with --category."
    if trouble:
        return "A guess, the categories of most lists: the listed papers could not be looked up."
    if set(USUAL) <= set(categories):
        return f"A guess, with the categories of most lists: {len(known)} of the listed papers were found."
    inside = sum(not set(categories).isdisjoint(paper.categories) for paper in known)
    return f"The smallest set of categories that covers the listed papers ({inside} of {len(known)} looked up)."


def categories_of(papers: Sequence[Paper], listed: int) -> tuple[str, ...]:
    """Returns the smallest set of categories that covers nearly all of the papers, sorted.

    If these are few of the `listed` papers, because the source knows no more, `USUAL` is added.
    """
    chosen = _smallest_cover([paper.categories for paper in papers if paper.categories])
    few = len(papers) < min(_FEW, listed / 2) or not chosen
    return tuple(sorted({*chosen, *USUAL} if few else chosen))


def _smallest_cover(papers: Sequence[Sequence[str]]) -> list[str]:
    """Adds, again and again, the category that covers the most papers not yet covered."""
    primary = Counter(categories[0] for categories in papers)
    left = [frozenset(categories) for categories in papers]
    chosen: list[str] = []
    while len(left) > (1 - _ENOUGH) * len(papers):
        counted = Counter(name for categories in left for name in categories)
        best = max(counted, key=lambda name: (counted[name], primary[name], name))
        if chosen and counted[best] < _WORTH * len(papers):
            break
        chosen.append(best)
        left = [categories for categories in left if best not in categories]
    return chosen
