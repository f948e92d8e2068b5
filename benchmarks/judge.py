"""Measures what a judge's verdicts teach the ranker, by their number, the choice of papers, and the share of errors.

    python -m benchmarks.judge CORPUS [--month 2025-10 2025-12] [--lists full stopped young] [--seeds N]

CORPUS has `*.jsonl.gz` of papers (benchmarks/ranking.py). No model is asked: the judge's answers are the labels of
benchmarks/labels, of which a share is flipped at random. An unread paper counts as out, and the judge is unsure of a
borderline paper. The judge is asked about papers of the labelled months before the held-out month. The ranker then
ranks each week of that month, of which it has seen no label. The list is README.md as it was: `full` up to the held-out
month, `stopped` up to the first judged month, `young` with the 40 newest entries of `stopped`.

Prints recall and precision among the 25 best papers of each week, and the recall at the precision that the ranker has
without a judge. A second table (`--direct`) shows what the answers do to the scores of the papers asked about, without
any learning: the judge is asked about the papers of each week whose scores are nearest to the threshold.
"""

from __future__ import annotations

import argparse
import random
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product
from pathlib import Path

from benchmarks.corpus import read_corpus
from benchmarks.screening import LABELS, ROOT, Label, read_labels, week
from bot.core.config import load
from bot.core.model import Paper
from bot.listing.index import Listed
from bot.listing.paper_list import PaperList
from bot.relevance.calibration import logit
from bot.relevance.examples import Example
from bot.relevance.judge.examples import AGAINST_WEIGHT, FOR_WEIGHT
from bot.relevance.judge.weighing import distance, shifted
from bot.relevance.learner import learn
from bot.relevance.phrases import Matcher, strength

SHOWN = 25
COUNTS = (50, 200, 800)
NOISE = (0.0, 0.1, 0.2, 0.3)
CHOICES = ("uncertain", "top", "random")
HEADINGS = (
    "list",
    "asked about",
    "papers",
    "flipped",
    f"recall in {SHOWN} a week",
    "points",
    "precision",
    "recall at equal precision",
    "of them in",
)
LISTS = ("full", "stopped", "young")
YOUNG = 40
WEEKLY = (0, 25, 50, 150)
EVIDENCE = 1.5
"""The log odds that a yes adds, and that the lack of a yes subtracts, before any decision of a maintainer."""
_FIRST = "2025-04"

Week = Sequence[Paper]


@dataclass(frozen=True, slots=True)
class Found:
    """The counts of a held-out month: papers shown that belong, all that belong, and all shown."""

    hits: int
    belonging: int
    shown: int

    @property
    def recall(self) -> float:
        """The share of the papers that belong which is shown."""
        return self.hits / self.belonging

    @property
    def precision(self) -> float:
        """The share of the shown papers that belongs."""
        return self.hits / self.shown


@dataclass(frozen=True, slots=True)
class World:
    """The papers by month and week, their labels, the list, and the configuration."""

    weeks: Mapping[str, Sequence[Week]]
    labels: Mapping[str, Mapping[str, Label]]
    listed: Sequence[Listed]
    threshold: float
    matcher: Matcher
    strengths: dict[tuple[str, str], float] = field(default_factory=dict)

    @classmethod
    def read(cls, corpus: Path) -> World:
        """Reads the corpus, the labels and this repository's list."""
        config = load(ROOT / "config" / "keywords.toml")
        papers = PaperList.parse((ROOT / "README.md").read_bytes(), config.list.heading)
        labels = read_labels(LABELS)
        weeks: dict[str, dict[int, list[Paper]]] = {month: {} for month in labels}
        for paper in read_corpus(corpus).values():
            if paper.announced and (month := f"{paper.announced:%Y-%m}") in weeks:
                weeks[month].setdefault(week(paper.announced), []).append(paper)
        ordered = {month: [of[number] for number in sorted(of)] for month, of in weeks.items()}
        matcher = Matcher(tuple(block.topic() for block in config.topics))
        listed = [entry for entry in papers.listed if entry.ids]
        return cls(ordered, labels, listed, config.screening.threshold, matcher)

    def belongs(self, month: str, paper: Paper) -> str:
        """The reader's verdict; `out` for a paper that was not read."""
        label = self.labels[month].get(str(paper.id))
        return label.verdict if label else "out"

    def entries(self, kind: str, month: str) -> tuple[Example, ...]:
        """The list before the first day of a month, as one of `LISTS`."""
        until = month if kind == "full" else min(month, _FIRST)
        entries = [
            Example(entry.title, date=_month(entry), line=entry.line)
            for entry in self.listed
            if f"{_month(entry):%Y-%m}" < until
        ]
        newest = sorted(entries, key=lambda entry: (entry.date or date.min, -entry.line))
        return tuple(newest[-YOUNG:] if kind == "young" else newest)

    def scored(
        self, listed: Sequence[Example], declined: Sequence[Example], papers: Week
    ) -> list[float]:
        """The scores of the papers of a week, which are the background too."""
        examples = [self.example(paper) for paper in papers]
        titles = [
            replace(entry, strength=self._strength(entry.title, entry.abstract)) for entry in listed
        ]
        return [float(value) for value in learn(titles, declined, examples).values(examples)]

    def example(self, paper: Paper) -> Example:
        """The paper with the strength of its phrases."""
        return Example.of(paper, strength=self._strength(paper.title, paper.abstract))

    def _strength(self, title: str, abstract: str) -> float:
        if (title, abstract) not in self.strengths:
            self.strengths[title, abstract] = strength(self.matcher.match_text(title, abstract))
        return self.strengths[title, abstract]


def _month(entry: Listed) -> date:
    return date(entry.ids[0].year, entry.ids[0].month, 1)


@dataclass(frozen=True, slots=True)
class Pooled:
    """A paper that the judge may be asked about: its score by the ranker of its time, and the reader's verdict."""

    paper: Paper
    score: float
    verdict: str


def pool(world: World, kind: str, month: str) -> list[Pooled]:
    """The papers of the labelled months before a month, less those that the list has by then."""
    entries = world.entries(kind, month)
    titles = {entry.title.casefold() for entry in entries}
    return [
        Pooled(paper, score, world.belongs(earlier, paper))
        for earlier in sorted(world.weeks)
        if earlier < month
        for papers in world.weeks[earlier]
        for paper, score in zip(
            papers, world.scored(world.entries(kind, earlier), (), papers), strict=True
        )
        if paper.title.casefold() not in titles
    ]


def chosen(
    papers: Sequence[Pooled], choice: str, count: int, threshold: float, seed: int
) -> list[Pooled]:
    """Chooses the papers to ask about."""
    if choice == "random":
        return random.Random(seed).sample(papers, min(count, len(papers)))
    if choice == "top":
        return sorted(papers, key=lambda paper: -paper.score)[:count]
    middle = logit(threshold)
    return sorted(
        papers, key=lambda paper: abs(logit(min(max(paper.score, 1e-9), 1 - 1e-9)) - middle)
    )[:count]


def verdicts(
    papers: Sequence[Pooled], noise: float, seed: int, weights: tuple[float, float]
) -> tuple[list[Example], list[Example]]:
    """The judge's answers as examples for and against."""
    chance = random.Random(f"{seed} {noise}")
    sides: tuple[list[Example], list[Example]] = ([], [])
    for paper in papers:
        flipped = chance.random() < noise
        if paper.verdict != "borderline":
            is_for = (paper.verdict == "in") != flipped
            example = Example.of(paper.paper)
            weight = weights[0] if is_for else weights[1]
            sides[0 if is_for else 1].append(replace(example, weight=weight))
    return sides


def ranked(
    world: World, month: str, kind: str, judged: tuple[Sequence[Example], Sequence[Example]]
) -> list[list[bool | None]]:
    """For each week of a month, whether each paper belongs, best paper first; None for borderline."""
    entries = world.entries(kind, month)
    names = {"in": True, "out": False, "borderline": None}
    weeks = []
    for papers in world.weeks[month]:
        found = world.scored((*entries, *judged[0]), judged[1], papers)
        best = sorted(
            zip(found, papers, strict=True), key=lambda item: (-item[0], item[1].id.order)
        )
        weeks.append([names[world.belongs(month, paper)] for _, paper in best])
    return weeks


def within(weeks: Sequence[Sequence[bool | None]], shown: int) -> Found:
    """Counts the papers that belong among the first papers of each week."""
    return Found(
        hits=sum(mark is True for of_week in weeks for mark in of_week[:shown]),
        belonging=sum(mark is True for of_week in weeks for mark in of_week),
        shown=sum(len(of_week[:shown]) for of_week in weeks),
    )


def recall_at(weeks: Sequence[Sequence[bool | None]], precision: float) -> float:
    """The best recall, up to 200 papers a week, at which the precision is not below the one given."""
    found = (within(weeks, shown) for shown in range(1, 201))
    return max((item.recall for item in found if item.precision >= precision), default=0.0)


def rows(
    world: World,
    months: Sequence[str],
    kind: str,
    seeds: int,
    weights: tuple[float, float],
    counts: Sequence[int],
    noises: Sequence[float],
    choices: Sequence[str],
) -> Iterator[str]:
    """The table of one kind of list; the held-out months are counted together."""
    threshold = world.threshold
    bare = [item for month in months for item in ranked(world, month, kind, ([], []))]
    base = within(bare, SHOWN)
    yield (
        f"| {kind} | none | | | {base.recall:.3f} | | {base.precision:.3f} "
        f"| {recall_at(bare, base.precision):.3f} | |"
    )
    pools = {month: pool(world, kind, month) for month in months}
    for choice, count, noise in product(choices, counts, noises):
        recalls, precisions, equal, right = [], [], [], []
        for seed in range(seeds if noise or choice == "random" else 1):
            weeks: list[list[bool | None]] = []
            for month in months:
                asked = chosen(pools[month], choice, count, threshold, seed)
                judged = verdicts(asked, noise, seed, weights)
                right.append(sum(item.verdict == "in" for item in asked))
                weeks += ranked(world, month, kind, judged)
            found = within(weeks, SHOWN)
            recalls.append(found.recall)
            precisions.append(found.precision)
            equal.append(recall_at(weeks, base.precision))
        gain = statistics.mean(recalls) - base.recall
        yield (
            f"| {kind} | {choice} | {count} | {noise:.0%} | {statistics.mean(recalls):.3f} | {100 * gain:+.1f} "
            f"| {statistics.mean(precisions):.3f} | {statistics.mean(equal):.3f} | {statistics.mean(right):.0f} |"
        )


def direct_rows(
    world: World, months: Sequence[str], kind: str, seeds: int, noises: Sequence[float]
) -> Iterator[str]:
    """The table of the effect of the answers on the papers asked about."""
    weeks = [
        (month, papers, world.scored(world.entries(kind, month), (), papers))
        for month in months
        for papers in world.weeks[month]
    ]
    for asked, noise in product(WEEKLY, noises):
        found = [
            within([_answered(world, *of, asked, noise, seed) for of in weeks], SHOWN)
            for seed in range(seeds if noise else 1)
        ]
        recall = statistics.mean(item.recall for item in found)
        precision = statistics.mean(item.precision for item in found)
        yield f"| {kind} | {asked} | {noise:.0%} | {recall:.3f} | {precision:.3f} |"


def _answered(
    world: World,
    month: str,
    papers: Week,
    scores: Sequence[float],
    asked: int,
    noise: float,
    seed: int,
) -> list[bool | None]:
    """A week's papers, best first, after the judge was asked about that many."""
    chance = random.Random(f"{seed} {noise}")
    names = {"in": True, "out": False, "borderline": None}
    said = [world.belongs(month, paper) for paper in papers]
    order = sorted(range(len(papers)), key=lambda n: distance(scores[n], world.threshold))
    moved = list(scores)
    for number in order[:asked]:
        flipped = chance.random() < noise
        if said[number] != "borderline":
            is_for = (said[number] == "in") != flipped
            moved[number] = shifted(scores[number], EVIDENCE if is_for else -EVIDENCE)
    best = sorted(range(len(papers)), key=lambda n: (-moved[n], papers[n].id.order))
    return [names[said[number]] for number in best]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--month", nargs="+", default=["2025-10", "2025-12"], help="held out")
    parser.add_argument("--lists", nargs="+", choices=LISTS, default=LISTS)
    parser.add_argument("--seeds", type=int, default=3, help="flips and samples to average")
    parser.add_argument("--weights", nargs=2, type=float, default=[FOR_WEIGHT, AGAINST_WEIGHT])
    parser.add_argument("--counts", nargs="+", type=int, default=COUNTS)
    parser.add_argument("--noise", nargs="+", type=float, default=NOISE)
    parser.add_argument("--choices", nargs="+", choices=CHOICES, default=CHOICES)
    parser.add_argument("--direct", action="store_true", help="the second table alone")
    args = parser.parse_args()
    world = World.read(args.corpus)
    if args.direct:
        print(f"| list | asked a week | flipped | recall in {SHOWN} a week | precision |")
        print(f"|---|{'--:|' * 4}", flush=True)
        for kind in args.lists:
            print(
                *direct_rows(world, args.month, kind, args.seeds, args.noise), sep="\n", flush=True
            )
        return 0
    print(f"| {' | '.join(HEADINGS)} |")
    print(f"|---|---|{'--:|' * 7}", flush=True)
    weights = (args.weights[0], args.weights[1])
    for kind in args.lists:
        for row in rows(
            world, args.month, kind, args.seeds, weights, args.counts, args.noise, args.choices
        ):
            print(row, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
