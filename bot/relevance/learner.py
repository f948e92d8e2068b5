"""Learns from a list's entries, its declined papers and a background of other papers, and scores papers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from bot.relevance.calibration import (
    USUAL_RATE,
    Phrases,
    Surprise,
    Weights,
    logit,
    probability,
)
from bot.relevance.examples import ENOUGH, Example, chance, distinct, title_key
from bot.relevance.features import Features, Vocabulary
from bot.relevance.models import Models
from bot.relevance.reading import Background, count, stack
from bot.relevance.sparse import Matrix, Vector

_BACKGROUND = 5000  # more of it teaches little and takes seconds
_LEARNED = 4000  # entries, the newest: the older weigh a twentieth of them
_REFUSED = 2000  # declined papers
_WEEKS = timedelta(days=28)  # of background, in which listed papers can be counted
_PACE = timedelta(
    days=180
)  # the time over which listed papers are counted where the background is shorter
_WORKING_DAYS = 5 / 7  # days on which arXiv announces
_BELIEF = 30  # entries from which on what was learned weighs more than the phrases alone
_HALF_LIFE = 180  # days in which an entry's weight halves: fields drift, and curators with them
_DECLINED = 0.2  # the share of the rest that declined papers weigh together, where they are few
_HEAVIEST = 50.0  # a declined paper weighs as much as this many of the background at most


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned; no vocabulary from a list without words, no models without enough background.

    `met` has the background's own surprises by title: a day's papers are both the background and what is to be scored,
    and a model that learned that a paper is background must not judge it.
    """

    rate: float
    phrases: Phrases
    entries: tuple[Example, ...] = ()
    vocabulary: Vocabulary | None = None
    features: Features | None = None
    models: Models | None = None
    surprises: tuple[Surprise, ...] = ()
    met: Mapping[str, Vector] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many of the entries a person added."""
        return len(_added(self.entries))

    def values(self, papers: Sequence[Example]) -> Vector:
        """The probability of each paper.

        A short list teaches little, so what was learned from n entries lowers what the phrases say by the share
        n / (n + 30) only.
        """
        strengths = np.array([paper.strength for paper in papers])
        prior = logit(self.rate) + Phrases.alone(self.rate).log_odds(strengths)
        if not self.models:
            return probability(prior)
        authors = np.array([float(len(paper.authors)) for paper in papers])
        learned = logit(self.rate) + self.phrases.log_odds(strengths)
        learned += Weights.shipped().log_odds(self.signals(papers), authors, self.size)
        trust = self.size / (self.size + _BELIEF)
        return probability(np.where(learned < prior, prior + trust * (learned - prior), learned))

    def signals(self, papers: Sequence[Example]) -> Matrix:
        """The surprises of papers, a row each, a column for each of `models.SIGNALS`."""
        assert self.vocabulary is not None
        assert self.models is not None
        found = np.zeros((len(papers), len(self.surprises)))
        fresh = []
        for row, paper in enumerate(papers):
            if (met := self.met.get(title_key(paper))) is not None:
                found[row] = met
            else:
                fresh.append(row)
        if fresh:
            features = self.vocabulary.read([papers[row] for row in fresh])
            found[fresh] = _surprises(self.models.scores(features), self.surprises)
        return found.astype(np.float32)


def learn(
    positives: Sequence[Example], negatives: Sequence[Example], background: Sequence[Example]
) -> Learned:
    """Learns; see `Ranker.fit`."""
    listed, refused = distinct(positives), distinct(negatives)
    stream = Background.read(tuple(_with_strengths(paper, 0.0, 0.0) for paper in background))
    unlisted = [row for row, key in enumerate(stream.papers) if key not in listed]
    added = _added(listed.values())
    among = sum(title_key(paper) in stream.papers for paper in added)
    papers = tuple(stream.papers.values())
    rate = _rate(added, [papers[row] for row in unlisted], among=among)
    entries = _newest(tuple(listed.values()))
    if not added:
        return Learned(rate, Phrases.alone(rate))
    declined = tuple(refused[key] for key in refused if key not in listed)[:_REFUSED]
    keys = tuple(stream.papers)
    others = [row for row in unlisted if keys[row] not in refused][:_BACKGROUND]
    if sum(_is_usual(declined)) + len(others) < ENOUGH:
        return _entries_alone(rate, entries)
    strengths = {title_key(paper): (paper.strength, paper.title_strength) for paper in background}
    rest = tuple(_with_strengths(papers[row], *strengths[keys[row]]) for row in others)
    return _from_all(rate, entries, (*declined, *rest), (stream, np.array(others, np.intp)))


def _entries_alone(rate: float, entries: tuple[Example, ...]) -> Learned:
    """Neighbours and no scores: there is not enough to tell the entries from."""
    numbers = Background.read(()).numbers.copy()
    counted = count(entries, numbers, grow=True)
    vocabulary = Vocabulary.learn(counted, numbers)
    return Learned(rate, Phrases.alone(rate), entries, vocabulary, vocabulary.features(counted))


def _from_all(
    rate: float,
    entries: tuple[Example, ...],
    rest: tuple[Example, ...],
    read: tuple[Background, NDArray[np.intp]],
) -> Learned:
    """Learns from the entries and the rest: declined papers, then the papers of these rows of the stream."""
    stream, rows = read
    numbers = stream.numbers.copy()
    declined = rest[: len(rest) - len(rows)]
    counted = stack([count((*entries, *declined), numbers, grow=True), stream.full.take(rows)])
    vocabulary = Vocabulary.learn(counted, numbers)
    known = vocabulary.features(counted)
    in_list, others = np.arange(len(entries)), np.arange(len(entries), len(known))
    # Where entries are known by their titles only, full papers beside them would teach that long texts are unlike the
    # list: so many of the rest are learned from by their titles, too.
    lacking = sum(not entry.abstract for entry in entries) / len(entries)
    hidden = np.array([chance(f"hide {paper.title}") < lacking for paper in rest])
    titles = count([replace(paper, abstract="") for paper in declined], numbers, grow=False)
    texts = stack([counted.take(others), titles, stream.titles.take(rows)], vocabulary.keys)
    seen = vocabulary.features(texts.take(np.arange(len(rest)) + len(rest) * hidden))
    features, full = known.take(in_list), known.take(others)
    models, scores = Models.fit(features, _recency(entries), seen, full, _doubts(declined, rest))
    surprises = tuple(map(Surprise.of, scores[_is_usual(rest)].T))
    met = dict(zip(map(title_key, rest), _surprises(scores, surprises), strict=True))
    phrases = Phrases.learn(
        rate, [entry.strength for entry in _added(entries)], _by_titles(rest, hidden)
    )
    return Learned(rate, phrases, entries, vocabulary, features, models, surprises, met)


def _added(examples: Iterable[Example]) -> tuple[Example, ...]:
    """Those that a person added to the list; the judge's are left out."""
    return tuple(example for example in examples if example.is_decided)


def _is_usual(rest: Sequence[Example]) -> NDArray[np.bool_]:
    """Which papers say what scores are usual.

    Not those that the judge is against or that nobody ticked: both were shown as likely ones, and among many of them
    no likely paper would be rare.
    """
    return np.array([example.is_decided for example in rest], bool)


def _surprises(scores: Matrix, surprises: Sequence[Surprise]) -> Matrix:
    columns = [surprise(column) for surprise, column in zip(surprises, scores.T, strict=True)]
    return np.column_stack(columns).astype(np.float32)


def _doubts(declined: Sequence[Example], rest: Sequence[Example]) -> Vector:
    """What each paper of the rest weighs as one that is not for the list.

    Nobody has said so of the background: a paper of it for which the topics' phrases speak may be one for the list, and
    counts as far as they leave doubt. A person has said so of the declined papers.
    """
    among = [max(0.01, 1.0 - min(example.strength, 1.0)) for example in rest[len(declined) :]]
    weights = [example.weight for example in declined]
    each = min(_HEAVIEST, max(5.0, _DECLINED * len(among) / max(1.0, sum(weights))))
    return np.array([each * weight for weight in weights] + among)


def _rate(listed: Collection[Example], others: Collection[Example], among: int) -> float:
    """The share of the stream that gets listed; `among` is how many listed papers the background had.

    Where the background covers weeks, those are counted. Else the entries of the last half year are, by as many papers
    as come in that time: few of yesterday's papers are listed yet.
    """
    days = {example.date for example in others if example.date}
    count, stream = among, float(len(others))
    if days and max(days) - min(days) < _WEEKS:
        until = max(days)
        since = (until - _PACE).replace(day=1)
        count = sum(since <= entry.date <= until for entry in listed if entry.date)
        dated = sum(example.date is not None for example in others)
        stream = dated / len(days) * (until - since).days * _WORKING_DAYS
    share = (count + 1) / (stream + count + 1 / USUAL_RATE)
    return float(np.clip(share, 0.0003, 0.05))


def _recency(listed: Sequence[Example]) -> Vector:
    """The entries' weights by age, the newest's 1; without a date, what the others have on average.

    Papers that only the judge is for weigh less.
    """
    own = np.array([entry.weight for entry in listed])
    days = [entry.date.toordinal() if entry.date else np.nan for entry in listed]
    if np.isnan(days).all():
        return own
    weights = 0.05 + 0.95 * 0.5 ** ((np.nanmax(days) - np.array(days)) / _HALF_LIFE)
    return np.asarray(own * np.where(np.isnan(weights), np.nanmean(weights), weights))


def _newest(listed: Sequence[Example]) -> tuple[Example, ...]:
    """The newest entries, in their order; an entry without a date is old."""
    newest = sorted(range(len(listed)), key=lambda n: listed[n].date or date.min, reverse=True)
    return tuple(listed[n] for n in sorted(newest[:_LEARNED]))


def _by_titles(papers: Sequence[Example], hidden: NDArray[np.bool_]) -> list[float]:
    """How strongly phrases speak for papers, of which those hidden are known by their titles."""
    return [
        paper.title_strength if is_hidden else paper.strength
        for paper, is_hidden in zip(papers, hidden, strict=True)
    ]


def _with_strengths(paper: Example, strength: float, title_strength: float) -> Example:
    return replace(paper, strength=strength, title_strength=title_strength)
