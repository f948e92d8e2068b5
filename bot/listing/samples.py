"""Prepares entries to learn a form from: replaces the facts of each with marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.listing.dates import has_day, without_day
from bot.listing.fields import (
    Slot,
    Span,
    find_slots,
    is_sound,
    name_and_rest,
    with_other_months,
    with_repository_name,
)
from bot.listing.index import Listed
from bot.listing.parts import EntryForm

ENOUGH = 3
"""The minimum number of samples for which shared text is not a coincidence."""

MARK = re.compile("[\ue000-\uf0ff]")
"""A slot in a sample's text: a character of Unicode's private use area, numbered in the order of the slots."""

NO_FACT = "\uf8ff"
"""Replaces words in a sample's text that are unknown for other papers."""

PREPRINT = re.compile(r"arxiv|preprint", re.IGNORECASE)
"""Words that say that a paper is on arXiv, which is true of every new paper."""

_FIRST = 0xE000
_NUMBER = re.compile(r"^(\s*)\d{1,9}(?=[.)])")
_PLAIN_HTTP = re.compile(r"http://(?=(?:www\.)?arxiv\.org/)", re.IGNORECASE)
_GITHUB = re.compile(r"https?://www\.github\.com/", re.IGNORECASE)
_ADDRESS = re.compile(r"\]\([^()]{0,2000}\)|https?://\S{1,2000}|<[^<>]{1,1000}>")

LONGEST = 10_000
"""The most characters of an entry, including its abstract, that can be a sample."""


@dataclass(frozen=True, slots=True)
class Sample:
    """An entry to learn from: its text with marks for its facts, the slots of the marks, and their original texts.

    `named` says whether its title has a short name, `code` whether it links to code, and `preprint` whether it says
    that the paper is a preprint.
    """

    text: str
    spans: tuple[Span, ...]
    originals: tuple[str, ...]
    form: EntryForm
    named: bool
    code: bool
    preprint: bool

    def span(self, mark: str) -> Span:
        """Returns the slot of a mark in the text."""
        return self.spans[ord(mark) - _FIRST]

    def marks(self, *slots: Slot) -> str:
        """Returns the marks of these slots."""
        return "".join(chr(_FIRST + n) for n, span in enumerate(self.spans) if span.slot in slots)

    def given(self, slot: Slot) -> list[str]:
        """Returns the texts that the entry has for this slot."""
        pairs = zip(self.spans, self.originals, strict=True)
        return [original for span, original in pairs if span.slot is slot]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of the new paper: whether its title has a short name, and whether its code is known.

    `dated` says whether the list's dates are those of papers' ids, and so are known too.
    `todo` says whether to write `TODO` into fields that nearly all entries fill and that are not known.
    """

    named: bool
    code: bool
    dated: bool = True
    todo: bool = False


def sample(text: str, listed: Listed, form: EntryForm) -> Sample | None:
    """Makes a sample of an entry; None if its title or id can't be found in it, or if it is too long."""
    if len(text) > LONGEST:
        return None
    text = _normal(text, form)
    if MARK.search(text):
        return None
    spans = find_slots(text, listed)
    if form is EntryForm.TABLE_ROW:
        spans = with_repository_name(text, spans)
    if not is_sound(spans, text):
        return None
    spans = with_other_months(text, spans)
    return Sample(
        _marked(text, spans).rstrip("\n"),
        spans,
        tuple(text[span.start : span.end] for span in spans),
        form,
        named=bool(name_and_rest(listed.title)[0]),
        code=any(span.slot is Slot.REPOSITORY for span in spans),
        preprint=bool(PREPRINT.search(_ADDRESS.sub("]", text))),
    )


def _normal(text: str, form: EntryForm) -> str:
    """The text with normalised line endings, addresses and item numbers."""
    text = _PLAIN_HTTP.sub("https://", text.replace("\r\n", "\n"))
    text = _GITHUB.sub("https://github.com/", text)
    return _NUMBER.sub(r"\g<1>1", text) if form is EntryForm.NUMBERED else text


def _marked(text: str, spans: Sequence[Span]) -> str:
    """The text with marks in place of the facts."""
    parts, position = [], 0
    for number, span in enumerate(spans):
        parts += [text[position : span.start], chr(_FIRST + number)]
        position = span.end
    return "".join([*parts, text[position:]])


def without_days(found: Sample, months: frozenset[str]) -> Sample:
    """Adapts a sample to a paper whose day is unknown: dates with a day lose the day, or are no longer facts.

    `months` are the formats of months that the list writes elsewhere.
    """
    text, spans = found.text, []
    for number, span in enumerate(found.spans):
        month = without_day(span.how) if span.slot is Slot.DATE and has_day(span.how) else ""
        if month and month not in months:
            text = text.replace(chr(_FIRST + number), NO_FACT)
        spans.append(replace(span, how=month) if month in months else span)
    return replace(found, text=text, spans=tuple(spans))


_CRITERIA = (
    ("preprint", "code", "named"),
    ("preprint", "code"),
    ("preprint", "named"),
    ("preprint",),
    ("code",),
)


def alike(samples: Sequence[Sample], wanted: Wanted) -> list[Sample]:
    """Returns samples of the same kind as the wanted paper, with weaker criteria until there are enough."""
    labelled = any(example.preprint for example in samples)
    kind = {"preprint": labelled, "code": wanted.code, "named": wanted.named}
    for names in _CRITERIA:
        found = [
            example
            for example in samples
            if all(getattr(example, name) == kind[name] for name in names)
        ]
        if len(found) >= ENOUGH:
            return found
    return list(samples)


def writes_months_of_ids(samples: Sequence[Sample]) -> bool:
    """Returns whether entries mostly write the months of their papers' ids, rather than those of venues or changes."""
    months = re.compile("%-?[mb]", re.IGNORECASE)
    found = [
        span.own
        for sample in samples
        for span in sample.spans
        if span.slot is Slot.DATE and months.search(span.how)
    ]
    return 3 * sum(found) >= 2 * len(found)
