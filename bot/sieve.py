"""Tells of a text that no phrase can match it, many times faster than looking for phrases: for millions of papers.

A text that is let through need not match; one that is kept back can't (tests/test_sieve.py holds that against
`evidence.Matcher`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.evidence import bare, words
from bot.model import Topic, phrase_parts

_COMMAND = re.compile(r"\\[a-zA-Z]+")
_BETWEEN = r"(?:['’]s(?![^\W_])|[\W_])+"


@dataclass(frozen=True, slots=True)
class _Phrase:
    """The words of a phrase, by what singular and plural have in common, and a pattern for each of its parts."""

    words: tuple[str, ...]
    parts: tuple[re.Pattern[str], ...]


class Sieve:
    """The words of all phrases of a set of topics."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        texts = dict.fromkeys(phrase for topic in topics for phrase in topic.phrases)
        self._by_anchor = tuple(_by_anchor(map(_phrase, texts)).items())

    def passes(self, text: str) -> bool:
        """Whether a phrase may match the text."""
        if not text.isascii() or "\\" in text or "{" in text or "}" in text:
            text = bare(_COMMAND.sub(" ", text))
        text = text.casefold()
        for anchor, phrases in self._by_anchor:  # plain loops: this is done millions of times
            if anchor in text:
                for phrase in phrases:
                    for word in phrase.words:
                        if word not in text:
                            break
                    else:
                        if all(part.search(text) for part in phrase.parts):
                            return True
        return False


def _phrase(text: str) -> _Phrase:
    parts = [[_stem(word.text) for word in words(part)] for part in phrase_parts(text)]
    stems = {stem for part in parts for stem in part}
    return _Phrase(
        tuple(sorted(stems, key=lambda stem: (-len(stem), stem))),
        tuple(re.compile(_BETWEEN.join(map(_word, part))) for part in parts),
    )


def _stem(word: str) -> str:
    """What a folded word's singular and plural both start with: `polic` for policy and policies."""
    return word.removesuffix("y")


def _word(stem: str) -> str:
    """A word that starts so, ending included; its first letters come first, since those are found the fastest."""
    literal = re.escape(stem)
    return rf"{literal}(?<![^\W_]{literal})\w{{0,3}}"


def _by_anchor(phrases: Iterable[_Phrase]) -> Mapping[str, Sequence[_Phrase]]:
    """Few words of which every phrase has one, as it is or in another, each with the phrases that it stands for."""
    left = [phrase for phrase in phrases if phrase.words]
    chosen: dict[str, list[_Phrase]] = {}
    while left:
        words = {word for phrase in left for word in phrase.words}
        counts = {word: sum(_covers(word, phrase) for phrase in left) for word in words}
        best = max(words, key=lambda word: (len(word) > 3, counts[word], len(word), word))
        chosen[best] = [phrase for phrase in left if _covers(best, phrase)]
        left = [phrase for phrase in left if not _covers(best, phrase)]
    return chosen


def _covers(word: str, phrase: _Phrase) -> bool:
    return any(word in other for other in phrase.words)
