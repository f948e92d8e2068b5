"""Finds the parts of an entry that are known for any paper: title, id, authors, date, abstract, code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import chain

from bot.core import titles
from bot.core.arxiv_id import ArxivId
from bot.listing.dates import find_badge_dates, find_dates
from bot.listing.entry_ids import FOLDED_ABSTRACT, LABELLED_ABSTRACT
from bot.listing.index import Listed


class Slot(Enum):
    """The kind of fact that a part of an entry states."""

    TITLE = "title"
    NAME = "the title's words before its colon"
    REST = "the title's words after its colon"
    ID = "arXiv id"
    AUTHORS = "authors"
    DATE = "date"
    ABSTRACT = "abstract"
    REPOSITORY = "the code's repository on GitHub, as owner/name"
    REPOSITORY_NAME = "the repository's name alone, where the entry uses it as the paper's name"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of an entry, which hold the fact `slot`; `how` is the format of a date, or "html".

    `own` is false for a date whose month is not that of the paper's id.
    """

    start: int
    end: int
    slot: Slot
    how: str = ""
    own: bool = True


_LABELLED_AUTHORS = re.compile(
    r"^([ \t]*(?:[-*+][ \t]+)?[*_]*Authors?(?:\(s\))?[*_]*:[*_]*[ \t]*)(\S[^\n]*?)([ \t]*)$",
    re.IGNORECASE | re.MULTILINE,
)
_ITEM = re.compile(r"^([ \t]+(?:[-*+][ \t]+)?)(\S[^\n]*?)([ \t]*)$", re.MULTILINE)
# The quantifiers are possessive, because backtracking over a long list of authors would take exponential time.
_NAME = (
    r"(?!(?i:and|et|etc|arxiv|preprint)\b)"
    r"[^\W\d_][\w.'’-]{0,40}+(?:\s(?:de|van|von|der|la|le|di|del|bin|al)\b)?+"
)
_PERSON = rf"{_NAME}(?:\s{_NAME}){{1,4}}+"
_NAMES = re.compile(
    rf"{_PERSON}(?:(?:,\s{{0,2}}(?:and\s)?|\sand\s){_PERSON}){{0,400}}+"
    rf"(?:,?\s{{0,2}}(?:and\s{_PERSON}|et al\.?,?|etc\.?))?\.?"
)
_EMPHASISED = re.compile(r"(?<![*\w])([*_])(?![*_])([^*_\n]{5,9000})\1(?![*\w])")
# A citation: `- Ada Lovelace, Alan Turing. "A title." Venue.`
_CITING = re.compile(r"\A([ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+)([^\"“\n]{5,600}?)(?=[.,:]\s?[\"“])")
# Names before "et al." in a plain text, from the start of an item, or after a link, a bold title or a separator.
_SHORTENED = re.compile(
    r"(^[ \t]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)?+|[\])*_>|:–—-](?:[,.][ \t]++|[ \t]++(?:[,.][ \t]++)?+))"
    rf"({_PERSON}(?:,\s{_PERSON}){{0,60}}+,?\s{{1,2}}et al\b\.?)",
    re.MULTILINE,
)
_ET_AL = re.compile(r"((?:,|(?<!\s))\s+(?:et al\.?,?|etc\.?))\s*$")
_OPENING, _CLOSING = tuple("[(*|`"), tuple("])*|`")
_WORD_OR_HYPHEN = re.compile(r"[\w-]")
_PADDING = 80  # the most blanks between a name and the brackets or bars around it
_FEW = 3  # a text with at most this many blanks may not be a title
_VERSION = re.compile(r"v\d{1,2}")
_PREPRINT_YEAR = re.compile(
    r"\b(?:arxiv|preprint),?\s((?:19|20)\d\d)(?![\w/-]|\.\d)", re.IGNORECASE
)
_REPOSITORY = re.compile(
    r"github\.com/([A-Za-z0-9][\w.-]{0,80}/[\w.-]{0,99}\w)(?:\.git)?(?=[)\s\"'>/#?]|$)"
)


def find_slots(text: str, listed: Listed) -> tuple[Span, ...]:
    """Returns the slots of an entry in order, without overlap; where two would overlap, the first kind found wins."""
    if not listed.ids:
        return ()
    spans: list[Span] = []
    for found in (
        _ids(text, listed.ids[0]),
        _abstract(text),
        _titles(text, listed.title),
        _repository(text),
        _dates(text, listed.ids[0]),
        _authors(text),
        _names(text, listed.title),
    ):
        spans += [span for span in found if not _overlaps(span, spans)]
    return tuple(sorted(spans, key=lambda span: span.start))


def may_have_authors_or_abstract(text: str) -> bool:
    """Whether `find_slots` may find authors or an abstract; most entries have neither, and this is fast."""
    return next(chain(_abstract(text), _authors(text)), None) is not None


def name_and_rest(title: str) -> tuple[str, str]:
    """Splits a title into the short name before its first colon ("LaSeR"; may be empty) and the rest."""
    name, colon, rest = titles.without_markup(title).partition(": ")
    return (name, rest) if colon and len(name.split()) <= 3 else ("", titles.without_markup(title))


def split_authors(text: str) -> tuple[tuple[str, ...], str]:
    """Splits an entry's list of authors into names, and the words that shorten the list ("et al."), or ""."""
    bare = text.strip(" *_")
    cut = _ET_AL.search(bare)
    bare = _ET_AL.sub("", bare).strip(" .")
    names = tuple(name for part in re.split(r",|\band\b|;", bare) if (name := part.strip()))
    return names, cut[1] if cut else ""


def _ids(text: str, paper_id: ArxivId) -> Iterator[Span]:
    name, lower = str(paper_id), text.lower()
    start = lower.find(name)
    while start >= 0:
        end = start + len(name)
        if version := _VERSION.match(lower, end):
            end = version.end()
        if not lower[start - 1 : start].isdigit() and not lower[end : end + 1].isdigit():
            yield Span(start, end, Slot.ID)
        start = lower.find(name, end)


def _titles(text: str, title: str) -> Iterator[Span]:
    """The title: verbatim, in two parts with markup around the colon, or with markup between its words."""
    if not title:
        return
    is_long = title.count(" ") > 1
    if found := [Span(*place, Slot.TITLE) for place in _occurrences(text, title, apart=is_long)]:
        yield from found if is_long else found[:1]
    elif parts := tuple(_around_colon(text, title)):
        yield from parts
    else:
        loose = r"[\s*_\\`{}]{0,6}".join(map(re.escape, title.split()[:60]))
        if once := re.search(loose, text):
            yield Span(*once.span(), Slot.TITLE)


def _occurrences(text: str, words: str, *, apart: bool) -> Iterator[tuple[int, int]]:
    """The ranges at which a text has the words; with `apart`, only where no letter or digit is next to them."""
    start = text.find(words)
    while start >= 0:
        end = start + len(words)
        is_match = not apart or _is_separate(text, start, end)
        if is_match:
            yield start, end
        start = text.find(words, end if is_match else start + 1)


def _is_separate(text: str, start: int, end: int) -> bool:
    """Whether there is no letter or digit next to that part of the text."""
    return not re.search(r"\w", text[max(0, start - 1) : start] + text[end : end + 1])


def _around_colon(text: str, title: str) -> Iterator[Span]:
    """The title's name and rest, if the text has both with markup around the colon."""
    name, _, rest = title.partition(": ")
    around = r"[*_\])`]{0,6}:?[*_\])`]{0,6}:?\s{0,3}[*_]{0,3}"
    has_both = rest and name in text and rest in text
    if has_both and (found := re.search(re.escape(name) + around + re.escape(rest), text)):
        yield Span(found.start(), found.start() + len(name), Slot.NAME)
        yield Span(found.end() - len(rest), found.end(), Slot.REST)


def _names(text: str, title: str) -> Iterator[Span]:
    """The title's name where it stands alone in brackets, in bold, or in a table cell."""
    name, _ = name_and_rest(title)
    for start, end in _occurrences(text, name, apart=False) if name else ():
        before = text[max(0, start - _PADDING - 1) : start].rstrip(" \t")
        after = text[end : end + _PADDING + 1].lstrip(" \t")
        if before.endswith(_OPENING) and after.startswith(_CLOSING):
            yield Span(start, end, Slot.NAME)


def _dates(text: str, paper_id: ArxivId) -> Iterator[Span]:
    """Dates within a month of the id; other dates belong to a venue or something else.

    A paper submitted at the end of a month may be announced in the next one. The year of a preprint also counts, even
    if the entry has a more precise date.
    """
    found = [
        Span(date.start, date.end, Slot.DATE, date.format, own=date.agrees(paper_id))
        for date in dict.fromkeys((*find_dates(text), *find_badge_dates(text)))
        if date.agrees(paper_id, within=1)
    ]
    yield from found
    for match in _PREPRINT_YEAR.finditer(text):
        year = Span(*match.span(1), Slot.DATE, "%Y")
        if int(match[1]) == paper_id.year and not _overlaps(year, found):
            yield year


def _overlaps(span: Span, others: Sequence[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


def with_other_months(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Returns the slots of an entry plus its dates that are far from its id's month, such as those of a venue."""
    dates = (
        Span(date.start, date.end, Slot.DATE, date.format, own=False)
        for date in dict.fromkeys((*find_dates(text), *find_badge_dates(text)))
        if date.month
    )
    others = [date for date in dates if not _overlaps(date, spans)]
    return tuple(sorted([*spans, *others], key=lambda span: span.start))


def with_repository_name(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Returns the slots of a row that uses the repository's name, in a link's words, as the paper's name.

    In such a row, a short text that was read as the title is something else, such as an institution or a method.
    """
    named = next(_repository_names(text, spans), None)
    if named is None or any(
        span.slot is Slot.TITLE and text[span.start : span.end].count(" ") > _FEW for span in spans
    ):
        return tuple(spans)
    kept = [span for span in spans if span.slot not in (Slot.TITLE, Slot.NAME)]
    return tuple(sorted([*kept, named], key=lambda span: span.start))


def _repository_names(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    for span in spans:
        if span.slot is Slot.REPOSITORY:
            name = re.escape(text[span.start : span.end].rpartition("/")[2])
            words = rf"\[([^\[\]]{{0,80}}/)?({name})\]\([^()]{{0,40}}\Z"
            if found := re.search(words, text[: span.start], re.IGNORECASE):
                yield Span(*found.span(2), Slot.REPOSITORY_NAME)


def _abstract(text: str) -> Iterator[Span]:
    for match in FOLDED_ABSTRACT.finditer(text):
        yield Span(match.start(2), match.end(2), Slot.ABSTRACT, "html")
    for match in LABELLED_ABSTRACT.finditer(text):
        yield Span(match.start(2), match.end(2), Slot.ABSTRACT)


def _authors(text: str) -> Iterator[Span]:
    found = [*_labelled_authors(text), *_named_authors(text)]
    yield from found
    for match in _SHORTENED.finditer(text) if "et al" in text else ():
        shortened = Span(*match.span(2), Slot.AUTHORS)
        if not _overlaps(shortened, found):
            yield shortened


def _labelled_authors(text: str) -> Iterator[Span]:
    for match in _LABELLED_AUTHORS.finditer(text):
        if match[2].strip("*_ ") not in {"-", "–", "—", "?"}:
            yield Span(match.start(2), match.end(2), Slot.AUTHORS)


def _named_authors(text: str) -> Iterator[Span]:
    """Names in emphasis, on a line of their own, or before a citation's title."""
    for pattern, least in ((_EMPHASISED, 1), (_ITEM, 2), (_CITING, 1)):
        for match in pattern.finditer(text):
            words = match[2].rstrip()
            words = words if words.endswith(("et al.", "etc.")) else words.rstrip(".")
            if _are_authors(words, least):
                yield Span(match.start(2), match.start(2) + len(words), Slot.AUTHORS)


def _are_authors(words: str, least: int) -> bool:
    """Whether the words are at least `least` names, or names that end with "et al."."""
    if not _NAMES.fullmatch(words):
        return False
    names = words.count(",") + 1
    # In lower case, one emphasised part is a word of a sentence, and a line of its own has tags.
    phrase = words.islower() and (names == 1 or least > 1)
    return (names >= least and not phrase) or "et al" in words


def _repository(text: str) -> Iterator[Span]:
    """The repository wherever its name occurs, if all of the entry's links to GitHub go to the same repository."""
    names = {match[1] for match in _REPOSITORY.finditer(text)}
    if len(names) == 1:
        (name,) = names
        yield from (
            Span(start + 1, end, Slot.REPOSITORY)
            for start, end in _occurrences(text, f"/{name}", apart=False)
            if not _WORD_OR_HYPHEN.match(text, end)
        )


# An address alone.
_BARE = re.compile(r"\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)?<?https?://[^\s<>]+>?\s*\Z")
_WORDS = frozenset({Slot.TITLE, Slot.NAME, Slot.REST, Slot.AUTHORS, Slot.ABSTRACT})
_NAMING = frozenset({Slot.TITLE, Slot.REST, Slot.NAME, Slot.REPOSITORY_NAME})
_WITHIN_MARKUP = re.compile(
    r"<[A-Za-z][^<>]{0,2000}>"  # a tag with its attributes
    r"|!\[[^\[\]\n]{0,600}\]\("  # an image's text
    r"|(?<=\]\()[^()\s]{1,2000}\s+(?:\"[^\"\n]{0,600}\"|'[^'\n]{0,600}')(?=\))"  # an address with a link's title
)


def is_sound(spans: Sequence[Span], text: str) -> bool:
    """Whether an entry with these slots identifies its paper, and has no words from arXiv within markup.

    In an attribute, an image's text or a link's title, the words of another paper could end the markup.
    """
    slots = {span.slot for span in spans}
    titled = slots & _NAMING or _BARE.match(text)
    return Slot.ID in slots and bool(titled) and not _has_words_in_markup(spans, text)


def _has_words_in_markup(spans: Sequence[Span], text: str) -> bool:
    markup = [match.span() for match in _WITHIN_MARKUP.finditer(text)]
    words = [span for span in spans if span.slot in _WORDS]
    return any(a <= span.start and span.end <= b for a, b in markup for span in words)
