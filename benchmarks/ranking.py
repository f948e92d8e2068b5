"""Ranks the pools of a ranking task: what would curators add, judged by what they added before.

    python benchmarks/ranking.py --task FILE --corpus FOLDER --output FILE

The task has a JSON object a line: `list`, `cut` (a day), `train` ([id, title, day added], the list's entries before the
cut), `pool` (ids to rank). The corpus folder has `*.jsonl.gz` of papers with `id`, `announced`, `title`, `authors`,
`abstract`, `categories`. The output has an object a line: `list`, `ranked` (ids, best first) and `scores` (of each).
What is learned from is what a run on the cut's day has: the entries (with what the corpus knew of them by then) and the
papers announced before. Prints the time that fitting took, and scoring of 1,000 papers.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bot.arxiv_id import ArxivId
from bot.model import Paper
from bot.ranker import Example, Ranker


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


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--task", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    args = parser.parse_args()
    corpus = read_corpus(args.corpus)
    with args.output.open("w", encoding="utf-8") as output:
        for task in read_tasks(args.task):
            start = time.perf_counter()
            ranker = fit(task["train"], date.fromisoformat(task["cut"]), corpus)
            fitted = time.perf_counter()
            pool = [corpus[id_] for id_ in task["pool"]]
            scores = [one.value for one in ranker.score(pool)]
            done = time.perf_counter()
            ranked = sorted(
                zip(scores, task["pool"], strict=True), key=lambda one: (-one[0], one[1])
            )
            row = {
                "list": task["list"],
                "ranked": [id_ for _, id_ in ranked],
                "scores": [round(score, 6) for score, _ in ranked],
            }
            print(json.dumps(row), file=output)
            print(
                f"{task['list']}: {len(task['train'])} entries, fitted in {fitted - start:.1f} s, "
                f"1,000 papers scored in {(done - fitted) / len(pool) * 1000:.2f} s"
            )


if __name__ == "__main__":
    main()
