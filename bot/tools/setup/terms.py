"""Finds possible keywords in titles: runs of up to four words, as a person would choose them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise

from bot.core import titles
from bot.relevance.phrases import Word, words

Term = tuple[str, ...]
"""A run of words in normalised form."""

_LONGEST = 4  # words
_HYPHEN = re.compile(r"[\-‐-―]")
_JOINED = re.compile(r"[\s\-‐-―/]*")  # the separators allowed within a phrase
_LINKS = frozenset(("of", "to"))  # `chain of thought`, `text to image`
# Words that say nothing about a paper's subject, so that no keyword starts or ends with them
_EMPTY = frozenset(
    "a about across after against all also among an and any are as at be been before being better between beyond both "
    "but by can could do does done during each enough ever every few first for from good great has have here how "
    "however if in into is it its itself just large less let like made make many may me more most much must my need "
    "new no not now of on once one only or other our out over own paper per rather same see should simple so some such "
    "than that the their them then there these they this those three through thus to too toward towards two under up "
    "upon us use used using versus very via vs was way we well were what when where whether which while who whom why "
    "will with within without would yes yet you your "
    "advance advanced aware based case challenge comprehensive demo driven effective effectively efficient enabled "
    "enhanced exploration framework free general generalized guided improved improvement introduction level method "
    "model novel oriented perspective progress recent report review state step study survey system systematic "
    "technical technique tutorial unified work".split()
)
# Lists also name institutions, in cells and brackets, but these are not subjects.
_INSTITUTIONS = frozenset(
    "university universities institute institutes college laboratory laboratories inc corporation google microsoft "
    "openai anthropic deepmind nvidia alibaba tencent bytedance baidu huawei ibm salesforce samsung adobe tsinghua "
    "stanford berkeley cmu princeton oxford cambridge peking zhejiang fudan ustc hkust kaist".split()
)
_ENDS = frozenset(("framework", "method", "model", "system"))  # may end a keyword, but not start it


def terms_of(title: str) -> frozenset[Term]:
    """Finds the phrases in a title; none crosses a colon, comma or parenthesis, or splits a hyphenated word."""
    return frozenset(term for term, _ in _found(titles.plain(title)))


def opening(title: str) -> Iterator[str]:
    """Yields the first word of each part of a title, as divided by colons and the like."""
    return (run[0].text for run in _runs(titles.plain(title)))


def spellings(wanted: Iterable[Term], texts: Iterable[str]) -> dict[Term, str]:
    """Returns each phrase's most frequent spelling in the texts, without phrases that are in none of them."""
    counted: dict[Term, Counter[str]] = defaultdict(Counter)
    looked_for = frozenset(wanted)
    for text in texts:
        for term, spelled in _found(text):
            if term in looked_for:
                counted[term][" ".join(spelled.split())] += 1
    return {term: max(found, key=lambda s: (found[s], s)) for term, found in counted.items()}


def _found(text: str) -> Iterator[tuple[Term, str]]:
    """Yields the phrases in a text, each with its spelling there."""
    for run in _runs(text):
        hyphens = [bool(_HYPHEN.search(text[a.end : b.start])) for a, b in pairwise(run)]
        joined = [False, *hyphens, False]  # before each word, and after the last
        for start, end in _allowed_ranges(joined):
            term = tuple(word.text for word in run[start:end])
            if _is_keyword(term, joined[start : end + 1]):
                yield term, text[run[start].start : run[end - 1].end]


def _allowed_ranges(joined: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yields the ranges of words that are short enough for a phrase and do not split a hyphenated word."""
    bounds = [place for place, hyphen in enumerate(joined) if not hyphen]
    return (pair for pair in combinations(bounds, 2) if pair[1] - pair[0] <= _LONGEST)


def _runs(text: str) -> Iterator[list[Word]]:
    run: list[Word] = []
    for word in words(text):
        if run and not _JOINED.fullmatch(text[run[-1].end : word.start]):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _is_keyword(term: Term, joined: list[bool]) -> bool:
    """Whether a run of words could be a keyword.

    `joined` says whether a hyphen precedes each word, with one more value for the position after the last.
    """
    if not _INSTITUTIONS.isdisjoint(term):
        return False
    return _ends_well(term, joined) and _holds_together(term, joined) and _has_meaning(term)


def _ends_well(term: Term, joined: list[bool]) -> bool:
    """Whether the first and the last word have a meaning, or belong to a hyphenated word."""
    first, last = term[0], term[-1]
    allowed_last = joined[-2] or (last in _ENDS and len(term) > 1)
    return (joined[1] or first not in _EMPTY) and (allowed_last or last not in _EMPTY)


def _holds_together(term: Term, joined: list[bool]) -> bool:
    """Whether all inner words have a meaning, except `of`, `to` and words after a hyphen."""
    inner = zip(term[1:-1], joined[1:-2], strict=True)
    return all(hyphen or word not in _EMPTY - _LINKS for word, hyphen in inner)


def _has_meaning(term: Term) -> bool:
    if len(term) == 1:
        return len(term[0]) > 2 and any(char.isalpha() for char in term[0])
    return any(len(word) > 2 and word.isalpha() for word in term)
