"""arXiv's search API, asked through the `arxiv` package over our session.

The package pages and reads entries; it also takes half a page for a whole one, and an error for no results.
So every page is checked here before the package sees it: that it is the answer to what was asked, whole, with every
entry readable. https://info.arxiv.org/help/api/user-manual.html
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import arxiv

from bot.arxiv_id import ArxivId
from bot.errors import SourceError
from bot.model import Coverage, Harvest, Paper, Topic, Window
from bot.sources.query import compile_queries, compile_sample, halves
from bot.sources.session import Fetch

DEFAULT_URL = "https://export.arxiv.org/api/query"
_PAGE_SIZE = (
    1000  # the service gives up to 2,000 at a time, and asks to refine a query beyond 1,000
)
_CEILING = 10_000  # the service fails on results beyond
_TRIES = 3  # for a page that is broken although it arrived
_IDS_AT_ONCE = 100  # more ids make a URL that the service refuses
_ATOM = "{http://www.w3.org/2005/Atom}"
_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"

_ECHO = re.compile(
    r"arXiv Query: search_query=(?P<query>.*)&id_list=(?P<ids>.*)&start=(?P<start>\d+)&max_results=(?P<size>\d+)"
)
_TERM = re.compile(
    r"\b(?:ti|abs):\"[^\"]*\"|\bcat:[\w.*-]+|\bsubmittedDate:\[[^\]]*\]|\b(?:AND|OR|ANDNOT)\b"
)


_Compiled = Callable[[Window], tuple[str, ...]]  # the queries of a window, as many for any


class Search:
    """The search API as a source: one query for all topics, one request while its results fit a page."""

    name = "search"

    def __init__(
        self, session: Fetch, categories: Sequence[str], base_url: str = DEFAULT_URL
    ) -> None:
        self._session = session
        self._categories = tuple(categories)
        self._url = base_url

    def collect(self, topics: tuple[Topic, ...], window: Window) -> Harvest:
        """All papers on the topics submitted within the window; see `Source`."""
        return self._harvest(lambda part: compile_queries(topics, self._categories, part), window)

    def stream(self, window: Window) -> Harvest:
        """All papers of the categories submitted within the window, on whatever; a request for every thousand."""
        return self._harvest(lambda part: (compile_sample(self._categories, part),), window)

    def _harvest(self, compiled: _Compiled, window: Window) -> Harvest:
        before = self._session.requests
        queries = compiled(window)
        gathered = _Gathered()
        failure = ""
        try:
            for number in range(len(queries)):
                self._gather(number, compiled, window, gathered)
        except SourceError as error:
            failure = f"{error.message}{f' ({error.fix})' if error.fix else ''}"
        lost = gathered.undelivered
        coverage = Coverage(
            source=self.name,
            of=urlsplit(self._url).netloc,
            asked="\n".join(queries),
            read=len(gathered.papers),
            matched=None if failure or len(queries) > 1 else gathered.matched,
            requests=self._session.requests - before,
            window=window,
            capped=f"{lost} of {gathered.matched} results were not delivered" if lost else "",
            failure=failure,
        )
        return Harvest(tuple(gathered.papers.values()), coverage)

    def _gather(self, number: int, compiled: _Compiled, window: Window, into: _Gathered) -> None:
        """Runs one of the queries; where it finds more than the service gives out, once for each half of the window."""
        query = compiled(window)[number]
        pages = _CheckedPages(self._session)
        search = arxiv.Search(
            query=query,
            max_results=None,
            sort_by=arxiv.SortCriterion.SubmittedDate,
            sort_order=arxiv.SortOrder.Descending,
        )
        delivered: set[ArxivId] = set()
        try:
            for paper in self._run(pages, search):
                delivered.add(paper.id)
                into.papers.setdefault(paper.id, paper)
        except _TooManyError:
            for half in halves(window):
                self._gather(number, compiled, half, into)
            return
        into.matched += pages.total
        into.undelivered += max(0, pages.total - len(delivered))

    def look_up(self, ids: Sequence[ArxivId]) -> tuple[Paper, ...]:
        """The newest versions of the papers with these ids, in no order; unknown ids are absent.

        Raises:
            SourceError: arXiv could not be asked.
        """
        found: list[Paper] = []
        for start in range(0, len(ids), _IDS_AT_ONCE):
            some = [str(one) for one in ids[start : start + _IDS_AT_ONCE]]
            pages = _CheckedPages(self._session)
            found += self._run(pages, arxiv.Search(id_list=some, max_results=None))
        return tuple(found)

    def _run(self, pages: _CheckedPages, search: arxiv.Search) -> Iterator[Paper]:
        client = arxiv.Client(page_size=_PAGE_SIZE, delay_seconds=0, num_retries=0)
        client.query_url_format = f"{self._url}?{{}}"
        client._session = pages  # noqa: SLF001 (there is no other way in)
        for result in client.results(search):
            yield _paper(result)


@dataclass(slots=True)
class _Gathered:
    papers: dict[ArxivId, Paper] = field(default_factory=dict)
    matched: int = 0
    undelivered: int = 0


class _TooManyError(Exception):
    """The query has more results than the service gives out."""


class _BrokenPageError(Exception):
    """The page arrived, and is not what was asked for; asking again may help."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """As much of a response as the package looks at."""

    content: bytes
    status_code: int = 200


class _CheckedPages:
    """Stands in for the package's HTTP session: fetches through ours, and lets only whole pages through."""

    def __init__(self, session: Fetch) -> None:
        self._session = session
        self.total = 0

    def get(self, url: str, headers: object = None) -> _Answer:
        """One page, checked. The package's own headers are not sent: ours name this program.

        Raises:
            SourceError: there is no whole page to be had.
        """
        del headers
        for attempt in range(1, _TRIES + 1):
            body = self._session.get(url)
            try:
                self.total = _check_page(body, url)
            except _BrokenPageError as error:
                if attempt == _TRIES:
                    raise SourceError(
                        f"{error}, {_TRIES} times in a row", where=url, fix="try again later"
                    ) from None
            else:
                return _Answer(body)
        raise AssertionError("unreachable")


def _check_page(body: bytes, url: str) -> int:
    """The total of results that the page states, once it is certain that the page is whole and answers the question."""
    try:
        root = ET.fromstring(body)  # noqa: S314 (the session lets no document type through)
    except ET.ParseError as error:
        raise _BrokenPageError(f"a search page that is not well-formed ({error})") from None
    if root.tag != f"{_ATOM}feed":
        raise _BrokenPageError("a search page that is not an Atom feed")
    entries = root.findall(f"{_ATOM}entry")
    for entry in entries:
        if "/api/errors" in _text(entry, "id") or _text(entry, "title") == "Error":
            raise SourceError(f"arXiv refuses: {_text(entry, 'summary')}", where=url)
    asked = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
    start, size = int(asked["start"]), int(asked["max_results"])
    _check_echo(root, asked)
    total = _number(root, "totalResults")
    if _number(root, "startIndex") != start:
        raise _BrokenPageError("a search page that starts elsewhere than asked")
    if total > _CEILING:
        raise _TooManyError
    expected = max(0, min(size, total - start))
    if len(entries) != expected:
        raise _BrokenPageError(f"a search page of {len(entries)} results instead of {expected}")
    for entry in entries:
        _check_entry(entry)
    return total


def _check_echo(root: ET.Element, asked: dict[str, str]) -> None:
    """The feed's title repeats the question as arXiv understood it: every term of ours must be in it, in order.

    Parentheses may differ, since arXiv writes them anew.
    """
    title = " ".join(_text(root, "title").split())
    echoed = _ECHO.fullmatch(title)
    meant = asked.get("search_query", "")
    if (
        echoed is None
        or echoed["ids"] != asked.get("id_list", "")
        or (echoed["start"], echoed["size"]) != (asked["start"], asked["max_results"])
        or _TERM.findall(echoed["query"]) != _TERM.findall(meant)
    ):
        raise _BrokenPageError(f"a search page for another query ({title[:200]})")


def _check_entry(entry: ET.Element) -> None:
    name = _text(entry, "id") or "an entry without id"
    for date in ("published", "updated"):
        try:
            datetime.fromisoformat(_text(entry, date))
        except ValueError:
            raise _BrokenPageError(f"a search result without a date ({name}: {date})") from None
    try:
        ArxivId.parse(name)
    except ValueError:
        raise _BrokenPageError(f"a search result without an id ({name})") from None
    if not _text(entry, "title"):
        raise _BrokenPageError(f"a search result without a title ({name})")


def _text(element: ET.Element, tag: str) -> str:
    return (element.findtext(f"{_ATOM}{tag}") or "").strip()


def _number(root: ET.Element, tag: str) -> int:
    text = (root.findtext(f"{_OPENSEARCH}{tag}") or "").strip()
    if not text.isdigit():
        raise _BrokenPageError(f"a search page without {tag}")
    return int(text)


def _paper(result: arxiv.Result) -> Paper:
    return Paper(
        id=ArxivId.parse(result.entry_id),
        title=_line(result.title),
        abstract=_line(result.summary),
        authors=tuple(_line(author.name) for author in result.authors),
        categories=tuple(result.categories),
        submitted=result.published,
        updated=result.updated,
        comment=_line(result.comment or ""),
        journal_ref=_line(result.journal_ref or ""),
        doi=_line(result.doi or ""),
    )


def _line(text: str) -> str:
    return " ".join(text.split())
