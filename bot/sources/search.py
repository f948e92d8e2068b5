"""arXiv's search API as a source: searches for the topics' phrases, page by page, and looks papers up by id.

https://info.arxiv.org/help/api/user-manual.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlencode, urlsplit

import arxiv

from bot.core.arxiv_id import ArxivId
from bot.core.errors import SourceError
from bot.core.model import Coverage, Harvest, Paper, Topic, Window
from bot.sources.atom import fetch
from bot.sources.query import SEARCH_URL, compile_queries, compile_sample, halves, is_whole
from bot.sources.search_page import CEILING, Page, ResultsMovedError, TooManyResultsError, read_page
from bot.sources.session import Fetch

_PAGE_SIZE = 1000  # for more results, arXiv asks clients to refine the query
_WHOLE = (
    2  # how many times larger the pages of a query that can't be refined are; the service allows it
)
_TRIES = 3  # for results that move while their pages are read
_IDS_AT_ONCE = 100  # the service refuses the longer URL of more ids
_SAMPLED = timedelta(days=7)  # some days have hardly any submissions
_SHORTEST = timedelta(days=1)  # not halved further, since a day has fewer papers than `CEILING`
_Compiled = Callable[
    [Window], tuple[str, ...]
]  # a window's queries; the same number for every window


class Search:
    """The search API as a source: one query for all topics, and a request for each page of results."""

    name = "search"

    def __init__(
        self,
        session: Fetch,
        categories: Sequence[str],
        base_url: str = SEARCH_URL,
        page_size: int = _PAGE_SIZE,
    ) -> None:
        self._session = session
        self.categories = tuple(categories)
        self._url = base_url
        self._page_size = page_size

    def collect(self, topics: tuple[Topic, ...], window: Window) -> Harvest:
        """Returns all papers on the topics submitted within the window. See `Source`."""
        return self._harvest(lambda part: compile_queries(topics, self.categories, part), window)

    def stream(self, window: Window) -> Harvest:
        """Returns all papers of the categories submitted within the window, on any subject."""
        return self._harvest(lambda part: (compile_sample(self.categories, part),), window)

    def _harvest(self, compiled: _Compiled, window: Window) -> Harvest:
        before = self._session.requests
        queries = compiled(window)
        gathered = _Gathered()
        failure = ""
        try:
            for number in range(len(queries)):
                self._gather(number, compiled, window, gathered)
        except SourceError as error:
            failure = error.on_one_line
        coverage = Coverage(
            source=self.name,
            of=urlsplit(self._url).netloc,
            asked="\n".join(queries),
            read=len(gathered.papers),
            matched=None if failure or len(queries) > 1 else gathered.matched,
            requests=self._session.requests - before,
            window=window,
            failure=failure,
            note="read every paper of the categories, as there are too many phrases for a query"
            if is_whole(queries[0])
            else "",
        )
        return Harvest(tuple(gathered.papers.values()), coverage)

    def _gather(self, number: int, compiled: _Compiled, window: Window, into: _Gathered) -> None:
        """Runs one of the queries; if it has more results than the service returns, halves the window and runs both.

        Results may move between pages while these are read, so that one result comes twice and another not at all.
        The query is then repeated.
        """
        query = compiled(window)[number]
        delivered: set[ArxivId] = set()
        for _ in range(_TRIES):
            try:
                total = self._read(_SearchQuestion(query), delivered, into.papers)
            except ResultsMovedError:
                continue
            except TooManyResultsError:
                for half in _halves(window, self._url):
                    self._gather(number, compiled, half, into)
                return
            if len(delivered) >= total:
                break
        else:
            raise SourceError(
                f"arXiv returned only {len(delivered):,} of its results after {_TRIES} attempts",
                where=self._url,
                fix="try again later",
            )
        into.matched += total

    def _read(
        self, question: _SearchQuestion, delivered: set[ArxivId], papers: dict[ArxivId, Paper]
    ) -> int:
        """Reads all pages, adds to `delivered` and `papers`, and returns arXiv's count of results."""
        total = 0
        for page in self._pages(question):
            total = max(total, page.total)
            for paper in page.papers:
                delivered.add(paper.id)
                papers.setdefault(paper.id, paper)
        return total

    def look_up(self, ids: Sequence[ArxivId]) -> tuple[Paper, ...]:
        """Returns the newest versions of the papers with these ids, in any order; unknown ids are absent.

        Raises:
            SourceError: arXiv did not answer.
        """
        return self._named([str(paper) for paper in ids])

    def versions(self, ids: Sequence[ArxivId]) -> tuple[Paper, ...]:
        """Returns the papers in the versions that these ids name. See `Versions`. Raises like `look_up`."""
        return self._named([f"{paper}v{paper.version}" for paper in ids if paper.version])

    def _named(self, ids: Sequence[str]) -> tuple[Paper, ...]:
        found: list[Paper] = []
        for start in range(0, len(ids), _IDS_AT_ONCE):
            group = tuple(ids[start : start + _IDS_AT_ONCE])
            try:
                for page in self._pages(_SearchQuestion(ids=group)):
                    found += page.papers
            except (TooManyResultsError, ResultsMovedError):
                raise SourceError(
                    f"arXiv's number of results does not fit the {len(group)} ids requested",
                    where=self._url,
                    fix="try again later",
                ) from None
        return tuple(found)

    def sample(self, until: datetime) -> tuple[Paper, ...]:
        """Returns one page of the papers of the week before `until`, newest first. See `Selective`.

        Raises:
            SourceError: arXiv did not answer.
        """
        query = compile_sample(self.categories, Window(until - _SAMPLED, until))
        try:
            return self._page(_SearchQuestion(query), 0, self._page_size).papers
        except (TooManyResultsError, ResultsMovedError):
            raise SourceError("there are more papers than arXiv returns", where=query) from None

    def _pages(self, question: _SearchQuestion) -> Iterator[Page]:
        is_large = not question.ids and is_whole(question.query)
        size = self._page_size * (_WHOLE if is_large else 1)
        start = total = 0
        while start == 0 or start < total:
            page = self._page(question, start, size)
            yield page
            start, total = start + len(page.papers), page.total
            if not page.papers:
                break

    def _page(self, question: _SearchQuestion, start: int, size: int) -> Page:
        asked = question.parameters(start, size)
        url = f"{self._url}?{urlencode(asked)}"
        return fetch(self._session, url, partial(read_page, asked=asked, url=url))


@dataclass(frozen=True, slots=True)
class _SearchQuestion:
    """A question for the search API: either a query, with the newest results first, or ids."""

    query: str = ""
    ids: tuple[str, ...] = ()

    def parameters(self, start: int, size: int) -> dict[str, str]:
        """Returns the URL parameters that ask for `size` results from index `start` on."""
        order = arxiv.SortCriterion.Relevance if self.ids else arxiv.SortCriterion.SubmittedDate
        return {
            "search_query": self.query,
            "id_list": ",".join(self.ids),
            "sortBy": order.value,
            "sortOrder": arxiv.SortOrder.Descending.value,
            "start": str(start),
            "max_results": str(size),
        }


def _halves(window: Window, url: str) -> tuple[Window, Window]:
    if window.until - window.since <= _SHORTEST:
        raise SourceError(
            f"arXiv reports more than {CEILING:,} results for one day",
            where=url,
            fix="use fewer or longer phrases",
        )
    return halves(window)


@dataclass(slots=True)
class _Gathered:
    papers: dict[ArxivId, Paper] = field(default_factory=dict)
    matched: int = 0
