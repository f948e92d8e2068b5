"""Measures how many later additions the ranker finds, by the number of entries that it learned from.

    python -m benchmarks.ranking_curve --task FILE --corpus FOLDER

Takes the task of benchmarks/ranking.py, with `positives`. Each list is cut down to some of its entries, which are drawn
the same way in every run; a shorter list is used whole. Prints means over the lists: the share of the positives found
when reading 5 and 10 papers for each, and the mean share of the pool that ranks above a positive.
"""

from __future__ import annotations

import argparse
import random
import statistics
from datetime import date
from pathlib import Path

from benchmarks.corpus import read_corpus
from benchmarks.ranking import fit, rank, read_tasks

SIZES = (2, 5, 10, 20, 50, 100, 200, 500)
READ = (5, 10)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--task", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, required=True)
    args = parser.parse_args()
    corpus = read_corpus(args.corpus)
    found: dict[int, list[tuple[float, ...]]] = {size: [] for size in SIZES}
    for task in read_tasks(args.task):
        entries = random.Random(task["list"]).sample(task["train"], len(task["train"]))
        results: dict[int, tuple[float, ...]] = {}
        for size in SIZES:
            taken = min(size, len(entries))
            if taken not in results:
                ranker = fit(entries[:taken], date.fromisoformat(task["cut"]), corpus)
                order = [id_ for _, id_ in rank(ranker, task["pool"], corpus)]
                results[taken] = measure(order, set(task["positives"]))
            found[size].append(results[taken])
    print("entries  recall@5x  recall@10x  loss")
    for size, measured in found.items():
        means = [statistics.fmean(column) for column in zip(*measured, strict=True)]
        print(f"{size:7d}      {means[0]:.3f}       {means[1]:.3f}  {means[2]:.4f}")


def measure(order: list[str], positives: set[str]) -> tuple[float, ...]:
    """Recall at each budget, and the loss."""
    places = [place for place, id_ in enumerate(order) if id_ in positives]
    recalls = [sum(place < read * len(places) for place in places) / len(places) for read in READ]
    return (*recalls, sum(places) / len(places) / (len(order) - 1))


if __name__ == "__main__":
    main()
