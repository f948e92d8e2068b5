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
import statistics
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.corpus import read_corpus
from benchmarks.ranking import READ, entry
from bot.core.model import Paper
from bot.relevance.calibration import USUAL_TEAM, logit
from bot.relevance.examples import Example
from bot.relevance.learner import learn
from bot.relevance.models import SIGNALS

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
    """A list at a cut: its signals for later papers, and which of these were added; `weights` undo the sampling."""

    name: str
    cut: date
    entries: int
    cut_down: bool
    base: float
    design: Design
    added: NDArray[np.bool_]
    weights: NDArray[np.float64]


def read_additions(paths: Sequence[Path]) -> dict[str, list[Row]]:
    """The papers added to each list: id, title and day."""
    added: dict[str, dict[str, Row]] = {}
    for path in paths:
        with path.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                found = (row["arxiv_id"], row["title_in_list"], row["date_added"])
                added.setdefault(row["list"], {})[row["arxiv_id"]] = found
    return {name: list(rows.values()) for name, rows in sorted(added.items())}


def spans(added: Mapping[str, Sequence[Row]], corpus: Mapping[str, Paper]) -> Iterator[Span]:
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
            yield _span(name, cut, train, pool, added_later, corpus)
            for size in SIZES if cut == MEASURED else ():
                if size < len(train):
                    drawn = random.Random(name).sample(train, size)
                    yield _span(name, cut, drawn, pool, added_later, corpus, cut_down=True)


def _span(
    name: str,
    cut: date,
    train: Sequence[Row],
    pool: Sequence[Paper],
    added: NDArray[np.bool_],
    corpus: Mapping[str, Paper],
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
    learned = learn(positives, (), background)
    signals = [
        learned.signals([Example.of(paper) for paper in pool[start : start + 2000]])
        for start in range(0, len(pool), 2000)
    ]
    authors = np.array([len(paper.authors) or USUAL_TEAM for paper in pool])
    size = np.full(len(pool), np.log1p(len(positives)))
    design = np.column_stack([np.ones(len(pool)), *np.vstack(signals).T, np.log1p(authors), size])
    return Span(name, cut, len(train), cut_down, logit(learned.rate), design, added, weights)


def fit(learned_from: Sequence[Span], penalty: float = PENALTY) -> Design:
    """The weights of the intercept, the signals, the team and the size, by penalised logistic regression."""
    design = np.vstack([span.design for span in learned_from])
    base = np.concatenate([np.full(len(span.added), span.base) for span in learned_from])
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

    bounds = [(None, None), *[(0.0, None)] * (len(SIGNALS) + 1), (None, None)]
    start = np.zeros(design.shape[1])
    return np.asarray(minimize(cost, start, jac=True, bounds=bounds, method="L-BFGS-B").x / scale)


def measured(span: Span) -> bool:
    """Whether the list is measured: the whole stream after the day is in the span."""
    return not span.cut_down and span.cut == MEASURED and span.added.sum() >= LEAST <= span.entries


def measure(span: Span, beta: Design) -> tuple[float, float, float]:
    """Recall when reading 5 and 10 papers for each positive, and the loss."""
    places = np.flatnonzero(span.added[np.argsort(-(span.design @ beta), kind="stable")])
    recalls = [float((places < read * len(places)).mean()) for read in READ]
    return recalls[0], recalls[1], float(places.mean() / (len(span.added) - 1))


def held_out(found: Sequence[Span]) -> Iterator[tuple[Span, Design]]:
    """Each list's spans with weights that were learned from other lists."""
    names = sorted({span.name for span in found})
    random.Random(1).shuffle(names)
    for fold in range(FOLDS):
        left_out = set(names[fold::FOLDS])
        beta = fit([span for span in found if span.name not in left_out])
        yield from ((span, beta) for span in found if span.name in left_out)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lists", type=Path, nargs="+", required=True)
    parser.add_argument("--corpus", type=Path, nargs="+", required=True)
    parser.add_argument("--write", action="store_true", help="store the weights in the package")
    args = parser.parse_args()
    found = list(spans(read_additions(args.lists), read_corpus(*args.corpus)))
    results = []
    for span, beta in held_out(found):
        if measured(span):
            results.append(measure(span, beta))
            line = "  ".join(f"{value:.3f}" for value in results[-1])
            print(f"{span.name}: {span.entries} entries, {span.added.sum()} added: {line}")
    means = [statistics.fmean(column) for column in zip(*results, strict=True)]
    print(
        f"lists left out ({len(results)}): recall@5x {means[0]:.3f}, recall@10x {means[1]:.3f}, loss {means[2]:.4f}"
    )
    beta = fit(found)
    weights = {
        "intercept": round(beta[0], 3),
        "size": round(beta[-1], 3),
        "surprises": dict(zip(SIGNALS, (round(value, 3) for value in beta[1:-2]), strict=True)),
        "team": round(beta[-2], 3),
    }
    text = json.dumps(weights, indent=2, sort_keys=True) + "\n"
    print(text)
    if args.write:
        PLACE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
