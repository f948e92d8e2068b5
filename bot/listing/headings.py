"""Finds headings by name, and recognises those that are dates."""

from __future__ import annotations

import difflib
import re
from collections import Counter

from bot.core import titles
from bot.core.errors import ListError
from bot.listing.dates import Written, find_dates
from bot.listing.document import Document
from bot.listing.parts import Section

_SPELLED_LIKE = 0.6  # the minimum similarity of a suggested heading
_NEARLY_THE_SAME = 0.85  # the minimum similarity of a heading that differs by about a letter
_FEW_WORDS = 8  # the most words of a suggested heading that contains the wanted words
_NAMED = 4  # how many headings to list if none is similar


def papers_part(document: Document, heading: str, path: str = "") -> Section:
    """Returns the part of the list with the papers: the section of that heading, or the whole list for "".

    Raises:
        ListError: there is no such heading; the error suggests a similar one, or those with the most entries.
    """
    if not heading:
        return Section("", 0, (), 1, 0, 0, len(document.content))
    for section in document.sections:
        if section.title.casefold() == heading.casefold():
            return section
    key = f"lists.heading of {path}" if path else "list.heading"
    fix = f'{_instead(document, heading)} (heading = "" takes the whole file)'
    raise ListError(f"the list has no heading {heading!r}", where=key, fix=fix)


def named_section(document: Document, wanted: str, where: str = "topics[].section") -> int:
    """Finds the section with that heading or path of headings ("Papers / 2025"), ignoring case.

    Raises:
        ListError: there is none; the error suggests a similar heading.
    """
    name = wanted.casefold()
    for number, section in enumerate(document.sections):
        if name in (section.title.casefold(), " / ".join(section.path).casefold()):
            return number
    fix = _instead(document, wanted)
    raise ListError(f"the list has no heading {wanted!r}", where=where, fix=fix)


def _instead(document: Document, wanted: str) -> str:
    """Suggests a heading one letter away, with all wanted words, or spelled similarly; else the fullest ones."""
    names = {
        titles.key(section.title): section.title
        for section in reversed(document.sections)
        if section.title
    }
    key = titles.key(wanted)
    containing = [
        name
        for name in names
        if set(key.split()) <= set(name.split()) and len(name.split()) <= _FEW_WORDS
    ]
    near = (
        difflib.get_close_matches(key, names, n=1, cutoff=_NEARLY_THE_SAME)
        or containing
        or difflib.get_close_matches(key, names, n=1, cutoff=_SPELLED_LIKE)
    )
    if key and near:
        return f"did you mean {names[min(near, key=len)]!r}?"
    return _fullest(document) or "name another file with --list: this one has no entries"


def _fullest(document: Document) -> str:
    """A list of the headings with the most entries; empty if there are none."""
    held = Counter(
        section.title
        for section in document.sections
        for entry in document.entries
        if section.title and section.start <= entry.start < section.end
    )
    names = ", ".join(repr(title) for title, _ in held.most_common(_NAMED))
    return f"the headings with the most entries are {names}" if names else ""


def heading_date(section: Section) -> Written | None:
    """Returns the date of a heading that is one date with few other letters; None for any other heading."""
    dates = find_dates(section.title)
    if len(dates) != 1:
        return None
    rest = section.title.replace(section.title[dates[0].start : dates[0].end], "")
    return dates[0] if len(re.findall(r"[^\W\d_]", rest)) <= 12 else None
