"""Compares what a maintainer of Awesome RLAIF would be shown in a week with papers that were read and judged.

    python -m benchmarks.tiers CORPUS [CORPUS ...]

Scores every week of the labelled months (benchmarks/labels) as a run at its end would. The ranker learns from the
entries of README.md that are older than the month, with the week's papers as background. A month's threshold is chosen
on the other months of 2025: the one that finds most at a precision of at least 85 %. Nothing is chosen on the later
months. CORPUS must have two months of 2025 or more. Below the threshold are the next best `pull_request.max_perhaps`
papers. Prints a row for each month, one for the months of 2025 and one for later months, the threshold that suits the
months of 2025, and the bars. The exit code is 1 if a bar is missed.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.corpus import read_corpus
from benchmarks.screening import LABELS, LATER, ROOT, UNREAD, Label, read_labels, week
from bot.core.config import Config, load
from bot.core.model import Candidate, Decision, Paper, Verdict
from bot.listing.document import Document
from bot.listing.index import ListIndex
from bot.listing.paper_list import ListFiles, PaperList
from bot.pipeline import rules_of
from bot.relevance.scoring import Scorer, TrainingData, own_words
from bot.relevance.screening import Rules, screen

THRESHOLDS = (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
SURE = 0.85  # the precision that a threshold is chosen for, above the bar
PRECISION, RECALL, SHOWN = 0.8, 0.75, 25

Weeks = tuple[tuple[Candidate, ...], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """The papers that a month's weeks show: ids in the upper and the lower tier, and how many in each whole week."""

    sure: tuple[str, ...]
    perhaps: tuple[str, ...]
    a_week: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """The verdicts on what was shown."""

    sure: Mapping[str, int]
    perhaps: Mapping[str, int]
    belong: int
    a_week: tuple[int, ...]

    @property
    def precision(self) -> float:
        """The share of the upper tier's papers that belong; borderline and unread papers are left out."""
        judged = self.sure["in"] + self.sure["out"]
        return self.sure["in"] / judged if judged else 1.0

    @property
    def recall(self) -> float:
        """The share of the papers that belong that is in one of the tiers."""
        return (self.sure["in"] + self.perhaps["in"]) / self.belong


def weeks_of(papers: Sequence[Paper], listing: ListFiles, config: Config) -> Weeks:
    """A month's papers, scored week by week."""
    topics = tuple(block.topic() for block in config.topics)
    by_week: dict[int, list[Paper]] = {}
    for paper in papers:
        if paper.announced:
            by_week.setdefault(week(paper.announced), []).append(paper)
    first = min(paper.announced for paper in papers if paper.announced).replace(day=1)
    listed = tuple(
        example
        for example in TrainingData.of(listing, {}, (), ()).listed
        if example.date and example.date < first
    )
    return tuple(
        Scorer(topics, TrainingData(listed, (), tuple(of_week), own_words(listing))).score(of_week)
        for _, of_week in sorted(by_week.items())
    )


def shown(weeks: Weeks, rules: Rules) -> Shown:
    """The papers that the weeks' runs would show for a list without these papers."""
    empty = ListIndex.build(Document.parse(b""))
    runs = [screen(candidates, empty, {}, rules) for candidates in weeks]
    sure = [_ids(run, Verdict.PROPOSE) for run in runs]
    perhaps = [_ids(run, Verdict.PERHAPS) for run in runs]
    counts = tuple(len(a) + len(b) for a, b in zip(sure, perhaps, strict=True))
    return Shown(sum(sure, ()), sum(perhaps, ()), counts[:4])


def _ids(run: Sequence[Decision], verdict: Verdict) -> tuple[str, ...]:
    return tuple(str(item.candidate.paper.id) for item in run if item.verdict is verdict)


def count(months: Mapping[str, Shown], labels: Mapping[str, Mapping[str, Label]]) -> Count:
    """The verdicts on the papers that the months show."""
    sure = [_verdict(labels[name], paper) for name, month in months.items() for paper in month.sure]
    below = [
        _verdict(labels[name], paper) for name, month in months.items() for paper in month.perhaps
    ]
    verdicts = ("in", "borderline", "out", UNREAD)
    return Count(
        {verdict: sure.count(verdict) for verdict in verdicts},
        {verdict: below.count(verdict) for verdict in verdicts},
        sum(label.verdict == "in" for name in months for label in labels[name].values()),
        tuple(number for month in months.values() for number in month.a_week),
    )


def _verdict(labels: Mapping[str, Label], paper: str) -> str:
    return labels[paper].verdict if paper in labels else UNREAD


def chosen(
    months: Mapping[str, Weeks], labels: Mapping[str, Mapping[str, Label]], rules: Rules
) -> float:
    """The threshold that finds most in the upper tier at a precision of at least `SURE`; the highest if none does."""
    found = {}
    for threshold in THRESHOLDS:
        at = replace(rules, threshold=threshold)
        counted = count({name: shown(weeks, at) for name, weeks in months.items()}, labels)
        if counted.precision >= SURE:
            found[threshold] = counted.sure["in"]
    return max(found, key=lambda threshold: (found[threshold], threshold), default=THRESHOLDS[-1])


def rows(
    months: Mapping[str, Shown],
    thresholds: Mapping[str, float],
    labels: Mapping[str, Mapping[str, Label]],
) -> Iterator[str]:
    """The table."""
    yield (
        "| month | threshold | upper tier: in | borderline | out | unread | precision "
        "| perhaps: in | of all in | recall | shown a week |"
    )
    yield f"|---|{'--:|' * 10}"
    groups = {name: [name] for name in months} | _groups(months)
    for name, group in groups.items():
        counted = count({month: months[month] for month in group}, labels)
        verdicts = " | ".join(map(str, counted.sure.values()))
        threshold = f"{thresholds[name]:g}" if name in thresholds else ""
        yield (
            f"| {name} | {threshold} | {verdicts} | {counted.precision:.0%} "
            f"| {counted.perhaps['in']} | {counted.belong} | {counted.recall:.0%} "
            f"| {statistics.median(counted.a_week):g} |"
        )


def _groups(months: Iterable[str]) -> dict[str, list[str]]:
    """The months that thresholds are chosen on, and later ones, if there are any."""
    earlier = [name for name in months if name not in LATER]
    later = [name for name in months if name in LATER]
    groups = {"**2025**": earlier, "**later**": later}
    return {name: group for name, group in groups.items() if group}


def scored_months(
    corpus: Sequence[Paper], labels: Mapping[str, Mapping[str, Label]], config: Config
) -> dict[str, Weeks]:
    """Scores the labelled months that the corpus has."""
    content = (ROOT / config.list.path).read_bytes()
    listing = ListFiles.of({"": PaperList.parse(content, config.list.heading)})
    months: dict[str, list[Paper]] = {}
    for paper in corpus:
        if paper.announced and (name := f"{paper.announced:%Y-%m}") in labels:
            months.setdefault(name, []).append(paper)
    return {name: weeks_of(months[name], listing, config) for name in sorted(months)}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, nargs="+")
    args = parser.parse_args()
    config = load(ROOT / "config" / "keywords.toml")
    rules = rules_of(config, datetime.min.replace(tzinfo=UTC))
    labels = read_labels(LABELS)
    scored = scored_months(list(read_corpus(*args.corpus).values()), labels, config)
    choices = {name: weeks for name, weeks in scored.items() if name not in LATER}
    if len(choices) < 2:
        parser.error("CORPUS needs two labelled months of 2025 or more, to choose the threshold on")
    thresholds = {
        name: chosen({month: choices[month] for month in choices if month != name}, labels, rules)
        for name in scored
    }
    held_out = {
        name: shown(weeks, replace(rules, threshold=thresholds[name]))
        for name, weeks in scored.items()
    }
    print(*rows(held_out, thresholds, labels), sep="\n")
    print(f"\nThe threshold that suits the months of 2025: {chosen(choices, labels, rules):g}")
    bars = {
        f"{name} {bar}": met
        for name, group in _groups(held_out).items()
        for bar, met in _bars(count({month: held_out[month] for month in group}, labels))
    }
    for bar, met in bars.items():
        print(f"{'met   ' if met else 'missed'} {bar}")
    return 0 if all(bars.values()) else 1


def _bars(found: Count) -> Iterator[tuple[str, bool]]:
    """Each bar with the figure reached, and whether it is met."""
    a_week = statistics.median(found.a_week)
    sure = f"precision of the upper tier {found.precision:.0%} (bar: {PRECISION:.0%})"
    yield sure, found.precision >= PRECISION
    yield (
        f"recall within what is shown {found.recall:.0%} (bar: {RECALL:.0%})",
        found.recall >= RECALL,
    )
    yield f"shown in the median week {a_week:g} (bar: {SHOWN})", a_week <= SHOWN


if __name__ == "__main__":
    raise SystemExit(main())
