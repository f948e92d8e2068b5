"""Compares what `arxiv-bot init` proposes for real lists with the papers that their curators added later.

    python -m benchmarks.adoption LISTS CORPUS [--day 2025-07-01] [--show]

LISTS has `*.jsonl.xz` of real commits (benchmarks/list_cases.py), and `additions.csv` with `list`, `arxiv_id` and
`date_added` of every arXiv paper that was added. CORPUS has `*.jsonl.gz` of papers (benchmarks/ranking.py).

The benchmark takes each list as it was before its first commit, or on the day of `--day`, and lets the code of `init`
propose categories and phrases. That code may use what was announced by then: the metadata of listed papers, and the 30
days before as the background. For a list older than the corpus, these are the corpus's first 30 days. The benchmark
then counts the papers that the phrases find afterwards: how many of those that were added to the list later, as far as
the corpus has them, and how many of all papers of the categories in a week.

Prints a row for each list; with `--show` also the phrases. The exit code is 1 if a bar is missed.
"""

from __future__ import annotations

import argparse
import csv
import json
import lzma
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from benchmarks.corpus import read_corpus
from bot.core.errors import BotError
from bot.core.model import Paper, Topic
from bot.listing.document import encode
from bot.relevance.phrases import Matcher
from bot.tools.setup.find_list import find, subject
from bot.tools.setup.suggest_phrases import BackgroundPapers
from bot.tools.setup.survey import categories_of
from bot.tools.setup.topics import SuggestedTopic, topics_for

MONTH = timedelta(days=30)
LEAST_FOUND = 0.7  # of what was added to lists that had grown when init looked at them
MOST_READ = 0.03  # of the categories' papers


@dataclass(frozen=True, slots=True)
class Measured:
    """A list's result: its entries, the proposed topics, and how many later papers these find."""

    name: str
    entries: int
    groups: tuple[SuggestedTopic, ...]
    found: int
    later: int
    weekly: float
    background: float
    trouble: str = ""


def states(folder: Path, day: date | None) -> Iterator[tuple[str, date, bytes]]:
    """Each list's name, a day, and its content then: before its first commit, or on `day` if it was changed later."""
    for path in sorted(folder.glob("*.jsonl.xz")):
        name = path.name.removesuffix(".jsonl.xz").replace("+", "/")
        with lzma.open(path, "rt", encoding="utf-8", errors="surrogateescape") as lines:
            cases = [json.loads(line) for line in lines]
        dates = [date.fromisoformat(case["date"]) for case in cases]
        if day is None:
            yield name, dates[0], encode(cases[0]["before"])
        elif dates[0] < day <= dates[-1]:
            last = max(n for n, item in enumerate(dates) if item < day)
            yield name, day, encode(cases[last]["after"])


def additions(folder: Path) -> dict[str, list[tuple[str, date]]]:
    """The papers added to each list, with the day."""
    found: dict[str, list[tuple[str, date]]] = {}
    with (folder / "additions.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            added = (row["arxiv_id"], date.fromisoformat(row["date_added"]))
            found.setdefault(row["list"], []).append(added)
    return found


def measure(
    name: str,
    content: bytes,
    day: date,
    added: Sequence[tuple[str, date]],
    corpus: Mapping[str, Paper],
) -> Measured:
    """Lets `init` propose topics for the list of that day, and counts the later papers that they find."""
    days = [paper.announced for paper in corpus.values() if paper.announced]
    end = max(day, min(days) + MONTH)
    wanted = {id_ for id_, when in added if when >= day and announced(corpus.get(id_)) > end}
    try:
        place = find({"README.md": content})
    except BotError as error:
        return Measured(name, 0, (), 0, len(wanted), 0, 0, error.message)
    listed = [str(item.ids[0]) for item in place.papers.listed if item.ids]
    known = [corpus[id_] for id_ in listed if date.min < announced(corpus.get(id_)) <= end]
    categories = frozenset(categories_of(known, len(listed)))
    inside = [item for item in corpus.values() if categories & set(item.categories)]
    before = [item for item in inside if end - MONTH < announced(item) <= end]
    after = [item for item in inside if announced(item) > end]
    groups = topics_for(
        place, known, BackgroundPapers(before, 30 / 7), subject(name.partition("/")[2], place.about)
    )
    matcher = Matcher([Topic("", tuple(p.text for group in groups for p in group.phrases))])
    weeks = (max(days) - end) / timedelta(weeks=1)
    return Measured(
        name,
        len(place.papers.listed),
        groups,
        sum(bool(matcher.match(corpus[id_]).matches) for id_ in wanted),
        len(wanted),
        sum(bool(matcher.match(item).matches) for item in after) / weeks,
        len(after) / weeks,
        "" if groups else "nothing distinguishes its titles from others",
    )


def announced(paper: Paper | None) -> date:
    """The day of a paper's announcement; the earliest day if the corpus lacks the paper."""
    return paper.announced if paper and paper.announced else date.min


def rows(measured: Sequence[Measured]) -> Iterator[str]:
    """Prints the table."""
    yield "| list | entries | topics | phrases | added later | found | papers a week | of |"
    yield f"|---|{'--:|' * 7}"
    for item in measured:
        phrases = sum(len(group.phrases) for group in item.groups)
        if item.trouble:
            yield f"| {item.name} | {item.entries} | {item.trouble} | – | {item.later} | 0 | – | – |"
            continue
        share = f"{item.found} ({item.found / item.later:.0%})" if item.later else "–"
        yield (
            f"| {item.name} | {item.entries:,} | {len(item.groups)} | {phrases} | {item.later} | {share} "
            f"| {item.weekly:.0f} | {item.background:,.0f} |"
        )
    found, later = (
        sum(element.found for element in measured),
        sum(element.later for element in measured),
    )
    weekly, background = (
        sum(element.weekly for element in measured),
        sum(element.background for element in measured),
    )
    yield (
        f"| **all** | | | | {later} | {found} ({found / max(later, 1):.0%}) "
        f"| {weekly / max(background, 1):.1%} of the background | |"
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("lists", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--day", type=date.fromisoformat)
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    corpus = read_corpus(args.corpus)
    added = additions(args.lists)
    measured = [
        measure(name, content, day, added.get(name, []), corpus)
        for name, day, content in states(args.lists, args.day)
    ]
    print(*rows(measured), sep="\n")
    if args.show:
        for item in measured:
            print(f"\n{item.name}")
            for group in item.groups:
                shown = (f"{p.text} ({p.entries}, {p.weekly:.1f})" for p in group.phrases)
                print(f"  {group.name}: {'; '.join(shown)}")
    found, later = (
        sum(element.found for element in measured),
        sum(element.later for element in measured),
    )
    read = sum(element.weekly for element in measured) / sum(
        element.background for element in measured
    )
    return 0 if read <= MOST_READ and (not args.day or found >= LEAST_FOUND * later) else 1


if __name__ == "__main__":
    raise SystemExit(main())
