"""Reads arXiv's OAI-PMH service: every paper of a category that was announced or changed since a day.

The service answers when the search sheds load, and it has the days that the announcement feed no longer holds.
A record's datestamp is the day of its last change, which is never before its announcement. A request for all records
since a day, without an end, therefore misses no paper submitted or announced since.
https://info.arxiv.org/help/oa/index.html
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from urllib.parse import urlencode, urlsplit

from bot.core.arxiv_id import ArxivId
from bot.core.errors import SourceError
from bot.core.model import Coverage, Harvest, Paper, Topic, Window
from bot.sources.atom import fetch, parse_xml, text
from bot.sources.fields import abstract, line, split_names
from bot.sources.session import Fetch

DEFAULT_URL = "https://oaipmh.arxiv.org/oai"
EARLIEST = date(2005, 9, 16)
"""The service refuses earlier days; about 90,000 older records have this date."""
_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_RAW = "{http://arxiv.org/OAI/arXivRaw/}"
_FORMAT = "arXivRaw"  # the format `arXiv` lacks the time of the first version
_TRIES = 3  # for a sequence of pages if the service forgets its resumption token
# Papers announced on the first of a month have ids of the month before.
_NUMBERED_BEFORE = timedelta(days=7)
_PHYSICS = frozenset(
    "astro-ph cond-mat gr-qc hep-ex hep-lat hep-ph hep-th math-ph nlin nucl-ex nucl-th physics quant-ph".split()
)
_AND = re.compile(r",?\s+and\s+(?![^,]*\bcollaborations?\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ChangedRecord:
    """The newest version of a paper, and the day of the record's last change (UTC)."""

    paper: Paper
    day: date


class OaiPmh:
    """The OAI-PMH service as a source; it reads a sequence of pages for each category."""

    name = "oai"

    def __init__(
        self, session: Fetch, categories: Sequence[str], base_url: str = DEFAULT_URL
    ) -> None:
        self._session = session
        self.categories = tuple(categories)
        self._url = base_url

    @property
    def requests(self) -> int:
        """How many requests the session has sent so far."""
        return self._session.requests

    def collect(self, topics: tuple[Topic, ...], window: Window) -> Harvest:
        """Returns all papers submitted or announced within the window, whatever the topics. See `Source`."""
        del topics
        before = self._session.requests
        papers: dict[ArxivId, Paper] = {}
        failure = ""
        try:
            for change in self.changes(window.since.date()):
                if is_new(change.paper, window):
                    papers[change.paper.id] = change.paper
        except SourceError as error:
            failure = error.on_one_line
        coverage = Coverage(
            source=self.name,
            of=urlsplit(self._url).netloc,
            asked=f"{', '.join(self.categories)} changed since {window.since:%Y-%m-%d}",
            read=len(papers),
            requests=self._session.requests - before,
            window=window,
            failure=failure,
        )
        found = tuple(papers.values())
        return Harvest(found, coverage, background=found)

    def changes(self, first: date, last: date | None = None) -> Iterator[ChangedRecord]:
        """Yields the records of the categories that changed from `first` to `last`; None for `last` means until now.

        A paper of several categories appears once for each, and again if it changes while the pages are read.

        Raises:
            SourceError: arXiv did not answer, or stopped before the last page.
        """
        for category in self.categories:
            yield from self._of_category(category, max(first, EARLIEST), last)

    def _of_category(
        self, category: str, first: date, last: date | None
    ) -> Iterator[ChangedRecord]:
        for _ in range(_TRIES):
            try:
                for change in self._sequence(category, first, last):
                    first = max(first, change.day)
                    yield change
            except _ForgottenTokenError:
                continue  # records are ordered by day, so resume with the last day seen
            return
        raise SourceError(
            f"arXiv forgot its resumption token, {_TRIES} times in a row",
            where=self._url,
            fix="try again later",
        )

    def _sequence(self, category: str, first: date, last: date | None) -> Iterator[ChangedRecord]:
        asked = {
            "verb": "ListRecords",
            "metadataPrefix": _FORMAT,
            "set": set_of(category),
            "from": f"{first}",
        }
        if last is not None:
            asked["until"] = f"{last}"
        tokens: set[str] = set()
        while True:
            url = f"{self._url}?{urlencode(asked)}"
            page = fetch(self._session, url, partial(_read_page, asked=asked, url=url))
            yield from page.changes
            if not page.token:
                return
            if page.token in tokens:
                raise SourceError("arXiv sent the same resumption token twice", where=url)
            tokens.add(page.token)
            asked = {"verb": "ListRecords", "resumptionToken": page.token}


def is_new(paper: Paper, window: Window) -> bool:
    """Whether a paper was submitted or announced within the window; a change alone does not count.

    The month of the announcement is read from the id.
    """
    if paper.submitted is None or paper.submitted > window.until:
        return False
    since = window.since - _NUMBERED_BEFORE
    return paper.submitted >= window.since or (paper.id.year, paper.id.month) >= (
        since.year,
        since.month,
    )


def set_of(category: str) -> str:
    """Returns the OAI set of a category: `cs:cs:CL` for cs.CL, `cs:cs` for cs.*, `physics:hep-th` for hep-th."""
    archive, _, subject = category.partition(".")
    whole = f"{'physics' if archive in _PHYSICS else archive}:{archive}"
    return whole if subject in {"", "*"} else f"{whole}:{subject}"


@dataclass(frozen=True, slots=True)
class _Page:
    changes: tuple[ChangedRecord, ...]
    token: str


class _ForgottenTokenError(Exception):
    """The service no longer accepts its own resumption token: it expired overnight, or the service was restarted."""


def _read_page(body: bytes, asked: Mapping[str, str], url: str) -> _Page:
    """Parses a page of records.

    Raises:
        ValueError: the page is incomplete, or answers another request.
        SourceError: arXiv refused the request.
    """
    try:
        root = parse_xml(body, f"{_OAI}OAI-PMH", "an OAI-PMH response")
        if (error := root.find(f"{_OAI}error")) is not None:
            return _refused(error, url)
        _check_echo(root, asked)
        return _records(root, is_continued="resumptionToken" in asked)
    except ValueError as error:
        raise ValueError(f"arXiv sent a page of records that {error}") from None


def _refused(error: ET.Element, url: str) -> _Page:
    code = error.get("code", "")
    if code == "noRecordsMatch":
        return _Page((), "")
    if code == "badResumptionToken":
        raise _ForgottenTokenError
    reason = line(error.text)
    fix = "check arxiv.categories" if code == "badArgument" else "try again later"
    raise SourceError(f"arXiv refuses: {code}, {reason}", where=url, fix=fix)


def _check_echo(root: ET.Element, asked: Mapping[str, str]) -> None:
    request = root.find(f"{_OAI}request")
    if request is None or any(request.get(key) != value for key, value in asked.items()):
        raise ValueError("answers another request")


def _records(root: ET.Element, *, is_continued: bool) -> _Page:
    listing = root.find(f"{_OAI}ListRecords")
    if listing is None:
        raise ValueError("lists no records")
    token = listing.find(f"{_OAI}resumptionToken")
    if token is None and is_continued:
        raise ValueError("does not say whether it is the last page")
    records = listing.findall(f"{_OAI}record")
    changes = [_change(record) for record in records if not _is_deleted(record)]
    if not changes and token is None:
        raise ValueError("lists no records")
    return _Page(tuple(changes), (token.text or "").strip() if token is not None else "")


def _is_deleted(record: ET.Element) -> bool:
    header = record.find(f"{_OAI}header")
    return header is not None and header.get("status") == "deleted"


def _change(record: ET.Element) -> ChangedRecord:
    name = text(record, f"{_OAI}header/{_OAI}identifier") or "a record without identifier"
    try:
        day = date.fromisoformat(text(record, f"{_OAI}header/{_OAI}datestamp"))
        raw = record.find(f"{_OAI}metadata/{_RAW}arXivRaw")
        if raw is None:
            raise ValueError("it has no metadata")  # noqa: TRY301 (the record's id is added below)
        return ChangedRecord(_paper(raw), day)
    except (ValueError, IndexError) as error:
        raise ValueError(f"has a record that can't be read ({name}: {error})") from None


def _paper(raw: ET.Element) -> Paper:
    versions = raw.findall(f"{_RAW}version")
    times = [_moment(text(version, f"{_RAW}date")) for version in versions]
    if not times:
        raise ValueError("it has no version")
    authors = _AND.sub(", ", line(_needed(raw, "authors"), 100_000))
    comment = text(raw, f"{_RAW}comments")
    if text(versions[-1], f"{_RAW}source_type") == "I" and "withdrawn" not in comment.lower():
        comment = f"{comment} (withdrawn)".strip()  # arXiv's other services say so in the comment
    return Paper(
        id=ArxivId.parse(f"{_needed(raw, 'id')}v{len(versions)}"),
        title=line(_needed(raw, "title")),
        abstract=abstract(_needed(raw, "abstract")),
        authors=split_names(authors),
        categories=tuple(_needed(raw, "categories").split()),
        submitted=times[0],
        updated=times[-1],
        comment=line(comment),
        journal_ref=line(text(raw, f"{_RAW}journal-ref")),
        doi=line(text(raw, f"{_RAW}doi")),
    )


def _needed(raw: ET.Element, tag: str) -> str:
    pieces = raw.findall(f"{_RAW}{tag}")
    if not pieces or not (pieces[0].text or "").strip():
        raise ValueError(f"it has no {tag}")
    if len(pieces) > 1 or len(pieces[0]):
        raise ValueError(f"its {tag} is split into parts")
    return (pieces[0].text or "").strip()


def _moment(written: str) -> datetime:
    return parsedate_to_datetime(written).astimezone(UTC)
