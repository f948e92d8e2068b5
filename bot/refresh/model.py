"""What is to be changed in the entries of listed papers, and what is only worth knowing of them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.arxiv_id import ArxivId
from bot.listing.index import Listed
from bot.listing.parts import Replacement
from bot.proposals.items import ChangeId, Fact

ORDER = tuple(Fact)


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One change to one entry: `edit` does it, `value` is what the fact becomes, in plain words.

    `old` is what the entry says now, "" where it says nothing; `why` is what makes the bot sure.
    """

    id: ChangeId
    listed: Listed
    edit: Replacement
    value: str
    old: str = ""
    why: str = ""

    @property
    def order(self) -> tuple[int, int]:
        """Changes as the list has their entries, and an entry its facts."""
        return self.listed.entry, ORDER.index(self.id.fact)


@dataclass(frozen=True, slots=True)
class Note:
    """What is worth knowing of a listed paper, though no edit of its entry would be certain to be right."""

    paper: ArxivId
    listed: Listed
    text: str


@dataclass(frozen=True, slots=True)
class Findings:
    """All that arXiv says otherwise than the list, in the list's order."""

    changes: tuple[EntryChange, ...]
    notes: tuple[Note, ...]
