"""Measures time and memory of a backfill over a snapshot of millions of papers.

    python -m benchmarks.backfill CORPUS [--records 2900000]

CORPUS is a folder of `*.jsonl.gz` of papers with `id`, `title`, `authors`, `abstract` and `categories`. The benchmark
makes the snapshot of it in a temporary folder, in the shape of arXiv's snapshot on Kaggle. It repeats the papers with
other ids and titles, submitted from 2022 to 2025, so that no date rules a paper out. It measures `arxiv-bot backfill`
(a dry run, with this repository's configuration and list), and beside it a program that only reads the lines and parses
them with msgspec, a fast JSON reader, in a process for each core. Compare the CPU seconds: other work on the machine
makes the wall seconds longer.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COMMAND = str(Path(sys.executable).with_name("arxiv-bot"))
FIRST = datetime(2022, 1, 1, tzinfo=UTC)
DAYS = 4 * 365
READ_LINES = """
import multiprocessing, os, sys
import msgspec

def read(part):
    start, end = part
    parse = msgspec.json.Decoder().decode
    with open(sys.argv[1], "rb") as file:
        file.seek(start)
        if start:
            file.readline()
        while start < end and (line := file.readline()):
            parse(line)
            start += len(line)

if __name__ == "__main__":
    cores, size = os.cpu_count(), os.stat(sys.argv[1]).st_size
    parts = [(size * n // cores, size * (n + 1) // cores) for n in range(cores)]
    with multiprocessing.get_context("fork").Pool(cores) as pool:
        pool.map(read, parts)
        pool.close()
        pool.join()
"""


def read_corpus(folder: Path) -> list[dict[str, Any]]:
    papers: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            papers += map(json.loads, lines)
    return papers


def records(papers: list[dict[str, Any]], count: int) -> Iterator[dict[str, Any]]:
    """Yields that many records, in the order of their submission."""
    numbers: dict[str, int] = {}
    for n in range(count):
        paper = papers[n % len(papers)]
        moment = FIRST + timedelta(days=DAYS) * (n / count)
        month = f"{moment:%y%m}"
        numbers[month] = numbers.get(month, 0) + 1
        names = [name.rsplit(" ", 1) for name in paper["authors"]]
        yield {
            "id": f"{month}.{numbers[month]:05}",
            "submitter": paper["authors"][0] if paper["authors"] else None,
            "authors": ", ".join(paper["authors"]),
            "title": f"{paper['title']} ({n // len(papers)})",
            "comments": paper.get("comments"),
            "journal-ref": None,
            "doi": None,
            "report-no": None,
            "categories": " ".join(paper["categories"]),
            "license": "http://creativecommons.org/licenses/by/4.0/",
            "abstract": f"  {paper['abstract']}\n",
            "versions": [{"version": "v1", "created": f"{moment:%a, %-d %b %Y %H:%M:%S GMT}"}],
            "update_date": f"{moment:%Y-%m-%d}",
            "authors_parsed": [[name[-1], " ".join(name[:-1]), ""] for name in names],
        }


def measured(command: list[str]) -> tuple[float, float, float, bytes]:
    """CPU seconds, seconds, most memory in MB, and output of a command as a process of its own."""
    start = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{command[0]} failed with {process.returncode}")
        output.seek(0)
        seconds = time.monotonic() - start
        return used.ru_utime + used.ru_stime, seconds, used.ru_maxrss / 1024, output.read()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--records", type=int, default=2_900_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        snapshot = Path(folder) / "snapshot.json"
        with snapshot.open("w", encoding="utf-8") as out:
            for record in records(read_corpus(args.corpus), args.records):
                out.write(f"{json.dumps(record)}\n")
        size = snapshot.stat().st_size
        read_cpu, read_seconds, _, _ = measured([sys.executable, "-c", READ_LINES, str(snapshot)])
        command = [COMMAND, "backfill", "--dry-run", "--json", "--since", "2022-01"]
        cpu, seconds, memory, output = measured([*command, "--source", f"snapshot:{snapshot}"])
    report = json.loads(output)
    print(
        "| records | GB | relevant | lines alone: CPU s | s | backfill: CPU s | s | ratio: CPU | s | memory, MB |"
    )
    print("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    relevant = report["coverage"][0]["read"]
    ratios = f"{cpu / read_cpu:.2f} | {seconds / read_seconds:.2f}"
    figures = (
        f"{read_cpu:.1f} | {read_seconds:.1f} | {cpu:.1f} | {seconds:.1f} | {ratios} | {memory:.0f}"
    )
    print(f"| {args.records:,} | {size / 1e9:.2f} | {relevant:,} | {figures} |")


if __name__ == "__main__":
    main()
