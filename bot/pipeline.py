"""One run, seven steps: load, collect, index, score, screen, propose, publish.

Everything with an effect comes in as an argument (sources, forge, the time), so that the same code is a real run, a dry
run, a replay and a test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot import __version__
from bot.arxiv_id import ArxivId
from bot.config import Config
from bot.document import Document
from bot.evidence import Matcher, strength
from bot.index import ListIndex
from bot.model import Candidate, Decision, Harvest, Paper, RunReport, Topic, Verdict, Window
from bot.screening import Known, Rules, screen
from bot.sources import Source

_FIRST_WINDOW = timedelta(days=365)  # for a list that names no arXiv paper yet


def merge(harvests: Iterable[Harvest]) -> tuple[Paper, ...]:
    """The papers of all sources, one for each id: what one source does not say is filled in from the others.

    The first source to name a paper gives its text; order is that of the ids.
    """
    papers: dict[ArxivId, Paper] = {}
    for harvest in harvests:
        for paper in harvest.papers:
            known = papers.get(paper.id)
            papers[paper.id] = paper if known is None else _filled(known, paper)
    return tuple(sorted(papers.values(), key=lambda paper: paper.id.order))


def _filled(paper: Paper, other: Paper) -> Paper:
    return replace(
        paper,
        abstract=paper.abstract or other.abstract,
        authors=paper.authors or other.authors,
        categories=paper.categories or other.categories,
        submitted=paper.submitted or other.submitted,
        updated=paper.updated or other.updated,
        announced=paper.announced or other.announced,
        announcement=paper.announcement or other.announcement,
        comment=paper.comment or other.comment,
        journal_ref=paper.journal_ref or other.journal_ref,
        doi=paper.doi or other.doi,
    )


def window(
    *,
    resume: datetime | None,
    newest: ArxivId | None,
    overlap: timedelta,
    now: datetime,
) -> Window:
    """The submission times to ask for: from where the last batch left off, else from the list's newest id.

    `resume` is what the newest batch recorded (docs/decisions/0002); the overlap is there because papers are announced
    up to two weeks after submission (https://info.arxiv.org/help/availability.html). Times in UTC.
    """
    if resume is not None:
        start = resume
    elif newest is not None:
        start = datetime(newest.year, newest.month, 1, tzinfo=UTC)
    else:
        start = now - _FIRST_WINDOW
    return Window(since=min(start, now) - overlap, until=now)
