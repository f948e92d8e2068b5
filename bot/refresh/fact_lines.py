"""How the list writes a fact on lines of its own below a title: by its template, else by the entries around."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from bot.core.model import Paper
from bot.listing.document import Document
from bot.listing.fields import Slot, find_slots
from bot.listing.form import Form, Piece, with_authors
from bot.listing.index import Listed
from bot.listing.parts import EntryForm
from bot.listing.render import code_repository, compile_template, fill, fill_template
from bot.listing.samples import MARK, Sample, sample
from bot.refresh.around import Around
from bot.refresh.entry_text import Place
from bot.refresh.notations import MANY

_SAMPLES = 14  # entries around one that tell what it lacks
_TRIED = 200  # entries that are looked at for those
_ENOUGH = 3  # of them that must have the fact
_ALIKE = 0.8  # share of those that must write it on the same kind of line
_ABSTRACT = 200  # characters: what is shorter is a curator's own summary
_BLANK = "blank"
_BREAKS = ("\\", "  ")  # of a line within a paragraph
_FLOWING = frozenset({EntryForm.HEADING, EntryForm.PARAGRAPH})
_FORMS = _FLOWING | {EntryForm.BULLET, EntryForm.NUMBERED}
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]|#|$")
_NESTED = re.compile(r"[ \t]+[-*+][ \t]+")


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines that say a fact, what is said above them, and how far the entry's first line is indented there.

    `over` is how the line above them ends, where that tells whether they are parts of one paragraph.
    """

    lines: tuple[str, ...]
    above: frozenset[Slot]
    indent: int
    over: str


class Forms:
    """The ways of one list."""

    def __init__(self, document: Document, around: Around, template: str | None) -> None:
        self._document = document
        self._around = around
        self._template = compile_template(template) if template else None
        self._samples: dict[int, Sample | None] = {}

    def block(self, place: Place, paper: Paper, slot: Slot) -> tuple[int, list[str]] | None:
        """The lines that say the fact as the list does, and the line of the entry that they go below.

        None where the list does not say it so, or the entry is of another shape.
        """
        if place.entry.form not in _FORMS:
            return None
        if self._template is not None:
            found = self._by_template(paper, slot)
        else:
            found = self._by_neighbours(place, paper, slot)
        if found is None or (not _has_label(found) and _has_words(place)):
            return None
        if (lines := _fitted(found, place)) is None:
            return None
        ends = [span.end for span in place.spans if span.slot in found.above]
        at = max([place.line_of(end) for end in ends], default=0)
        return (at, lines) if _flows(found, place, at) else None

    def _by_template(self, paper: Paper, slot: Slot) -> _Block | None:
        """The lines that are there only if the fact is known."""
        assert self._template is not None
        code = code_repository(paper)
        known = replace(paper, comment=f"https://github.com/{code}" if code else "")
        with_it = fill_template(self._template, known).splitlines()
        unknown = (
            replace(known, authors=()) if slot is Slot.AUTHORS else replace(known, abstract="")
        )
        without = fill_template(self._template, unknown).splitlines()
        size = len(with_it) - len(without)
        pairs = enumerate(zip(with_it, without, strict=False))
        at = next((n for n, (one, other) in pairs if one != other), len(without))
        if not at or size < 1 or with_it[at + size :] != without[at:]:
            return None
        above = "\n".join(with_it[:at])
        spans = find_slots(above, Listed((paper.id,), (), paper.title, 0, 0))
        slots = frozenset(span.slot for span in spans)
        over = _over(with_it[at - 1]) if with_it[at] else _BLANK
        return _Block(tuple(with_it[at : at + size]), slots, _indent(with_it[0]), over)

    def _by_neighbours(self, place: Place, paper: Paper, slot: Slot) -> _Block | None:
        near = list(self._near(place))
        having = [(one, line) for one in near if (line := _own_line(one, slot)) is not None]
        if len(having) < max(_ENOUGH, len(near) / 2):
            return None
        if slot is Slot.ABSTRACT:
            given = [len(text) for one, _ in having for text in one.given(slot)]
            if statistics.median(given) < _ABSTRACT:
                return None
        kinds = Counter(_kind(one, line) for one, line in having)
        kind, count = kinds.most_common(1)[0]
        over, before, how, after = kind
        if count < _ALIKE * len(having) or (how == "html" and not before.strip()):
            return None  # a fact in an element of several lines is not one on a line of its own
        form = Form((Piece(before), Piece(how, slot), Piece(after)))
        form = with_authors(form, [one for one, _ in having])
        if slot is Slot.AUTHORS and not form.cut and len(paper.authors) > max(MANY, form.most):
            return None
        text = fill(form, paper)
        above = frozenset(
            one.span(mark).slot
            for one, line in having
            if _kind(one, line) == kind
            for mark in MARK.findall("\n".join(one.text.split("\n")[:line]))
        )
        lines = ("",) * (over == _BLANK) + tuple(text.rstrip("\n").split("\n"))
        return _Block(lines, above, _indent(having[0][0].text), over)

    def _near(self, place: Place) -> Iterator[Sample]:
        """Entries of the same shape that are understood: of the section, nearest first, then of the whole list."""
        found = 0
        for one in islice(self._around.of(place), _TRIED):
            known = self._sample(one)
            if known and _indent(known.text) == _indent(place.plain):
                yield known
                found += 1
            if found == _SAMPLES:
                return

    def _sample(self, one: Listed) -> Sample | None:
        if one.entry not in self._samples:
            entry = self._document.entries[one.entry]
            self._samples[one.entry] = sample(self._document.text(entry), one, entry.form)
        return self._samples[one.entry]


def _own_line(one: Sample, slot: Slot) -> int | None:
    """The line, not the first, on which the entry says this fact and no other; None where there is none."""
    marks = set(one.marks(slot))
    for number, line in enumerate(one.text.split("\n")):
        found = set(MARK.findall(line))
        if number and found and found <= marks and "tl;dr" not in line.casefold():
            return number
    return None


def _kind(one: Sample, number: int) -> tuple[str, str, str, str]:
    """A line with a fact: how the line above ends, what is before the fact, how it is written, what is behind it."""
    lines = one.text.split("\n")
    mark = MARK.findall(lines[number])[0]
    before, _, after = lines[number].partition(mark)
    over, after = _over(lines[number - 1]), MARK.sub("", after)
    if one.form not in _FLOWING:
        over, after = "", after.rstrip()
    return over, before, one.span(mark).how, after


def _over(line: str) -> str:
    """How a line ends above another."""
    if not line.strip():
        return _BLANK
    if line.startswith("#"):
        return "heading"
    return next((end for end in _BREAKS if line.endswith(end)), "")


def _flows(block: _Block, place: Place, at: int) -> bool:
    """Whether lines below that one are a paragraph, or a part of one, as they are elsewhere."""
    if place.entry.form not in _FLOWING:
        return True
    lines = place.lines
    below = lines[at + 1] if at + 1 < len(lines) else ""
    if block.over == _BLANK:
        return not below.strip()
    ends = block.lines[-1].endswith(_BREAKS) or _ITEM.match(block.lines[-1]) or _ITEM.match(below)
    return _over(lines[at]) == block.over and bool(ends)


def _has_label(block: _Block) -> bool:
    """Whether the lines say what they are of."""
    first = next(line for line in block.lines if line.strip())
    return ":" in first[:20] or "<" in first


def _has_words(place: Place) -> bool:
    """Whether a line below the entry's first is of words alone: it may be what stands in the place of a fact."""
    return any(line.strip() and not re.search(r"[:\](]|https?", line) for line in place.lines[1:])


def _fitted(block: _Block, place: Place) -> list[str] | None:
    """The lines as the entry's own lines are indented; None where they would be of another kind than those."""
    if place.entry.form is EntryForm.HEADING:
        return list(block.lines)
    lines = place.lines
    nested = next((m[0] for line in lines[1:] if (m := _NESTED.match(line))), "")
    own = _NESTED.match(block.lines[0])
    if own and nested:
        size, first = len(own[0]), nested
        return [first + block.lines[0][size:], *block.lines[1:]]
    shift = _indent(place.plain) - block.indent
    if nested or shift < 0:
        return None
    return [" " * shift + line if line.strip() else line for line in block.lines]


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" \t"))
