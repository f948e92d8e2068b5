"""Reads the arXiv ids and DOIs of an entry, and separates the entry's own papers from mere mentions.

An id in a title or an abstract is only a mention, because a paper's authors wrote it. If it counted as listed, one
paper could keep another out of the list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from bot.core.arxiv_id import ArxivId, find_ids
from bot.listing.links import is_in_address

FOLDED_ABSTRACT = re.compile(
    r"(<details>\s*<summary>[^<]{0,80}abstract[^<]{0,80}</summary>\s*)((?!\s)(?:(?!<details).){1,20000}?)(\s*</details>)",
    re.DOTALL | re.IGNORECASE,
)
"""Matches a folded abstract (`<details>`) in three groups: the opening tags, the abstract, the closing tag."""

LABELLED_ABSTRACT = re.compile(
    r"^([ \t]*(?:[-*+][ \t]+)?\**(?:Abstract|TL;?DR)\**:\**[ \t]*)(\S[^\n]*?)([ \t]*)$",
    re.IGNORECASE | re.MULTILINE,
)
"""Matches an abstract on a line with a label, in three groups: the label, the abstract, white space."""

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"'<>\]}|]{1,200}", re.IGNORECASE)


T = TypeVar("T")
Found = Sequence[tuple[T, int, int]]
"""Ids or DOIs, each with its half-open range of characters."""

Ranges = Sequence[tuple[int, int]]


class EntryIds(NamedTuple):  # a tuple, because tens of thousands are made; see `Entry`
    """The ids of an entry's papers (the first is its main one), their DOIs, and the ids that it only mentions."""

    ids: tuple[ArxivId, ...] = ()
    dois: tuple[str, ...] = ()
    mentioned: tuple[ArxivId, ...] = ()


def read_entry_ids(text: str, title: str) -> EntryIds:
    """Separates the ids of an entry's papers from mere mentions; DOIs are returned in lower case.

    The id of an entry's paper is in the address of a link. If no link has an id, it is the first id outside the title
    and the abstract (`arXiv:2401.00001`).
    """
    mentions = [(mention.id, mention.start, mention.end) for mention in find_ids(text)]
    dois = _dois(text)
    if not mentions and not dois:
        return EntryIds()
    words = _written_by_authors(text, title)
    ids = _linked(text, mentions, words) or _outside(mentions, words)[:1]
    linked_dois = _linked(text, dois, words) or ([] if ids else _outside(dois, words)[:1])
    return EntryIds(
        tuple(dict.fromkeys(ids)),
        tuple(dict.fromkeys(doi.rstrip(").,;").casefold() for doi in linked_dois)),
        tuple(dict.fromkeys(paper_id for paper_id, _, _ in mentions if paper_id not in ids)),
    )


def _dois(text: str) -> list[tuple[str, int, int]]:
    if "10." not in text:  # faster than the pattern
        return []
    return [(doi[0], *doi.span()) for doi in _DOI.finditer(text)]


def _linked(text: str, found: Found[T], words: Ranges) -> list[T]:
    """The ids or DOIs that are in the address of a link, but not in the words of the paper's authors."""
    outside = [place for place in found if not _within(place[1], words)]
    return [value for value, _, end in outside if is_in_address(text, end - 1)]


def _outside(found: Found[T], words: Ranges) -> list[T]:
    return [value for value, start, _ in found if not _within(start, words)]


def _written_by_authors(text: str, title: str) -> list[tuple[int, int]]:
    """The half-open ranges of characters of the title and abstracts."""
    found: list[tuple[int, int]] = []
    lower = text.lower()
    if "abstract" in lower or "tldr" in lower or "tl;dr" in lower:  # faster than the patterns
        for pattern in (FOLDED_ABSTRACT, LABELLED_ABSTRACT):
            found += [match.span(2) for match in pattern.finditer(text)]
    at = text.find(title) if " " in title else -1  # a single word may be part of the address
    return [*found, (at, at + len(title))] if at >= 0 else found


def _within(position: int, ranges: Ranges) -> bool:
    return any(start <= position < end for start, end in ranges)
