"""Where a repository keeps its papers: in Markdown below a heading, or in the data that the Markdown is made from."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.core.arxiv_id import ArxivId
from bot.core.errors import UsageError
from bot.listing.document import Document
from bot.listing.headings import heading_date, papers_part
from bot.listing.paper_list import PaperList
from bot.listing.parts import Section
from bot.tools.site.headings import bare_heading

_HALF = 0.5  # as many papers as in the file with the most make README.md the list all the same
_NEARLY_ALL = 0.9  # of the papers, that a heading must have below it to be the papers' heading
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
_MADE_FROM = 0.8  # of a README's papers, that the data it is made from must have
_PASSED_OVER = frozenset({"node_modules", "site-packages", "vendor"})
_LONGEST_SUBJECT = 4  # words; a longer title is a sentence
_INTRODUCTION = 4000  # characters, from which to learn what a list is about


@dataclass(frozen=True, slots=True)
class FoundList:
    """A list: its file, what it holds, and the papers' heading ("" for the whole file).

    A list kept as data has a README that is made from it: `readme` is that list, too.
    """

    path: str
    papers: PaperList
    heading: str
    readme: FoundList | None = None

    @property
    def subject(self) -> str:
        """The subject that the list's title names in at most four words, without "Awesome" or "Papers"; else empty."""
        sections = (self.readme or self).papers.document.sections
        words = bare_heading(next((s.title for s in sections if s.level == 1), "")).split()
        while words and words[0].casefold() == "awesome":
            words.pop(0)
        while words and words[-1].casefold() in _LISTS:
            words.pop()
        return " ".join(words) if len(words) <= _LONGEST_SUBJECT else ""

    @property
    def about(self) -> tuple[str, ...]:
        """What the curator says of the list: its headings, and the text before its first entry."""
        if self.readme:
            return self.readme.about
        document = self.papers.document
        entries = document.entries
        before = document.content[: entries[0].start if entries else 0]
        text = before.decode("utf-8", "replace")[:_INTRODUCTION]
        lines = re.sub(r"\]\([^()]*\)|<[^<>]*>|https?://\S+", " ", text).splitlines()
        return (*(section.title for section in document.sections), *lines)


def list_files(folder: Path, path: str = "") -> dict[str, bytes]:
    """The files of a checkout that may be the list, by their paths, or only that at `path`; huge ones are passed over.

    They are Markdown, and data (YAML, JSON, CSV) that names arXiv.
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
    """The files of a checkout in order, those of hidden folders and of other people's packages aside."""
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name[0] != "." and name not in _PASSED_OVER)
        yield from (Path(top, name) for name in sorted(names))


def find(files: Mapping[str, bytes], path: str = "", heading: str | None = None) -> FoundList:
    """The list: README.md, or the Markdown with the most papers; or the data that it is made from.

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
    asked = {path: files[path]} if path else files
    read = {name: PaperList.parse(content) for name, content in asked.items()}
    chosen = path or _file_with_most(read)
    if not chosen or not read[chosen].census.on_arxiv:
        raise _no_paper(path)
    found = _below(chosen, files[chosen], _heading(read[chosen]) if heading is None else heading)
    source = "" if path else _made_from(read[chosen], read)
    return FoundList(source, read[source], "", readme=found) if source else found


def _below(path: str, content: bytes, heading: str) -> FoundList:
    """The list below a heading."""
    found = FoundList(path, PaperList.parse(content, heading), heading)
    _check_names(found)
    if not found.papers.census.on_arxiv:
        fix = 'name the heading that the papers are below, or "" for the whole file'
        raise UsageError("no arXiv paper is below it", where=f"--heading {heading}", fix=fix)
    return found


def _ids(listing: PaperList) -> set[ArxivId]:
    return {entry.ids[0] for entry in listing.listed if entry.ids}


def _made_from(readme: PaperList, read: Mapping[str, PaperList]) -> str:
    """The file of data that has nearly all papers of the README, the one with most; "" if there is none."""
    ids = _ids(readme)
    data = (name for name, listing in read.items() if listing.document.records)
    shared = {name: len(ids & _ids(read[name])) for name in data}
    most = max(shared, key=lambda name: (shared[name], -name.count("/")), default="")
    return most if most and shared[most] >= _MADE_FROM * len(ids) else ""


def _check_names(found: FoundList) -> None:
    if not (_is_text(found.path) and _is_text(found.heading)):
        fix = "rename it, or name another with --list or --heading: a configuration is UTF-8"
        where = f"{found.path} {found.heading}".strip()
        raise UsageError("its name is not in UTF-8", where=where, fix=fix)


def _file_with_most(read: Mapping[str, PaperList]) -> str:
    """README.md if it has half as many papers as any other file, else the file with most; "" if there is none."""
    papers = {name: read[name].census.on_arxiv for name in read if not _is_data(name)}
    most = max(papers, key=lambda name: (papers[name], name == "README.md"), default="")
    return "README.md" if papers.get("README.md", 0) >= _HALF * papers.get(most, 1) else most


def _no_paper(path: str) -> UsageError:
    what = "no entry names an arXiv paper"
    if path:
        fix = "add the first papers by hand, each with its link to arXiv"
        return UsageError(what, where=f"--list {path}", fix=fix)
    fix = "name the list with --list; a new one needs a first paper, with its link to arXiv"
    return UsageError(what, where="the Markdown files here", fix=fix)


def _is_text(name: str) -> bool:
    """Whether a name can be written down: bytes that are not UTF-8 appear as surrogates."""
    return not any("\ud800" <= char <= "\udfff" for char in name)


def _heading(listing: PaperList) -> str:
    """The heading that nearly all papers are below: one that says "papers", else the outermost; "" if there is none.

    Dates and the file's own title do not count; nor does a heading that stands there twice, as it names two sections.
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
    """Whether the heading can be written into a configuration, is no date, and is found again by its name."""
    title = section.title
    writable = bool(title) and _is_text(title) and heading_date(section) is None
    return writable and papers_part(document, title) is section


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
    capitals = _capitals(about)
    return " ".join(capitals.get(word, word) for word in words) or "Papers"


def _capitals(texts: Iterable[str]) -> dict[str, str]:
    """The words that texts write with capitals, as each is first written, by their lower case."""
    words = (word for text in texts for word in re.findall(r"[^\W_]+", text))
    found: dict[str, str] = {}
    for word in words:
        if word != word.lower():
            found.setdefault(word.lower(), word)
    return found
