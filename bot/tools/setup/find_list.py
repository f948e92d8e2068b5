"""Where a repository keeps its papers: the Markdown file, and the heading below which they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.core.errors import UsageError
from bot.listing.census import Census, census
from bot.listing.document import Document
from bot.listing.index import Listed, ListIndex
from bot.listing.sections import heading_date, papers_part

_HALF = 0.5  # as many papers as in the file with the most make README.md the list all the same
_NEARLY_ALL = 0.9  # of the papers, that a heading must have below it to be the papers' heading
_PAPERS = re.compile(
    r"\W*(?:(?:the|all|list of|related|relevant|research|awesome|selected|full|curated)\s+)*"
    r"(?:papers?|publications?|articles?|literature|bibliography|references|reading list)"
    r"(?:\s+(?:list|collection|collections|index))?\W*",
    re.IGNORECASE,
)
_LISTS = frozenset("awesome collection collections list lists paper papers".split())
_INTRODUCTION = 4000  # characters, from which to learn what a list is about


@dataclass(frozen=True, slots=True)
class Place:
    """A list: its file, what was read there, and the papers' heading ("" for the whole file)."""

    path: str
    document: Document
    index: ListIndex
    heading: str

    @property
    def listed(self) -> tuple[Listed, ...]:
        """The entries below the heading."""
        part = papers_part(self.document, self.heading)
        return self.index.within(self.document, part)

    @property
    def held(self) -> Census:
        """How much is below the heading."""
        return census(self.document, self.index, papers_part(self.document, self.heading))

    @property
    def about(self) -> tuple[str, ...]:
        """What the curator says of the list: its headings, and the text before its first entry."""
        entries = self.document.entries
        before = self.document.content[: entries[0].start if entries else 0]
        text = before.decode("utf-8", "replace")[:_INTRODUCTION]
        lines = re.sub(r"\]\([^()]*\)|<[^<>]*>|https?://\S+", " ", text).splitlines()
        return (*(one.title for one in self.document.sections), *lines)


def find(files: Mapping[str, bytes], path: str = "", heading: str | None = None) -> Place:
    """The list among Markdown files, by their paths: README.md, or the file with the most papers.

    Args:
        files: the files' contents by path.
        path: the list, where it is known.
        heading: the papers' heading, where it is known; "" for the whole file.

    Raises:
        UsageError: there is no such file, or none that lists an arXiv paper, or its name can't be written down.
        ListError: the list has no such heading.
    """
    if path and path not in files:
        raise UsageError("there is no such file", where=f"--list {path}", fix="check the path")
    read = {name: _read(content) for name, content in files.items() if path in ("", name)}
    papers = {name: sum(bool(one.ids) for one in index.listed) for name, (_, index) in read.items()}
    chosen = path or max(papers, key=lambda name: (papers[name], name == "README.md"), default="")
    if not path and papers.get("README.md", 0) >= _HALF * papers.get(chosen, 0):
        chosen = "README.md"
    if not papers.get(chosen):
        where = f"--list {path}" if path else "the Markdown files here"
        fix = (
            "add the first papers by hand, each with its link to arXiv"
            if path
            else "name the list with --list; a new one needs a first paper, with its link to arXiv"
        )
        raise UsageError("no entry names an arXiv paper", where=where, fix=fix)
    document, index = read[chosen]
    if heading is None:
        heading = _heading(document, index)
    if not (_is_text(chosen) and _is_text(heading)):
        fix = "rename it, or name another with --list or --heading: a configuration is UTF-8"
        raise UsageError("its name is not in UTF-8", where=f"{chosen} {heading}".strip(), fix=fix)
    place = Place(chosen, document, index, heading)
    if not any(one.ids for one in place.listed):
        fix = 'name the heading that the papers are below, or "" for the whole file'
        raise UsageError("no arXiv paper is below it", where=f"--heading {heading}", fix=fix)
    return place


def _read(content: bytes) -> tuple[Document, ListIndex]:
    document = Document.parse(content)
    return document, ListIndex.build(document)


def _is_text(name: str) -> bool:
    """Whether a name can be written down: bytes that are not UTF-8 are told as surrogates."""
    return not any("\ud800" <= char <= "\udfff" for char in name)


def _heading(document: Document, index: ListIndex) -> str:
    """The heading that nearly all papers are below: one that says "papers", else the outermost; "" if there is none.

    Dates and the file's own title are no such headings; nor is one that stands there twice, as it can't be told apart.
    """
    papers = sum(bool(one.ids) for one in index.listed)
    fitting = [
        section
        for section in document.sections
        if section.title
        and _is_text(section.title)
        and heading_date(section) is None
        and papers_part(document, section.title) is section
        and sum(bool(one.ids) for one in index.within(document, section)) >= _NEARLY_ALL * papers
    ]
    if named := [section for section in fitting if _PAPERS.fullmatch(section.title)]:
        return named[-1].title
    below = [section for section in fitting if section is not document.sections[0]]
    return below[0].title if below else ""


def subject(repository: str, about: Iterable[str]) -> str:
    """What a list is about, by its repository's name: `reward models` for "awesome-reward-models".

    A word without capitals gets those that it has in what the curator says of the list: `rlaif` is RLAIF.
    """
    words = re.sub(r"[-_.]", " ", repository).split()
    if words and words[0].lower() == "awesome":
        words = words[1:]
    while words and words[-1].lower() in _LISTS:
        words.pop()
    capitals: dict[str, str] = {}
    for text in about:
        for word in re.findall(r"[^\W_]+", text):
            if word != word.lower():
                capitals.setdefault(word.lower(), word)
    return " ".join(capitals.get(word, word) for word in words) or "Papers"
