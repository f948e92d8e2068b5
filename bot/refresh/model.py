"""The results of comparing listed entries with arXiv: changes, and notes for a person."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.arxiv_id import ArxivId
from bot.listing.index import Listed
from bot.listing.parts import Replacement
from bot.proposals.items import ChangeId, Fact

ORDER = tuple(Fact)


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One change to one entry: `edit` applies it, `value` is the new value as plain text.

    `old` is what the entry says now, empty if it says nothing; `why` is the evidence for the change.
    """

    id: ChangeId
    listed: Listed
    edit: Replacement
    value: str
    old: str = ""
    why: str = ""

    @property
    def order(self) -> tuple[int, int]:
        """A sort key: by position of the entry in the list, then by fact."""
        return self.listed.entry, ORDER.index(self.id.fact)


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on a listed paper for which no edit is certain to be right."""

    paper: ArxivId
    listed: Listed
    text: str


@dataclass(frozen=True, slots=True)
class Findings:
    """All differences between arXiv and the list, in the order of the list."""

    changes: tuple[EntryChange, ...]
    notes: tuple[Note, ...]
