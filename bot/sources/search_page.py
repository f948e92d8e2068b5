"""Reads a page of the search API: checks its bytes, then parses them with the `arxiv` package.

The package accepts a truncated page, and reads an error as an empty result. So this module first checks that the page
is complete, answers the question asked, and has only readable entries (docs/decisions/0011).
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import arxiv
from arxiv import _feed

from bot.core.arxiv_id import ArxivId
from bot.core.errors import SourceError
from bot.core.model import Paper
from bot.sources.atom import ATOM, check_entry, parse, text
from bot.sources.fields import abstract, line, names

CEILING = 10_000
"""The service fails for results beyond this number."""
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


@dataclass(frozen=True, slots=True)
class Page:
    """The papers of a page, and arXiv's count of all results."""

    papers: tuple[Paper, ...]
    total: int


class ResultsMovedError(Exception):
    """The number of results fell while the pages were read."""


class TooManyResultsError(Exception):
    """The query has more results than the service returns."""


def read_page(body: bytes, asked: dict[str, str], url: str) -> Page:
    """Checks and parses a page.

    Args:
        body: the page.
        asked: the parameters of the request.
        url: the request's URL, for error messages.

    Raises:
        ValueError: the page is incomplete, unreadable, or answers another request.
        SourceError: arXiv refused the request.
        ResultsMovedError: the page is empty although an earlier page promised more results.
        TooManyResultsError: the query has more results than the service returns.
    """
    try:
        total = _check_page(body, asked, url)
    except ValueError as error:
        raise ValueError(f"arXiv sent a search page that {error}") from None
    feed = _feed.parse(body)
    papers = tuple(map(_paper, feed.results))
    if len(papers) != _expected(asked, total):
        raise ValueError("arXiv sent a search page that the arxiv package can't read")
    return Page(papers, total)


def _check_page(body: bytes, asked: dict[str, str], url: str) -> int:
    """Checks a page and returns its total number of results. Raises like `read_page`."""
    root = parse(body)
    entries = root.findall(f"{ATOM}entry")
    _check_refusal(entries, url)
    _check_echo(root, asked)
    total = _number(root, "totalResults")
    if _number(root, "startIndex") != int(asked["start"]):
        raise ValueError("does not start at the result requested")
    if total > CEILING:
        raise TooManyResultsError
    expected = _expected(asked, total)
    if asked["start"] != "0" and not expected:  # an earlier page promised more
        raise ResultsMovedError
    if len(entries) != expected:
        raise ValueError(f"has {len(entries)} results instead of {expected}")
    for entry in entries:
        _check_result(entry)
    return total


def _check_refusal(entries: Iterable[ET.Element], url: str) -> None:
    for entry in entries:
        if "/api/errors" in text(entry, f"{ATOM}id") or text(entry, f"{ATOM}title") == "Error":
            raise SourceError(f"arXiv refuses: {text(entry, f'{ATOM}summary')}", where=url)


def _expected(asked: dict[str, str], total: int) -> int:
    """Returns how many results a page must have, if there are `total` in all."""
    return max(0, min(int(asked["max_results"]), total - int(asked["start"])))


def _check_echo(root: ET.Element, asked: dict[str, str]) -> None:
    """Checks the feed's title, which repeats the query as arXiv understood it, against the query that was sent.

    Every term must be there, in order. Parentheses may differ, since arXiv rewrites them.
    """
    title = " ".join(text(root, f"{ATOM}title").split())
    echoed = _ECHO.fullmatch(title)
    sent = asked["search_query"]
    if (
        echoed is None
        or echoed["ids"] != asked["id_list"]
        or (echoed["start"], echoed["size"]) != (asked["start"], asked["max_results"])
        or _TERM.findall(echoed["query"]) != _TERM.findall(sent)
    ):
        raise ValueError(f"answers another query ({title[:200]})")


def _check_result(entry: ET.Element) -> None:
    check_entry(entry)
    ArxivId.parse(text(entry, f"{ATOM}id"))
    for date in ("published", "updated"):
        _moment(text(entry, f"{ATOM}{date}"))


def _moment(written: str) -> datetime:
    """Parses a time in the format that the `arxiv` package can read; Python's own parser accepts more."""
    try:
        if not _MOMENT.fullmatch(written):
            raise ValueError  # noqa: TRY301 (reported below, with the other invalid times)
        return datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"has an entry with an unreadable date ({written!r})") from None


def _number(root: ET.Element, tag: str) -> int:
    written = text(root, f"{_OPENSEARCH}{tag}")
    if not _COUNT.fullmatch(written):
        raise ValueError(f"has no {tag}")
    return int(written)


def _paper(result: arxiv.Result) -> Paper:
    return Paper(
        id=ArxivId.parse(result.entry_id),
        title=line(result.title),
        abstract=abstract(result.summary),
        authors=names(author.name for author in result.authors),
        categories=tuple(result.categories),
        submitted=result.published,
        updated=result.updated,
        comment=line(result.comment),
        journal_ref=line(result.journal_ref),
        doi=line(result.doi),
    )
