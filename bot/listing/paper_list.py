"""Represents a paper list: its document, its entries, and the part of it that holds the papers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.core import titles
from bot.core.english import count
from bot.listing.document import Document
from bot.listing.headings import papers_part
from bot.listing.index import Listed, ListIndex
from bot.listing.parts import Entry, Section

_INTRODUCTION = 4000  # the most characters of a list's introduction that are read


@dataclass(frozen=True, slots=True)
class ListSize:
    """The numbers of entries and papers in a list.

    A paper with two entries counts once. An entry without an id and a title does not count as a paper.
    """

    entries: int
    papers: int
    on_arxiv: int

    @property
    def of_papers(self) -> str:
        """The number of papers in words: `158 papers (150 on arXiv)`."""
        return f"{count(self.papers, 'paper')} ({self.on_arxiv:,} on arXiv)"

    def __str__(self) -> str:
        if self.entries == self.papers:
            return self.of_papers
        return f"{count(self.entries, 'entry')} of {self.of_papers}"


def sum_up(numbers: Iterable[ListSize]) -> ListSize:
    """The numbers of several files together; a paper in two of them counts twice."""
    each = ((found.entries, found.papers, found.on_arxiv) for found in numbers)
    return ListSize(*map(sum, zip(*each, strict=True)))


@dataclass(frozen=True, slots=True)
class PaperList:
    """A list's document, the index of all its entries, and the part below the papers' heading.

    `listed` are the entries of the index that are in `part`, from top to bottom.
    """

    document: Document
    index: ListIndex
    part: Section
    listed: tuple[Listed, ...]

    @classmethod
    def parse(cls, content: bytes, heading: str = "", path: str = "") -> PaperList:
        """Reads a list from its bytes.

        Args:
            content: the list's file.
            heading: the heading above the papers; "" for the whole file.
            path: names the file in errors, if it is not the list's first file.

        Raises:
            ListError: the list has no such heading.
        """
        document = Document.parse(content)
        return cls.of(document, papers_part(document, heading, path))

    @classmethod
    def of(cls, document: Document, part: Section) -> PaperList:
        """Makes the list of a parsed document, with the papers in `part`."""
        index = ListIndex.build(document)
        return cls(document, index, part, index.within(document, part))

    def entry(self, listed: Listed) -> Entry:
        """Returns the document's entry of a listed paper."""
        return self.document.entries[listed.entry]

    def text(self, listed: Listed) -> str:
        """Returns the text of a listed paper's entry."""
        return self.document.text(self.entry(listed))

    @property
    def introduction(self) -> str:
        """The text above the first entry, without addresses, HTML tags and the table of contents."""
        entries = self.document.entries
        above = self.document.content[: entries[0].start if entries else 0]
        text = above.decode("utf-8", "replace")[:_INTRODUCTION]
        text = "\n".join(line for line in text.splitlines() if "](#" not in line)
        return re.sub(r"\]\([^()]*\)|<[^<>]*>|https?://\S+", " ", text)

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings above the listed papers, each once."""
        sections = self.document.sections
        numbers = dict.fromkeys(self.entry(listed).section for listed in self.listed)
        paths = (sections[number].path for number in numbers if number is not None)
        return tuple(dict.fromkeys(title for path in paths for title in path))

    @property
    def summary(self) -> str:
        """The size of the part in words: `2 papers (2 on arXiv) in 1 section`."""
        sections = {self.entry(listed).section for listed in self.listed}
        return f"{self.size} in {count(len(sections), 'section')}"

    @property
    def size(self) -> ListSize:
        """The numbers of entries and papers of the part."""
        on_arxiv = {entry.ids[0] for entry in self.listed if entry.ids}
        others = {titles.key(entry.title) for entry in self.listed if entry.title and not entry.ids}
        return ListSize(len(self.listed), len(on_arxiv) + len(others), len(on_arxiv))


@dataclass(frozen=True, slots=True)
class ListFiles:
    """A list of one or several files by path, and the index of the papers of all of them; "" is the first file."""

    files: Mapping[str, PaperList]
    index: ListIndex

    @classmethod
    def of(cls, files: Mapping[str, PaperList]) -> ListFiles:
        """Makes a list of its files."""
        return cls(files, ListIndex.join({path: file.index for path, file in files.items()}))

    @property
    def listed(self) -> tuple[Listed, ...]:
        """The listed papers of all files, each with the path of its file."""
        return tuple(
            listed._replace(path=path)
            for path, file in self.files.items()
            for listed in file.listed
        )

    def text(self, listed: Listed) -> str:
        """Returns the text of a listed paper's entry."""
        return self.files[listed.path].text(listed)
