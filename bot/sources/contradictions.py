"""Checks a search without results against today's announcements and the list's own entries.

arXiv's search has returned a valid but empty page while it did have results. A paper announced today that a phrase
matches, or a listed paper from the window, contradicts such an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol, runtime_checkable

from bot.core.arxiv_id import ArxivId
from bot.core.categories import covers
from bot.core.english import count
from bot.core.errors import SourceError
from bot.core.model import Announcement, Harvest, Paper, Topic, Window
from bot.listing.paper_list import ListFiles
from bot.relevance.phrases import Matcher, in_categories
from bot.sources.protocol import LookUp, Source
from bot.sources.query import halves

_FIRST_ANNOUNCED = frozenset({Announcement.NEW, Announcement.CROSS})
_MOST_WITNESSES = 100  # the ids that fit one request


@runtime_checkable
class SearchSource(Source, LookUp, Protocol):
    """A source that searches some categories for the topics' phrases, and can look papers up by id."""

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories that the source searches."""


def confirm_empty(
    source: SearchSource,
    topics: tuple[Topic, ...],
    window: Window,
    harvest: Harvest,
    witnesses: Sequence[ArxivId],
) -> Harvest:
    """Repeats an empty search for each half of the window; returns a failure if the contradiction remains.

    Args:
        source: the search.
        topics: what was asked for.
        window: what was asked for.
        harvest: the search's answer, complete but without papers.
        witnesses: papers that contradict this answer.
    """
    answers = [source.collect(topics, half) for half in halves(window)]
    again = _join(harvest, answers)
    if again.papers or again.coverage.failure:
        return again
    try:
        known = source.look_up(witnesses[:_MOST_WITNESSES])
    except SourceError as error:
        return _failed(again, f"{error.message} ({error.fix})")
    in_reach = [paper for paper in known if covers(source.categories, paper.categories)]
    if known and not any(_belongs(paper, topics, window) for paper in in_reach):
        note = "papers announced today are not in arXiv's search yet"
        return replace(again, coverage=replace(again.coverage, note=note))
    named = ", ".join(map(str, witnesses[:3]))
    reason = f"arXiv's search claims to have no paper, but {count(len(witnesses), 'paper')} should be there"
    return _failed(again, f"{reason}: {named} (the next run asks again)")


def find_witnesses(
    topics: tuple[Topic, ...],
    window: Window,
    announced: Iterable[Paper],
    papers: ListFiles,
) -> tuple[ArxivId, ...]:
    """Returns the papers that prove an empty search wrong, newest first: submitted in the window, and a phrase matches.

    Args:
        topics: what is searched for.
        window: when the papers were submitted.
        announced: the papers of the other sources; those announced as new or cross-listed count if a phrase matches.
        papers: the list; an entry counts if its id's month begins within the window and a phrase matches.
    """
    matcher = Matcher(topics)
    found = {
        paper.id
        for paper in announced
        if paper.announcement in _FIRST_ANNOUNCED and _matches(paper, topics, matcher)
    }
    found.update(_listed(matcher, window, papers))
    return tuple(sorted(found, key=lambda name: name.order, reverse=True))


def _listed(matcher: Matcher, window: Window, papers: ListFiles) -> Iterator[ArxivId]:
    for entry in papers.listed:
        if not entry.ids:
            continue
        month = datetime(entry.ids[0].year, entry.ids[0].month, 1, tzinfo=UTC)
        if window.since <= month <= window.until:
            evidence = matcher.match_text(entry.title, papers.text(entry))
            if evidence.matches:
                yield entry.ids[0]


def _belongs(paper: Paper, topics: tuple[Topic, ...], window: Window) -> bool:
    is_within = paper.submitted is not None and window.since <= paper.submitted <= window.until
    return is_within and _matches(paper, topics, Matcher(topics))


def _matches(paper: Paper, topics: tuple[Topic, ...], matcher: Matcher) -> bool:
    named = set(matcher.match(paper).topics)
    return any(topic.name in named and in_categories(paper, topic) for topic in topics)


def _join(first: Harvest, answers: Sequence[Harvest]) -> Harvest:
    papers = {paper.id: paper for answer in answers for paper in answer.papers}
    coverage = replace(
        first.coverage,
        read=len(papers),
        matched=None,
        requests=first.coverage.requests + sum(answer.coverage.requests for answer in answers),
        failure=next(
            (answer.coverage.failure for answer in answers if answer.coverage.failure), ""
        ),
        note="arXiv's search first claimed to have no paper" if papers else first.coverage.note,
    )
    return Harvest(tuple(papers.values()), coverage)


def _failed(harvest: Harvest, reason: str) -> Harvest:
    return replace(harvest, coverage=replace(harvest.coverage, failure=reason))
