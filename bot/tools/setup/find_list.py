"""Where a repository keeps its papers: the Markdown file, and the heading below which they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.core.errors import UsageError
from bot.listing.paper_list import PaperList
from bot.listing.parts import Section
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
    """A list: its file, what it holds, and the papers' heading ("" for the whole file)."""

    path: str
    papers: PaperList
    heading: str

    @property
    def about(self) -> tuple[str, ...]:
        """What the curator says of the list: its headings, and the text before its first entry."""
        document = self.papers.document
        entries = document.entries
        before = document.content[: entries[0].start if entries else 0]
        text = before.decode("utf-8", "replace")[:_INTRODUCTION]
        lines = re.sub(r"\]\([^()]*\)|<[^<>]*>|https?://\S+", " ", text).splitlines()
        return (*(one.title for one in document.sections), *lines)


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
    read = {name: PaperList.parse(content) for name, content in files.items() if path in ("", name)}
    papers = {name: listing.census.on_arxiv for name, listing in read.items()}
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
    if heading is None:
        heading = _heading(read[chosen])
    if not (_is_text(chosen) and _is_text(heading)):
        fix = "rename it, or name another with --list or --heading: a configuration is UTF-8"
        raise UsageError("its name is not in UTF-8", where=f"{chosen} {heading}".strip(), fix=fix)
    place = Place(chosen, PaperList.parse(files[chosen], heading), heading)
    if not place.papers.census.on_arxiv:
        fix = 'name the heading that the papers are below, or "" for the whole file'
        raise UsageError("no arXiv paper is below it", where=f"--heading {heading}", fix=fix)
    return place


def _is_text(name: str) -> bool:
    """Whether a name can be written down: bytes that are not UTF-8 are told as surrogates."""
    return not any("\ud800" <= char <= "\udfff" for char in name)


def _heading(listing: PaperList) -> str:
    """The heading that nearly all papers are below: one that says "papers", else the outermost; "" if there is none.

    Dates and the file's own title are no such headings; nor is one that stands there twice, as it can't be told apart.
    """
    document = listing.document
    papers = _on_arxiv(listing, listing.part)
    fitting = [
        section
        for section in document.sections
        if section.title
        and _is_text(section.title)
        and heading_date(section) is None
        and papers_part(document, section.title) is section
        and _on_arxiv(listing, section) >= _NEARLY_ALL * papers
    ]
    if named := [section for section in fitting if _PAPERS.fullmatch(section.title)]:
        return named[-1].title
    below = [section for section in fitting if section is not document.sections[0]]
    return below[0].title if below else ""


def _on_arxiv(listing: PaperList, part: Section) -> int:
    return sum(bool(entry.ids) for entry in listing.index.within(listing.document, part))


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
