"""Extracts a list's title, introduction and text sections for its site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.english import shorten
from bot.core.escaping import clean
from bot.listing.blocks import visible
from bot.listing.document import Document, decode
from bot.listing.paper_list import PaperList
from bot.listing.parts import Section
from bot.tools.site.headings import bare_heading
from bot.tools.site.prose import to_html

_NO_TITLE = frozenset({"content", "contents", "table of contents", "introduction", "overview"})
_PROSE = re.compile(r"^\s{0,3}[^\s#<>|!\[`*+=-]")  # the start of a paragraph of prose
_LONGEST_LEAD = 400


@dataclass(frozen=True, slots=True)
class AboutSection:
    """A section of prose: its heading, and its text as HTML."""

    heading: str
    prose: str


def title_and_lead(document: Document, name: str) -> tuple[str, str]:
    """Returns the list's title, and the first paragraph of prose below it, as plain text.

    The title is the first heading of level 1, or else the first heading of any level unless prose precedes it.
    A list without a title gets `name` as its title.
    """
    sections = document.sections
    above = _lead(document.content[: sections[0].start if sections else None])
    top = _top(sections, has_words=bool(above))
    title = bare_heading(top.title) if top else ""
    if top is None or not title or "<" in title or title.casefold() in _NO_TITLE:
        return name, above
    end = next((section.start for section in sections if section.start > top.start), None)
    return title, _lead(document.content[top.body : end])


def _top(sections: tuple[Section, ...], *, has_words: bool) -> Section | None:
    first = next((section for section in sections if section.level == 1), None)
    return first or (sections[0] if sections and not has_words else None)


def _lead(content: bytes) -> str:
    """The first paragraph of at least six words that is prose; empty if there is none."""
    for paragraph in re.split(r"\n\s*\n", decode(content).replace("\r\n", "\n")):
        words = clean(visible(paragraph)) if _PROSE.match(paragraph) else ""
        if len(words.split()) >= 6:
            return _sentences(words)
    return ""


def _sentences(words: str) -> str:
    """A paragraph shortened to `_LONGEST_LEAD` characters, at the end of a sentence if possible."""
    if len(words) <= _LONGEST_LEAD:
        return words
    sentences, stop, _ = words[:_LONGEST_LEAD].rpartition(". ")
    return f"{sentences}." if stop else shorten(words, _LONGEST_LEAD)


def about_sections(listing: PaperList) -> Iterator[AboutSection]:
    """Yields the sections of prose between the list's title and its first paper."""
    document = listing.document
    first = min((listing.entry(listed).start for listed in listing.listed), default=0)
    for number, section in enumerate(document.sections):
        following = document.sections[number + 1 :]
        end = following[0].start if following else len(document.content)
        if section.level == 1 or end > first:
            continue
        prose = to_html(decode(document.content[section.body : end]))
        heading = bare_heading(section.title)
        if prose and heading and heading.casefold() not in _NO_TITLE - {"introduction", "overview"}:
            yield AboutSection(heading, prose)
