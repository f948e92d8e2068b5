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
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import parse_qs, urlsplit

import arxiv

from bot.core.arxiv_id import ArxivId
from bot.core.errors import SourceError
from bot.core.model import Coverage, Harvest, Paper, Topic, Window
from bot.sources.atom import ATOM, check_entry, fetch, parse, text
from bot.sources.query import compile_queries, compile_sample, halves, is_whole
from bot.sources.session import Fetch

DEFAULT_URL = "https://export.arxiv.org/api/query"
_PAGE_SIZE = 1000  # beyond that the service asks to refine a query
_WHOLE = 2  # pages at a time that it gives all the same, for a query that can't be refined
_CEILING = 10_000  # the service fails on results beyond
_TRIES = 3  # for results that move while their pages are read
_IDS_AT_ONCE = 100  # more ids make a URL that the service refuses
_SAMPLED = timedelta(days=7)  # some days have no submissions to speak of
_SHORTEST = timedelta(days=1)  # of a window that is halved: arXiv gets fewer papers in a day
_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"

_ECHO = re.compile(
    r"arXiv Query: search_query=(?P<query>.*)&id_list=(?P<ids>[^&]*)&start=(?P<start>\d+)&max_results=(?P<size>\d+)"
)
_TERM = re.compile(
    r"\b(?:ti|abs):\"[^\"]*\"|\bcat:[\w.*-]+|\bsubmittedDate:\[[^\[\]]*\]|\b(?:AND|OR|ANDNOT)\b"
)

_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_COUNT = re.compile(r"[0-9]{1,9}")

_Compiled = Callable[[Window], tuple[str, ...]]  # the queries of a window, as many for any


class Search:
    """The search API as a source: one query for all topics, one request while its results fit a page."""

    name = "search"

    def __init__(
        self,
        session: Fetch,
        categories: Sequence[str],
        base_url: str = DEFAULT_URL,
        page_size: int = _PAGE_SIZE,
    ) -> None:
        self._session = session
        self._categories = tuple(categories)
        self._url = base_url
        self._page_size = page_size

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
        coverage = Coverage(
            source=self.name,
            of=urlsplit(self._url).netloc,
            asked="\n".join(queries),
            read=len(gathered.papers),
            matched=None if failure or len(queries) > 1 else gathered.matched,
            requests=self._session.requests - before,
            window=window,
            failure=failure,
            note="every paper of the categories: the phrases are too many to ask for"
            if is_whole(queries[0])
            else "",
        )
        return Harvest(tuple(gathered.papers.values()), coverage)

    def _gather(self, number: int, compiled: _Compiled, window: Window, into: _Gathered) -> None:
        """Runs one of the queries; where it finds more than the service gives out, once for each half of the window.

        Results may move between pages while these are read, so that one comes twice and another not at all: what is
        missing then is asked for again.
        """
        query = compiled(window)[number]
        delivered: set[ArxivId] = set()
        for _ in range(_TRIES):
            pages = _CheckedPages(self._session)
            try:
                for paper in self._run(pages, _newest_first(query)):
                    delivered.add(paper.id)
                    into.papers.setdefault(paper.id, paper)
            except _MovedError:
                continue
            except _TooManyError:
                for half in _halves(window, self._url):
                    self._gather(number, compiled, half, into)
                return
            if len(delivered) >= pages.total:
                break
        else:
            counts = f"{len(delivered):,} of {pages.total:,} results"
            raise SourceError(
                f"arXiv delivered only {counts}, {_TRIES} times in a row",
                where=self._url,
                fix="try again later",
            )
        into.matched += pages.total

    def look_up(self, ids: Sequence[ArxivId]) -> tuple[Paper, ...]:
        """The newest versions of the papers with these ids, in no order; unknown ids are absent.

        Raises:
            SourceError: arXiv could not be asked.
        """
        return self._named([str(one) for one in ids])

    def versions(self, ids: Sequence[ArxivId]) -> tuple[Paper, ...]:
        """The papers in the versions that these ids name; see `Versions`. Raises as `look_up` does."""
        return self._named([f"{one}v{one.version}" for one in ids if one.version])

    def _named(self, names: Sequence[str]) -> tuple[Paper, ...]:
        found: list[Paper] = []
        for start in range(0, len(names), _IDS_AT_ONCE):
            some = list(names[start : start + _IDS_AT_ONCE])
            pages = _CheckedPages(self._session)
            try:
                found += self._run(pages, arxiv.Search(id_list=some, max_results=None))
            except (_TooManyError, _MovedError):
                raise SourceError(
                    f"arXiv claims another number of results than the {len(some)} ids asked for",
                    where=self._url,
                    fix="try again later",
                ) from None
        return tuple(found)

    def sample(self, until: datetime) -> tuple[Paper, ...]:
        """A page of the papers of the last days before `until`, the newest first; see `Selective`.

        Raises:
            SourceError: arXiv could not be asked.
        """
        query = compile_sample(self._categories, Window(until - _SAMPLED, until))
        search = _newest_first(query, self._page_size)
        try:
            return tuple(self._run(_CheckedPages(self._session), search))
        except (_TooManyError, _MovedError):
            raise SourceError("more papers than arXiv gives out", where=query) from None

    def _run(self, pages: _CheckedPages, search: arxiv.Search) -> Iterator[Paper]:
        is_large = search.max_results is None and not search.id_list and is_whole(search.query)
        size = self._page_size * (_WHOLE if is_large else 1)
        client = arxiv.Client(page_size=size, delay_seconds=0, num_retries=0)
        client.query_url_format = f"{self._url}?{{}}"
        client._session = pages  # noqa: SLF001 (there is no other way in)
        yield from map(_paper, client.results(search))


def _newest_first(query: str, most: int | None = None) -> arxiv.Search:
    return arxiv.Search(
        query=query,
        max_results=most,
        sort_by=arxiv.SortCriterion.SubmittedDate,
        sort_order=arxiv.SortOrder.Descending,
    )


def _halves(window: Window, url: str) -> tuple[Window, Window]:
    if window.until - window.since <= _SHORTEST:
        raise SourceError(
            f"arXiv claims more than {_CEILING:,} results for one day",
            where=url,
            fix="use fewer or longer phrases",
        )
    return halves(window)


@dataclass(slots=True)
class _Gathered:
    papers: dict[ArxivId, Paper] = field(default_factory=dict)
    matched: int = 0


class _MovedError(Exception):
    """The results have become fewer while their pages are read."""


class _TooManyError(Exception):
    """The query has more results than the service gives out."""


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
        page, total = fetch(self._session, url, partial(_checked, url=url))
        self.total = max(self.total, total)
        return _Answer(page)


def _checked(body: bytes, url: str) -> tuple[bytes, int]:
    """The page, and the total it states, once it is certain that it is whole and answers the question.

    The page is written anew, so that the package reads nothing that was not seen here.

    Raises:
        ValueError: it is not.
        SourceError: arXiv refuses.
    """
    try:
        root = parse(body)
    except ValueError as error:
        raise ValueError(f"a search page that {error}") from None
    entries = root.findall(f"{ATOM}entry")
    for entry in entries:
        if "/api/errors" in text(entry, f"{ATOM}id") or text(entry, f"{ATOM}title") == "Error":
            raise SourceError(f"arXiv refuses: {text(entry, f'{ATOM}summary')}", where=url)
    asked = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
    start, size = int(asked["start"]), int(asked["max_results"])
    _check_echo(root, asked)
    total = _number(root, "totalResults")
    if _number(root, "startIndex") != start:
        raise ValueError("a search page that starts elsewhere than asked")
    if total > _CEILING:
        raise _TooManyError
    expected = max(0, min(size, total - start))
    if start and not expected:  # an earlier page promised more
        raise _MovedError
    if len(entries) != expected:
        raise ValueError(f"a search page of {len(entries)} results instead of {expected}")
    for entry in entries:
        _check_result(entry)
    return ET.tostring(root), total


def _check_echo(root: ET.Element, asked: dict[str, str]) -> None:
    """The feed's title repeats the question as arXiv understood it: every term of ours must be in it, in order.

    Parentheses may differ, since arXiv writes them anew.
    """
    title = " ".join(text(root, f"{ATOM}title").split())
    echoed = _ECHO.fullmatch(title)
    meant = asked.get("search_query", "")
    if (
        echoed is None
        or echoed["ids"] != asked.get("id_list", "")
        or (echoed["start"], echoed["size"]) != (asked["start"], asked["max_results"])
        or _TERM.findall(echoed["query"]) != _TERM.findall(meant)
    ):
        raise ValueError(f"a search page for another query ({title[:200]})")


def _check_result(entry: ET.Element) -> None:
    name = text(entry, f"{ATOM}id")
    try:
        check_entry(entry)
        ArxivId.parse(name)
        for date in ("published", "updated"):
            _moment(text(entry, f"{ATOM}{date}"))
    except ValueError as error:
        raise ValueError(f"a search page that {error}") from None


def _moment(written: str) -> datetime:
    """A time as both services write it; Python reads more forms than the package does."""
    try:
        if not _MOMENT.fullmatch(written):
            raise ValueError  # noqa: TRY301 (told below, with those that are no time for other reasons)
        return datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"has an entry without a date that can be read ({written!r})") from None


def _number(root: ET.Element, tag: str) -> int:
    written = text(root, f"{_OPENSEARCH}{tag}")
    if not _COUNT.fullmatch(written):
        raise ValueError(f"a search page without {tag}")
    return int(written)


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


def _line(said: str) -> str:
    return " ".join(said.split())
