"""Counts the papers for the charts of a run: candidates by week, papers by phrase, papers by score. Pure.

A candidate is a paper that a phrase matches, or one without a phrase that resembles the list's papers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.core.model import Decision, Reason, RunReport, Verdict, Window
from bot.reports.wording import COUNTED_ONLY

_WEEKS = 60  # longer windows are counted by month
_BINS = 20
_LISTED = frozenset({Reason.LISTED, Reason.SAME_TITLE})
KNOWN = _LISTED | {
    Reason.PENDING,
    Reason.DECLINED,
    Reason.CLAIMED,
    Reason.REPEATED,
    Reason.SNOOZED,
}
"""Reasons that do not depend on the score."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of papers by decision; listed papers are not counted as left out, and "perhaps" counts as held back."""

    proposed: int = 0
    held: int = 0
    listed: int = 0
    left_out: int = 0

    @classmethod
    def of(cls, decisions: Iterable[Decision]) -> Tally:
        """Counts the decisions."""
        found = Counter((decision.verdict, decision.reason in _LISTED) for decision in decisions)
        return cls(
            found[Verdict.PROPOSE, False],
            found[Verdict.HOLD, False] + found[Verdict.PERHAPS, False],
            found[Verdict.REJECT, True],
            found[Verdict.REJECT, False],
        )

    @property
    def all(self) -> int:
        """The total."""
        return self.proposed + self.held + self.listed + self.left_out


@dataclass(frozen=True, slots=True)
class Period:
    """The candidates of a week (from its Monday) or of a month."""

    start: date
    tally: Tally


@dataclass(frozen=True, slots=True)
class Timeline:
    """The candidates over the window; `elsewhere` counts those outside the window or of unknown date."""

    spans: tuple[Period, ...]
    by_month: bool
    elsewhere: int

    @property
    def unit(self) -> str:
        """The unit of each span: a week or a month."""
        return "month" if self.by_month else "week"


@dataclass(frozen=True, slots=True)
class PhraseTally:
    """The papers in which a topic's phrase was found."""

    topic: str
    phrase: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class ScoreHistogram:
    """Papers by score, in equal steps from 0 to 1, and the threshold."""

    tallies: tuple[Tally, ...]
    threshold: float

    @property
    def all(self) -> int:
        """The number of papers."""
        return sum(tally.all for tally in self.tallies)


def candidates(report: RunReport) -> tuple[Decision, ...]:
    """Returns the decisions on candidates, best first."""
    return tuple(decision for decision in report.decisions if decision.reason not in COUNTED_ONLY)


def timeline(report: RunReport) -> Timeline:
    """Counts candidates by the week of their submission, or of their announcement if only that is known."""
    days = [(_day(decision), decision) for decision in candidates(report)]
    window = report.window
    by_month = (window.until - window.since) / timedelta(weeks=1) > _WEEKS
    starts = list(_starts(window, by_month=by_month))
    found: dict[date, list[Decision]] = {start: [] for start in starts}
    elsewhere = 0
    for day, decision in days:
        start = _start(day, by_month=by_month) if day else None
        if start in found:
            found[start].append(decision)
        else:
            elsewhere += 1
    spans = tuple(Period(start, Tally.of(decisions)) for start, decisions in found.items())
    return Timeline(spans, by_month, elsewhere)


def _day(decision: Decision) -> date | None:
    paper = decision.candidate.paper
    return paper.submitted.date() if paper.submitted else paper.announced


def _start(day: date, *, by_month: bool) -> date:
    return day.replace(day=1) if by_month else day - timedelta(days=day.weekday())


def _starts(window: Window, *, by_month: bool) -> Iterable[date]:
    start = _start(window.since.date(), by_month=by_month)
    while start <= window.until.date():
        yield start
        start = _start(start + timedelta(days=32 if by_month else 7), by_month=by_month)


def phrase_tallies(report: RunReport) -> tuple[PhraseTally, ...]:
    """Counts the papers of every configured or matched phrase, most frequent first, then in configured order."""
    found: dict[tuple[str, str], list[Decision]] = {
        (topic.name, phrase): [] for topic in report.topics for phrase in topic.phrases
    }
    for decision in report.decisions:
        for key in {
            (match.topic, match.phrase): None for match in decision.candidate.evidence.matches
        }:
            found.setdefault(key, []).append(decision)
    every = (PhraseTally(*key, Tally.of(decisions)) for key, decisions in found.items())
    return tuple(sorted(every, key=lambda phrase: (-phrase.tally.all, -phrase.tally.proposed)))


def score_histograms(report: RunReport) -> tuple[ScoreHistogram, ScoreHistogram]:
    """Counts the new papers by score: first those that a topic's phrase matches, then the others."""
    new = [decision for decision in report.decisions if decision.reason not in KNOWN]
    sides: tuple[list[Decision], list[Decision]] = ([], [])
    for decision in new:
        sides[not decision.candidate.evidence.matches].append(decision)
    with_phrase, without = map(_tally_by_score, sides)
    return ScoreHistogram(with_phrase, report.threshold), ScoreHistogram(without, report.threshold)


def _tally_by_score(decisions: Sequence[Decision]) -> tuple[Tally, ...]:
    bins: list[list[Decision]] = [[] for _ in range(_BINS)]
    for decision in decisions:
        bins[min(int(decision.candidate.score * _BINS), _BINS - 1)].append(decision)
    return tuple(map(Tally.of, bins))
