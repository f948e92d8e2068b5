"""Compares a list's self-test with how many later entries the bot writes as the curator did.

    python -m benchmarks.list_forecast FOLDER... --corpus FOLDER...

A list's self-test (bot/listing/self_test.py) writes its newest 20 entries again, and gives the share that needs no
edit. The benchmark splits a list's cases with metadata in the middle. It runs the self-test on the list before the
middle case, and counts the later cases in which the bot wrote what the curator wrote (benchmarks/list_fidelity.py). No
paper counts on both sides.

FOLDER has commits (benchmarks/list_cases.py), the corpus `*.jsonl.gz` of papers' metadata. Lists with fewer than five
cases on either side are left out. The exit code is 1 if the two shares differ by more than 10 points on average.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.list_cases import Case, half, read_case, read_rows, to_paper
from benchmarks.list_fidelity import Tally, judge_row
from bot.core.arxiv_id import ArxivId
from bot.core.model import Paper
from bot.listing.self_test import newest_ids, run_self_test

BAR = 0.1
_ID = re.compile(r'"id": ?"([^"]+)"')
NEWEST_KNOWN = 200  # ids of a list that are looked up in the corpus
LEAST = 5  # cases, and entries of a self-test


def read_papers(folders: Iterable[Path], wanted: Collection[str]) -> dict[ArxivId, Paper]:
    """The wanted papers of a corpus, by id."""
    found = {}
    for path in (path for folder in folders for path in sorted(folder.glob("*.jsonl.gz"))):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                if (match := _ID.search(line)) and match[1] in wanted:
                    paper_id = ArxivId.parse(match[1])
                    found[paper_id] = to_paper(json.loads(line), paper_id, "")
    return found


def measured(rows: Sequence[Mapping[str, Any]]) -> float:
    """The share of commits whose entry the bot writes as the curator did."""
    tally = Tally()
    for row in rows:
        judge_row(row, tally)
    return tally.share("curator") or 0.0


def main() -> int:
    """Prints each list's forecast beside the measured share; returns 1 if the mean difference is above the bar."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--corpus", type=Path, nargs="+", required=True, metavar="FOLDER")
    args = parser.parse_args()
    lists = [found for folder in args.folders for found in rows_of_lists(folder)]
    middles = [read_case(rows[len(rows) // 2]) for rows in lists]
    wanted = {
        str(paper_id)
        for case in middles
        if isinstance(case, Case)
        for paper_id in newest_ids(case.before.listing, NEWEST_KNOWN)
    }
    papers = read_papers(args.corpus, wanted)
    worst = 0.0
    for number, caption in enumerate(("decided on", "only reported")):
        differences = [
            difference
            for rows, middle in zip(lists, middles, strict=True)
            if isinstance(middle, Case)
            and half(middle.name) == number
            and (difference := print_list(middle, rows[len(rows) // 2 :], papers)) is not None
        ]
        if differences:
            worst = sum(differences) / len(differences)
            print(f"lists that were {caption}: the forecast is {worst:.0%} off on average")
    return 1 if worst > BAR else 0


def rows_of_lists(folder: Path) -> Iterator[list[Mapping[str, Any]]]:
    """The commits of each list that has enough of them, those with metadata."""
    for _, rows in groupby(read_rows(folder), key=lambda row: str(row["list"])):
        described = [row for row in rows if (row.get("paper") or {}).get("abstract")]
        if len(described) >= 2 * LEAST:
            yield described


def print_list(
    middle: Case, later: Sequence[Mapping[str, Any]], papers: Mapping[ArxivId, Paper]
) -> float | None:
    """Prints a list's forecast and the share measured after it; returns the difference, None without a forecast."""
    result = run_self_test(middle.before.listing, papers)
    if result.share is None or len(result.trials) < LEAST:
        return None
    share = measured(later)
    print(
        f"{middle.name[-42:]:42} forecast {result.share:4.0%} of {len(result.trials):2}, "
        f"{result.exact:2} byte for byte; measured {share:4.0%} of {len(later)}",
        flush=True,
    )
    return abs(result.share - share)


if __name__ == "__main__":
    sys.exit(main())
