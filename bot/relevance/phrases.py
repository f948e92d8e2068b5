"""Finds the phrases of topics in a paper's title and abstract, and their positions.

Texts are compared word by word after folding: case, accents, ligatures, TeX markup, hyphens and plurals don't matter.
All phrases of all topics are found in one pass over a text, so the cost does not grow with the number of phrases.
A phrase with ` + ` has several parts, which must all occur, in any order and anywhere in the paper.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from bot.core.categories import covers
from bot.core.model import Evidence, Field, Match, Paper, Topic, phrase_parts

# A word: letters and digits, and the characters that don't end a word: TeX accents and braces, soft hyphens and
# zero-width characters. TeX commands and a possessive 's come first in the pattern, so that they are skipped.
_TOKEN = re.compile(
    r"\\[a-zA-Z]+"
    r"|['’]s(?![^\W_])"
    r"|(?P<word>(?:[^\W_]++|\\[`'^\"~=.](?=[{\\a-zA-Z])|[{}\u00ad\u200b-\u200d\u0300-\u036f])++)"
)
_POSSESSIVE = re.compile(r"['’]s(?![^\W_])")
_PLAIN_WORD = re.compile(r"[^\W_]+")
_TEX_ACCENT = re.compile(r"\\[`'^\"~=.]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d]")

LONGEST_FIELD = 20_000
"""The number of characters of a title or an abstract that are read; arXiv's limit for an abstract is 1,920
(https://info.arxiv.org/help/prep.html)."""

NO_EVIDENCE = Evidence()

IN_TITLE = 0.8
"""The strength of a phrase in the title."""
IN_ABSTRACT = 0.5
"""The strength of a phrase in the abstract."""


class Word(NamedTuple):
    """A folded word and its half-open range of characters in the text."""

    text: str
    start: int
    end: int


def words(text: str) -> Iterator[Word]:
    """Splits a text into folded words, in order."""
    return (Word(folded, match.start(), match.end()) for folded, match in _tokens(text))


def _tokens(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Finds folded words and their regular expression matches, whose positions few callers need."""
    if _is_plain(text):
        for match in _PLAIN_WORD.finditer(_without_possessives(text)):
            yield fold(match[0]), match
        return
    for match in _TOKEN.finditer(text):
        raw = match["word"]
        if raw and (folded := fold(raw)):
            yield folded, match


@lru_cache(1 << 13)
def _word_set(title: str, abstract: str) -> frozenset[str]:
    """The folded words, cached: a run matches the same papers as candidates and background, for every list."""
    text = f"{title[:LONGEST_FIELD]} {abstract[:LONGEST_FIELD]}"
    if _is_plain(text):
        # The copy of a set is half as large as a set that grew.
        return frozenset({*map(fold, _PLAIN_WORD.findall(_without_possessives(text)))})
    return frozenset(word for word, _ in _tokens(text))


def _is_plain(text: str) -> bool:
    """Whether words are nothing but letters and digits, as in most texts."""
    return text.isascii() and not ("\\" in text or "{" in text or "}" in text)


def _without_possessives(text: str) -> str:
    return _POSSESSIVE.sub("  ", text)  # as many characters, so that words keep their positions


@lru_cache(1 << 16)
def fold(word: str) -> str:
    """Folds a word: lower case, singular, without accents."""
    if not word.isascii() or not word.isalnum():
        word = bare(word)
    return _singular(word.casefold())


def bare(text: str) -> str:
    """Removes accents, TeX accents, braces and invisible characters from a text."""
    if "\\" in text:
        text = _TEX_ACCENT.sub("", text)
    text = text.replace("{", "").replace("}", "")
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text))
    accents = {char for char in set(text) if unicodedata.combining(char)}
    return text.translate(dict.fromkeys(map(ord, accents))) if accents else text


def _singular(word: str) -> str:
    """Removes a plural ending (policies, judges, feedbacks) and leaves bias, loss and corpus unchanged."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is", "as")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1]


@dataclass(slots=True)
class _Node:
    """A node of the word trie; `ends` are the phrase parts that end here."""

    children: dict[str, _Node] = field(default_factory=dict)
    ends: list[_Part] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Part:
    topic: str
    phrase: str
    number: int
    exclude: bool


class Matcher:
    """Finds all phrases and excludes of a set of topics in papers."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self._topics = {topic.name: topic for topic in topics}
        self._root = _Node()
        self._needed: dict[str, list[frozenset[str]]] = {}  # each phrase's words, by the longest
        for topic in self._topics.values():
            for phrase in topic.phrases:
                self._add(topic.name, phrase, exclude=False)
                if needed := frozenset(word.text for word in words(phrase)):
                    self._needed.setdefault(max(needed, key=len), []).append(needed)
            for phrase in topic.excludes:
                self._add(topic.name, phrase, exclude=True)

    def _add(self, topic: str, phrase: str, *, exclude: bool) -> None:
        for number, part in enumerate(phrase_parts(phrase)):
            node = self._root
            for word in words(part):
                node = node.children.setdefault(word.text, _Node())
            if node is not self._root:
                node.ends.append(_Part(topic, phrase, number, exclude))

    def match(self, paper: Paper) -> Evidence:
        """Finds the phrases that match the paper.

        If an exclude of a topic matches too, the topic's matches are dropped and `excluded` holds the exclude.
        """
        return self.match_text(paper.title, paper.abstract)

    def match_text(self, title: str, abstract: str) -> Evidence:
        """Does the same as `match` for a title and an abstract."""
        if not self._has_words(title, abstract):
            return NO_EVIDENCE
        found: dict[_Part, list[Match]] = {}
        for place, text in ((Field.TITLE, title), (Field.ABSTRACT, abstract)):
            for part, start, end in self._occurrences(text[:LONGEST_FIELD]):
                hit = Match(part.topic, part.phrase, place, start, end)
                found.setdefault(part, []).append(hit)
        wanted, unwanted = self._whole(found, exclude=False), self._whole(found, exclude=True)
        barred = {match.topic for match in unwanted}
        matched = {match.topic for match in wanted}
        return Evidence(
            matches=tuple(match for match in wanted if match.topic not in barred),
            excluded=tuple(match for match in unwanted if match.topic in matched),
        )

    def _has_words(self, title: str, abstract: str) -> bool:
        """Whether all words of any phrase occur; a fast check, because most papers match no phrase."""
        found = _word_set(title, abstract)
        for key in self._needed.keys() & found:
            for needed in self._needed[key]:
                if needed <= found:
                    return True
        return False

    def _occurrences(self, text: str) -> Iterator[tuple[_Part, int, int]]:
        sequence = tuple(_tokens(text))
        for first, (word, start) in enumerate(sequence):
            if word not in self._root.children:
                continue
            node = self._root
            for place in range(first, len(sequence)):
                following, end = sequence[place]
                if following not in node.children:
                    break
                node = node.children[following]
                for part in node.ends:
                    yield part, start.start(), end.end()

    def _whole(self, found: dict[_Part, list[Match]], *, exclude: bool) -> tuple[Match, ...]:
        """Keeps the matches of phrases whose parts were all found; sorted by position, title first."""
        parts_found: dict[tuple[str, str], set[int]] = {}
        for part in found:
            if part.exclude == exclude:
                parts_found.setdefault((part.topic, part.phrase), set()).add(part.number)
        whole = {
            key for key, numbers in parts_found.items() if len(numbers) == len(phrase_parts(key[1]))
        }
        matches = [
            match
            for part, hits in found.items()
            if part.exclude == exclude and (part.topic, part.phrase) in whole
            for match in hits
        ]
        return tuple(sorted(matches, key=_by_place))


def _by_place(match: Match) -> tuple[bool, int, int, str, str]:
    return (match.field is Field.ABSTRACT, match.start, -match.end, match.topic, match.phrase)


def in_categories(paper: Paper, topic: Topic) -> bool:
    """Whether the paper is in one of the topic's categories (`cs.*` is a whole archive); yes if the topic has none."""
    return not topic.categories or covers(topic.categories, paper.categories)


def strength(evidence: Evidence) -> float:
    """Returns how strongly the phrases match the paper, from 0 (no match) towards 1.

    Each distinct phrase counts once, independently of the others, and more in the title than in the abstract.
    """
    if not evidence.matches:
        return 0.0
    in_title = {match.phrase for match in evidence.matches if match.field is Field.TITLE}
    in_abstract = {match.phrase for match in evidence.matches} - in_title
    doubt = (1 - IN_TITLE) ** len(in_title) * (1 - IN_ABSTRACT) ** len(in_abstract)
    return 1 - doubt


def describe(evidence: Evidence) -> str:
    """Lists the phrases that matched, each with the fields it was found in: `RLAIF (title, abstract)`."""
    places: dict[str, list[str]] = {}
    for match in evidence.matches:
        fields = places.setdefault(match.phrase, [])
        if match.field.value not in fields:
            fields.append(match.field.value)
    return "; ".join(f"{phrase} ({', '.join(fields)})" for phrase, fields in places.items())
