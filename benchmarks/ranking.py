"""Ranks the pools of a ranking task: what would curators add, judged by what they added before.

    python benchmarks/ranking.py --task FILE --corpus FOLDER --output FILE

The task has a JSON object a line: `list`, `cut` (a day), `train` ([id, title, day added], the list's entries before the
cut), `pool` (ids to rank). The corpus folder has `*.jsonl.gz` of papers with `id`, `announced`, `title`, `authors`,
`abstract`, `categories`. The output has an object a line: `list`, `ranked` (ids, best first) and `scores` (of each).
What is learned from is what a run on the cut's day has: the entries (with what the corpus knew of them by then) and the
papers announced before. Prints the CPU time that fitting took, and scoring of 1,000 papers;
and, where the task has `positives`, of the papers scored alike how many the curators listed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bot.core.arxiv_id import ArxivId
from bot.core.model import Paper
from bot.relevance.ranker import Example, Ranker

BINS = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.001)


def read_corpus(folder: Path) -> dict[str, Paper]:
    """The corpus's papers by id."""
    papers = {}
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                papers[row["id"]] = Paper(
                    id=ArxivId.parse(row["id"]),
                    title=row["title"],
                    abstract=row["abstract"],
                    authors=tuple(row["authors"]),
                    categories=tuple(row["categories"]),
                    announced=date.fromisoformat(row["announced"]),
                    comment=row.get("comments") or "",
                )
    return papers


def read_tasks(path: Path) -> Iterator[dict[str, Any]]:
    """The task's lists."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def fit(train: Iterable[tuple[str, str, str]], cut: date, corpus: Mapping[str, Paper]) -> Ranker:
    """Learns from a list's entries and from the papers announced before the cut."""
    positives = [entry(id_, title, corpus, cut) for id_, title, _ in train]
    background = [
        Example(one.title, one.abstract, one.authors, one.announced)
        for one in corpus.values()
        if one.announced and one.announced < cut
    ]
    return Ranker.fit(positives, (), background)


def entry(id_: str, title: str, corpus: Mapping[str, Paper], cut: date) -> Example:
    """A listed paper: all that is known of it if it was announced before the cut, else its title and its id's month."""
    paper = corpus.get(id_)
    if paper and paper.announced and paper.announced < cut:
        return Example(paper.title, paper.abstract, paper.authors, paper.announced)
    arxiv_id = ArxivId.parse(id_)
    return Example(title, date=date(arxiv_id.year, arxiv_id.month, 1))


def rank(
    ranker: Ranker, pool: Sequence[str], corpus: Mapping[str, Paper]
) -> list[tuple[float, str]]:
    """The pool's scores and ids, best first."""
    scores = ranker.score([corpus[id_] for id_ in pool])
    scored = [(score.value, id_) for score, id_ in zip(scores, pool, strict=True)]
    return sorted(scored, key=lambda one: (-one[0], one[1]))


def print_reliability(judged: Sequence[tuple[float, bool]]) -> None:
    """Prints, for papers scored alike, their mean score and the share of them that was listed."""
    print("score        papers  mean score  listed")
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
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    args = parser.parse_args()
    corpus = read_corpus(args.corpus)
    judged: list[tuple[float, bool]] = []
    with args.output.open("w", encoding="utf-8") as output:
        for task in read_tasks(args.task):
            start = time.process_time()
            ranker = fit(task["train"], date.fromisoformat(task["cut"]), corpus)
            fitted = time.process_time()
            ranked = rank(ranker, task["pool"], corpus)
            pace = (time.process_time() - fitted) / len(ranked) * 1000
            print(
                f"{task['list']}: {len(task['train'])} entries, fitted in {fitted - start:.1f} CPU s, "
                f"1,000 papers scored in {pace:.2f} CPU s"
            )
            row = {
                "list": task["list"],
                "ranked": [id_ for _, id_ in ranked],
                "scores": [round(score, 6) for score, _ in ranked],
            }
            print(json.dumps(row), file=output)
            if "positives" in task:
                listed = set(task["positives"])
                judged += [(score, id_ in listed) for score, id_ in ranked]
    if judged:
        print_reliability(judged)


if __name__ == "__main__":
    main()
