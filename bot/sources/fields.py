"""Cleans the fields of a paper: collapses white space, and cuts fields that are longer than any real one.

With bounded fields, matching and learning take bounded time. The paper itself is kept, so that one absurd entry
does not cost the other papers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST_LINE = 2_000
"""Characters of a title, a comment or a journal reference; arXiv allows 300 for titles, 1,000 for comments."""
LONGEST_ABSTRACT = 10_000
"""Characters of an abstract; arXiv allows 1,920, but some older papers have more."""
MOST_AUTHORS = 5_000
"""Authors of a paper; the most among 519,949 papers of 2012 to 2017 was 2,832."""
_LONGEST_NAME = 200
_AFFILIATION = re.compile(r"\([^()]*+\)")


def line(text: str | None, most: int = LONGEST_LINE) -> str:
    """Returns the text on one line, cut to `most` characters; empty for None."""
    text = text or ""
    return " ".join(text[: 4 * most].split())[:most].rstrip()


def abstract(text: str | None) -> str:
    """Returns an abstract on one line."""
    return line(text, LONGEST_ABSTRACT)


def names(parts: Iterable[str]) -> tuple[str, ...]:
    """Returns the authors' names, without parts that have no letter, such as the colon of `NVIDIA, :, Ada Lovelace`."""
    cleaned = (line(part, _LONGEST_NAME) for part in parts)
    return tuple(name for name in cleaned if any(map(str.isalpha, name)))[:MOST_AUTHORS]


def split_names(text: str) -> tuple[str, ...]:
    """Splits a comma-separated field into names, without the affiliations in parentheses."""
    text = text[: MOST_AUTHORS * _LONGEST_NAME]
    for _ in range(3):  # affiliations may be nested
        text = _AFFILIATION.sub("", text)
    return names(text.split(","))
