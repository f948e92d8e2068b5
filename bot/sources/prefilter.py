"""Rules out records by category and day, and texts that no phrase can match, before the slow code runs.

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
