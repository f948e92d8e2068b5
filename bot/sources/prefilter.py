"""Rules out lines and texts that no phrase can match, and records by category and day, before the slow code runs.

The filters may let unwanted papers pass, but never rule out a wanted one. `tests/sources/test_prefilter.py` compares
them with the record reader (`bot/sources/snapshot.py`) and the matcher (`bot/relevance/phrases.py`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import re2

from bot.core.categories import covers
from bot.core.model import Topic, Window, phrase_parts
from bot.relevance.phrases import bare, words

# These separate words, but `bare` removes or hides them: TeX commands, TeX accents without a letter, a possessive 's.
_COMMAND = re.compile(r"\\(?:[a-zA-Z]+|[`'^\"~=.](?![{\\a-zA-Z]))")
_POSSESSIVE = re.compile(r"['’]s(?<!\\['’]s)(?![^\W_])")
# Letters of other alphabets count as separators too. That lets more texts pass and rules out none that match.
_START = r"(?:^|[^0-9A-Za-z])"
_BETWEEN = r"(?:['’]s|[^0-9A-Za-z])+"
_END = r"[0-9A-Za-z]{0,3}"
_AT_ONCE = 50  # phrases; with more, RE2's tables outgrow the processor's caches

# The same in the bytes of a JSON string, where a line break is `\\n` and a TeX command starts with two backslashes
_RAW_BETWEEN = r"(?:\\\\[A-Za-z]+|\\[bfnrt]|\\u[0-9A-Fa-f]{4}|(?:'|\\u2019|\x99)s|[^0-9A-Za-z\n])+"
_RAW_INSIDE = (
    r"""(?:[{}]|\\\\(?:\\"|[`'^~=.]))*"""  # what `bare` removes from a word: braces, TeX accents
)
_RAW_END = f"(?:{_RAW_INSIDE}[0-9A-Za-z]){{0,3}}"
# A title or an abstract with a character that may be part of a word and is not ASCII. Dashes and quotation marks are
# not part of words.
_RAW_NOT_ASCII = (
    r'"(?:title|abstract)"[ \t]*:[ \t]*"'
    r'(?:[^"\\\n\x80-\xff]|\\[^u\n]|\\u20(?:1[0-9A-F]|2[0-6])|\xe2\x80[\x90-\xa6])*'
    r"(?:\\u(?:[013-9A-F]|2[1-9A-F]|20[03-9A-F]|202[7-9A-F])|[\x80-\xe1\xe3-\xff]|\xe2[^\x80]|\xe2\x80[^\x90-\xa6])"
)
_MEMORY = 64 << 20  # bytes at most; only the longest phrases need that much
_MARGIN = timedelta(days=1)  # a record's time may be in another time zone
_CREATED = "%a, %d %b %Y"
_CREATED_LENGTH = len("Mon, 02 Apr 2007")


class RecordFilter:
    """Passes the records that may be in one of the categories (`cs.*` is an archive) and in the window."""

    def __init__(self, categories: Collection[str], window: Window) -> None:
        self._categories = frozenset(categories)
        self._since, self._until = window.since - _MARGIN, window.until + _MARGIN
        # Cached by the field's text, since the same texts recur
        self._by_categories: dict[str, bool] = {}
        self._by_day: dict[str, bool] = {}

    def passes(self, record: Mapping[str, Any]) -> bool:
        """Returns False only if the record is certainly in other categories or outside the window."""
        try:
            return self._is_of(record["categories"]) and self._is_within(record)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError):
            return True  # not a record of a paper: the reader reports what is wrong

    def _is_of(self, field: str | list[str]) -> bool:
        names = field if isinstance(field, str) else " ".join(field)
        known = self._by_categories.get(names)
        if known is None:
            known = self._by_categories[names] = covers(self._categories, names.split())
        return known

    def _is_within(self, record: Mapping[str, Any]) -> bool:
        day = record.get("announced")  # takes precedence over the submission
        form = "%Y-%m-%d"
        if not day and (submitted := record.get("submitted")):
            day = submitted[:10]
        elif not day:
            day, form = record["versions"][0]["created"][:_CREATED_LENGTH], _CREATED
        known = self._by_day.get(day)
        if known is None:
            moment = datetime.strptime(day.strip(), form).replace(tzinfo=UTC)
            known = self._by_day[day] = self._since.date() <= moment.date() <= self._until.date()
        return known


class LineSearch:
    """Finds the lines of JSON in which a phrase of the topics may match, without parsing them.

    It looks for one part of each phrase, the rarest in `usual`, which is the beginning of the text to search.
    """

    def __init__(self, topics: Iterable[Topic], usual: bytes) -> None:
        phrases = dict.fromkeys(phrase for topic in topics for phrase in topic.phrases)
        parts = [list(filter(None, map(_raw_pattern, phrase_parts(phrase)))) for phrase in phrases]
        often = {
            pattern: len(_regular_expression([pattern]).findall(usual))
            for patterns in parts
            for pattern in patterns
        }
        rarest = dict.fromkeys(
            min(patterns, key=often.__getitem__) for patterns in parts if patterns
        )
        patterns = [_RAW_NOT_ASCII, *rarest] if phrases else []
        self._searches = [
            _regular_expression(patterns[start : start + _AT_ONCE]).search
            for start in range(0, len(patterns), _AT_ONCE)
        ]

    def starts(self, lines: bytes) -> set[int]:
        """Returns the positions where these lines start; every line must end with a line break."""
        found = set()
        for search in self._searches:
            end = 0
            while match := search(lines, end):
                found.add(lines.rfind(b"\n", 0, match.start()) + 1)
                end = lines.index(b"\n", match.end()) + 1
        return found


def _raw_pattern(part: str) -> str:
    """Returns a regular expression for a part of a phrase in a line of JSON.

    It is empty if the part has no words, or a word that matches only texts that `_RAW_NOT_ASCII` finds.
    """
    stems = [_stem(word.text) for word in words(part)]
    if not all(map(str.isascii, stems)):
        return ""
    return f"{_RAW_END}{_RAW_BETWEEN}".join(
        _RAW_INSIDE.join(map(re2.escape, stem)) for stem in stems
    )


def _regular_expression(patterns: Iterable[str]) -> re2._Regexp:
    options = re2.Options()
    options.case_sensitive = False
    options.max_mem = _MEMORY
    options.never_capture = True
    options.encoding = re2.Options.Encoding.LATIN1  # bytes
    return re2.compile("|".join(patterns).encode(), options)


class PhraseFilter:
    """Passes the texts that a phrase of the topics may match."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        phrases = list(dict.fromkeys(phrase for topic in topics for phrase in topic.phrases))
        starts = range(0, len(phrases), _AT_ONCE)
        self._groups = [_Group(phrases[start : start + _AT_ONCE]) for start in starts]

    def passes(self, text: str) -> bool:
        """Whether a phrase may match the text."""
        if not text.isascii() or "\\" in text or "{" in text or "}" in text:
            text = _COMMAND.sub(" ", text)
            if "'s" in text or "’s" in text:
                text = _POSSESSIVE.sub(" ", text)
            text = bare(text).casefold()
        line = text.encode(errors="replace")
        return any(group.passes(line) for group in self._groups)


class _Group:
    """The parts of up to `_AT_ONCE` phrases, all matched in one scan of a text (https://github.com/google/re2)."""

    def __init__(self, phrases: Iterable[str]) -> None:
        options = re2.Options()
        options.case_sensitive = False
        options.max_mem = _MEMORY
        self._parts = re2.Set.SearchSet(options)
        self._phrases: dict[int, list[frozenset[int]]] = defaultdict(list)  # by their first part
        numbers: dict[str, int] = {}
        for phrase in phrases:
            patterns = [pattern for part in phrase_parts(phrase) if (pattern := _pattern(part))]
            for pattern in patterns:
                if pattern not in numbers:
                    numbers[pattern] = self._parts.Add(pattern)
            if patterns:
                parts = frozenset(numbers[pattern] for pattern in patterns)
                self._phrases[numbers[patterns[0]]].append(parts)
        self._parts.Compile()

    def passes(self, text: bytes) -> bool:
        found = self._parts.Match(text)
        return found is not None and any(
            phrase.issubset(found) for first in found for phrase in self._phrases.get(first, ())
        )


def _pattern(part: str) -> str:
    """Returns a regular expression for consecutive words, each with any ending; empty if there are no words."""
    stems = [f"{re2.escape(_stem(word.text))}{_END}" for word in words(part)]
    return f"{_START}{_BETWEEN.join(stems)}" if stems else ""


def _stem(word: str) -> str:
    """Returns the common start of a word's singular and plural: `polic` for policy and policies."""
    return word.removesuffix("y")
