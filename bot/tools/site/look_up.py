"""Looks up metadata of the listed papers, with a cache for the next build, and finds those in open pull requests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from bot.core.arxiv_id import ArxivId
from bot.core.errors import SourceError
from bot.core.model import Paper
from bot.proposals.model import Pull, PullState
from bot.sources.days import compress, write_atomically
from bot.sources.protocol import LookUp
from bot.sources.snapshot import Snapshot
from bot.tools.site.papers import SiteCandidate


def look_up(
    source: LookUp, ids: Sequence[ArxivId], cache: Path | None = None
) -> tuple[Mapping[ArxivId, Paper], str]:
    """Looks up papers in the cache and then in the source; also returns why the source failed ("" if it did not).

    The cache is a file of compressed JSON lines (`bot/sources/days.py`) with the results of earlier builds. If it is
    missing or damaged, a new file is written.
    """
    known = _kept(cache) if cache and cache.is_file() else {}
    missing = [paper for paper in ids if paper not in known]
    if not missing:
        return known, ""
    try:
        known |= {paper.id: paper for paper in source.look_up(missing)}
    except SourceError as error:
        return known, str(error)
    if cache:
        whole = (paper for paper in known.values() if paper.abstract and paper.categories)
        with suppress(OSError):  # without the cache, the next build only takes longer
            write_atomically(cache, compress(sorted(whole, key=lambda paper: paper.id.order)))
    return known, ""


def _kept(cache: Path) -> dict[ArxivId, Paper]:
    try:
        return {paper.id: paper for paper in Snapshot(cache, ()).papers()}
    except SourceError:
        return {}


def find_candidates(pulls: Iterable[Pull]) -> tuple[SiteCandidate, ...]:
    """Returns the papers in the bot's open pull requests, without titles; use a source to look them up."""
    return tuple(
        SiteCandidate(Paper(paper, ""), pull.url, pull.created.date(), paper in pull.marker.perhaps)
        for pull in pulls
        if pull.state is PullState.OPEN and pull.marker
        for paper in (*pull.marker.items, *pull.marker.perhaps)
    )
