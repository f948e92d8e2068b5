"""Scores a list's sections for a paper.

The traits are the similarity of the paper to entries and headings, the recent growth of a section, and whether both the
heading and the paper are about surveys or benchmarks. The weights were fitted on half of 44 lists
(docs/decisions/0014).
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise

from bot.core.model import Paper

SubjectPath = tuple[str, ...]
"""The headings above entries, from the top, without those that are dates."""

WEIGHTS = (
    7.56,  # mean similarity of the nearest entries, 0 to 1
    0.56,  # similarity of the nearest entry, 0 to 1
    0.19,  # how much likelier the title's words are in the section than in the list
    1.26,  # share of the heading's words that the title has, 0 to 1
    0.75,  # share of the heading's words that the title or the abstract has, 0 to 1
    0.19,  # share of the list's growth, a logarithm
    0.13,  # share of the newest entries, a logarithm
    4.87,  # the paper is a survey, and the heading is for surveys
    1.45,  # the paper is a benchmark, and the heading is for benchmarks
    -0.01,  # the paper is not a survey, but the heading is for surveys
    -0.65,  # the paper is not a benchmark, but the heading is for benchmarks
    1.72,  # share of the list's `LATEST` entries, 0 to 1
)
LATEST = 5
"""The number of the newest entries of the whole list, by id, that show where the list grows now."""
_NEAREST = 4  # the most similar entries of a section that count
_TITLE = 3  # the weight of a paper's title; its abstract has weight 1
_NEWEST = 20  # entries of the whole list
_MONTHLY = 0.85  # an entry's weight for recent growth falls by this factor each month
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
    """The sections of one subject: their headings, and their entries' titles and months.

    A month counts from year 0; it is None if an entry has no arXiv id. `latest` is the number of the list's `LATEST`
    newest entries in these sections.
    """

    path: SubjectPath
    titles: tuple[str, ...]
    months: tuple[int | None, ...]
    latest: int = 0


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

    def shares(self, paper: Paper) -> list[float]:
        """Returns the probability of each subject for the paper; the sum is 1.

        It is a softmax of weighted traits, and calibrated: of papers whose best subject has 0.5, half belong there.
        """
        scores = [
            sum(weight * trait for weight, trait in zip(WEIGHTS, traits, strict=True))
            for traits in self.traits(paper)
        ]
        best = max(scores, default=0.0)
        powers = [math.exp(score - best) for score in scores]
        return [power / sum(powers) for power in powers]

    def traits(self, paper: Paper) -> list[tuple[float, ...]]:
        """Returns the traits of each subject for the paper, in the order of `WEIGHTS`."""
        title, text = words_of(paper.title), words_of(f"{paper.title} {paper.abstract}")
        similarities = self._similarities(self._paper_vector(title, words_of(paper.abstract)))
        in_title, in_text = (
            self._words_and_acronyms(paper.title, title),
            self._words_and_acronyms(paper.abstract, text),
        )
        return [
            (
                *similarities[number],
                self._naive_bayes(number, title),
                _share(self._headings[number], in_title),
                _share(self._headings[number], in_text | in_title),
                self._recency[number],
                self._newest[number],
                *_kind_traits(paper.title, heading),
                self._subjects[number].latest / LATEST,
            )
            for number, heading in enumerate(self._names)
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

    def _similarities(self, vector: Mapping[str, float]) -> list[tuple[float, float]]:
        """For each subject, the mean cosine of the paper with the nearest entries, and the highest one."""
        cosines: list[dict[int, float]] = [defaultdict(float) for _ in self._subjects]
        for word, value in vector.items():
            for subject, number, share in self._postings.get(word, ()):
                cosines[subject][number] += value * share
        nearest = [sorted(found.values(), reverse=True)[:_NEAREST] for found in cosines]
        return [(sum(near) / _NEAREST, near[0] if near else 0.0) for near in nearest]

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

    @cached_property
    def _recency(self) -> list[float]:
        """The log of each subject's share of the list's recent growth."""
        months = [_known(subject.months) for subject in self._subjects]
        newest = max(chain.from_iterable(months), default=0)
        grown = [sum(_MONTHLY ** (newest - month) for month in own) for own in months]
        total = sum(grown) + 1.0
        return [math.log((value + 1.0 / len(grown)) / total) for value in grown]

    @cached_property
    def _newest(self) -> list[float]:
        """The log of each subject's share of the list's newest entries."""
        dated = sorted(
            (month, number)
            for number, subject in enumerate(self._subjects)
            for month in _known(subject.months)
        )
        counted = Counter(number for _, number in dated[-_NEWEST:])
        return [
            math.log((counted[number] + 0.5) / (counted.total() + 0.5 * len(self._subjects)))
            for number, _ in enumerate(self._subjects)
        ]


def _share(heading: Mapping[str, float], spoken: set[str]) -> float:
    """The weighted share of a heading's words that the paper has, from 0 to 1."""
    total = sum(heading.values())
    return sum(value for word, value in heading.items() if word in spoken) / total if total else 0.0


def _of_length_one(vector: Mapping[str, float]) -> dict[str, float]:
    size = math.sqrt(sum(value * value for value in vector.values())) or 1.0
    return {word: value / size for word, value in vector.items()}


def _known(months: Iterable[int | None]) -> list[int]:
    return [month for month in months if month is not None]


def _kind_traits(title: str, heading: str) -> list[float]:
    """Traits for each of `_KINDS`: whether paper and heading are both of it, then whether only the heading is."""
    found = [(bool(kind.search(title)), bool(kind.search(heading))) for kind in _KINDS]
    return [
        *(float(is_kind and for_kind) for is_kind, for_kind in found),
        *(float(for_kind and not is_kind) for is_kind, for_kind in found),
    ]


def words_of(text: str) -> list[str]:
    """Returns the stems of a text's words, without stop words, and the pairs of neighbouring stems."""
    found = (w for w in re.findall(r"[^\W_]{2,}", text.casefold()) if w not in _STOP)
    stems = [
        (word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] != "s" else word)[:_STEM]
        for word in found
    ]
    return stems + [f"{first} {second}" for first, second in pairwise(stems)]
