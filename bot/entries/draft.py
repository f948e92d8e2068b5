"""Drafts entries: finds the section, the place in it and the form, and says which bytes to insert where."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.document import Document, Entry, EntryForm, Insertion, Section
from bot.document import encode as to_bytes
from bot.entries.form import Form, learn, vote
from bot.entries.order import learn_order, position
from bot.entries.render import compile_template, fill, fill_template
from bot.errors import ListError
from bot.index import ListIndex
from bot.model import Paper

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_YEAR_HEADING = re.compile(r"^\D{0,20}(?:19|20)\d\d\D{0,20}$")
_NEIGHBOURS = 12
_TABLES = frozenset({EntryForm.TABLE_ROW})
_UNDERSTOOD = frozenset({EntryForm.BULLET, EntryForm.PARAGRAPH, EntryForm.TABLE_ROW})


@dataclass(frozen=True, slots=True)
class ListRules:
    """What the configuration says of the list: the papers' heading ("" for the whole list), a template or None."""

    heading: str = ""
    template: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry goes: its section's path, the line it follows (in the old list), other sections that would do."""

    section: str
    line: int
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A paper's entry: the insertion that puts it into the list, and its text alone."""

    paper: Paper
    insertion: Insertion
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Refused:
    """A paper for which no entry can be written safely, and why."""

    paper: Paper
    why: str


@dataclass(frozen=True, slots=True)
class _Target:
    """A section to put entries into: its entries from top to bottom, and the year heading to create, if any."""

    section: int | None
    entries: tuple[int, ...]
    new_year: int | None = None


def papers_part(document: Document, heading: str) -> Section:
    """The part of the list that holds the papers: the section of that heading, or the whole list for "".

    Raises:
        ListError: there is no such heading; the nearest is named.
    """
    if not heading:
        return Section("", 0, (), 1, 0, 0, len(document.content))
    for section in document.sections:
        if section.title.casefold() == heading.casefold():
            return section
    known = [section.title for section in document.sections]
    near = difflib.get_close_matches(heading, known, n=1, cutoff=0.5)
    fix = (
        f"set list.heading to {near[0]!r}"
        if near
        else "set list.heading to one of the list's headings"
    )
    raise ListError(f"the list has no heading {heading!r}", where="list.heading", fix=fix)


def draft(
    document: Document,
    index: ListIndex,
    papers: Sequence[tuple[Paper, str]],
    rules: ListRules,
) -> tuple[Draft | Refused, ...]:
    """Drafts an entry for each paper (given with the section its topic names, "" to find one).

    Returns:
        the drafts in the list's own order: their insertions, applied together, give the new list.

    Raises:
        ListError: the papers' heading or a topic's section is not in the list.
        ConfigError: the template is wrong.
    """
    part = papers_part(document, rules.heading)
    drafter = _Drafter(document, index, part, rules)
    targets = [drafter.target(paper, section) for paper, section in papers]
    results: dict[int, Draft | Refused] = {}
    opened: set[int] = set()
    by_age = sorted(range(len(papers)), key=lambda n: papers[n][0].id.order, reverse=True)
    for n in by_age:
        paper, target = papers[n][0], targets[n]
        first = target.new_year is not None and target.new_year not in opened
        opened |= {target.new_year} if target.new_year is not None else set()
        last = not any(
            targets[m].new_year == target.new_year for m in by_age[by_age.index(n) + 1 :]
        )
        results[n] = drafter.draft(paper, target, opens=first, closes=last)
    return tuple(_in_list_order([results[n] for n in range(len(papers))], drafter))


def _in_list_order(results: list[Draft | Refused], drafter: _Drafter) -> list[Draft | Refused]:
    """Insertions at one offset are applied in the order given: newest first, unless the section goes the other way."""

    def rank(one: Draft | Refused) -> tuple[int, float]:
        if isinstance(one, Refused):
            return (0, 0.0)
        year, month, _, number = one.paper.id.order
        age = year * 1e8 + month * 1e6 + number
        return (one.insertion.offset, age if drafter.rises(one) else -age)

    return sorted(results, key=rank)


class _Drafter:
    """Drafts entries for one list; what is learned of a section is learned once."""

    def __init__(
        self, document: Document, index: ListIndex, part: Section, rules: ListRules
    ) -> None:
        self._document = document
        self._index = index
        self._part = part
        self._template = compile_template(rules.template) if rules.template else None
        self._inside = tuple(
            n for n, entry in enumerate(document.entries) if part.start <= entry.start < part.end
        )
        self._forms: dict[int | None, Form | None] = {}
        self._rising: set[int] = set()

    def target(self, paper: Paper, wanted: str) -> _Target:
        """The section for a paper: the one its topic names, else its year's, else the only one with entries."""
        if wanted:
            return self._of_section(self._named(wanted))
        years = self._years()
        if years:
            for number in years:
                if self._year(number) == paper.id.year:
                    return self._of_section(number)
            return _Target(years[0], (), new_year=paper.id.year)
        homes = Counter(self._document.entries[n].section for n in self._inside)
        if not homes:
            raise ListError(
                "there is no entry below the papers' heading to learn the form from",
                where=f"line {self._part.line}",
                fix="add a first entry by hand, or set list.template in keywords.toml",
            )
        return self._of_section(homes.most_common(1)[0][0])

    def _named(self, wanted: str) -> int:
        name = wanted.casefold()
        for number, section in enumerate(self._document.sections):
            path = " / ".join(section.path).casefold()
            if name in (section.title.casefold(), path):
                return number
        known = [section.title for section in self._document.sections]
        near = difflib.get_close_matches(wanted, known, n=1, cutoff=0.4)
        fix = f"the nearest heading is {near[0]!r}" if near else "name one of the list's headings"
        raise ListError(f"the list has no heading {wanted!r}", where="topics[].section", fix=fix)

    def _years(self) -> list[int]:
        """The sections, in the papers' part, whose headings are years."""
        return [
            number
            for number, section in enumerate(self._document.sections)
            if self._part.body <= section.start < self._part.end
            and _YEAR_HEADING.match(section.title)
        ]

    def _year(self, number: int) -> int:
        found = _YEAR.search(self._document.sections[number].title)
        assert found is not None
        return int(found[1])

    def _of_section(self, number: int | None) -> _Target:
        inside = tuple(n for n in self._inside if self._document.entries[n].section == number)
        return _Target(number, inside)

    def draft(self, paper: Paper, target: _Target, *, opens: bool, closes: bool) -> Draft | Refused:
        """One paper's entry; the first of a new year's `opens` its heading, the last `closes` it."""
        neighbours = self._neighbours(target)
        write = self._writer(target, neighbours)
        if isinstance(write, str):
            return Refused(paper, write)
        text = write(paper)
        if target.new_year is not None:
            return self._in_new_year(paper, text, target, opens=opens, closes=closes)
        if not target.entries:
            return self._in_empty_section(paper, text, target)
        return self._among(paper, text, target)

    def rises(self, one: Draft) -> bool:
        """Whether the entries at this draft's offset go from old to new."""
        return one.insertion.offset in self._rising

    def _neighbours(self, target: _Target) -> tuple[Entry, ...]:
        """Entries to learn from: those of the section, then the nearest others."""
        at = self._document.sections[target.section].start if target.section is not None else 0
        others = sorted(
            (n for n in self._inside if n not in set(target.entries)),
            key=lambda n: abs(self._document.entries[n].start - at),
        )
        chosen = [*target.entries[:_NEIGHBOURS], *others][:_NEIGHBOURS]
        return tuple(self._document.entries[n] for n in chosen)

    def _writer(self, target: _Target, neighbours: Sequence[Entry]) -> Callable[[Paper], str] | str:
        """What writes an entry for this section, or why nothing can."""
        if self._template is not None:
            template = self._template
            return lambda paper: fill_template(template, paper)
        if target.section not in self._forms:
            self._forms[target.section] = self._learn(neighbours)
        form = self._forms[target.section]
        if form is None:
            line = neighbours[0].line if neighbours else self._part.line
            kind = neighbours[0].form.value if neighbours else "empty section"
            return f"line {line}: the form of the entries ({kind}) is not understood; set list.template"
        return lambda paper: fill(form, paper)

    def _learn(self, neighbours: Sequence[Entry]) -> Form | None:
        listed = {one.line: one for one in self._index.listed}
        forms = [
            learn(self._document.text(entry), listed[entry.line], table=entry.form in _TABLES)
            for entry in neighbours
            if entry.form in _UNDERSTOOD and entry.form is neighbours[0].form
        ]
        return vote([form for form in forms if form])

    def _among(self, paper: Paper, text: str, target: _Target) -> Draft:
        """Between the section's entries, at the place its order gives."""
        ids = [next(iter(self._index.listed[n].ids), None) for n in target.entries]
        order = learn_order(ids)
        above = position(ids, order, paper.id)
        gap = self._gap(target.entries)
        if above < len(target.entries):
            entry = self._document.entries[target.entries[above]]
            offset, content = entry.start, text + gap
        else:
            entry = self._document.entries[target.entries[-1]]
            offset, content = entry.end, gap + text
            if not self._document.content[: entry.end].endswith(b"\n"):
                content = "\n" + content.removesuffix("\n")
        if order.value.startswith("oldest"):
            self._rising.add(offset)
        return self._result(paper, text, offset, content, self._path(target.section))

    def _gap(self, entries: Sequence[int]) -> str:
        """The blank lines between the section's entries: as most of them have it."""
        found = Counter(
            self._between(self._document.entries[a].end, self._document.entries[b].start)
            for a, b in pairwise(entries)
        )
        blank = [gap for gap, _ in found.most_common() if not gap.strip()]
        return blank[0] if blank else ""

    def _between(self, start: int, end: int) -> str:
        return self._document.content[start:end].decode("utf-8", "replace").replace("\r\n", "\n")

    def _in_empty_section(self, paper: Paper, text: str, target: _Target) -> Draft:
        section = self._document.sections[target.section or 0]
        after = self._document.content[section.body : section.end]
        lead = "" if after.startswith((b"\n", b"\r\n")) else "\n"
        offset = (
            section.body + len(after) - len(after.lstrip(b"\r\n")) if not lead else section.body
        )
        return self._result(paper, text, offset, f"{lead}{text}\n", self._path(target.section))

    def _in_new_year(
        self, paper: Paper, text: str, target: _Target, *, opens: bool, closes: bool
    ) -> Draft:
        """Under a heading of its own, made like its sisters' and put in their order."""
        assert target.new_year is not None
        years = self._years()
        falls = len(years) < 2 or self._year(years[0]) > self._year(years[-1])
        following = next(
            (
                n
                for n in years
                if (self._year(n) < target.new_year) == falls and self._year(n) != target.new_year
            ),
            None,
        )
        sister = self._document.sections[following if following is not None else years[-1]]
        heading = _YEAR.sub(str(target.new_year), self._between(sister.start, sister.body), count=1)
        lead = re.match(r"\s*", self._between(sister.body, sister.end))
        blank = "\n" if lead and "\n" in lead[0] else ""
        content = f"{heading}{blank}{text}" if opens else text
        offset = sister.start
        if following is None:
            offset = sister.end
            tail = self._between(sister.body, sister.end)
            missing = 2 - min(2, len(tail) - len(tail.rstrip("\n"))) if opens else 0
            content = "\n" * missing + content
        content += "\n" if closes and offset < len(self._document.content) else ""
        path = " / ".join((*sister.path[:-1], str(target.new_year)))
        return self._result(paper, text, offset, content, path)

    def _path(self, section: int | None) -> str:
        return "" if section is None else " / ".join(self._document.sections[section].path)

    def _result(self, paper: Paper, text: str, offset: int, content: str, path: str) -> Draft:
        line = self._document.content.count(b"\n", 0, offset)
        raw = to_bytes(content.replace("\n", self._document.newline))
        return Draft(paper, Insertion(offset, raw), text, Place(path, line))
