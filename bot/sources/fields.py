"""Reads the fields of a paper as services write them: white space collapsed, no field longer than any real one.

A longer field is cut, and its paper is kept: matching and learning then take bounded time, and one absurd entry costs
no other paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST_LINE = 2_000
"""Characters of a title, a comment or a reference; arXiv's titles have 300 at most, its comments 1,000."""
LONGEST_ABSTRACT = 10_000
"""Characters of an abstract; arXiv takes 1,920, with exceptions for older papers."""
MOST_AUTHORS = 5_000
"""Names of a paper; 2,832 were the most in 519,949 papers of 2012 to 2017."""
_LONGEST_NAME = 200
_AFFILIATION = re.compile(r"\([^()]*+\)")


def line(text: str | None, most: int = LONGEST_LINE) -> str:
    """The text in one line of at most so many characters; empty for None."""
    text = text or ""
    return " ".join(text[: 4 * most].split())[:most].rstrip()


def abstract(text: str | None) -> str:
    """An abstract in one line."""
    return line(text, LONGEST_ABSTRACT)


def names(parts: Iterable[str]) -> tuple[str, ...]:
    """The names of authors, without empty ones."""
    cleaned = (line(part, _LONGEST_NAME) for part in parts)
    return tuple(name for name in cleaned if name)[:MOST_AUTHORS]


def split_names(text: str) -> tuple[str, ...]:
    """The names in one comma-separated field, without the affiliations in parentheses."""
    text = text[: MOST_AUTHORS * _LONGEST_NAME]
    for _ in range(3):  # an affiliation may stand inside another
        text = _AFFILIATION.sub("", text)
    return names(text.split(","))
