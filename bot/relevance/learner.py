"""Learns from a list's entries, its declined papers and background papers, and computes probabilities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.relevance.calibration import (
    BASE_RATE,
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

_MAX_BACKGROUND = 5000  # papers; more improve the scores little and take seconds
_MAX_ENTRIES = 4000  # the newest; older ones weigh at most a twentieth as much
_MAX_DECLINED = 2000  # papers
_BELIEF = 30  # with this many entries, what was learned weighs as much as the phrases
_HALF_LIFE = 180  # days; an entry's weight halves, as fields and interests change
_DECLINED_SHARE = 0.2  # the weight of all declined papers together, as a share of the background's
_MATCHED = 0.5  # a paper that phrases match at least this strongly is no ordinary paper
_HEAVIEST = 50.0  # cap: the weight of one declined paper, in background papers


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned from a list: `vocabulary` is None without entries, `models` None without enough background.

    `held_out` maps the titles of background papers to surprises that were computed without learning from that paper. A
    run's papers are often background and candidates at once, and a model must not score a paper that it learned from.
    """

    phrases: Phrases
    entries: tuple[Example, ...] = ()
    vocabulary: Vocabulary | None = None
    features: Features | None = None
    models: Models | None = None
    surprises: tuple[Surprise, ...] = ()
    held_out: Mapping[str, Vector] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """The number of entries that a person added."""
        return len(_added_by_people(self.entries))

    def values(self, papers: Sequence[Example]) -> Vector:
        """Returns the probability of each paper.

        A short list teaches little. Where the learned log odds are lower than those of the phrases alone, n entries
        lower them by only n / (n + 30) of the difference.
        """
        strengths = np.array([paper.strength for paper in papers])
        prior = logit(BASE_RATE) + Phrases.alone().log_odds(strengths)
        if not self.models:
            return probability(prior)
        authors = np.array([float(len(paper.authors)) for paper in papers])
        learned = logit(BASE_RATE) + self.phrases.log_odds(strengths)
        learned += Weights.shipped().log_odds(self.signals(papers), authors)
        trust = self.size / (self.size + _BELIEF)
        return probability(np.where(learned < prior, prior + trust * (learned - prior), learned))

    def signals(self, papers: Sequence[Example]) -> Matrix:
        """Returns the surprises: a row for each paper, a column for each of `models.SIGNALS`."""
        assert self.vocabulary is not None
        assert self.models is not None
        found = np.zeros((len(papers), len(self.surprises)))
        fresh = []
        for row, paper in enumerate(papers):
            if (held_out := self.held_out.get(title_key(paper))) is not None:
                found[row] = held_out
            else:
                fresh.append(row)
        if fresh:
            features = self.vocabulary.read([papers[row] for row in fresh])
            found[fresh] = _surprises(self.models.scores(features), self.surprises)
        return found.astype(np.float32)


def learn(
    positives: Sequence[Example], negatives: Sequence[Example], background: Sequence[Example]
) -> Learned:
    """Learns from the examples; see `Ranker.fit`."""
    listed, refused = distinct(positives), distinct(negatives)
    stream = Background.read(tuple(background))
    unlisted = [row for row, key in enumerate(stream.papers) if key not in listed]
    entries = _newest(tuple(listed.values()))
    if not _added_by_people(listed.values()):
        return Learned(Phrases.alone())
    declined = tuple(refused[key] for key in refused if key not in listed)[:_MAX_DECLINED]
    keys = tuple(stream.papers)
    counted = range(len(stream.full))
    others = [row for row in unlisted if row in counted and keys[row] not in refused]
    others = others[:_MAX_BACKGROUND]
    if sum(example.is_decided for example in declined) + len(others) < ENOUGH:
        return _learn_entries_only(entries)
    rest = tuple(background[stream.places[row]] for row in others)
    return _learn_models(entries, (*declined, *rest), (stream, np.array(others, np.intp)))


def _learn_entries_only(entries: tuple[Example, ...]) -> Learned:
    """Learns similar entries and no models, for lack of papers to compare the entries with."""
    numbers = Background.read(()).numbers.copy()
    counted = count(entries, numbers, grow=True)
    vocabulary = Vocabulary.learn(counted, numbers)
    return Learned(Phrases.alone(), entries, vocabulary, vocabulary.features(counted))


def _learn_models(
    entries: tuple[Example, ...],
    rest: tuple[Example, ...],
    read: tuple[Background, NDArray[np.intp]],
) -> Learned:
    """Learns from the entries and the rest: declined papers, followed by the background papers of the given rows."""
    stream, rows = read
    numbers = stream.numbers.copy()
    declined = rest[: len(rest) - len(rows)]
    own = count((*entries, *declined), numbers, grow=True)
    # The vocabulary leaves out a pair that only one text has.
    counted = stack([own, stream.full.take(rows)], np.union1d(own.keys, stream.shared))
    vocabulary = Vocabulary.learn(counted, numbers)
    known = vocabulary.features(counted)
    features = known.take(np.arange(len(entries)))
    full = known.take(np.arange(len(entries), len(known)))
    # If entries have a title and no abstract, the models would learn that long texts don't belong in the list. So the
    # same share of the other papers is learned from without their abstracts.
    lacking = sum(not entry.abstract for entry in entries) / len(entries)
    hidden = np.array([chance(f"hide {paper.title}") < lacking for paper in rest])
    bare = count([replace(paper, abstract="") for paper in declined], numbers, grow=False)
    titles = vocabulary.features(stack([bare, stream.titles.take(rows)], vocabulary.keys))
    seen = Features.stack([full, titles]).take(np.arange(len(rest)) + len(rest) * hidden)
    models, scores = Models.fit(
        features, _recency(entries), seen, full, _weights_against(declined, rest)
    )
    surprises = tuple(map(Surprise.of, scores[_is_reference(rest)].T))
    held_out = dict(zip(map(title_key, rest), _surprises(scores, surprises), strict=True))
    phrases = Phrases.learn(
        [entry.strength for entry in _added_by_people(entries)],
        _visible_strengths(rest, hidden),
    )
    return Learned(phrases, entries, vocabulary, features, models, surprises, held_out)


def _added_by_people(examples: Iterable[Example]) -> tuple[Example, ...]:
    """The examples that a person added to the list, without those that only the judge is for."""
    return tuple(example for example in examples if example.is_decided)


def _is_reference(rest: Sequence[Example]) -> NDArray[np.bool_]:
    """Marks the papers whose scores are the reference for surprises.

    Papers that the judge is against, that nobody ticked or that phrases match are left out, unless too few remain.
    Many such papers in the reference would make a high score look ordinary. A day's papers have more of them than a
    sample of past years, because the list already has those papers of past years that belong.
    """
    decided = np.array([example.is_decided for example in rest], bool)
    matched = np.array([example.strength >= _MATCHED for example in rest], bool)
    ordinary = decided & ~matched
    return ordinary if ordinary.sum() >= ENOUGH else decided


def _surprises(scores: Matrix, surprises: Sequence[Surprise]) -> Matrix:
    columns = [surprise(column) for surprise, column in zip(surprises, scores.T, strict=True)]
    return np.column_stack(columns).astype(np.float32)


def _weights_against(declined: Sequence[Example], rest: Sequence[Example]) -> Vector:
    """The weight of each paper of the rest as evidence of what does not belong in the list.

    Nobody has decided on background papers: one that the topics' phrases match may belong in the list, so it weighs
    1 - strength. A declined paper weighs more, because a person decided on it.
    """
    among = [max(0.01, 1.0 - min(example.strength, 1.0)) for example in rest[len(declined) :]]
    weights = [example.weight for example in declined]
    each = min(_HEAVIEST, max(5.0, _DECLINED_SHARE * len(among) / max(1.0, sum(weights))))
    return np.array([each * weight for weight in weights] + among)


def _recency(listed: Sequence[Example]) -> Vector:
    """The entries' weights by age, 1 for the newest; an entry without a date gets the mean weight.

    Papers that only the judge is for weigh less.
    """
    own = np.array([entry.weight for entry in listed])
    days = [entry.date.toordinal() if entry.date else np.nan for entry in listed]
    if np.isnan(days).all():
        return own
    weights = 0.05 + 0.95 * 0.5 ** ((np.nanmax(days) - np.array(days)) / _HALF_LIFE)
    return np.asarray(own * np.where(np.isnan(weights), np.nanmean(weights), weights))


def _newest(listed: Sequence[Example]) -> tuple[Example, ...]:
    """The newest entries, in the order of the list; an entry without a date counts as the oldest."""
    newest = sorted(range(len(listed)), key=lambda n: listed[n].date or date.min, reverse=True)
    return tuple(listed[n] for n in sorted(newest[:_MAX_ENTRIES]))


def _visible_strengths(papers: Sequence[Example], hidden: NDArray[np.bool_]) -> list[float]:
    """How strongly phrases match each paper, or its title alone if its abstract is hidden."""
    return [
        paper.title_strength if is_hidden else paper.strength
        for paper, is_hidden in zip(papers, hidden, strict=True)
    ]
