"""Learns the weights that the package ships, from what the curators of many lists added.

    python -m benchmarks.ranking_weights --lists FILE [FILE ...] --corpus FOLDER [FOLDER ...] [--write]

The lists are CSV files with `list`, `arxiv_id`, `date_added` and `title_in_list`. For every list and several cuts, the
ranker learns from the earlier entries, and a logistic regression learns from its signals which later papers were added.
All lists have about the same weight. Short lists are made by drawing 3 and 12 entries of a longer list.

Leaves out a fifth of the lists at a time, with all their cuts, and prints how well weights learned from the other lists
rank the whole stream after 2025-07-01. Then prints the weights learned from all lists. `--write` stores them in
bot/relevance/weights.json.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.corpus import read_corpus
from benchmarks.list_cases import read_rows
from benchmarks.ranking import FEW, OURS, Measures, baselines, entry, measure, print_measures
from bot.core.model import Paper
from bot.listing.paper_list import ListFiles, PaperList
from bot.relevance.calibration import USUAL_TEAM, logit
from bot.relevance.examples import Example
from bot.relevance.learner import learn
from bot.relevance.models import SIGNALS
from bot.relevance.scoring import own_words

PLACE = Path(__file__).resolve().parent.parent / "bot" / "relevance" / "weights.json"
MEASURED = date(2025, 7, 1)
SPANS = (
    (date(2025, 5, 10), date(2025, 6, 20)),
    (MEASURED, date(2025, 12, 31)),
    (date(2025, 9, 1), date(2025, 10, 15)),
)
SIZES = (3, 12)
FOLDS = 5
LEAST = 5  # positives and entries, for a list to be measured
SAMPLE = 2500  # papers of a span to learn from, beside the positives
PENALTY = 5.0
CUT_DOWN = 0.2  # the weight of a shortened list; a whole list has weight 1

Row = tuple[str, str, str]
Design = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Span:
    """A list at a cut: its signals for later papers, and which of these were added; `weights` undo the sampling.

    `task` is what benchmarks/ranking.py ranks: the entries, the pool and its positives.
    """

    name: str
    cut: date
    entries: int
    cut_down: bool
    design: Design
    added: NDArray[np.bool_]
    weights: NDArray[np.float64]
    task: Mapping[str, Any]


def read_additions(paths: Sequence[Path]) -> dict[str, list[Row]]:
    """The papers added to each list: id, title and day."""
    added: dict[str, dict[str, Row]] = {}
    for path in paths:
        with path.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                found = (row["arxiv_id"], row["title_in_list"], row["date_added"])
                added.setdefault(row["list"], {})[row["arxiv_id"]] = found
    return {name: list(rows.values()) for name, rows in sorted(added.items())}


@dataclass(frozen=True, slots=True)
class History:
    """What lists said of themselves over time: for each list, its file before and after commits, by their days."""

    versions: Mapping[str, Sequence[tuple[str, str]]]

    @classmethod
    def read(cls, folders: Iterable[Path]) -> History:
        """Reads the commits of all lists in the folders; the version before the first commit has no day."""
        versions: dict[str, list[tuple[str, str]]] = {}
        for row in (row for folder in sorted(set(folders)) for row in read_rows(folder)):
            known = versions.setdefault(row["list"], [("", row["before"])])
            known.append((row["date"], row["after"]))
        return cls({name: sorted(known) for name, known in versions.items()})

    def own_words(self, name: str, cut: date, ids: Iterable[str]) -> tuple[Example, ...]:
        """What the list said of itself before the cut, with the headings above the entries with these ids."""
        before = [text for day, text in self.versions.get(name, ()) if day < cut.isoformat()]
        if not before:
            return ()
        papers = PaperList.parse(before[-1].encode("utf-8", "surrogateescape"))
        kept = frozenset(ids)
        listed = tuple(item for item in papers.listed if kept.intersection(map(str, item.ids)))
        return own_words(ListFiles.of({"": replace(papers, listed=listed)}))


def spans(
    added: Mapping[str, Sequence[Row]], corpus: Mapping[str, Paper], history: History
) -> Iterator[Span]:
    """Every list at every cut after which it got a paper of the corpus."""
    for name, rows in added.items():
        for cut, until in SPANS:
            train = sorted(row for row in rows if row[2] < cut.isoformat())
            last = min(until, date.fromisoformat(max(row[2] for row in rows)))
            known = {id_ for id_, _, _ in train}
            pool = [
                paper
                for id_, paper in sorted(corpus.items())
                if paper.announced and cut <= paper.announced <= last and id_ not in known
            ]
            belong = {id_ for id_, _, _ in rows}
            added_later = np.array([str(paper.id) in belong for paper in pool], bool)
            if len(train) < 2 or added_later.sum() < (1 if cut == MEASURED else 3):
                continue
            words = history.own_words(name, cut, known)
            yield _span(name, cut, train, pool, added_later, corpus, words)
            for size in SIZES if cut == MEASURED else ():
                if size < len(train):
                    drawn = random.Random(name).sample(train, size)
                    words = history.own_words(name, cut, [id_ for id_, _, _ in drawn])
                    span = _span(name, cut, drawn, pool, added_later, corpus, words, cut_down=True)
                    yield span


def _span(
    name: str,
    cut: date,
    train: Sequence[Row],
    pool: Sequence[Paper],
    added: NDArray[np.bool_],
    corpus: Mapping[str, Paper],
    words: Sequence[Example],
    *,
    cut_down: bool = False,
) -> Span:
    weights = np.ones(len(pool))
    if cut != MEASURED or cut_down or added.sum() < LEAST:  # otherwise the whole stream is measured
        chance = np.array([zlib.crc32(str(paper.id).encode()) / 2**32 for paper in pool])
        share = min(1.0, SAMPLE / len(pool))
        kept = added | (chance < share)
        weights = np.where(added, 1.0, 1 / share)[kept]
        pool = [paper for paper, keep in zip(pool, kept, strict=True) if keep]
        added = added[kept]
    positives = [entry(id_, title, corpus, cut) for id_, title, _ in train]
    before = [paper for paper in corpus.values() if paper.announced and paper.announced < cut]
    background = [Example.of(paper) for paper in before[:: max(1, len(before) // 4500)]]
    learned = learn([*positives, *words], (), background)
    signals = [
        learned.signals([Example.of(paper) for paper in pool[start : start + 2000]])
        for start in range(0, len(pool), 2000)
    ]
    authors = np.array([len(paper.authors) or USUAL_TEAM for paper in pool])
    design = np.column_stack([np.ones(len(pool)), *np.vstack(signals).T, np.log1p(authors)])
    task = {
        "list": name,
        "cut": cut.isoformat(),
        "until": max(paper.announced for paper in pool if paper.announced).isoformat(),
        "train": train,
        "pool": [str(paper.id) for paper in pool],
        "positives": [
            str(paper.id) for paper, is_added in zip(pool, added, strict=True) if is_added
        ],
    }
    return Span(name, cut, len(train), cut_down, design, added, weights, task)


def fit(learned_from: Sequence[Span], penalty: float = PENALTY) -> Design:
    """The weights of the intercept, the signals and the team, by penalised logistic regression.

    They are what the signals add to the log odds of the share that the list's curators added, which differs by list.
    """
    design = np.vstack([span.design for span in learned_from])
    shares = [logit(span.added.sum() / span.weights.sum()) for span in learned_from]
    base = np.repeat(shares, [len(span.added) for span in learned_from])
    sign = np.concatenate([np.where(span.added, 1.0, -1.0) for span in learned_from])
    weights = np.concatenate(
        [
            span.weights * (CUT_DOWN if span.cut_down else 1) / np.sqrt(span.added.sum())
            for span in learned_from
        ]
    )
    scale = np.concatenate([[1.0], design[:, 1:].std(axis=0)])
    scaled = design / scale

    def cost(beta: Design) -> tuple[float, Design]:
        margin = sign * (base + scaled @ beta)
        slope = -sign * weights / (1 + np.exp(np.clip(margin, -50, 50)))
        value = weights @ np.logaddexp(0.0, -margin) + penalty / 2 * beta[1:] @ beta[1:]
        return float(value), scaled.T @ slope + penalty * np.concatenate([[0.0], beta[1:]])

    bounds = [(None, None), *[(0.0, None)] * (len(SIGNALS) + 1)]
    start = np.zeros(design.shape[1])
    return np.asarray(minimize(cost, start, jac=True, bounds=bounds, method="L-BFGS-B").x / scale)


def measured(span: Span) -> bool:
    """Whether the list is measured: the whole stream after the day is in the span."""
    return not span.cut_down and span.cut == MEASURED and span.added.sum() >= LEAST <= span.entries


def ranked(span: Span, beta: Design) -> list[str]:
    """The ids of the pool, best first."""
    order = np.argsort(-(span.design @ beta), kind="stable")
    return [span.task["pool"][place] for place in order]


def held_out(found: Sequence[Span]) -> Iterator[tuple[Span, Design]]:
    """Each list's spans with weights that were learned from other lists."""
    names = sorted({span.name for span in found})
    random.Random(1).shuffle(names)
    for fold in range(FOLDS):
        left_out = set(names[fold::FOLDS])
        beta = fit([span for span in found if span.name not in left_out])
        yield from ((span, beta) for span in found if span.name in left_out)


def compare(found: Sequence[tuple[Span, Design]], corpus: Mapping[str, Paper]) -> None:
    """Prints how well the ranker and the baselines rank each list's stream, and means over groups of lists."""
    results: dict[str, list[Measures]] = {}
    found = sorted(found, key=lambda pair: pair[0].name)
    for span, beta in found:
        orders = {OURS: ranked(span, beta)} | baselines(span.task, corpus)
        for name, order in orders.items():
            results.setdefault(name, []).append(measure(order, span.task))
        line = "  ".join(f"{value:.4g}" for value in results[OURS][-1])
        print(f"{span.name}: {span.entries} entries, {span.added.sum()} added: {line}", flush=True)
    numbers = range(len(found))
    few = [number for number in numbers if found[number][0].entries < FEW]
    groups = {"all lists": numbers, "one half": numbers[::2], "other half": numbers[1::2]}
    print_measures(results, groups | {f"lists with fewer than {FEW} entries": few})


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lists", type=Path, nargs="+", required=True)
    parser.add_argument("--corpus", type=Path, nargs="+", required=True)
    parser.add_argument("--write", action="store_true", help="store the weights in the package")
    args = parser.parse_args()
    history = History.read(path.parent for path in args.lists)
    corpus = read_corpus(*args.corpus)
    found = list(spans(read_additions(args.lists), corpus, history))
    compare([(span, beta) for span, beta in held_out(found) if measured(span)], corpus)
    beta = fit(found)
    weights = {
        "intercept": round(beta[0], 3),
        "surprises": dict(zip(SIGNALS, (round(value, 3) for value in beta[1:-1]), strict=True)),
        "team": round(beta[-1], 3),
    }
    text = json.dumps(weights, indent=2, sort_keys=True) + "\n"
    print(text)
    if args.write:
        PLACE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
