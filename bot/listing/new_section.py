"""Opens a section for a date without a heading: writes the heading, and finds its position among its siblings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from bot.core.errors import ListError
from bot.core.model import Paper
from bot.listing.dates import Written, find_dates, render_date
from bot.listing.document import Document, decode
from bot.listing.headings import heading_date
from bot.listing.parts import Section


@dataclass(frozen=True, slots=True)
class NewSection:
    """A section to open: its path of headings, its offset, and the text to insert before its first entry.

    `contents` is the line of the table of contents that links to a sibling of it; 0 if there is none.
    """

    path: str
    offset: int
    opening: str
    contents: int


def heading_for(document: Document, sibling: int, paper: Paper) -> str:
    """Writes the heading for the paper's date in the form of its sibling's; a day may be that of the announcement.

    Raises:
        ListError: the heading is for a day, and none is known of the paper.
    """
    section = document.sections[sibling]
    text = _text(document, section.start, section.body)
    (date,) = find_dates(text)[:1]
    day = paper.submitted or (
        datetime.combine(paper.announced, time(), UTC) if paper.announced else None
    )
    written = render_date(replace(paper, submitted=day), date.format)
    if not written:
        raise ListError(
            "the day of the paper is not known, for a heading like this",
            where=f"line {section.line}",
            fix="add the paper by hand",
        )
    return text[: date.start] + written + text[date.end :]


def open_section(document: Document, sibling: int, heading: str) -> NewSection:
    """Places the section of a new heading in the order of its siblings, the dated headings below the same parent."""
    parent = document.sections[sibling].path[:-1]
    siblings = _dated_below(document, parent)
    falls = len(siblings) < 2 or siblings[0][1] > siblings[-1][1]
    (new,) = map(_age, find_dates(heading)[:1])
    following = [section for section, age in siblings if age != new and (age < new) == falls]
    beside = following[0] if following else siblings[-1][0]
    body = _text(document, beside.body, beside.end)
    missing = 0 if following else 2 - min(2, len(body) - len(body.rstrip("\n")))
    blank = "\n" * body.startswith("\n")
    return NewSection(
        " / ".join((*parent, re.sub(r"^[#\s]+", "", heading).strip())),
        beside.start if following else beside.end,
        "\n" * missing + heading + blank,
        _contents_line(document, [section for section, _ in siblings]),
    )


def _contents_line(document: Document, sections: Sequence[Section]) -> int:
    """The first line that links one of these sections by its anchor on GitHub; 0 if there is none."""
    anchors = "|".join(map(re.escape, map(_anchor, sections)))
    link = re.compile(rf"(?:\]\(|href=[\"'])#(?:{anchors})(?:-\d+)?[)\"']", re.IGNORECASE)
    lines = enumerate(decode(document.content).splitlines(), 1)
    return next((number for number, line in lines if "#" in line and link.search(line)), 0)


def _anchor(section: Section) -> str:
    """The anchor that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", section.title.lower()).replace(" ", "-")


def _dated_below(
    document: Document, parent: tuple[str, ...]
) -> list[tuple[Section, tuple[int, int, int]]]:
    """The dated headings directly below a parent, each with its date as a tuple."""
    below = [section for section in document.sections if section.path[:-1] == parent]
    return [(section, _age(date)) for section in below if (date := heading_date(section))]


def _age(date: Written) -> tuple[int, int, int]:
    return date.year, date.month or 0, date.day or 0


def _text(document: Document, start: int, end: int) -> str:
    return decode(document.content[start:end]).replace("\r\n", "\n")
