"""What arXiv, or a snapshot, knows of a list: its papers' categories and texts, and the stream that they come in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.arxiv_id import ArxivId
from bot.core.errors import SourceError, UsageError
from bot.core.model import Harvest, Paper, Window
from bot.sources.search import Search
from bot.sources.snapshot import Snapshot, moment_of
from bot.tools.setup.categories import USUAL, categories_of

MONTH = timedelta(days=30)
_ASKED = 100  # listed papers, the newest: one request, and enough to find the categories


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found out: of the list's papers, their categories and why it is these, and the stream of a window."""

    known: tuple[Paper, ...]
    categories: tuple[str, ...]
    reason: str
    window: Window
    harvest: Harvest


@dataclass(frozen=True, slots=True)
class SurveyRequest:
    """What to look at; what is empty is found out. `now` is the time, UTC."""

    listed: tuple[ArxivId, ...]
    categories: tuple[str, ...]
    since: datetime | None
    until: datetime | None
    now: datetime


def survey(make: Callable[[Sequence[str]], Search | Snapshot], request: SurveyRequest) -> Survey:
    """Looks around; `make` makes the source for some categories.

    The harvest's coverage reports a source that fails.

    Raises:
        UsageError: there is no time in the window asked for.
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
    """The window asked for; else a month, up to the `newest` paper of a source that ends before now."""
    until = request.until or min(newest or request.now, request.now)
    window = Window(request.since or until - MONTH, until)
    if window.since >= window.until:
        fix = "let --since be earlier than --until, and than today"
        raise UsageError("there is no time to look at", where="--since", fix=fix)
    return window


def _listed(
    source: Search | Snapshot, listed: Iterable[ArxivId]
) -> tuple[tuple[Paper, ...], datetime | None, str]:
    """What is known of the listed papers, until when the source goes if it ends, and why they can't be looked up."""
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
    """The snapshot's papers with these ids, and its newest moment."""
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
        return "As asked for."
    if trouble:
        return "Those of most lists, a guess: the listed papers could not be looked up."
    if set(USUAL) <= set(categories):
        return (
            f"Those of most lists, a guess: {len(known)} of the listed papers could be looked up."
        )
    inside = sum(not set(categories).isdisjoint(paper.categories) for paper in known)
    return f"The smallest set of categories that covers the listed papers ({inside} of {len(known)} looked up)."
