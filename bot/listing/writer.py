"""Writes a paper's entry by the maintainer's template, or in the form of the nearest entries of the list."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bot.core import titles
from bot.core.arxiv_id import ArxivId, find_ids
from bot.core.model import Paper
from bot.listing.dates import find_dates
from bot.listing.fields import name_and_rest
from bot.listing.form import learn
from bot.listing.index import head_of
from bot.listing.pages import NEWEST, with_usual_pages
from bot.listing.paper_list import PaperList
from bot.listing.parts import EntryForm
from bot.listing.record_form import RecordSample, fill_record
from bot.listing.records import RecordFile, links_in
from bot.listing.render import code_repository, fill
from bot.listing.row_form import cells
from bot.listing.samples import ENOUGH, Sample, Wanted, sample, without_days
from bot.listing.template import compile_template, fill_template

_SAMPLES = 14  # the most entries from which a form is learned


@dataclass(frozen=True, slots=True)
class WrittenEntry:
    """An entry's text, and the names of fields that its neighbours fill and that only a person can fill."""

    text: str
    open_fields: tuple[str, ...] = ()


class EntryWriter:
    """Writes entries for one list, whose samples it reads once.

    Args:
        listing: the list.
        members: the entries of each section, as indexes into `Document.entries`.
        template: the maintainer's template, if there is one.
        todo: whether to write `TODO` into fields that only a person can fill.

    Raises:
        ConfigError: the template is invalid.
    """

    def __init__(
        self,
        listing: PaperList,
        members: Mapping[int | None, Sequence[int]],
        template: str | None,
        *,
        todo: bool,
    ) -> None:
        self._document = listing.document
        self._listed = listing.index.listed
        self._members = members
        self._template = compile_template(template) if template else None
        self._todo = todo
        self._samples: dict[int, Sample | None] = {}
        self._newest_of: dict[EntryForm, list[tuple[str, ArxivId]]] = {}

    def write(self, paper: Paper, near: Sequence[int], section: int | None) -> WrittenEntry | None:
        """Writes the entry in the form of the nearest entries, first of its section, then of others.

        Returns None if no form can be learned, or if the result does not contain the paper's id.

        Raises:
            ConfigError: the template uses an unknown value, or exceeds a limit.
        """
        if self._template is not None:
            rows = bool(near) and self._document.entries[near[0]].form is EntryForm.TABLE_ROW
            return WrittenEntry(fill_template(self._template, paper, table=rows))
        if self._document.records:
            return self._record(paper, near, self._document.records)
        return self._learned(paper, near, section)

    def _learned(
        self, paper: Paper, near: Sequence[int], section: int | None
    ) -> WrittenEntry | None:
        """The entry in the form learned from the nearest entries."""
        wanted = Wanted(
            bool(name_and_rest(paper.title)[0]), bool(code_repository(paper)), todo=self._todo
        )
        learnable = self._learnable(near, section)
        if paper.submitted is None:
            learnable = [(n, without_days(found, self._months)) for n, found in learnable]
        form = learn([found for _, found in learnable], wanted)
        if form is None:
            return None
        newest = self._newest(self._document.entries[learnable[0][0]].form)
        text = with_usual_pages(fill(replace(form, tex=self._tex), paper), paper.id, newest)
        if not _names(text, paper):
            return None
        heads = self._heads(learnable[0][0])
        return WrittenEntry(text, form.open_fields(text, [found for _, found in learnable], heads))

    @cached_property
    def _tex(self) -> bool:
        """Whether the list's titles have math in TeX, at least as often as in Unicode."""
        titled = [listed.title for listed in self._listed]
        return sum(map(titles.writes_tex, titled)) >= max(
            1, sum(map(titles.writes_unicode, titled))
        )

    def _newest(self, form: EntryForm) -> list[tuple[str, ArxivId]]:
        """The texts and ids of the list's newest entries of this form; ids from before 2007 don't count."""
        if form not in self._newest_of:
            entries = self._document.entries
            dated = (
                (own.value, n)
                for n, listed in enumerate(self._listed)
                for own in listed.ids[:1]
                if entries[n].form is form and "/" not in own.value
            )
            self._newest_of[form] = [
                (self._document.text(entries[n]), self._listed[n].ids[0])
                for _, n in heapq.nlargest(NEWEST, dated)
            ]
        return self._newest_of[form]

    @cached_property
    def _months(self) -> frozenset[str]:
        """The formats of the dates without a day that the list's entries write."""
        texts = (self._document.text(entry) for entry in self._document.entries)
        formats = Counter(
            date.format for text in texts for date in find_dates(text) if not date.day
        )
        return frozenset(form for form, times in formats.items() if times >= ENOUGH)

    def _record(
        self, paper: Paper, near: Sequence[int], records: RecordFile
    ) -> WrittenEntry | None:
        """The record of a data file, in the form of the nearest records."""
        numbers = [n for n in near if self._listed[n].ids][:_SAMPLES]
        texts = [self._document.text(self._document.entries[n]) for n in numbers]
        ids = (self._listed[n].ids[0] for n in numbers)
        samples = list(map(RecordSample, map(records.read, texts), ids))
        record, unfilled = fill_record(samples, paper, todo=self._todo)
        if not _names(links_in(record), paper):
            return None
        return WrittenEntry(records.write(record, texts), unfilled)

    def why_not(self, near: Sequence[int], section: int | None) -> str:
        """Returns why no entry could be written there, and the line to check."""
        if near:
            line = self._document.entries[near[0]].line
        else:
            line = self._document.sections[section].line if section is not None else 1
        return f"line {line}: the form of the entries here is not understood; set list.template"

    def _learnable(self, near: Sequence[int], section: int | None) -> list[tuple[int, Sample]]:
        """The samples that have the form of the nearest entry, each with its entry's number, nearest first."""
        found: list[tuple[int, Sample]] = []
        form: EntryForm | None = None
        for n in self._nearest(near, section):
            form = form or self._document.entries[n].form
            if self._document.entries[n].form is form and (read := self._sample(n)):
                found.append((n, read))
            if len(found) == _SAMPLES:
                break
        return found

    def _nearest(self, near: Sequence[int], section: int | None) -> Iterator[int]:
        """Yields the section's entries, nearest first, then those of other sections, by their distance in the list."""
        yield from near
        at = self._document.sections[section].start if section is not None else 0
        others = (n for s, members in self._members.items() if s != section for n in members)
        yield from sorted(others, key=lambda n: abs(self._document.entries[n].start - at))

    def _sample(self, n: int) -> Sample | None:
        if n not in self._samples:
            entry = self._document.entries[n]
            self._samples[n] = sample(self._document.text(entry), self._listed[n], entry.form)
        return self._samples[n]

    def _heads(self, n: int) -> tuple[str, ...]:
        """The heads of the columns, if the entry is a row of a Markdown table."""
        entry = self._document.entries[n]
        if entry.form is not EntryForm.TABLE_ROW:
            return ()
        while n and self._document.entries[n - 1].block == entry.block:
            n -= 1
        return tuple(cells(head_of(self._document, self._document.entries[n]))[0])


def _names(text: str, paper: Paper) -> bool:
    """Whether a text contains the paper's id in a form that the bot finds again."""
    return any(mention.id == paper.id for mention in find_ids(text))
