"""Entries to learn a form from: each with its facts taken out and marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

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
"""Samples from which what they share is no accident."""

MARK = re.compile("[\ue000-\uf0ff]")
"""A slot's place in a sample's text: characters of Unicode's private area, in the order of the slots."""

PREPRINT = re.compile(r"arxiv|preprint", re.IGNORECASE)
"""What says that a paper is on arXiv, which is known of every paper."""

_FIRST = 0xE000
_NUMBER = re.compile(r"^(\s*)\d{1,9}(?=[.)])")
_PLAIN_HTTP = re.compile(r"http://(?=(?:www\.)?arxiv\.org/)", re.IGNORECASE)
_GITHUB = re.compile(r"https?://www\.github\.com/", re.IGNORECASE)
_ADDRESS = re.compile(r"\]\([^()]{0,2000}\)|https?://\S{1,2000}|<[^<>]{1,1000}>")

LONGEST = 10_000
"""Characters of an entry, abstract and all: what is longer is no example."""


@dataclass(frozen=True, slots=True)
class Sample:
    """An entry to learn from: its text with slots as marks, the slots, and what kind of paper it is of."""

    text: str
    spans: tuple[Span, ...]
    originals: tuple[str, ...]
    form: EntryForm
    named: bool
    code: bool
    preprint: bool

    def span(self, mark: str) -> Span:
        """What a mark in the text stands for."""
        return self.spans[ord(mark) - _FIRST]

    def marks(self, *slots: Slot) -> str:
        """The marks of these slots."""
        return "".join(chr(_FIRST + n) for n, span in enumerate(self.spans) if span.slot in slots)

    def given(self, slot: Slot) -> list[str]:
        """What the entry writes for this slot."""
        pairs = zip(self.spans, self.originals, strict=True)
        return [original for span, original in pairs if span.slot is slot]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of the paper to write: the name that its title starts with, its code, the list's kind of date."""

    named: bool
    code: bool
    dated: bool = True


def sample(text: str, listed: Listed, form: EntryForm) -> Sample | None:
    """An entry as a sample; None where its title or id can't be found in it, or it is too long."""
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
    """The text with one way to write line endings, addresses and numbers of items."""
    text = _PLAIN_HTTP.sub("https://", text.replace("\r\n", "\n"))
    text = _GITHUB.sub("https://github.com/", text)
    return _NUMBER.sub(r"\g<1>1", text) if form is EntryForm.NUMBERED else text


def _marked(text: str, spans: Sequence[Span]) -> str:
    """The text with marks in place of the slots."""
    parts, position = [], 0
    for number, span in enumerate(spans):
        parts += [text[position : span.start], chr(_FIRST + number)]
        position = span.end
    return "".join([*parts, text[position:]])


_LESS_AND_LESS_ALIKE = (
    ("preprint", "code", "named"),
    ("preprint", "code"),
    ("preprint", "named"),
    ("preprint",),
    ("code",),
)


def alike(samples: Sequence[Sample], wanted: Wanted) -> list[Sample]:
    """The samples of papers of the wanted kind; less and less alike until there are enough."""
    labelled = any(example.preprint for example in samples)
    kind = {"preprint": labelled, "code": wanted.code, "named": wanted.named}
    for names in _LESS_AND_LESS_ALIKE:
        found = [
            example
            for example in samples
            if all(getattr(example, name) == kind[name] for name in names)
        ]
        if len(found) >= ENOUGH:
            return found
    return list(samples)


def writes_months_of_ids(samples: Sequence[Sample]) -> bool:
    """Whether the months that entries write are mostly those of their papers' ids, and not of a venue or a change."""
    months = re.compile("%-?[mb]", re.IGNORECASE)
    found = [
        span.own
        for sample in samples
        for span in sample.spans
        if span.slot is Slot.DATE and months.search(span.how)
    ]
    return 3 * sum(found) >= 2 * len(found)
