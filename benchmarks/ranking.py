"""Ranks the pools of a ranking task: which papers would curators add, given what they added before?

    python -m benchmarks.ranking --task FILE --corpus FOLDER [FOLDER ...] --output FILE

The task has a JSON object per line: `list`, `cut` (a day), `train` ([id, title, day added] of the list's entries before
the cut), and `pool` (ids to rank). The corpus folders have `*.jsonl.gz` of papers with `id`, `announced`, `title`,
`authors`, `abstract` and `categories`. The output has an object per line: `list`, `ranked` (ids, best first) and
`scores` (one for each). The ranker learns from what a run on the day of the cut has: the entries, with what the corpus
knew of them by then, and the papers announced before. Prints the CPU time of fitting, and of scoring 1,000 papers.

If the task has `positives` (and `until`, the day of the last one), prints how well the ranker finds them, beside plain
baselines that learn from the same papers: a linear SVM, the centroid of the entries, the nearest entry, and the mean
log rank of the three (`--no-baselines` omits them). Then prints, for papers with similar scores, how many the curators
listed. benchmarks/README.md says which lists were used to choose the ranker's weights.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from benchmarks.corpus import read_corpus
from bot.core.arxiv_id import ArxivId
from bot.core.model import Paper
from bot.relevance.examples import Example
from bot.relevance.ranker import Ranker

BINS = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.001)
OURS = "this ranker"
BASELINES = ("SVM", "centroid", "nearest", "ensemble of the three")
READ = (5, 10)
FEW = 30  # entries
_BACKGROUND = 5000

Measures = tuple[float, ...]
"""Recall when reading 5 and 10 papers for each positive, the loss, and papers to read a week for 80 % recall."""


def read_tasks(path: Path) -> Iterator[dict[str, Any]]:
    """The task's lists."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def examples(
    train: Iterable[tuple[str, str, str]], cut: date, corpus: Mapping[str, Paper]
) -> tuple[list[Example], list[Example]]:
    """The training data of a run on the day of the cut: the list's entries, and the papers announced before."""
    positives = [entry(id_, title, corpus, cut) for id_, title, _ in train]
    background = [
        Example.of(paper) for paper in corpus.values() if paper.announced and paper.announced < cut
    ]
    return positives, background


def fit(train: Iterable[tuple[str, str, str]], cut: date, corpus: Mapping[str, Paper]) -> Ranker:
    """Learns from a list's entries and from the papers announced before the cut."""
    positives, background = examples(train, cut, corpus)
    return Ranker.fit(positives, (), background)


def entry(id_: str, title: str, corpus: Mapping[str, Paper], cut: date) -> Example:
    """A listed paper with all its data if it was announced before the cut, else with its title and its id's month."""
    paper = corpus.get(id_)
    if paper and paper.announced and paper.announced < cut:
        return Example.of(paper)
    arxiv_id = ArxivId.parse(id_)
    return Example(title, date=date(arxiv_id.year, arxiv_id.month, 1))


def rank(
    ranker: Ranker, pool: Sequence[str], corpus: Mapping[str, Paper]
) -> list[tuple[float, str]]:
    """The pool's scores and ids, best first."""
    scores = ranker.score([corpus[id_] for id_ in pool])
    scored = [(score.value, id_) for score, id_ in zip(scores, pool, strict=True)]
    return sorted(scored, key=lambda pair: (-pair[0], pair[1]))


def baselines(task: Mapping[str, Any], corpus: Mapping[str, Paper]) -> dict[str, list[str]]:
    """The pool in the order of each baseline, the best first."""
    positives, background = examples(task["train"], date.fromisoformat(task["cut"]), corpus)
    listed = {id_ for id_, _, _ in task["train"]}
    titles = {corpus[id_].title for id_ in listed if id_ in corpus}
    rest = [paper for paper in background if paper.title not in titles]
    step = max(1, -(-len(rest) // _BACKGROUND))
    rest = rest[::step]
    tfidf = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2, max_df=0.5)
    known = tfidf.fit_transform(map(_text, (*positives, *rest)))
    pool = tfidf.transform(_text(Example.of(corpus[id_])) for id_ in task["pool"])
    entries = known[: len(positives)]
    sides = np.repeat([1, 0], [len(positives), len(rest)])
    svm = LinearSVC(class_weight="balanced", random_state=0).fit(known, sides)
    scores = [
        np.asarray(pool @ svm.coef_[0]),
        np.asarray(pool @ np.asarray(entries.mean(axis=0)).ravel()),
        np.asarray((pool @ entries.T).max(axis=1).todense()).ravel(),
    ]
    scores.append(-np.sum([np.log1p(_places(column)) for column in scores], axis=0))
    return {
        name: [task["pool"][place] for place in np.argsort(-column, kind="stable")]
        for name, column in zip(BASELINES, scores, strict=True)
    }


def _places(scores: NDArray[np.float64]) -> NDArray[np.intp]:
    places = np.empty(len(scores), np.intp)
    places[np.argsort(-scores, kind="stable")] = np.arange(len(scores))
    return places


def _text(example: Example) -> str:
    return f"{example.title} {example.title} {example.abstract}"


def measure(order: Sequence[str], task: Mapping[str, Any]) -> Measures:
    """Measures how well an order of the pool finds the task's positives."""
    positives = set(task["positives"])
    places = [place for place, id_ in enumerate(order) if id_ in positives]
    recalls = [sum(place < read * len(places) for place in places) / len(places) for read in READ]
    depth = places[max(0, -(-8 * len(places) // 10) - 1)] + 1
    days = (date.fromisoformat(task["until"]) - date.fromisoformat(task["cut"])).days
    return (
        *recalls,
        statistics.fmean(places) / max(1, len(order) - 1),
        depth / max(1.0, days / 7),
    )


def print_measures(
    found: Mapping[str, Sequence[Measures]], groups: Mapping[str, Sequence[int]]
) -> None:
    """Prints means over groups of lists; a group has the numbers of its lists."""
    for label, chosen in groups.items():
        if not chosen:
            continue
        print(f"\n{label} ({len(chosen)})  recall@5x  recall@10x  loss    read a week")
        for name, measures in found.items():
            means = [
                statistics.fmean(column)
                for column in zip(*(measures[n] for n in chosen), strict=True)
            ]
            print(
                f"{name:28s} {means[0]:.3f}      {means[1]:.3f}       {means[2]:.4f}  {means[3]:.0f}"
            )


def print_reliability(judged: Sequence[tuple[float, bool]]) -> None:
    """Prints, for papers with a similar score, their mean score and the share of them that was listed."""
    print("\nscore        papers  mean score  listed")
    for low, high in pairwise(BINS):
        among = [(score, listed) for score, listed in judged if low <= score < high]
        if among:
            mean = sum(score for score, _ in among) / len(among)
            share = sum(listed for _, listed in among) / len(among)
            print(f"{low:.3f}-{high:.3f} {len(among):7d}      {mean:.4f}  {share:.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--task", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, required=True, nargs="+")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--no-baselines", action="store_true", help="measure the ranker alone")
    args = parser.parse_args()
    corpus = read_corpus(*args.corpus)
    judged: list[tuple[float, bool]] = []
    found: dict[str, list[Measures]] = {}
    entries = []
    with args.output.open("w", encoding="utf-8") as output:
        for task in read_tasks(args.task):
            ranked = _timed(task, corpus)
            row = {
                "list": task["list"],
                "ranked": [id_ for _, id_ in ranked],
                "scores": [round(score, 6) for score, _ in ranked],
            }
            print(json.dumps(row), file=output)
            if "positives" not in task:
                continue
            listed = set(task["positives"])
            judged += [(score, id_ in listed) for score, id_ in ranked]
            orders = {OURS: row["ranked"]}
            if not args.no_baselines:
                orders |= baselines(task, corpus)
            entries.append(len(task["train"]))
            for name, order in orders.items():
                found.setdefault(name, []).append(measure(order, task))
    if judged:
        few = [number for number, size in enumerate(entries) if size < FEW]
        groups = {"all lists": range(len(entries)), f"lists with fewer than {FEW} entries": few}
        print_measures(found, groups)
        print_reliability(judged)


def _timed(task: Mapping[str, Any], corpus: Mapping[str, Paper]) -> list[tuple[float, str]]:
    """The pool's scores and ids, best first; prints the CPU time."""
    start = time.process_time()
    ranker = fit(task["train"], date.fromisoformat(task["cut"]), corpus)
    fitted = time.process_time()
    ranked = rank(ranker, task["pool"], corpus)
    pace = (time.process_time() - fitted) / len(ranked) * 1000
    print(
        f"{task['list']}: {len(task['train'])} entries, fitted in {fitted - start:.1f} CPU s, "
        f"1,000 papers scored in {pace:.2f} CPU s",
        flush=True,
    )
    return ranked


if __name__ == "__main__":
    main()
