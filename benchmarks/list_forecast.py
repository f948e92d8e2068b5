"""Compares a list's self-test with how many later entries the bot writes as the curator did.

    python -m benchmarks.list_forecast FOLDER... --corpus FOLDER...

A list's self-test (bot/listing/self_test.py) writes its newest 20 entries again, counts those that need no edit, and
forecasts the share of new entries that will need none. Here the forecast, from the list as it was before the middle one
of its cases with metadata, stands beside the share of the cases from there on that the bot wrote as the curator did
(benchmarks/list_fidelity.py). No paper counts for both. FOLDER holds commits (benchmarks/list_cases.py), the corpus
`*.jsonl.gz` of papers' metadata. Lists with fewer than five cases on either side are left out.
Also prints how far off the counted share itself is, and a forecast would be that is right about the list and wrong
about these cases only by chance. Exit 1 when the forecast is more than 10 points off on average.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import comb
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks.list_cases import Case, half, read_case, read_rows, to_paper
from benchmarks.list_fidelity import Tally, judge_row
from bot.core.arxiv_id import ArxivId
from bot.core.model import Paper
from bot.listing.self_test import SelfTest, newest_ids, run_self_test

BAR = 0.1
_ID = re.compile(r'"id": ?"([^"]+)"')
NEWEST_KNOWN = 200  # ids of a list that are looked up in the corpus
LEAST = 5  # cases, and entries of a self-test
WEIGHTS = (0, 2, 5, 10, 20)


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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a list's self-test said, and the share of its later cases that the bot wrote as the curator did."""

    test: SelfTest
    measured: float
    cases: int

    @property
    def counted(self) -> float:
        """The share of the entries of the self-test that need no edit."""
        return self.test.right / len(self.test.trials)

    @property
    def by_chance(self) -> float:
        """How far off the forecast is on average if each later case needs no edit with this very probability."""
        chance, cases = self.test.forecast, self.cases
        ways = (comb(cases, n) * chance**n * (1 - chance) ** (cases - n) for n in range(cases + 1))
        return sum(way * abs(n / cases - chance) for n, way in enumerate(ways))


def main() -> int:
    """Prints each list's forecast beside the measured share; returns 1 if the mean difference is above the bar."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--corpus", type=Path, nargs="+", required=True, metavar="FOLDER")
    parser.add_argument("--half", type=int, choices=(0, 1), help="only the lists of this half")
    args = parser.parse_args()
    lists = [found for folder in args.folders for found in rows_of_lists(folder)]
    lists = [rows for rows in lists if args.half in (None, half(str(rows[0]["list"])))]
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
        outcomes = [
            outcome
            for rows, middle in zip(lists, middles, strict=True)
            if isinstance(middle, Case)
            and half(middle.name) == number
            and (outcome := print_list(middle, rows[len(rows) // 2 :], papers)) is not None
        ]
        if outcomes:
            worst = fmean(abs(outcome.test.forecast - outcome.measured) for outcome in outcomes)
            print_summary(caption, outcomes)
    return 1 if worst > BAR else 0


def print_summary(caption: str, outcomes: Sequence[Outcome]) -> None:
    """Prints how far off the counts, the forecasts and forecasts with other weights are on average."""
    shares = [outcome.measured for outcome in outcomes]
    counted = fmean(abs(outcome.counted - outcome.measured) for outcome in outcomes)
    forecast = fmean(abs(outcome.test.forecast - outcome.measured) for outcome in outcomes)
    chance = fmean(outcome.by_chance for outcome in outcomes)
    print(
        f"lists that were {caption}: the forecast is {forecast:.1%} off on average, the count {counted:.1%}, "
        f"by chance alone {chance:.1%}; {fmean(shares):.1%} needed no edit"
    )
    for weight in WEIGHTS:
        off = []
        for outcome, share in zip(outcomes, shares, strict=True):
            usual = (sum(shares) - share) / (len(shares) - 1)
            right, tried = outcome.test.right, len(outcome.test.trials)
            off.append(abs((right + usual * weight) / (tried + weight) - share))
        print(f"  with the others' share at the weight of {weight:2} entries: {fmean(off):.1%} off")


def rows_of_lists(folder: Path) -> Iterator[list[Mapping[str, Any]]]:
    """The commits of each list that has enough of them, those with metadata."""
    for _, rows in groupby(read_rows(folder), key=lambda row: str(row["list"])):
        described = [row for row in rows if (row.get("paper") or {}).get("abstract")]
        if len(described) >= 2 * LEAST:
            yield described


def print_list(
    middle: Case, later: Sequence[Mapping[str, Any]], papers: Mapping[ArxivId, Paper]
) -> Outcome | None:
    """Prints a list's forecast and the share measured after it; returns both, None if too few entries were tried."""
    test = run_self_test(middle.before.listing, papers)
    if len(test.trials) < LEAST:
        return None
    tally = Tally()
    for row in later:
        judge_row(row, tally)
    outcome = Outcome(test, tally.share("curator") or 0.0, len(later))
    print(
        f"{middle.name[-42:]:42} {test.right:2} of {len(test.trials):2}, {test.exact:2} byte for byte; "
        f"forecast {test.forecast:4.0%}, measured {outcome.measured:4.0%} of {len(later)}",
        flush=True,
    )
    return outcome


if __name__ == "__main__":
    sys.exit(main())
