"""Reads which papers an entry is of, by arXiv id and DOI: those it links, apart from those it only mentions.

A title or an abstract comes from a paper's authors. An id in it must not count as listed: else one paper could keep
another out of the list for good.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.arxiv_id import ArxivId, Mention, find_ids
from bot.listing.links import is_in_address

FOLDED_ABSTRACT = re.compile(
    r"(<details>\s*<summary>[^<]{0,80}abstract[^<]{0,80}</summary>\s*)((?!\s)(?:(?!<details).){1,20000}?)(\s*</details>)",
    re.DOTALL | re.IGNORECASE,
)
"""An abstract folded away: what stands before it, the abstract, what stands behind it."""

LABELLED_ABSTRACT = re.compile(
    r"^([ \t]*(?:[-*+][ \t]+)?\**(?:Abstract|TL;?DR)\**:\**[ \t]*)(\S[^\n]*?)([ \t]*)$",
    re.IGNORECASE | re.MULTILINE,
)
"""An abstract on a line that says so; parts as above."""

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"'<>\]}|]{1,200}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class EntryIds:
    """The papers that an entry is of (the first is its own), their DOIs, and the ids that it only mentions."""

    ids: tuple[ArxivId, ...] = ()
    dois: tuple[str, ...] = ()
    mentioned: tuple[ArxivId, ...] = ()


def read_entry_ids(text: str, title: str) -> EntryIds:
    """Sorts an entry's ids into those of its papers and mere mentions; DOIs are in lower case.

    A paper's own id is in the address of a link. An entry that links no id may write it without a link
    (`arXiv:2401.00001`); there the first counts that is neither in the title nor in the abstract.
    """
    mentions = tuple(find_ids(text))
    dois = tuple(_DOI.finditer(text)) if "10." in text else ()
    if not mentions and not dois:
        return EntryIds()
    words = _written_by_authors(text, title)
    linked = [one.id for one in mentions if _is_own(text, one.start, one.end, words)]
    if not linked:
        linked = [one.id for one in mentions if not _within(one.start, words)][:1]
    linked_dois = [one[0] for one in dois if _is_own(text, one.start(), one.end(), words)]
    if not linked_dois and not linked:
        linked_dois = [one[0] for one in dois if not _within(one.start(), words)][:1]
    return EntryIds(
        tuple(dict.fromkeys(linked)),
        tuple(dict.fromkeys(doi.rstrip(").,;").casefold() for doi in linked_dois)),
        _others(mentions, linked),
    )


def _written_by_authors(text: str, title: str) -> list[tuple[int, int]]:
    """Where the title and abstracts stand: half-open ranges of characters."""
    found = [
        match.span(2)
        for pattern in (FOLDED_ABSTRACT, LABELLED_ABSTRACT)
        for match in pattern.finditer(text)
    ]
    at = text.find(title) if " " in title else -1  # one word alone may be the address itself
    return [*found, (at, at + len(title))] if at >= 0 else found


def _is_own(text: str, start: int, end: int, words: Sequence[tuple[int, int]]) -> bool:
    """Whether an id is in a link's address, outside of the words that its authors wrote."""
    return is_in_address(text, end - 1) and not _within(start, words)


def _within(position: int, ranges: Iterable[tuple[int, int]]) -> bool:
    return any(start <= position < end for start, end in ranges)


def _others(mentions: Iterable[Mention], linked: Sequence[ArxivId]) -> tuple[ArxivId, ...]:
    return tuple(dict.fromkeys(one.id for one in mentions if one.id not in linked))
