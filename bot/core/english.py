"""Helpers for English messages: counted nouns, shortened texts, and the names of the months."""

from __future__ import annotations

MONTHS = tuple(
    "January February March April May June July August September October November December".split()
)
"""The names of the months; their first three letters are the usual short forms."""

SHORT_MONTHS = tuple(name[:3] for name in MONTHS)


def count(number: int, noun: str) -> str:
    """Writes a number and its noun: `1 paper`, `1,200 papers`, `2 entries`."""
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """The plural of a noun: `papers`, `entries`."""
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{noun}s"


def shorten(text: str, most: int) -> str:
    """Cuts a text longer than `most` characters and ends it with an ellipsis."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def at_line(line: int, path: str) -> str:
    """Names a line in messages: `line 5`, or `line 5 of archive.md`; the path is empty for the list's first file."""
    return f"line {line} of {path}" if path else f"line {line}"
