"""How much a list holds: its entries, the papers that they are of, and those of them that are on arXiv."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core import titles
from bot.core.english import count
from bot.listing.document import Document
from bot.listing.index import ListIndex
from bot.listing.parts import Section


@dataclass(frozen=True, slots=True)
class Census:
    """The counts: a paper with two entries is one, and an entry that names neither an id nor a title is of none."""

    entries: int
    papers: int
    on_arxiv: int

    @property
    def of_papers(self) -> str:
        """`158 papers (150 on arXiv)`."""
        return f"{count(self.papers, 'paper')} ({self.on_arxiv:,} on arXiv)"

    def __str__(self) -> str:
        if self.entries == self.papers:
            return self.of_papers
        return f"{count(self.entries, 'entry')} of {self.of_papers}"


def census(document: Document, index: ListIndex, part: Section) -> Census:
    """Counts what is in a part of the list."""
    inside = index.within(document, part)
    on_arxiv = {one.ids[0] for one in inside if one.ids}
    others = {titles.key(one.title) for one in inside if one.title and not one.ids}
    return Census(len(inside), len(on_arxiv) + len(others), len(on_arxiv))
