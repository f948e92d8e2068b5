"""Learning from a list, and answering for a paper: probability, words for and against, nearest entries."""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from bot.core.model import Neighbour
from bot.relevance.calibration import USUAL_RATE, Curve, Surprise, Vector
from bot.relevance.features import Features, Vocabulary
from bot.relevance.models import WEIGHTS, Models, likenesses
from bot.relevance.ranker import ENOUGH, Example

_BACKGROUND = 5000  # more of it teaches little and takes seconds
_TAUGHT = 4000  # entries, the newest: the older weigh a twentieth of them
_REFUSED = 2000  # declined papers
_WEEKS = timedelta(days=28)  # of background, in which listed papers can be counted
_PACE = timedelta(days=180)  # time over which it is counted how many papers get listed
_WORKING_DAYS = 5 / 7  # days on which arXiv announces
_FOLDS = 3
_HALF_LIFE = 180  # days in which an entry's weight halves: fields drift, and curators with them
_DECLINED = 5.0  # what a declined paper weighs, a paper of the background being 1
_REASONS = 5
_NEIGHBOURS = 3

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scorer:
    """The models with what each of their scores is worth."""

    models: Models
    surprises: tuple[Surprise, ...]

    def __call__(self, papers: Features) -> Vector:
        """How surprising it would be if a paper of the background were so like the list, 0 or more."""
        return _mean_surprise(self.models.scores(papers), self.surprises)


@dataclass(frozen=True, slots=True)
class Learner:
    """What was learned: nothing but the curve from a list without words, no scorer where there is no background."""

    curve: Curve
    positives: tuple[Example, ...] = ()
    vocabulary: Vocabulary | None = None
    entries: csr_matrix | None = None
    scorer: Scorer | None = None
    met: Mapping[str, float] = field(default_factory=dict)
    """Surprises of the background's own papers, by their titles' keys, from models that haven't seen them.

    A day's papers are both what is to be scored and what the list is told from; judged by what took them for unlisted
    they would all seem so.
    """

    def answer(
        self, papers: Sequence[Example]
    ) -> Iterator[tuple[float, Words, Words, tuple[Neighbour, ...]]]:
        """For each paper its probability, the words for it and against it, and the listed papers nearest to it."""
        surprises = np.zeros(len(papers))
        speaks: list[tuple[Words, Words]] = [((), ())] * len(papers)
        nearest: list[tuple[Neighbour, ...]] = [()] * len(papers)
        if self.vocabulary:
            features = self.vocabulary.features(papers)
            nearest = list(_nearest(features.words, self.entries, self.positives))
            if self.scorer:
                surprises = self._surprises(papers, features, self.scorer)
                speaks = list(_reasons(features, self.scorer.models, self.vocabulary))
        values = self.curve(surprises, np.array([paper.strength for paper in papers]))
        for value, (good, bad), neighbours in zip(values, speaks, nearest, strict=True):
            yield float(value), good, bad, neighbours

    def _surprises(self, papers: Sequence[Example], features: Features, scorer: Scorer) -> Vector:
        met = [self.met.get(_key(paper)) for paper in papers]
        fresh = np.array([surprise is None for surprise in met])
        surprises = np.array([surprise or 0.0 for surprise in met])
        if fresh.any():
            surprises[fresh] = scorer(features[np.flatnonzero(fresh)])
        return surprises


def learn(
    positives: Sequence[Example], negatives: Sequence[Example], background: Sequence[Example]
) -> Learner:
    """Learns; see `Ranker.fit`."""
    listed = _distinct(positives, ())
    declined = _distinct(negatives, {_key(one) for one in listed})[:_REFUSED]
    others = _distinct(background, {_key(one) for one in (*listed, *declined)})
    among = len(_distinct(background, ())) - len(_distinct(background, {_key(o) for o in listed}))
    rate = _rate(listed, others, among)
    rest = (*declined, *others[:_BACKGROUND])
    if not listed:
        return Learner(Curve.unlearned(rate))
    taught, older = _by_age(listed)
    vocabulary, known = Vocabulary.learn((*taught, *rest))
    teaching, full = known[np.arange(len(taught))], known[np.arange(len(taught), len(known))]
    entries = vstack([teaching.words, vocabulary.words(older)], "csr") if older else teaching.words
    learner = Learner(Curve.unlearned(rate), (*taught, *older), vocabulary, entries)
    if len(rest) < ENOUGH:
        return learner
    lacking = sum(not one.abstract for one in taught) / len(taught)
    seen = _hide_abstracts(rest, full, vocabulary, lacking)
    weights = _doubts(declined, rest)
    recency = _recency(taught)
    unseen_listed, unseen_rest = _out_of_fold(teaching, recency, full, seen, weights)
    surprises = tuple(map(Surprise.of, unseen_rest.T))
    of_rest = _mean_surprise(unseen_rest, surprises)
    curve = Curve.fit(
        rate,
        (_mean_surprise(unseen_listed, surprises), of_rest),
        (_strengths(taught), _strengths(rest)),
        (recency, weights),
    )
    models = Models.fit(teaching, recency, seen, weights)
    again = _mean_surprise(_by_others(teaching, recency, full, seen, weights), surprises)
    met = dict(zip(map(_key, rest), again.tolist(), strict=True))
    return replace(learner, curve=curve, scorer=Scorer(models, surprises), met=met)


def _doubts(declined: Sequence[Example], rest: Sequence[Example]) -> Vector:
    """What each paper of the rest weighs as one that is not for the list.

    Nobody has said so of the background: a paper of it for which the topics' words speak may be one for the list, and
    counts as far as they leave doubt.
    """
    among = [1.0 - min(one.strength, 1.0) for one in rest[len(declined) :]]
    return np.array([_DECLINED] * len(declined) + among)


def _out_of_fold(
    entries: Features, recency: Vector, full: Features, seen: Features, weights: Vector
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What models that haven't seen them say of the entries and of the rest.

    A lone entry can't be held out, so it is scored by a model that has seen it.
    """
    folds, rest_folds = np.arange(len(entries)) % _FOLDS, np.arange(len(full)) % _FOLDS
    of_entries = np.zeros((len(entries), len(WEIGHTS)))
    of_rest = np.zeros((len(full), len(WEIGHTS)))
    for fold in range(_FOLDS):
        known = np.flatnonzero(folds != fold) if len(entries) > 1 else np.array([0])
        among = np.flatnonzero(rest_folds != fold)
        models = Models.fit(entries[known], recency[known], seen[among], weights[among])
        held, held_rest = np.flatnonzero(folds == fold), np.flatnonzero(rest_folds == fold)
        of_entries[held] = models.scores(entries[held])
        of_rest[held_rest] = models.scores(full[held_rest])
    return of_entries, of_rest


def _by_others(
    entries: Features, recency: Vector, full: Features, seen: Features, weights: Vector
) -> NDArray[np.float64]:
    """What models that know all entries say of the rest, each paper by one that has not seen it."""
    folds = np.arange(len(full)) % _FOLDS
    scores = np.zeros((len(full), len(WEIGHTS)))
    for fold in range(_FOLDS):
        among, held = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        models = Models.fit(entries, recency, seen[among], weights[among])
        scores[held] = models.scores(full[held])
    return scores


def _mean_surprise(scores: NDArray[np.float64], surprises: Sequence[Surprise]) -> Vector:
    each = [surprise(column) for surprise, column in zip(surprises, scores.T, strict=True)]
    return np.asarray(WEIGHTS @ np.array(each) / WEIGHTS.sum())


def _key(example: Example) -> str:
    return " ".join(re.findall(r"\w+", example.title.casefold()))


def _distinct(examples: Sequence[Example], but: Collection[str]) -> tuple[Example, ...]:
    """Each title once, those without words and those in `but` left out, in an order that chance couldn't improve."""
    best = {_key(one): one for one in sorted(examples, key=lambda one: (one.abstract, -one.line))}
    wanted = {key: one for key, one in best.items() if key.strip("_ ") and key not in but}
    return tuple(wanted[key] for key in sorted(wanted, key=lambda key: (_chance(key), key)))


def _chance(text: str) -> float:
    """A number from 0 to 1 that has nothing to do with the text's meaning, and is always the same."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass")) / 2**32


def _hide_abstracts(
    rest: Sequence[Example], full: Features, vocabulary: Vocabulary, share: float
) -> Features:
    """Takes the abstract from that share of the papers.

    Where entries are known by their titles only, full papers beside them would teach that long texts are unlike the
    list; this one step is worth more than any other model (benchmarks/README.md).
    """
    hidden = np.array([_chance(f"hide {one.title}") < share for one in rest])
    titles = [replace(one, abstract="") for one, hide in zip(rest, hidden, strict=True) if hide]
    if not titles:
        return full
    place = np.where(hidden, len(rest) - 1 + hidden.cumsum(), np.arange(len(rest)))
    return (full + vocabulary.features(titles))[place]


def _rate(listed: Sequence[Example], others: Sequence[Example], among: int) -> float:
    """The share of the stream that gets listed; `among` is how many listed papers the background had.

    Where that is of weeks, they are counted. Else the entries of its last half year are, by as many papers as come in
    that time: of yesterday's papers few are listed yet.
    """
    days = {one.date for one in others if one.date}
    count, stream = among, float(len(others))
    if days and max(days) - min(days) < _WEEKS:
        until = max(days)
        since = (until - _PACE).replace(day=1)
        count = sum(since <= one.date <= until for one in listed if one.date)
        dated = sum(one.date is not None for one in others)
        stream = dated / len(days) * (until - since).days * _WORKING_DAYS
    share = (count + 1) / (stream + count + 1 / USUAL_RATE)
    return float(np.clip(share, 0.0003, 0.05))


def _recency(listed: Sequence[Example]) -> Vector:
    """The entries' weights by age, the newest's 1; without a date, what the others have on average."""
    days = [one.date.toordinal() if one.date else np.nan for one in listed]
    if np.isnan(days).all():
        return np.ones(len(days))
    weights = 0.05 + 0.95 * 0.5 ** ((np.nanmax(days) - np.array(days)) / _HALF_LIFE)
    return np.asarray(np.where(np.isnan(weights), np.nanmean(weights), weights))


def _by_age(listed: Sequence[Example]) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    """The entries that are learned from, and the older ones, in their order; without a date one is old."""
    newest = sorted(range(len(listed)), key=lambda n: listed[n].date or date.min, reverse=True)
    taught, older = sorted(newest[:_TAUGHT]), sorted(newest[_TAUGHT:])
    return tuple(listed[n] for n in taught), tuple(listed[n] for n in older)


def _strengths(examples: Sequence[Example]) -> Vector:
    return np.array([one.strength for one in examples])


def _reasons(
    papers: Features, models: Models, vocabulary: Vocabulary
) -> Iterator[tuple[Words, Words]]:
    for row in range(len(papers)):
        pairs = papers.pairs[row]
        worth = pairs.data * models.on_pairs[pairs.indices]
        order = np.argsort(worth, kind="stable")
        names = vocabulary.names[pairs.indices[order]]
        worth = worth[order]
        yield _telling(names[worth > 0][::-1]), _telling(names[worth < 0])


def _telling(names: Sequence[str]) -> Words:
    """The first few words and pairs that mean something and don't repeat each other."""
    told: list[str] = []
    met: set[str] = set()
    for name in names:
        words = set(name.split(" "))
        if not words & (ENGLISH_STOP_WORDS | met) and not name.isdigit() and len(name) > 1:
            told.append(str(name))
            met |= words
        if len(told) == _REASONS:
            break
    return tuple(told)


def _nearest(
    papers: csr_matrix, entries: csr_matrix, listed: Sequence[Example]
) -> Iterator[tuple[Neighbour, ...]]:
    for likeness in likenesses(papers, entries):
        least = (
            np.partition(likeness, -_NEIGHBOURS)[-_NEIGHBOURS] if len(listed) > _NEIGHBOURS else 0.0
        )
        near = np.flatnonzero((likeness > 0) & (likeness >= least)).tolist()
        best = sorted(near, key=lambda n: (-likeness[n], listed[n].line, n))
        yield tuple(
            Neighbour(listed[n].title, min(1.0, float(likeness[n])), listed[n].line)
            for n in best[:_NEIGHBOURS]
        )
