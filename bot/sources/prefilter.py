"""Rules out texts that no phrase can match, before the slow matcher runs.

A text that passes may still not match; a text that is ruled out cannot:
`tests/sources/test_prefilter.py` compares both with the matcher of `bot/relevance/phrases.py`.

"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

import re2

from bot.core.model import Topic, phrase_parts
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


class Sieve:
    """The phrases of a set of topics, ready to be ruled out."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        phrases = list(dict.fromkeys(phrase for topic in topics for phrase in topic.phrases))
        starts = range(0, len(phrases), _AT_ONCE)
        self._meshes = [_Mesh(phrases[start : start + _AT_ONCE]) for start in starts]

    def passes(self, text: str) -> bool:
        """Whether a phrase may match the text."""
        if not text.isascii() or "\\" in text or "{" in text or "}" in text:
            text = _COMMAND.sub(" ", text)
            if "'s" in text or "’s" in text:
                text = _POSSESSIVE.sub(" ", text)
            text = bare(text).casefold()
        line = text.encode(errors="replace")
        return any(mesh.passes(line) for mesh in self._meshes)


class _Mesh:
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
