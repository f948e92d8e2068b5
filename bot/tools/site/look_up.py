"""Looks up the papers of a site: the listed ones, with a cache for the next build, and those in open pull requests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from bot.core.arxiv_id import ArxivId
from bot.core.errors import SourceError
from bot.core.model import Paper
from bot.proposals.model import Pull, PullState
from bot.sources.days import compress, put
from bot.sources.protocol import LookUp
from bot.sources.snapshot import Snapshot
from bot.tools.site.papers import SiteCandidate


def look_up(
    source: LookUp, ids: Sequence[ArxivId], cache: Path | None = None
) -> tuple[Mapping[ArxivId, Paper], str]:
    """The papers of these ids, and why the source could not be asked; empty if it could.

    Args:
        source: asked for the papers that the cache lacks.
        ids: the papers.
        cache: a file that keeps what the source found, as compressed JSON lines (`bot/sources/days.py`); None for none.
            A file that is missing or damaged is written anew.
    """
    kept = _kept(cache) if cache else {}
    failure = ""
    missing = [paper for paper in ids if paper not in kept]
    if missing:
        try:
            kept |= {paper.id: paper for paper in source.look_up(missing)}
        except SourceError as error:
            failure = str(error)
    if cache and missing and not failure:
        whole = (paper for paper in kept.values() if paper.abstract and paper.categories)
        with suppress(OSError):  # a folder that can't be written costs only time
            put(cache, compress(sorted(whole, key=lambda paper: paper.id.order)))
    return kept, failure


def _kept(cache: Path) -> dict[ArxivId, Paper]:
    if not cache.is_file():
        return {}
    try:
        return {paper.id: paper for paper in Snapshot(cache, ()).papers()}
    except SourceError:
        return {}


def find_candidates(pulls: Iterable[Pull]) -> tuple[SiteCandidate, ...]:
    """The papers that wait in the bot's open pull requests, without their titles, which a source can look up."""
    return tuple(
        SiteCandidate(Paper(paper, ""), pull.url, pull.created.date(), paper in pull.marker.perhaps)
        for pull in pulls
        if pull.state is PullState.OPEN and pull.marker
        for paper in (*pull.marker.items, *pull.marker.perhaps)
    )
