"""Reads a page of the search API: checks its bytes, then lets the `arxiv` package make results of them.

The package takes half a page for a whole one, and an error for no results. So the bytes are checked first: that
they answer the question asked, whole, with every entry readable. The package then reads the same bytes
(docs/decisions/0011).
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
"""The service fails on results beyond."""
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
    """The papers of a page, and how many results arXiv counts in all."""

    papers: tuple[Paper, ...]
    total: int


class ResultsMovedError(Exception):
    """The results have become fewer while their pages are read."""


class TooManyResultsError(Exception):
    """The query has more results than the service gives out."""


def read_page(body: bytes, asked: dict[str, str], url: str) -> Page:
    """The page, once it is certain that it is whole and answers the question.

    Raises:
        ValueError: it is not.
        SourceError: arXiv refuses.
    """
    try:
        total = _check_page(body, asked, url)
    except ValueError as error:
        raise ValueError(f"a search page that {error}") from None
    feed = _feed.parse(body)
    papers = tuple(map(_paper, feed.results))
    if len(papers) != _expected(asked, total):
        raise ValueError("a search page that the arxiv package can't read")
    return Page(papers, total)


def _check_page(body: bytes, asked: dict[str, str], url: str) -> int:
    """Makes sure of a page; returns the total that it states. Raises as `read_page` does."""
    root = parse(body)
    entries = root.findall(f"{ATOM}entry")
    _check_refusal(entries, url)
    _check_echo(root, asked)
    total = _number(root, "totalResults")
    if _number(root, "startIndex") != int(asked["start"]):
        raise ValueError("starts elsewhere than asked")
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
    """How many results a page must have of so many in all."""
    return max(0, min(int(asked["max_results"]), total - int(asked["start"])))


def _check_echo(root: ET.Element, asked: dict[str, str]) -> None:
    """The feed's title repeats the question as arXiv understood it: every term of ours must be in it, in order.

    Parentheses may differ, since arXiv writes them anew.
    """
    title = " ".join(text(root, f"{ATOM}title").split())
    echoed = _ECHO.fullmatch(title)
    meant = asked["search_query"]
    if (
        echoed is None
        or echoed["ids"] != asked["id_list"]
        or (echoed["start"], echoed["size"]) != (asked["start"], asked["max_results"])
        or _TERM.findall(echoed["query"]) != _TERM.findall(meant)
    ):
        raise ValueError(f"answers another query ({title[:200]})")


def _check_result(entry: ET.Element) -> None:
    check_entry(entry)
    ArxivId.parse(text(entry, f"{ATOM}id"))
    for date in ("published", "updated"):
        _moment(text(entry, f"{ATOM}{date}"))


def _moment(written: str) -> datetime:
    """A time as both services write it; Python reads more forms than the package does."""
    try:
        if not _MOMENT.fullmatch(written):
            raise ValueError  # noqa: TRY301 (reported below, with the other values that are no time)
        return datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"has an entry without a date that can be read ({written!r})") from None


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
