"""Compares two entries of the same paper: whether they have the same shape and the same values.

The shape of an entry is its text with each fact of the paper (title, name, id, authors, date, abstract) replaced by a
mark. Parts that can't be known from arXiv are removed: lines, table cells, links, badges and brackets without a fact,
and links to code. Words in the link to the paper ("pdf", "Paper") are kept, and other words become "w". Indents,
markers, emphasis, separators and the form of the paper's address are kept. So two entries have the same shape if a
curator could turn one into the other by exchanging facts, and by adding or removing what only the curator knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from bot.core import titles
from bot.listing.dates import Written, find_dates, has_day
from bot.listing.fields import Slot, find_slots, split_authors
from bot.listing.index import Listed
from bot.listing.markup import Group, parse
from bot.listing.parts import EntryForm

_MARKS = {slot: chr(0xE000 + n) for n, slot in enumerate(Slot)}
_CODE = _MARKS[Slot.REPOSITORY]
_NAME = _MARKS[Slot.NAME]
_DATE = _MARKS[Slot.DATE]
_MARK = re.compile("[\ue000-\ue0ff]")
_FACT = re.compile(
    f"[{''.join(mark for slot, mark in _MARKS.items() if slot is not Slot.REPOSITORY)}]"
)
_WORDS = re.compile(r"[^\W_\ue000-\ue0ff]+(?:[\s'’.-]+[^\W_\ue000-\ue0ff]+)*")
_SYMBOLS = re.compile(r"[^\w\s!-/:-@\[-`{-~\ue000-\ue0ff]+ ?")  # emoji: a curator's marks
_NUMBER = re.compile(r"^(\s*)\d+(?=[.)])")
_ROWS = frozenset({EntryForm.TABLE_ROW, EntryForm.HTML_ROW})
# Curators write the day of submission, of announcement, or of the newest version.
_DAYS_OFF = 6
_TYPOS = 92  # rapidfuzz score above which two titles differ only by a typo


@dataclass(frozen=True, slots=True)
class ComparedEntry:
    """An entry to compare: its text, the data that was read from it, and its form."""

    text: str
    listed: Listed
    form: EntryForm

    def shape(self, *, names: bool = True, words: bool = True) -> str:
        """Returns the entry's shape.

        `names` says whether a paper's short name counts as a fact. `words` says whether to keep words that are not
        facts of the paper (a venue with its year, a tag), which nobody can know from arXiv.
        """
        return _shape(self.text, self.listed, self.form, names=names, words=words)

    def without_days(self) -> ComparedEntry:
        """Returns the entry with a word in place of each date with a day, because some days are unknown."""
        text = self.text
        for span in reversed(find_slots(text, self.listed)):
            if span.slot is Slot.DATE and has_day(span.how):
                text = f"{text[: span.start]}day{text[span.end :]}"
        return replace(self, text=text)


def same_shape(ours: ComparedEntry, theirs: ComparedEntry) -> bool:
    """Whether both entries have the same shape; ours may lack words and days that theirs has, but must not add any."""
    if not any(span.slot is Slot.DATE for span in find_slots(ours.text, ours.listed)):
        theirs = theirs.without_days()
    mine, other = ours.shape(), theirs.shape()
    if mine == other:
        return True
    bare = [
        {entry.shape(names=names, words=False) for names in (True, False)}
        for entry in (ours, theirs)
    ]
    return bool(bare[0] & bare[1]) and mine.count("w") <= other.count("w")


def compare_values(ours: ComparedEntry, theirs: ComparedEntry) -> dict[str, bool]:
    """Compares the facts that both entries give; returns for each name of a fact whether the values agree."""
    given = _values(theirs.text, theirs.listed)
    compared = {
        name: _values_agree(name, value, given[name])
        for name, value in _values(ours.text, ours.listed).items()
        if name in given
    }
    return {name: right for name, right in compared.items() if right is not None}


def _values_agree(name: str, ours: str, theirs: str) -> bool | None:
    """Whether two values of a fact agree; None if they are of different things (such as the year of a venue).

    A title may lack the paper's short name or have a typo, and a day may differ by a few.
    """
    if name == "title":
        return ours in theirs or theirs in ours or fuzz.ratio(ours, theirs) > _TYPOS
    return _dates_agree(ours, theirs) if name == "date" else ours == theirs


def _dates_agree(ours: str, theirs: str) -> bool | None:
    mine, other = (next(iter(find_dates(text)), None) for text in (ours, theirs))
    if mine is None or other is None or bool(mine.month) != bool(other.month):
        return None
    if bool(mine.day) != bool(other.day):  # a month without a day is less precise, but not wrong
        return None if (mine.year, mine.month) == (other.year, other.month) else False
    if mine.day and other.day:
        return mine.format == other.format and abs(_days(mine) - _days(other)) <= _DAYS_OFF
    return ours == theirs


def _days(date: Written) -> int:
    """The approximate number of days since year 0."""
    return date.year * 365 + (date.month or 0) * 30 + (date.day or 0)


def _shape(text: str, listed: Listed, form: EntryForm, *, names: bool, words: bool) -> str:
    text = text.replace("\r\n", "\n").rstrip("\n")
    parts, position = [], 0
    for span in find_slots(text, listed):
        parts += [text[position : span.start], _MARKS[span.slot]]
        position = span.end
    text = "".join([*parts, text[position:]])
    text = re.sub(r"https?://(?:www\.)?", "https://", text)
    marked = _NUMBER.sub(r"\g<1>1", text)
    if form in _ROWS:
        split = re.split(
            r"(?<!\\)\|" if form is EntryForm.TABLE_ROW else r"</?t[dr][^<>]*>", marked
        )
        return "|".join(_line(cell, names=names, words=words).strip() for cell in split)
    lines = [line for line in marked.split("\n") if _FACT.search(line)]
    return "\n".join(_line(line, names=names, words=words) for line in lines)


def _line(line: str, *, names: bool, words: bool) -> str:
    kept = "".join(_kept(parse(line), names=names))
    if not words:
        kept = re.sub(rf"w(?:[ ,]{{1,2}}[w{_DATE}])*[ ,.]*|{_DATE}[ ,]{{1,2}}w[ ,.]*", "", kept)
        kept = re.sub(r"(\*\*|[*`_]){2}[ ,.]*|\(\)|\[\](?!\()", "", kept)
    kept = re.sub(r"\s+", lambda run: " " if "\t" not in run[0] else run[0], kept.rstrip())
    kept = re.sub(r"(?:\s*[,;/|&+·]){2,}", lambda run: run[0].strip()[0], kept)
    return re.sub(r"[\s,;/|&+·]+$", "", kept) if _FACT.search(line) else ""


def _kept(parts: Iterable[str | Group], *, names: bool, label: bool = False) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Group):
            flat = str(part)
            facts = set(_FACT.findall(flat)) - (set() if names else {_NAME})
            if facts:
                linked = label or _MARKS[Slot.ID] in part.closed + part.opened
                content = "".join(_kept(part.inside, names=names, label=linked))
                yield part.opened + content + part.closed
            elif label:
                yield flat
        else:
            bare = part.replace(_CODE, "") if names else part.replace(_CODE, "").replace(_NAME, "")
            yield bare if label else _SYMBOLS.sub("", _WORDS.sub("w", bare))


def _values(text: str, listed: Listed) -> dict[str, str]:
    """The values of an entry's facts by name, normalised so that two entries can be compared."""
    text = text.replace("\r\n", "\n")
    found = {"title": titles.key(listed.title)} if listed.title else {}
    for span in find_slots(text, listed):
        value = text[span.start : span.end]
        if span.slot is Slot.AUTHORS:
            found["authors"] = "; ".join(titles.key(name) for name in split_authors(value)[0])
        elif span.slot is Slot.DATE:
            found.setdefault("date", value)
        elif span.slot is Slot.NAME:
            found.setdefault("name", value.casefold())
        elif span.slot is Slot.REPOSITORY:
            found["code"] = value.casefold()
        elif span.slot is Slot.ABSTRACT:
            found["abstract"] = titles.key(value)[:200]
    return found
