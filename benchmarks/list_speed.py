"""Measures how long the bot takes to read and index a list and to add an entry, beside a parser of CommonMark.

    python -m benchmarks.list_speed

Prints CPU seconds and peak memory for lists of 100 to 100,000 entries, and the ratio to markdown-it-py parsing the same
bytes. The exit code is 1 if a bar is missed: three times as fast, memory under 20 times the list, linear growth.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial

from markdown_it import MarkdownIt

from bot.core.arxiv_id import ArxivId
from bot.core.model import Paper
from bot.listing.document import Document, verify
from bot.listing.draft import Draft, draft
from bot.listing.paper_list import PaperList

SIZES = (100, 1_000, 9_000, 100_000)
RATIO, MEMORY, GROWTH = (
    3.0,
    20.0,
    2.0,
)  # times faster; times the list's bytes; times a linear growth
PAPER = Paper(ArxivId("2512.99999"), "A Paper That Is New", authors=("Ada Lovelace", "Alan Turing"))


def make(entries: int) -> bytes:
    """A list of that many entries of about 190 bytes each, by year, newest first."""
    lines = ["# A list", "", "## Papers"]
    for year in range(2025, 2015, -1):
        lines += ["", f"### {year}"]
        for n in range(entries // 10):
            number = (
                f"{year % 100:02}{12 - n * 12 // max(entries // 10, 1):02}.{99_998 - n % 90_000:05}"
            )
            title = (
                f"Learning Number {n} of {year} from the Feedback of Models That Judge Each Other"
            )
            lines += [
                f"- [{title}](https://arxiv.org/abs/{number})",
                f"  - Jane Q. Doe, John Roe, Maria von Beispiel, Person Number {n}",
            ]
    return ("\n".join(lines) + "\n").encode()


def insert(content: bytes) -> Document:
    """Reads and indexes the list, and adds an entry."""
    listing = PaperList.parse(content, "Papers")
    (result,) = draft(listing, [(PAPER, "")])
    assert isinstance(result, Draft), result
    return verify(listing.document, [result.insertion], added=1)


def cpu(work: Callable[[], object], repeats: int) -> float:
    """The least CPU time of several runs, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def peak(work: Callable[[], object]) -> int:
    """The most memory held at a time, in bytes."""
    tracemalloc.start()
    work()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def main() -> int:
    """Measures each size; returns 1 if a bar is missed."""
    print(
        f"{'entries':>8} {'MB':>6} {'CPU s':>8} {'µs/entry':>9} {'markdown-it':>12} {'times faster':>13} {'memory':>8}"
    )
    missed, per_entry = [], []
    for size in SIZES:
        content = make(size)
        insert(make(10))  # imports and caches
        repeats = 3 if size < 50_000 else 1
        ours = cpu(partial(insert, content), repeats)
        theirs = cpu(partial(MarkdownIt("commonmark").parse, content.decode()), repeats)
        held = peak(partial(insert, content)) / len(content)
        per_entry.append(ours / size)
        print(
            f"{size:8} {len(content) / 1e6:6.2f} {ours:8.3f} {ours / size * 1e6:9.0f} {theirs:12.3f} "
            f"{theirs / ours:13.1f} {held:7.1f}x"
        )
        if size == 9_000 and theirs / ours < RATIO:
            missed.append(f"{theirs / ours:.1f} times faster than markdown-it, not {RATIO}")
        if size >= 9_000 and held > MEMORY:
            missed.append(
                f"{size} entries: {held:.1f} times the list's size in memory, not {MEMORY}"
            )
    if per_entry[-1] > GROWTH * per_entry[1]:
        missed.append(
            f"an entry takes {per_entry[-1] / per_entry[1]:.1f} times as long at {SIZES[-1]}"
        )
    print(*missed, sep="\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
