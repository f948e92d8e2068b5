"""Rules out records by category and day, and texts that no phrase can match, before the slow readers run.

What passes may still be unwanted; what is ruled out cannot be wanted: `tests/sources/test_prefilter.py` compares the
filters with the reader of records (`bot/sources/snapshot.py`) and the matcher (`bot/relevance/phrases.py`).
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

# What parts words and is gone, or unseen, once a text is bare: commands, accents of no TeX letter; a possessive 's.
_COMMAND = re.compile(r"\\(?:[a-zA-Z]+|[`'^\"~=.](?![{\\a-zA-Z]))")
_POSSESSIVE = re.compile(r"['’]s(?<!\\['’]s)(?![^\W_])")
# Letters of other alphabets count as what is between words too, which lets through more and keeps back no more.
_START = r"(?:^|[^0-9A-Za-z])"
_BETWEEN = r"(?:['’]s|[^0-9A-Za-z])+"
_END = r"[0-9A-Za-z]{0,3}"
_AT_ONCE = 50  # phrases; with more RE2's tables grow past what a processor's caches hold
_MEMORY = 64 << 20  # bytes at most, which only the longest phrases need
_MARGIN = timedelta(days=1)  # a record may give its time in another zone
_CREATED = "%a, %d %b %Y"
_CREATED_LENGTH = len("Mon, 02 Apr 2007")


class RecordFilter:
    """Lets records pass that may be of some categories (`cs.*` is an archive) and have appeared in a window."""

    def __init__(self, categories: Collection[str], window: Window) -> None:
        self._categories = frozenset(categories)
        self._since, self._until = window.since - _MARGIN, window.until + _MARGIN
        # answers by the text of the field: the same texts come again and again
        self._by_categories: dict[str, bool] = {}
        self._by_day: dict[str, bool] = {}

    def passes(self, record: Mapping[str, Any]) -> bool:
        """False only where reading the record would find another category or another time."""
        try:
            return self._is_of(record["categories"]) and self._is_within(record)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError):
            return True  # no record of a paper: its reader will say what is wrong

    def _is_of(self, field: str | list[str]) -> bool:
        names = field if isinstance(field, str) else " ".join(field)
        known = self._by_categories.get(names)
        if known is None:
            known = self._by_categories[names] = covers(self._categories, names.split())
        return known

    def _is_within(self, record: Mapping[str, Any]) -> bool:
        day = record.get("announced")  # decides where the record has it
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
    """Lets texts pass that a phrase of some topics may match."""

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
    """The parts of some phrases, looked for at once (https://github.com/google/re2)."""

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
    """Words one after another, each with any ending; empty where there is no word."""
    stems = [f"{re2.escape(_stem(word.text))}{_END}" for word in words(part)]
    return f"{_START}{_BETWEEN.join(stems)}" if stems else ""


def _stem(word: str) -> str:
    """What a folded word's singular and plural both start with: `polic` for policy and policies."""
    return word.removesuffix("y")
