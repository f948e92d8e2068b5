"""Fills a missing field of an entry: after its label, or on the line that the configured template has for it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.core import titles
from bot.core.arxiv_id import ArxivId
from bot.core.model import Paper
from bot.listing.escape_at import is_in_html
from bot.listing.fields import Slot, find_slots
from bot.listing.index import Listed
from bot.listing.parts import EntryForm, Replacement
from bot.listing.render import code_repository
from bot.listing.template import compile_template, fill_template
from bot.proposals.items import Fact
from bot.refresh.entry_text import EntryText
from bot.refresh.labelled import LabelledField, LabelledFields
from bot.refresh.notations import Usage, notations_of, usage

_GENERATION = re.compile(r" (?:[js]r|i{1,3}|iv)$")
_PUBLISHERS_DOI = re.compile(r"(?<![\d.])10\.(?!48550/)\d{4,9}/")  # any DOI but arXiv's own
_ABSTRACT_LABEL = re.compile(r"abstract|tl;?dr|<details")
_SLOTS = {Fact.AUTHORS: Slot.AUTHORS, Fact.ABSTRACT: Slot.ABSTRACT}
_ITEMS = frozenset({EntryForm.BULLET, EntryForm.NUMBERED})
_NESTED = re.compile(r"[ \t]+(?:[-*+][ \t]+)?")


class Filler:
    """Fills the fields of one list's entries."""

    def __init__(
        self, papers: Mapping[ArxivId, Paper], template: str | None, fields: LabelledFields
    ) -> None:
        self._papers = papers
        self._fields = fields
        self._template = compile_template(template) if template else None
        self._learned: dict[tuple[Fact, str], Usage] = {}

    def edit(self, entry: EntryText, paper: Paper, fact: Fact) -> Replacement | None:
        """The edit that adds the fact; None if the entry already has it, or its notation is not certain."""
        if field := self._fields.of(entry, fact):
            return self._in_field(entry, paper, fact, field)
        if self._template is None or fact not in _SLOTS or entry.entry.form not in _ITEMS:
            return None
        return None if _states(entry, paper, fact) else self._by_template(entry, paper, fact)

    def _in_field(
        self, entry: EntryText, paper: Paper, fact: Fact, field: LabelledField
    ) -> Replacement | None:
        if not field.is_empty or _states(entry, paper, fact, except_field=field):
            return None
        table = entry.entry.form is EntryForm.TABLE_ROW
        text = self._usage(fact, field).write(fact, paper, table=table)
        start, end, new = field.filled(text)
        before = entry.plain[:start]
        if not text or is_in_html(before) or before.count("```") % 2:
            return None
        return entry.rewritten(start, end, new)

    def _usage(self, fact: Fact, field: LabelledField) -> Usage:
        """How the list writes the fields of this name."""
        key = fact, field.name
        if key not in self._learned:
            table = field.name.startswith("|")
            self._learned[key] = usage(
                [
                    (known, notations_of(fact, known, other.value.strip(), table=table))
                    for entry, other in self._fields.filled_like(field, fact)
                    if (known := self._papers.get(entry.listed.ids[0]))
                ]
            )
        return self._learned[key]

    def _by_template(self, entry: EntryText, paper: Paper, fact: Fact) -> Replacement | None:
        """The edit that inserts the template's lines for the fact, below the fields that precede it in the template."""
        if (found := self._lines_of(paper, fact)) is None:
            return None
        template, above = found
        if (lines := _indented(template, entry)) is None:
            return None
        ends = [span.end for span in entry.spans if span.slot in above]
        number = max([entry.plain.count("\n", 0, end) for end in ends], default=0)
        return entry.with_lines_below(number, lines)

    def _lines_of(self, paper: Paper, fact: Fact) -> tuple[list[str], frozenset[Slot]] | None:
        """The lines that the template writes only if the fact is known, and the fields above them."""
        assert self._template is not None
        code = code_repository(paper)  # keep the link to the code when the abstract is removed
        known = replace(paper, comment=f"https://github.com/{code}" if code else "")
        unknown = (
            replace(known, authors=()) if fact is Fact.AUTHORS else replace(known, abstract="")
        )
        whole = fill_template(self._template, known).splitlines()
        without = fill_template(self._template, unknown).splitlines()
        size = len(whole) - len(without)
        pairs = enumerate(zip(whole, without, strict=False))
        at = next((n for n, (line, other) in pairs if line != other), len(without))
        if not at or size < 1 or whole[at + size :] != without[at:]:
            return None
        above = find_slots("\n".join(whole[:at]), Listed((paper.id,), (), paper.title, 0, 0))
        return whole[at : at + size], frozenset(span.slot for span in above)


def _indented(lines: Sequence[str], entry: EntryText) -> list[str] | None:
    """Indents the template's lines like the entry's nested lines; None if only one of the two is a list item."""
    nested = _NESTED.match(lines[0])
    if nested is None:
        return None
    own = filter(None, map(_NESTED.match, entry.words.split("\n")[1:]))
    indent = next((match[0] for match in own), nested[0])
    if ("-" in indent) != ("-" in nested[0]):
        return None
    return [indent + lines[0][nested.end() :], *lines[1:]]


def _states(
    entry: EntryText, paper: Paper, fact: Fact, except_field: LabelledField | None = None
) -> bool:
    """Whether the entry states the fact in any form outside of the field `except_field`, or arXiv does not know it."""
    start, end = (except_field.label, except_field.end) if except_field else (0, 0)
    slot = _SLOTS.get(fact)
    if any(span.slot is slot and not start <= span.start < end for span in entry.spans):
        return True
    text = f"{entry.plain[:start]}\n{entry.plain[end:]}".casefold()
    return _STATED[fact](text, entry.listed.title, paper)


def _states_authors(text: str, title: str, paper: Paper) -> bool:
    """Whether a text has an author's surname outside of the title, or a label for authors."""
    names = [_GENERATION.sub("", titles.key(name)).split() for name in paper.authors]
    surnames = {name[-1] for name in names if name and len(name[-1]) > 1}
    rest = f" {titles.key(text)} ".replace(f" {titles.key(title)} ", " ").split()
    return not names or not surnames.union({"author", "authors"}).isdisjoint(rest)


def _states_abstract(text: str, _title: str, paper: Paper) -> bool:
    begin = " ".join(titles.plain_abstract(paper.abstract).split()[:6]).casefold()
    return begin in text or _ABSTRACT_LABEL.search(text) is not None


def _states_doi(text: str, _title: str, paper: Paper) -> bool:
    return paper.doi.casefold() in text or _PUBLISHERS_DOI.search(text) is not None


_STATED = {
    Fact.AUTHORS: _states_authors,
    Fact.ABSTRACT: _states_abstract,
    Fact.DOI: _states_doi,
}
"""Whether a text (in lower case) states the fact of the paper with this title; true if arXiv does not know it."""
