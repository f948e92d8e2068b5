"""A fake of arXiv over real HTTP: the search API, the announcement feeds and OAI-PMH, for any collection of papers.

It parses search queries as the real service does: fields, quoted phrases, explicit parentheses, and AND/OR/ANDNOT
without precedence and from the right. It refuses the queries that the real grammar refuses, and its responses have
exactly the form of arXiv's. Phrases match stemmed words, as in the real index.

    python -m tests.servers.arxiv FOLDER [DAY]     serves the papers of a folder of JSON lines, for a manual trial
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape

from tests.servers.arxiv_oai import respond_oai
from tests.servers.http import Request, Response, Server

_XML = {"Content-Type": "application/atom+xml; charset=utf-8"}
_DECLARATION = "<?xml version='1.0' encoding='UTF-8'?>\n"
_CEILING = 10_000
_STEM = re.compile(r"(?:ations?|ings?|ed|ies|es|s|e|y)$")
_WORD = re.compile(r"[^\W_]+")


def _stems(text: str) -> str:
    """Roughly stemmed words with a space around each, so that a phrase matches as a substring."""
    words = (
        _STEM.sub("", word) if len(word) > 4 else word.removesuffix("s")
        for word in _WORD.findall(text.casefold())
    )
    return f" {' '.join(words)} "


@dataclass(frozen=True)
class Record:
    """A paper in the fake services; `announced` is the day of its announcement, `kind` the kind of announcement.

    `older` are the titles of its earlier versions, oldest first.
    `changed` is the datestamp of its record, None for the day of its announcement.
    """

    id: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    submitted: datetime
    announced: date
    comment: str = ""
    version: int = 1
    kind: str = "new"
    older: tuple[str, ...] = ()
    journal_ref: str = ""
    doi: str = ""
    changed: date | None = None
    is_withdrawn: bool = False

    @property
    def datestamp(self) -> date:
        return self.changed or self.announced

    def as_of(self, version: str) -> Record:
        """The given version of the paper, "" for the newest."""
        if not version or int(version) == self.version:
            return self
        return replace(self, version=int(version), title=self.older[int(version) - 1])

    @cached_property
    def title_stems(self) -> str:
        return _stems(self.title)

    @cached_property
    def abstract_stems(self) -> str:
        return _stems(self.abstract)


def read_records(paths: Iterable[Path]) -> Iterator[Record]:
    """Reads records from JSON lines with `announced`; the submission is set to two days before that."""
    import gzip

    for path in paths:
        opened = (
            gzip.open(path, "rt", encoding="utf-8")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8")
        )
        with opened as lines:
            for line in lines:
                raw = json.loads(line)
                announced = date.fromisoformat(raw["announced"])
                number = int(hashlib.sha1(raw["id"].encode()).hexdigest()[:4], 16) % 1440
                yield Record(
                    id=raw["id"],
                    title=raw["title"],
                    abstract=" ".join(raw["abstract"].split()),
                    authors=tuple(raw["authors"]),
                    categories=tuple(raw["categories"]),
                    submitted=datetime.combine(announced - timedelta(days=2), time(), UTC)
                    + timedelta(minutes=number),
                    announced=announced,
                    comment=" ".join((raw.get("comments") or "").split()),
                )


class _RefusedQuery(Exception):
    pass


Test = Callable[[Record], bool]


class _Query:
    """Parses a search query like the real service: no precedence, from the right, and a missing operator means OR."""

    _TOKEN = re.compile(
        r'\s*(\(|\)|[a-zA-Z]+:"[^"]*"|submittedDate:\[\d{12} TO \d{12}\]|[a-zA-Z]+:[^\s()"]+|"[^"]*"|[^\s()"]+)'
    )

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[str] = []
        position = 0
        while position < len(text.rstrip()):
            match = self._TOKEN.match(text, position)
            if match is None:
                raise _RefusedQuery(text)
            self._tokens.append(match[1])
            position = match.end()
        self._next = 0
        self.test = self._expression()
        if self._next < len(self._tokens):
            raise _RefusedQuery(text)

    def _expression(self) -> Test:
        left = self._term()
        if self._next >= len(self._tokens) or self._tokens[self._next] == ")":
            return left
        operator = "OR"
        if self._tokens[self._next] in {"AND", "OR", "ANDNOT"}:
            operator = self._tokens[self._next]
            self._next += 1
        right = self._expression()
        if operator == "AND":
            return lambda record: left(record) and right(record)
        if operator == "ANDNOT":
            return lambda record: left(record) and not right(record)
        return lambda record: left(record) or right(record)

    def _term(self) -> Test:
        if self._next >= len(self._tokens):
            raise _RefusedQuery(self._text)
        token = self._tokens[self._next]
        self._next += 1
        if token == "(":
            inner = self._expression()
            if self._next >= len(self._tokens) or self._tokens[self._next] != ")":
                raise _RefusedQuery(self._text)
            self._next += 1
            return inner
        if token in {")", "AND", "OR", "ANDNOT"}:
            raise _RefusedQuery(self._text)
        name, colon, value = token.partition(":")
        return _field(name, value) if colon else _field("all", token)


def _field(name: str, value: str) -> Test:
    if name == "submittedDate":
        low, high = (
            datetime.strptime(part, "%Y%m%d%H%M").replace(tzinfo=UTC)
            for part in value.strip("[]").split(" TO ")
        )
        return lambda record: low <= record.submitted <= high
    if name == "cat":
        pattern = re.compile(re.escape(value).replace(r"\*", ".*"))
        return lambda record: any(pattern.fullmatch(category) for category in record.categories)
    phrase = _stems(value.strip('"'))
    if name == "ti":
        return lambda record: phrase in record.title_stems
    if name == "abs":
        return lambda record: phrase in record.abstract_stems
    return lambda record: phrase in record.title_stems or phrase in record.abstract_stems


@dataclass
class Arxiv:
    """The services for a collection of papers on the day `today`; papers announced later are not known yet."""

    records: list[Record]
    today: date
    damage: Callable[[bytes], bytes] | None = field(default=None)
    """A function that damages the body of each correct response."""
    page_size: int = 2500
    """The number of records in a page of OAI-PMH; arXiv's has been this since December 2025."""

    def respond(self, request: Request) -> Response:
        if request.path == "/api/query":
            answer = self._search(request)
        elif request.path.startswith("/atom/"):
            answer = self._feed(request.path.removeprefix("/atom/"))
        elif request.path == "/oai":
            answer = respond_oai(request, self.records, self.today, self.page_size)
        else:
            answer = Response(404, b"not found")
        if self.damage is not None and answer.status == 200:
            return Response(200, self.damage(answer.body), answer.headers)
        return answer

    def _search(self, request: Request) -> Response:
        asked = request.query
        text, ids = asked.get("search_query", ""), asked.get("id_list", "")
        start, size = int(asked.get("start", "0")), int(asked.get("max_results", "10"))
        known = [record for record in self.records if record.announced <= self.today]
        if not text and not ids:
            return _error(
                400, "Either a search_query or id_list must be specified for the classic API."
            )
        try:
            test = _Query(text).test if text else lambda _: True
        except _RefusedQuery:
            return _error(400, f"Invalid query string: '{text}'")
        if ids:
            wanted = [name.partition("v")[::2] for name in dict.fromkeys(ids.split(","))]
            by_id = {record.id: record for record in known}
            known = [by_id[name].as_of(version) for name, version in wanted if name in by_id]
        if start + size > _CEILING:
            return _error(500, "")
        found = [record for record in known if test(record)]
        descending = asked.get("sortOrder", "descending") == "descending"
        found.sort(key=lambda record: record.submitted, reverse=descending)
        return Response(200, _page(text, ids, start, size, found).encode(), _XML)

    def _feed(self, spec: str) -> Response:
        wanted = {name.casefold() for name in spec.split("+")}
        if not all(re.fullmatch(r"[a-z-]+(\.[a-z-]+)?", name) for name in wanted):
            return Response(
                400, _feed_xml(f"Feed error for query: {spec}", spec, [], self.today).encode(), _XML
            )
        todays = [
            record
            for record in self.records
            if record.announced == self.today
            and any(
                name.casefold() in wanted or name.casefold().partition(".")[0] in wanted
                for name in record.categories
            )
        ]
        order = {"new": 0, "cross": 1, "replace": 2, "replace-cross": 3}
        shown = sorted(
            ((record, _kind(record, wanted)) for record in todays),
            key=lambda pair: (order[pair[1]], pair[0].id),
        )
        title = f"{', '.join(spec.split('+'))} updates on arXiv.org"
        return Response(200, _feed_xml(title, spec, shown[-2000:], self.today).encode(), _XML)


def _kind(record: Record, wanted: set[str]) -> str:
    """The kind of announcement in a feed of categories: new only if the paper's primary category is among them."""
    primary = record.categories[0].casefold()
    ours = primary in wanted or primary.partition(".")[0] in wanted
    if record.kind == "new":
        return "new" if ours else "cross"
    return record.kind


def _page(text: str, ids: str, start: int, size: int, found: list[Record]) -> str:
    asked = f"search_query={text}&id_list={ids}&start={start}&max_results={size}"
    name = base64.b64encode(hashlib.sha1(asked.encode()).digest()).decode()[:-1]
    entries = "".join(_entry(record) for record in found[start : start + size])
    return (
        f'{_DECLARATION}<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" '
        'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">\n'
        f"  <id>https://arxiv.org/api/{name}</id>\n"
        f"  <title>arXiv Query: {escape(asked)}</title>\n"
        "  <updated>2025-10-20T06:17:00Z</updated>\n"
        f'  <link href="https://arxiv.org/api/query?search_query={quote(text)}" type="application/atom+xml"/>\n'
        f"  <opensearch:itemsPerPage>{size}</opensearch:itemsPerPage>\n"
        f"  <opensearch:totalResults>{len(found)}</opensearch:totalResults>\n"
        f"  <opensearch:startIndex>{start}</opensearch:startIndex>\n{entries}</feed>\n"
    )


def _entry(record: Record) -> str:
    name, when = f"{record.id}v{record.version}", f"{record.submitted:%Y-%m-%dT%H:%M:%SZ}"
    updated = f"{record.submitted + timedelta(days=record.version - 1):%Y-%m-%dT%H:%M:%SZ}"
    categories = "".join(
        f'    <category term="{escape(c)}" scheme="http://arxiv.org/schemas/atom"/>\n'
        for c in record.categories
    )
    comment = (
        f"    <arxiv:comment>{escape(record.comment)}</arxiv:comment>\n" if record.comment else ""
    )
    comment += f"    <arxiv:journal_ref>{escape(record.journal_ref)}</arxiv:journal_ref>\n" * bool(
        record.journal_ref
    )
    comment += f"    <arxiv:doi>{escape(record.doi)}</arxiv:doi>\n" * bool(record.doi)
    authors = "".join(
        f"    <author>\n      <name>{escape(a)}</name>\n    </author>\n" for a in record.authors
    )
    return (
        f"  <entry>\n    <id>http://arxiv.org/abs/{name}</id>\n    <title>{escape(record.title)}</title>\n"
        f"    <updated>{updated}</updated>\n"
        f'    <link href="https://arxiv.org/abs/{name}" rel="alternate" type="text/html"/>\n'
        f'    <link href="https://arxiv.org/pdf/{name}" rel="related" type="application/pdf" title="pdf"/>\n'
        f"    <summary>{escape(record.abstract)}</summary>\n{categories}    <published>{when}</published>\n{comment}"
        f'    <arxiv:primary_category term="{escape(record.categories[0])}"/>\n{authors}  </entry>\n'
    )


def _error(status: int, message: str) -> Response:
    return Response(
        status,
        (
            f'{_DECLARATION}<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" '
            'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">\n'
            "  <id>https://arxiv.org/</id>\n  <title>arXiv Search Results</title>\n"
            "  <opensearch:totalResults>1</opensearch:totalResults>\n  <entry>\n"
            "    <id>https://arxiv.org/api/errors#error</id>\n    <title>Error</title>\n"
            f"    <summary>{escape(message)}</summary>\n    <author>\n      <name>arXiv api core</name>\n    </author>\n"
            "  </entry>\n</feed>\n"
        ).encode(),
        _XML,
    )


def _feed_xml(title: str, spec: str, shown: list[tuple[Record, str]], day: date) -> str:
    items = "".join(
        f"  <entry>\n    <id>oai:arXiv.org:{record.id}v{record.version}</id>\n    <title>{escape(record.title)}</title>\n"
        f"    <updated>{day}T04:00:02.120000+00:00</updated>\n"
        f'    <link href="https://arxiv.org/abs/{record.id}" rel="alternate" type="text/html"/>\n'
        f"    <summary>arXiv:{record.id}v{record.version} Announce Type: {kind} \nAbstract: {escape(record.abstract)}</summary>\n"
        + "".join(f'    <category term="{escape(c)}"/>\n' for c in record.categories)
        + f"    <published>{day}T00:00:00-04:00</published>\n    <arxiv:announce_type>{kind}</arxiv:announce_type>\n"
        f"    <dc:creator>{escape(', '.join(record.authors))}</dc:creator>\n  </entry>\n"
        for record, kind in shown
    )
    return (
        f'{_DECLARATION}<feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns="http://www.w3.org/2005/Atom" xml:lang="en-us">\n'
        f"  <id>http://rss.arxiv.org/atom/{escape(spec)}</id>\n  <title>{escape(title)}</title>\n"
        f"  <updated>{day}T04:00:02.120000+00:00</updated>\n"
        f'  <link href="http://rss.arxiv.org/atom/{escape(spec)}" rel="self" type="application/atom+xml"/>\n'
        f"  <subtitle>{escape(title)}.</subtitle>\n{items}</feed>\n"
    )


def main(folder: str, day: str = "") -> None:
    """Serves the papers of a folder until interrupted."""
    records = list(read_records(sorted(Path(folder).glob("*.jsonl*"))))
    today = date.fromisoformat(day) if day else max(record.announced for record in records)
    with Server(Arxiv(records, today)) as server:
        print(
            f"ARXIV_BOT_SEARCH_URL={server.url}/api/query ARXIV_BOT_FEED_URL={server.url}/atom "
            f"ARXIV_BOT_OAI_URL={server.url}/oai"
        )
        server._thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
