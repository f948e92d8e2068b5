"""Finds where a repository keeps its papers: in Markdown below a heading, or in data that generates the Markdown."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from bot.core.arxiv_id import ArxivId
from bot.core.errors import UsageError
from bot.listing.document import Document
from bot.listing.headings import heading_date, papers_part
from bot.listing.paper_list import PaperList
from bot.listing.parts import Section
from bot.tools.site.headings import bare_heading

_HALF = 0.5  # README.md is the list if it has at least this share of the largest file's papers
_TENTH = 0.1  # another file belongs to the list if it alone has this share of the list's papers ...
_FEWEST = 3  # ... and at least so many; README.md is the list if it alone has so many newer papers
_ARCHIVE = re.compile(r"archiv|earlier|previous|(?<!\d)(?:19|20)\d\d(?!\d)", re.IGNORECASE)
_NEARLY_ALL = 0.9  # share of the papers that must be below a heading to make it the papers' heading
_PAPERS = re.compile(
    r"\W*(?:(?:the|all|list of|related|relevant|research|awesome|selected|full|curated)\s+)*"
    r"(?:papers?|publications?|articles?|literature|bibliography|references|reading list)"
    r"(?:\s+(?:list|collection|collections|index))?\W*",
    re.IGNORECASE,
)
_LISTS = frozenset("awesome collection collections list lists paper papers".split())
_LARGEST = 5_000_000  # bytes of a file that may be the list
_MARKDOWN = frozenset({".md", ".markdown"})
_DATA = frozenset({".yaml", ".yml", ".json", ".csv"})
_MADE_FROM = 0.8  # share of a README's papers that a data file must have to be its source
_PASSED_OVER = frozenset({"node_modules", "site-packages", "vendor"})
_LONGEST_SUBJECT = 4  # words; a longer title is a sentence


@dataclass(frozen=True, slots=True)
class FoundList:
    """A list: its file, its content, and the papers' heading ("" for the whole file).

    `readme` is the README that is generated from a list kept as data. `others` are the list's other files.
    """

    path: str
    papers: PaperList
    heading: str
    readme: FoundList | None = None
    others: tuple[FoundList, ...] = ()

    @property
    def is_archive(self) -> bool:
        """Whether the file's name says that it gets no new papers: it has a year, or is called an archive."""
        return bool(_ARCHIVE.search(self.path))

    @property
    def open_files(self) -> tuple[FoundList, ...]:
        """The files of the list that may get new papers, this one first."""
        return (self, *(file for file in self.others if not file.is_archive))

    @property
    def subject(self) -> str:
        """The list's title without "Awesome" or "Papers", if it has at most four words; else empty."""
        sections = (self.readme or self).papers.document.sections
        title = next((section.title for section in sections if section.level == 1), "")
        words = _without_list_words(bare_heading(title).split())
        return " ".join(words) if len(words) <= _LONGEST_SUBJECT else ""

    @property
    def about(self) -> tuple[str, ...]:
        """The curator's description of the list: its headings, and the text before its first entry."""
        if self.readme:
            return self.readme.about
        headings = (section.title for section in self.papers.document.sections)
        return (*headings, *self.papers.introduction.splitlines())


def list_files(folder: Path, path: str = "") -> dict[str, bytes]:
    """Reads the files of a checkout that may be the list, by path, or only the file at `path`; skips huge files.

    The list may be Markdown, or data (YAML, JSON, CSV) that names arXiv.
    """
    files: dict[str, bytes] = {}
    for file in _files(folder):
        inside = file.relative_to(folder).as_posix()
        if inside == path if path else file.suffix.lower() in _MARKDOWN | _DATA:
            with suppress(OSError):
                if file.is_file() and file.stat().st_size <= _LARGEST:
                    files[inside] = file.read_bytes()
    return {name: text for name, text in files.items() if not _is_data(name) or b"arxiv" in text}


def _is_data(name: str) -> bool:
    return Path(name).suffix.lower() in _DATA


def _files(folder: Path) -> Iterator[Path]:
    """Yields a checkout's files in order, without hidden folders and third-party packages."""
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name[0] != "." and name not in _PASSED_OVER)
        yield from (Path(top, name) for name in sorted(names))


def find(files: Mapping[str, bytes], path: str = "", heading: str | None = None) -> FoundList:
    """The list: README.md, or the Markdown with the most papers; or the data that it is made from.

    `path` and `heading` are given if they are known; `heading` is "" for the whole file.

    Raises:
        UsageError: there is no such file, or none that lists an arXiv paper, or its name can't be written down.
        ListError: the list has no such heading.
    """
    if path and path not in files:
        raise UsageError("there is no such file", where=f"--list {path}", fix="check the path")
    asked = {path: files[path]} if path else files
    read = {name: PaperList.parse(content) for name, content in asked.items()}
    chosen = path or _file_with_most(read)
    if not chosen or not read[chosen].size.on_arxiv:
        raise _no_paper(path)
    found = _below(chosen, files[chosen], _heading(read[chosen]) if heading is None else heading)
    source = "" if path else _made_from(read[chosen], read)
    if source:
        return FoundList(source, read[source], "", readme=found)
    return replace(found, others=tuple(_others(found, read, files)))


def _others(
    found: FoundList, read: Mapping[str, PaperList], files: Mapping[str, bytes]
) -> Iterator[FoundList]:
    """Yields the other files with many papers of their own; a translation or a collection of all files has none."""
    seen, taken = _ids(found.papers), []
    least = max(_FEWEST, _TENTH * len(seen))
    texts = [name for name in read if name != found.path and not _is_data(name) and _is_text(name)]
    for name in sorted(texts, key=lambda name: (len(_ids(read[name])), name)):
        own = _ids(read[name]) - seen
        if len(own) >= least:
            taken.append(name)
            seen |= own
    for name in sorted(taken):
        yield _below(name, files[name], _heading(read[name]))


def _below(path: str, content: bytes, heading: str) -> FoundList:
    """Reads the list below a heading, and checks that it has papers."""
    found = FoundList(path, PaperList.parse(content, heading), heading)
    _check_names(found)
    if not found.papers.size.on_arxiv:
        fix = 'name the heading above the papers, or "" for the whole file'
        raise UsageError(
            "no arXiv paper is below this heading", where=f"--heading {heading}", fix=fix
        )
    return found


def _ids(listing: PaperList) -> set[ArxivId]:
    return {entry.ids[0] for entry in listing.listed if entry.ids}


def _made_from(readme: PaperList, read: Mapping[str, PaperList]) -> str:
    """Returns the data file with the most of the README's papers, if it has nearly all of them; else ""."""
    ids = _ids(readme)
    data = (name for name, listing in read.items() if listing.document.records)
    shared = {name: len(ids & _ids(read[name])) for name in data}
    most = max(shared, key=lambda name: (shared[name], -name.count("/")), default="")
    return most if most and shared[most] >= _MADE_FROM * len(ids) else ""


def _check_names(found: FoundList) -> None:
    if not (_is_text(found.path) and _is_text(found.heading)):
        fix = "rename it, or choose another with --list or --heading: a configuration is UTF-8"
        where = f"{found.path} {found.heading}".strip()
        raise UsageError("the file's name or the heading is not UTF-8", where=where, fix=fix)


def _file_with_most(read: Mapping[str, PaperList]) -> str:
    """Returns README.md if it has half as many papers as the largest file, or the newest; else that file, or ""."""
    papers = {name: read[name].size.on_arxiv for name in read if not _is_data(name)}
    most = max(papers, key=lambda name: (papers[name], name == "README.md"), default="")
    is_large = papers.get("README.md", 0) >= _HALF * papers.get(most, 1)
    return "README.md" if is_large or _has_newest(read) else most


def _has_newest(read: Mapping[str, PaperList]) -> bool:
    """Whether README.md has several papers that are newer than all papers of the other files."""
    others = (found.index.newest for name, found in read.items() if name != "README.md")
    last = max((newest.order for newest in others if newest), default=None)
    ids = _ids(read["README.md"]) if "README.md" in read else set()
    return last is not None and sum(paper.order > last for paper in ids) >= _FEWEST


def _no_paper(path: str) -> UsageError:
    what = "no entry names an arXiv paper"
    if path:
        fix = "add the first papers by hand, each with a link to arXiv"
        return UsageError(what, where=f"--list {path}", fix=fix)
    fix = "name the list with --list; a new list needs a first paper with a link to arXiv"
    return UsageError(what, where="the Markdown files here", fix=fix)


def _is_text(name: str) -> bool:
    """Whether a name is valid UTF-8; other bytes appear as surrogates."""
    return not any("\ud800" <= char <= "\udfff" for char in name)


def _heading(listing: PaperList) -> str:
    """Finds the heading above nearly all papers: one that says "papers", else the outermost; "" if there is none.

    Dates, the file's own title, and headings that occur twice do not count.
    """
    document = listing.document
    least = _NEARLY_ALL * _on_arxiv(listing, listing.part)
    fitting = [
        section
        for section in document.sections
        if _is_name(document, section) and _on_arxiv(listing, section) >= least
    ]
    if named := [section for section in fitting if _PAPERS.fullmatch(section.title)]:
        return named[-1].title
    below = [section for section in fitting if section is not document.sections[0]]
    return below[0].title if below else ""


def _is_name(document: Document, section: Section) -> bool:
    """Whether the heading can be written into a configuration, is not a date, and is unambiguous."""
    title = section.title
    writable = bool(title) and _is_text(title) and heading_date(section) is None
    return writable and papers_part(document, title) is section


def _on_arxiv(listing: PaperList, part: Section) -> int:
    return sum(bool(entry.ids) for entry in listing.index.within(listing.document, part))


def subject(repository: str, about: Iterable[str]) -> str:
    """Derives a list's subject from its repository's name: `reward models` for "awesome-reward-models".

    A lower-case word is capitalised as in the curator's description of the list: `rlaif` becomes RLAIF.
    """
    words = _without_list_words(re.sub(r"[-_.]", " ", repository).split())
    capitals = _capitals(about)
    return " ".join(capitals.get(word, word) for word in words) or "Papers"


def _without_list_words(words: list[str]) -> list[str]:
    """Returns the words without "awesome" at the start and "list", "papers" and the like at the end."""
    while words and words[0].casefold() == "awesome":
        words = words[1:]
    while words and words[-1].casefold() in _LISTS:
        words = words[:-1]
    return words


def _capitals(texts: Iterable[str]) -> dict[str, str]:
    """Returns the words that the texts write with capitals, as first written, by their lower-case form."""
    words = (word for text in texts for word in re.findall(r"[^\W_]+", text))
    found: dict[str, str] = {}
    for word in words:
        if word != word.lower():
            found.setdefault(word.lower(), word)
    return found
