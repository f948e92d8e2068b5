"""Reads lists kept as data files (YAML, JSON, CSV), from which a README is generated, as records with byte ranges."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import chain

from bot.core import titles
from bot.listing import yaml_records
from bot.listing.yaml_records import Value

Record = dict[str, Value]

TITLES = re.compile(r"(?:paper[ _]?)?(?:title|name)|paper", re.IGNORECASE)
"""The field that holds a paper's title."""

PROSE = re.compile(r"abstract|summary|tl;?dr|bibtex|notes?|description|comments?", re.IGNORECASE)
"""Fields of free text: an arXiv id in them is only a mention."""

_BARE_ID = re.compile(r"(?:arxiv:)?(\d{4}\.\d{4,5}|[a-z-]{2,9}/\d{7})(?:v\d+)?", re.IGNORECASE)
_ARXIV = re.compile(r"arxiv", re.IGNORECASE)
_LEAST = 2  # the fewest fields of a record


class RecordFormat(Enum):
    """The format of a data file."""

    YAML = "YAML"
    JSON = "JSON"
    CSV = "CSV"


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A file of records: its format, its head line (CSV), and the byte range of each record, in order."""

    format: RecordFormat
    head: str
    spans: tuple[tuple[int, int], ...]

    def read(self, text: str) -> Record:
        """Parses the text of one record."""
        if self.format is RecordFormat.YAML:
            return yaml_records.read(text)
        if self.format is RecordFormat.JSON:
            read: Record = json.loads(text)
            return read
        return dict(zip(_cells(self.head), _cells(text, self.head), strict=False))

    def write(self, record: Record, like: Sequence[str]) -> str:
        """Writes a record in the style of other records, given nearest first."""
        if self.format is RecordFormat.YAML:
            return yaml_records.write(record, like)
        return (
            _json(record, like)
            if self.format is RecordFormat.JSON
            else _row(record, like, self.head)
        )


def read_file(text: str) -> RecordFile | None:
    """Reads a file as records of papers; None if it is something else, such as Markdown."""
    for read in (_of_json, _of_yaml, _of_csv):
        found = read(text)
        if found and _is_of_papers(found, text):
            return replace(found, spans=tuple(_in_bytes(text, found.spans)))
    return None


def _is_of_papers(found: RecordFile, text: str) -> bool:
    """Whether most of the first records have a title and another field."""
    first = [found.read(text[start:end]) for start, end in found.spans[:20]]
    titled = sum(bool(title_in(record)) and len(record) >= _LEAST for record in first)
    return bool(first) and 2 * titled > len(first)


def _in_bytes(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Converts sorted ranges of characters to ranges of bytes."""
    at = size = 0
    for start, end in spans:
        size += len(text[at:start].encode("utf-8", "surrogateescape"))
        length = len(text[start:end].encode("utf-8", "surrogateescape"))
        yield size, size + length
        at, size = end, size + length


def title_in(record: Record) -> str:
    """Returns the paper's title; empty if the record has none."""
    named = [value for key, value in record.items() if TITLES.fullmatch(key)]
    words = [titles.without_markup(value) for value in named if isinstance(value, str)]
    return next((title for title in words if title and "://" not in title), "")


def links_in(record: Record) -> str:
    """Returns the values of all fields that are not free text, one on each line; bare arXiv ids become addresses."""
    return "\n".join(
        _lines_of("", {key: record[key] for key in record if not PROSE.fullmatch(key)})
    )


def _lines_of(key: str, value: Value) -> Iterator[str]:
    if isinstance(value, dict):
        yield from chain.from_iterable(_lines_of(name, held) for name, held in value.items())
    elif isinstance(value, list):
        yield from map(str, value)
    elif _ARXIV.search(key) and (bare := _BARE_ID.fullmatch(str(value))):
        yield f"https://arxiv.org/abs/{bare[1]}"
    else:
        yield str(value)


def _of_yaml(text: str) -> RecordFile | None:
    spans = yaml_records.spans(text)
    return RecordFile(RecordFormat.YAML, "", tuple(spans)) if spans else None


# JSON


def _of_json(text: str) -> RecordFile | None:
    """The objects of the file's only list, which may be the value of a key."""
    if not text.lstrip().startswith(("[", "{")):
        return None
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return RecordFile(RecordFormat.JSON, "", tuple(_objects(text, _start_of_list(text, whole))))


def _start_of_list(text: str, whole: Value) -> int:
    """The offset of the only list of an object; 0 if the whole file is the list, or if there is no such list."""
    lists = (
        [key for key in whole if isinstance(whole[key], list)] if isinstance(whole, dict) else []
    )
    if len(lists) != 1:
        return 0
    named = re.search(rf"{re.escape(json.dumps(lists[0]))}\s*:\s*(?=\[)", text)
    return named.end() if named else 0


def _objects(text: str, at: int) -> Iterator[tuple[int, int]]:
    decoder = json.JSONDecoder()
    separator = re.compile(r"\s*[\[,]\s*(?=\{)")
    while found := separator.match(text, at):
        _, at = decoder.raw_decode(text, found.end())
        yield found.end(), at


def _json(record: Record, like: Sequence[str]) -> str:
    """Writes an object on one line, or with the indent and escapes of the others."""
    escapes = not any(char > "\x7f" for text in like for char in text)
    if "\n" not in like[0]:
        return json.dumps(record, ensure_ascii=escapes)
    field = re.search(r"\n([ \t]+)\S", like[0])
    closing = re.search(r"\n([ \t]*)\}\Z", like[0])
    outer, inner = closing[1] if closing else "", field[1] if field else "  "
    lines = json.dumps(record, ensure_ascii=escapes, indent=inner.removeprefix(outer)).split("\n")
    return ("\n" + outer).join(lines)


# CSV


def _of_csv(text: str) -> RecordFile | None:
    """The rows below a head line with a title column."""
    head, _, _ = text.partition("\n")
    cells = _cells(head)
    if len(cells) < _LEAST or not any(TITLES.fullmatch(cell.strip()) for cell in cells):
        return None
    return RecordFile(RecordFormat.CSV, head, tuple(_rows(text, len(head) + 1)))


def _rows(text: str, start: int) -> Iterator[tuple[int, int]]:
    """The rows from this character on; a row ends at a line ending that is not in quotes."""
    quotes, position = 0, start
    for line in text[start:].splitlines(keepends=True):
        quotes, position = quotes + line.count('"'), position + len(line)
        if quotes % 2 == 0:
            if line.strip():
                yield start, position
            start = position


def _delimiter(head: str) -> str:
    return max(",;\t", key=head.count)


def _cells(row: str, head: str = "") -> list[str]:
    row = row.removeprefix("\ufeff").rstrip("\r\n")
    try:
        return next(csv.reader(io.StringIO(row), delimiter=_delimiter(head or row)), [])
    except csv.Error:  # such as a carriage return in a cell
        return []


def _row(record: Record, like: Sequence[str], head: str) -> str:
    """Writes a row; every cell is quoted if the other rows quote all cells."""
    quoted = all(text.startswith('"') and text.rstrip().endswith('"') for text in like)
    written = io.StringIO()
    csv.writer(
        written,
        delimiter=_delimiter(head),
        quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL,
        lineterminator="\n",
    ).writerow(["" if value is None else value for value in map(record.get, _cells(head))])
    return written.getvalue()
