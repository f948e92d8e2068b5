"""Scores a list's sections for a paper.

The traits are the similarity of the paper to entries and headings, the recent growth of a section, and whether both the
heading and the paper are about surveys or benchmarks. The weights were fitted by benchmarks/section_weights.py on half
of 44 lists (docs/decisions/0014).
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from operator import mul

import numpy as np
from numpy.typing import NDArray

from bot.core.arxiv_id import ArxivId
from bot.core.model import Paper
from bot.core.word_vectors import WordVectors

SubjectPath = tuple[str, ...]
"""The headings above entries, from the top, without those that are dates."""
Traits = tuple[float, ...]
"""The traits of a subject for a paper, in the order of `WEIGHTS`."""

WEIGHTS = (
    0.74,  # log of the rank by the mean similarity of the nearest entries: 0 for the first
    4.76,  # similarity of meaning with all entries, -1 to 1
    0.1,  # how much likelier the title's words are in the section than in the list
    1.79,  # share of the heading's words that the title has, 0 to 1
    0.4,  # log of the share of the newest entries
    4.43,  # the paper is a survey, and the heading is for surveys
    1.36,  # the paper is a benchmark, and the heading is for benchmarks
    -0.65,  # the paper is not a benchmark, but the heading is for benchmarks
    1.58,  # share of the very newest entries, 0 to 1
)
_NEWEST, _LATEST = 20, 5
"""How many of the newest entries, by id, show where the list grows: the newest, and the very newest."""
_NEAREST = 4  # the most similar entries of a section that count
_TITLE = 3  # the weight of a paper's title; its abstract has weight 1
_DRAWN = 2.0  # pseudo-count: entries of average meaning that are added to each section
_SMOOTHING = 20.0  # pseudo-count: words with the list's frequencies that are added to each section
_STEM = 7  # letters of a word that are compared
_STOP = frozenset(
    "a an and are as at based be by can for from in into is it its new of on or our paper papers show that the this to "
    "toward towards use using via we with".split()
)
_SAYS_NOTHING = frozenset(
    "awesome list lists article articles work works other others related".split()
)
_KINDS = (
    re.compile(r"\b(?:surveys?|reviews?|overviews?|tutorials?)\b", re.IGNORECASE),
    re.compile(r"bench|\b(?:datasets?|evaluations?|corpus|corpora)\b", re.IGNORECASE),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """The sections of one subject: their headings, and the titles and ids of their entries."""

    path: SubjectPath
    titles: tuple[str, ...]
    ids: tuple[ArxivId, ...]


class SectionScores:
    """Scores the subjects of one list, from which it learns once."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self._subjects = subjects
        self._names = [" ".join(subject.path[-1:]) for subject in subjects]
        self._words = [[words_of(title) for title in subject.titles] for subject in subjects]
        self._size = sum(map(len, self._words))
        seen = Counter(word for entries in self._words for entry in entries for word in set(entry))
        self._weight = {word: math.log((self._size + 1) / (n + 0.5)) for word, n in seen.items()}
        self._unseen = math.log(self._size + 1)

    def traits(self, paper: Paper) -> list[Traits]:
        """Returns the traits of each subject for the paper, in the order of `WEIGHTS`."""
        title = words_of(paper.title)
        similarities = self._similarities(self._paper_vector(title, words_of(paper.abstract)))
        meanings = self._meanings(paper)
        spoken = self._words_and_acronyms(paper.title, title)
        return [
            (
                -math.log1p(sum(other > similarities[number] for other in similarities)),
                meanings[number],
                self._naive_bayes(number, title),
                _share(self._headings[number], spoken),
                math.log((newest + 0.5) / (_NEWEST + 0.5 * len(self._subjects))),
                *_kind_traits(paper.title, heading),
                latest / _LATEST,
            )
            for number, (heading, newest, latest) in enumerate(
                zip(self._names, self._among(_NEWEST), self._among(_LATEST), strict=True)
            )
        ]

    def _paper_vector(self, title: Sequence[str], abstract: Sequence[str]) -> dict[str, float]:
        """The weights of a paper's words, as a vector of length 1."""
        vector: dict[str, float] = defaultdict(float)
        for part, times in ((title, _TITLE), (abstract, 1)):
            for word, value in self._vector(part).items():
                vector[word] += times * value
        return _of_length_one(vector)

    def _vector(self, words: Iterable[str]) -> dict[str, float]:
        counted = Counter(word for word in words if word in self._weight)
        return {word: (1 + math.log(n)) * self._weight[word] for word, n in counted.items()}

    @cached_property
    def _postings(self) -> dict[str, list[tuple[int, int, float]]]:
        """For each word, the entries that have it: subject, entry, and the word's component of the entry's vector."""
        postings: dict[str, list[tuple[int, int, float]]] = defaultdict(list)
        for subject, entries in enumerate(self._words):
            for number, entry in enumerate(entries):
                for word, value in _of_length_one(self._vector(entry)).items():
                    postings[word].append((subject, number, value))
        return postings

    def _similarities(self, vector: Mapping[str, float]) -> list[float]:
        """For each subject, the mean cosine of the paper with the nearest entries."""
        cosines: list[dict[int, float]] = [defaultdict(float) for _ in self._subjects]
        for word, value in vector.items():
            for subject, number, share in self._postings.get(word, ()):
                cosines[subject][number] += value * share
        nearest = (sorted(found.values(), reverse=True)[:_NEAREST] for found in cosines)
        return [sum(near) / _NEAREST for near in nearest]

    def _meanings(self, paper: Paper) -> list[float]:
        """For each subject, the cosine of its titles' mean vector and the paper's, relative to the list's mean."""
        middle, centres = self._centres
        text = f"{paper.title} " * _TITLE + paper.abstract
        own = WordVectors.shipped().read([text])[0] - middle
        return [float(centre @ own) for centre in centres / max(1e-12, float((own @ own) ** 0.5))]

    @cached_property
    def _centres(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The mean vector of the list's titles, and the difference of each subject's mean vector from it."""
        each = [WordVectors.shipped().read(subject.titles) for subject in self._subjects]
        middle = np.concatenate(each).mean(axis=0)
        return middle, np.array(
            [(found - middle).sum(axis=0) / (len(found) + _DRAWN) for found in each]
        )

    @cached_property
    def _counts(self) -> tuple[list[Counter[str]], Counter[str]]:
        """The word counts of each subject's titles, and of all titles."""
        each = [Counter(word for entry in entries for word in entry) for entries in self._words]
        return each, sum(each, Counter())

    def _naive_bayes(self, subject: int, title: Sequence[str]) -> float:
        """How much likelier the title's words are in the subject than in the list, as a scaled log ratio."""
        each, whole = self._counts
        counts, total = each[subject], whole.total() or 1
        known = [word for word in title if word in whole]
        if not known:
            return 0.0
        size = counts.total() + _SMOOTHING
        ratios = (
            math.log(
                (counts[word] + _SMOOTHING * whole[word] / total) / size / (whole[word] / total)
            )
            for word in known
        )
        return sum(ratios) / math.sqrt(len(known))

    def _words_and_acronyms(self, text: str, words: Sequence[str]) -> set[str]:
        """The words of a text, and the acronyms of headings (RL, LLM) that it spells out."""
        plain = re.findall(r"[a-z]+", text.casefold())
        initials = {
            "".join(word[0] for word in plain[start : start + length])
            for length in (2, 3, 4)
            for start in range(len(plain) - length + 1)
        }
        return set(words) | {letters for letters in initials if letters in self._acronyms}

    @cached_property
    def _acronyms(self) -> frozenset[str]:
        return frozenset(
            found.casefold().rstrip("s")
            for subject in self._subjects
            for found in re.findall(r"\b[A-Z]{2,4}s?\b", " ".join(subject.path[-1:]))
        )

    @cached_property
    def _headings(self) -> list[dict[str, float]]:
        """The words of each subject's own heading, with their weights."""
        return [
            {
                word: self._weight.get(word, self._unseen)
                for word in set(words_of(name)) - _SAYS_NOTHING
            }
            for name in self._names
        ]

    def _among(self, newest: int) -> list[int]:
        """How many of the list's newest entries are of each subject."""
        counted = Counter(number for _, number in self._by_age[:newest])
        return [counted[number] for number, _ in enumerate(self._subjects)]

    @cached_property
    def _by_age(self) -> list[tuple[tuple[int, int, str, int], int]]:
        """The list's entries, newest first: the sort key of the id, and the subject."""
        dated = (
            (own.order, number)
            for number, subject in enumerate(self._subjects)
            for own in subject.ids
        )
        return sorted(dated, reverse=True)


def shares_of(traits: Sequence[Traits]) -> list[float]:
    """Returns the probability of each subject, given their traits; the sum is 1.

    It is a softmax of weighted traits, and calibrated: of papers whose best subject has a probability of 0.5, half
    belong there.
    """
    scores = [sum(map(mul, WEIGHTS, own)) for own in traits]
    powers = [math.exp(score - max(scores)) for score in scores]
    return [power / sum(powers) for power in powers]


def _share(heading: Mapping[str, float], spoken: set[str]) -> float:
    """The weighted share of a heading's words that the paper has, from 0 to 1."""
    total = sum(heading.values())
    return sum(value for word, value in heading.items() if word in spoken) / total if total else 0.0


def _of_length_one(vector: Mapping[str, float]) -> dict[str, float]:
    size = math.sqrt(sum(value * value for value in vector.values())) or 1.0
    return {word: value / size for word, value in vector.items()}


def _kind_traits(title: str, heading: str) -> tuple[float, float, float]:
    """Whether paper and heading are both for surveys, both for benchmarks, or only the heading for benchmarks."""
    (survey, for_surveys), (benchmark, for_benchmarks) = (
        (bool(kind.search(title)), bool(kind.search(heading))) for kind in _KINDS
    )
    return (
        float(survey and for_surveys),
        float(benchmark and for_benchmarks),
        float(for_benchmarks and not benchmark),
    )


def words_of(text: str) -> list[str]:
    """Returns the stems of a text's words, without stop words, and the pairs of neighbouring stems."""
    found = (w for w in re.findall(r"[^\W_]{2,}", text.casefold()) if w not in _STOP)
    stems = [
        (word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] != "s" else word)[:_STEM]
        for word in found
    ]
    return stems + [f"{first} {second}" for first, second in pairwise(stems)]
