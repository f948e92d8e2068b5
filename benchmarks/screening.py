"""Compares what the shipped topics propose with papers that were read and judged.

    python -m benchmarks.screening CORPUS... [--learned]

CORPUS has `*.jsonl.gz` of papers (benchmarks/ranking.py). The judgements are those of benchmarks/labels. Every paper of
the judged months is screened as in a run, with the topics of config/keywords.toml: each paper is proposed that a phrase
matches and no exclude. With `--learned` it is scored as in a run of that week, and the configured threshold counts. The
ranker learns from the entries of README.md that are older than the month (by their titles, because most have no
abstract there), with the week's papers as background.

Prints tables of months, scores (with `--learned`), phrases, and how far the two readers of the later months agree. The
exit code is 1 if a bar is missed.
"""

from __future__ import annotations

import argparse
import csv
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

from benchmarks.corpus import read_corpus
from bot.core.config import Config, load
from bot.core.model import Candidate, Evidence, Paper, Verdict
from bot.listing.document import Document
from bot.listing.headings import papers_part
from bot.listing.index import Listed, ListIndex
from bot.pipeline import rules_of
from bot.relevance.examples import Example
from bot.relevance.phrases import Matcher, strength
from bot.relevance.scoring import Scorer, TrainingData
from bot.relevance.screening import screen

ROOT = Path(__file__).resolve().parent.parent
LABELS = ROOT / "benchmarks" / "labels"
VERDICTS = ("in", "borderline", "out")
UNREAD = "unread"

# The use of each month: phrases were chosen on two months and checked on two, and phrases that failed the check were
# corrected. The last month was read after that.
USES = {
    "chosen on": ("2025-04", "2025-08"),
    "checked on": ("2025-06", "2025-10"),
    "kept back": ("2025-12",),
}
LATER = ("2026-02", "2026-04")
"""Months that nothing was chosen on; two readers judged them (benchmarks/labels/README.md)."""
MOST_A_WEEK = 10
BINS = (0.0, 0.1, 0.2, 0.4, 0.6, 0.8, 1.01)

Phrase = tuple[str, str]
"""A topic's name and one of its phrases."""


@dataclass(frozen=True, slots=True)
class Label:
    """The reader's verdict on a paper; a clear case can be decided by its title alone."""

    verdict: str
    clear: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """A month's labels, the candidates that screening would propose, and how many papers there were."""

    name: str
    labels: Mapping[str, Label]
    proposed: tuple[Candidate, ...]
    papers: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Months counted together. `found` and `labelled` are by verdict, `weeks` what each week proposed."""

    papers: int
    weeks: tuple[int, ...]
    found: Mapping[str, int]
    labelled: Mapping[str, int]
    clear: int
    missed: tuple[str, ...]

    @property
    def median(self) -> float:
        """Papers proposed in the median week."""
        return statistics.median(self.weeks)

    @property
    def precision(self) -> float:
        """The share of the proposed papers that belong; borderline and unread papers are left out."""
        return _share(self.found["in"], self.found["in"] + self.found["out"])

    @property
    def recall(self) -> float:
        """The share of the papers that belong, of those the reader read, that is proposed."""
        return _share(self.found["in"], self.labelled["in"])


@dataclass(frozen=True, slots=True)
class Worth:
    """What a phrase finds: matched papers by verdict, and those that belong and that no other phrase finds."""

    matched: Mapping[str, int]
    alone: int


def read_labels(folder: Path) -> dict[str, dict[str, Label]]:
    """The labels by month and id."""
    months = {}
    for path in sorted(folder.glob("rlaif-*.csv")):
        with path.open(encoding="utf-8", newline="") as rows:
            months[path.stem.removeprefix("rlaif-")] = {
                row["id"]: Label(row["verdict"], row["clear"] == "yes")
                for row in csv.DictReader(rows)
            }
    return months


def agreement(first: Sequence[str], second: Sequence[str]) -> tuple[float, float]:
    """The share of papers on which two readers agree, and Cohen's kappa: how far that is above chance (0), up to 1."""
    same = statistics.mean(a == b for a, b in zip(first, second, strict=True))
    chance = sum(first.count(verdict) * second.count(verdict) for verdict in set(first))
    expected = chance / len(first) ** 2
    return same, (same - expected) / (1 - expected)


def agreement_rows(folder: Path) -> Iterator[str]:
    """How far the two readers agree on the verdicts, and on whether a paper is in, for each month that both read."""
    yield "| month | papers | same verdict | kappa | same on whether it is in | kappa |"
    yield f"|---|{'--:|' * 5}"
    for month in LATER:
        with (folder / f"rlaif-{month}.csv").open(encoding="utf-8", newline="") as lines:
            pairs = [(row["first"], row["second"]) for row in csv.DictReader(lines)]
        readers = [list(reader) for reader in zip(*pairs, strict=True)]
        is_in = [[str(verdict == "in") for verdict in reader] for reader in readers]
        (same, kappa), (same_in, kappa_in) = agreement(*readers), agreement(*is_in)
        yield f"| {month} | {len(pairs)} | {same:.1%} | {kappa:.2f} | {same_in:.1%} | {kappa_in:.2f} |"


def proposed(candidates: Iterable[Candidate], config: Config) -> tuple[Candidate, ...]:
    """The candidates that screening proposes for an empty list."""
    rules = rules_of(config, datetime.min.replace(tzinfo=UTC))
    empty = ListIndex.build(Document.parse(b""))
    decisions = screen(candidates, empty, {}, rules)
    return tuple(
        decision.candidate for decision in decisions if decision.verdict is Verdict.PROPOSE
    )


def weigh(paper: Paper, evidence: Evidence) -> Candidate:
    """The paper as a candidate that only its phrases score: 1 if one of them matches and no exclude does."""
    return Candidate(paper, evidence, float(strength(evidence) > 0))


def week(day: date) -> int:
    """The week of a day in its month, from 0: seven days each; 4 is the rest of the month, which is no whole week."""
    return (day.day - 1) // 7


def tally(months: Sequence[Month]) -> Tally:
    """Adds up the counts of several months."""
    verdicts: list[str] = []
    missed: list[str] = []
    weeks: list[int] = []
    for month in months:
        names = {str(item.paper.id) for item in month.proposed}
        verdicts += (_verdict(name, month.labels) for name in names)
        missed += (
            name for name, label in month.labels.items() if label.clear and name not in names
        )
        met = [week(item.paper.announced) for item in month.proposed if item.paper.announced]
        weeks += (met.count(number) for number in range(4))
    labels = [label for month in months for label in month.labels.values()]
    return Tally(
        papers=sum(month.papers for month in months),
        weeks=tuple(weeks),
        found={verdict: verdicts.count(verdict) for verdict in (*VERDICTS, UNREAD)},
        labelled={item: sum(label.verdict == item for label in labels) for item in VERDICTS},
        clear=sum(label.clear for label in labels),
        missed=tuple(sorted(missed)),
    )


def worth(months: Sequence[Month], config: Config) -> dict[Phrase, Worth]:
    """What every phrase finds, in the order of the configuration."""
    found: dict[Phrase, Worth] = {}
    for block in config.topics:
        for phrase in block.phrases:
            key = (block.name, phrase)
            matched = [
                (item, _verdict(str(item.paper.id), month.labels))
                for month in months
                for item in month.proposed
                if key in {(match.topic, match.phrase) for match in item.evidence.matches}
            ]
            verdicts = [verdict for _, verdict in matched]
            belong = [_without(item, key) for item, verdict in matched if verdict == "in"]
            found[key] = Worth(
                matched={verdict: verdicts.count(verdict) for verdict in (*VERDICTS, UNREAD)},
                alone=len(belong) - len(proposed(belong, config)),
            )
    return found


def _without(candidate: Candidate, key: Phrase) -> Candidate:
    evidence = candidate.evidence
    rest = tuple(match for match in evidence.matches if (match.topic, match.phrase) != key)
    return weigh(candidate.paper, replace(evidence, matches=rest))


def _verdict(name: str, labels: Mapping[str, Label]) -> str:
    label = labels.get(name)
    return label.verdict if label else UNREAD


def _share(part: float, whole: int) -> float:
    return part / whole if whole else 0.0


def month_rows(months: Sequence[Month]) -> Iterator[str]:
    """The table of months."""
    yield (
        "| months | papers | proposed | a week | most | in | borderline | out | unread "
        "| precision | recall | clear |"
    )
    yield f"|---|{'--:|' * 11}"
    groups = {month.name: [month] for month in months}
    uses = USES | {"later": LATER}
    groups |= {use: [item for item in months if item.name in names] for use, names in uses.items()}
    groups["**all**"] = list(months)
    for name, group in groups.items():
        if not group:
            continue
        sums = tally(group)
        counts = " | ".join(str(sums.found[verdict]) for verdict in (*VERDICTS, UNREAD))
        yield (
            f"| {name} | {sums.papers:,} | {sum(sums.found.values())} | {sums.median:g} "
            f"| {max(sums.weeks)} | {counts} | {sums.precision:.0%} "
            f"| {sums.recall:.0%} of {sums.labelled['in']} "
            f"| {sums.clear - len(sums.missed)} of {sums.clear} |"
        )


def phrase_rows(months: Sequence[Month], config: Config) -> Iterator[str]:
    """The table of phrases."""
    yield "| topic | phrase | matched | in | borderline | out | unread | in by it alone |"
    yield f"|---|---|{'--:|' * 6}"
    for (topic, phrase), gain in worth(months, config).items():
        counts = " | ".join(str(gain.matched[verdict]) for verdict in (*VERDICTS, UNREAD))
        yield f"| {topic} | {phrase} | {sum(gain.matched.values())} | {counts} | {gain.alone} |"


def score_rows(months: Sequence[Month]) -> Iterator[str]:
    """The table of scores: of the papers proposed with about that score, the share that belongs; borderline is half."""
    yield "| score | papers | mean score | in | borderline | out | belong |"
    yield f"|---|{'--:|' * 6}"
    judged = [
        (item.score, _verdict(str(item.paper.id), month.labels))
        for month in months
        for item in month.proposed
    ]
    for low, high in pairwise(BINS):
        scores = [score for score, _ in judged if low <= score < high]
        verdicts = [verdict for score, verdict in judged if low <= score < high]
        found = {verdict: verdicts.count(verdict) for verdict in VERDICTS}
        belong = found["in"] + found["borderline"] / 2
        counts = " | ".join(map(str, found.values()))
        mean = f"{statistics.mean(scores):.2f}" if scores else ""
        share = f"{_share(belong, sum(found.values())):.0%}" if scores else ""
        yield f"| {low:g} to {min(high, 1):g} | {len(scores)} | {mean} | {counts} | {share} |"


def by_words(config: Config) -> Callable[[Iterable[Paper]], Iterator[Candidate]]:
    """Scores papers by their phrases alone."""
    matcher = Matcher(block.topic() for block in config.topics)
    return lambda papers: (weigh(paper, matcher.match(paper)) for paper in papers)


class Learned:
    """Scores papers as a run that has learned from the list does."""

    def __init__(self, config: Config) -> None:
        self._topics = tuple(block.topic() for block in config.topics)
        document = Document.parse((ROOT / "README.md").read_bytes())
        part = papers_part(document, config.list.heading)
        self._listed = [
            item
            for item in ListIndex.build(document).listed
            if item.ids and part.start <= document.entries[item.entry].start < part.end
        ]

    def weigh(self, papers: Sequence[Paper]) -> Iterator[Candidate]:
        """The papers of a month, each scored among those of its week."""
        weeks: dict[int, list[Paper]] = {}
        for paper in papers:
            if paper.announced:
                weeks.setdefault(week(paper.announced), []).append(paper)
        for of_week in weeks.values():
            first = min(paper.announced for paper in of_week if paper.announced).replace(day=1)
            listed = tuple(
                Example(item.title, date=_month(item), line=item.line)
                for item in self._listed
                if _month(item) < first
            )
            yield from Scorer(self._topics, TrainingData(listed, (), tuple(of_week))).score(of_week)


def _month(listed: Listed) -> date:
    return date(listed.ids[0].year, listed.ids[0].month, 1)


def screened(
    corpus: Iterable[Paper],
    config: Config,
    weigh_all: Callable[[Sequence[Paper]], Iterable[Candidate]],
) -> list[Month]:
    """The labelled months of the corpus, screened."""
    labels = read_labels(LABELS)
    papers: dict[str, list[Paper]] = {name: [] for name in labels}
    for paper in corpus:
        if paper.announced and (name := f"{paper.announced:%Y-%m}") in papers:
            papers[name].append(paper)
    return [
        Month(
            name,
            labels[name],
            proposed(weigh_all(of_month), config),
            len(of_month),
        )
        for name, of_month in papers.items()
        if of_month
    ]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, nargs="+")
    parser.add_argument("--learned", action="store_true", help="with what the list teaches")
    args = parser.parse_args()
    config = load(ROOT / "config" / "keywords.toml")
    corpus = read_corpus(*args.corpus)
    weigh_all = Learned(config).weigh if args.learned else by_words(config)
    months = screened(corpus.values(), config, weigh_all)
    print(*month_rows(months), sep="\n")
    sums = tally(months)
    print(f"\nClear cases missed: {', '.join(sums.missed) or 'none'}\n")
    if args.learned:
        print(*score_rows(months), "", sep="\n")
    print(*phrase_rows(months, config), "", *agreement_rows(LABELS), sep="\n")
    return 0 if sums.median <= MOST_A_WEEK and not sums.missed else 1


if __name__ == "__main__":
    raise SystemExit(main())
