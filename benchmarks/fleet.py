"""Measures what a fleet costs: many lists on one day's harvest, shard by shard.

    python -m benchmarks.fleet CASES CORPUS [--lists 1000] [--papers 1700] [--shards 20]
    python -m benchmarks.fleet CASES CORPUS --lists 11 22 44 --papers 850 1700 --shards 1

CASES is a folder of `*.jsonl.xz` of real lists (`before` and `after` of a commit). The benchmark makes as many variants
of each as it needs, by leaving out other entries. CORPUS is a folder of `YYYY-MM.jsonl.gz`, whose papers are moved to
one day. Every shard is a process of its own. With several numbers of lists or papers, they are measured one after the
other, to show the growth. Multiples of the number of real lists have the same mix of long and short lists.

The exit code is 1 if a bar is missed: 0.6 s of CPU a list; 300 MB a shard; a sample of the results equals those of
separate runs, byte for byte; a list among the most takes at most a quarter longer than one among the fewest.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import os
import random
import re
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from bot.core.arxiv_id import ArxivId
from bot.core.config import Config, load
from bot.core.model import Paper, RunReport
from bot.forge.local import LocalForge
from bot.listing.document import Document
from bot.pipeline import run
from bot.reports.records import render_json
from bot.sources.days import DayFolder
from bot.sources.session import silent
from bot.sources.snapshot import Snapshot, parse_record
from bot.tools.fleet.plan import Fleet, FleetList, shards
from bot.tools.fleet.run import Pacing, run_shard
from bot.tools.fleet.shared import SharedPapers

ROOT = Path(__file__).resolve().parent.parent
SECONDS, MEGABYTES, GROWTH = 0.6, 300.0, 1.25  # the bars
DAY = date(2025, 10, 20)
NOW = datetime(2025, 10, 20, 6, 23, tzinfo=UTC)
COMPARED = 3  # results of each shard


def real_lists(folder: Path) -> Iterator[tuple[str, Document]]:
    """The newest state of every list."""
    for path in sorted(folder.glob("*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            *_, last = lines
        text = json.loads(last)["after"].encode("utf-8", "surrogateescape")
        yield path.name.removesuffix(".jsonl.xz"), Document.parse(text)


def variants(folder: Path, number: int, out: Path) -> list[str]:
    """Writes that many lists; returns their names."""
    real = list(real_lists(folder))
    names = []
    for count in range(number):
        name, document = real[count % len(real)]
        chance = random.Random(count)
        kept = bytearray(document.content)
        for entry in reversed(document.entries):
            if count >= len(real) and chance.random() < 0.2:
                del kept[entry.start : entry.end]
        names.append(f"fleet/{re.sub(r'[^A-Za-z0-9.-]', '-', name)}-{count:04}")
        place = out / f"{count:04}"
        place.mkdir()
        (place / "README.md").write_bytes(bytes(kept))
    return names


def write_harvest(corpus: Path, number: int, folder: Path) -> None:
    papers: dict[ArxivId, Paper] = {}
    for path in sorted(corpus.glob("2025-1*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                paper = parse_record({**json.loads(line), "announced": f"{DAY}"})
                papers.setdefault(paper.id, paper)
                if len(papers) == number:
                    break
        if len(papers) == number:
            break
    DayFolder(folder).write_day(DAY, papers.values(), complete=True, now=NOW)


def configuration() -> Config:
    config = load(ROOT / "config" / "keywords.toml")
    block = config.list.model_copy(update={"heading": "", "path": "README.md"})
    return config.model_copy(update={"list": block})


def do_shard(lists: tuple[FleetList, ...], harvest: Path, pipe: Connection) -> None:
    """Runs a shard; returns CPU seconds, megabytes, the failures, and whether the sample is the same."""
    config = configuration()
    start = time.process_time()
    shared = SharedPapers(harvest, set(config.arxiv.categories))
    reports: dict[str, RunReport] = {}

    def run_list(item: FleetList) -> RunReport:
        source = shared.snapshot(config.arxiv.categories)
        forge = LocalForge(item.config, "README.md")
        report = run(config, sources=[source], forge=forge, now=NOW)
        if len(reports) < COMPARED:
            reports[item.repo] = report
        return report

    pacing = Pacing(time.monotonic, time.sleep, 0)
    results = run_shard(lists, run_list, pacing, silent)
    cpu = time.process_time() - start
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    same = True
    for item in lists:
        if item.repo in reports:
            source = Snapshot(harvest, config.arxiv.categories)
            forge = LocalForge(item.config, "README.md")
            alone = run(config, sources=[source], forge=forge, now=NOW)
            same = same and render_json(alone) == render_json(reports[item.repo])
    proposed = sum(result.proposed for result in results)
    failed = [f"{result.repo}: {result.failures[0]}" for result in results if result.failures]
    pipe.send((cpu, megabytes, proposed, failed, same))


@dataclass(frozen=True)
class Measured:
    """The total cost of a fleet's shards, and the largest memory of one."""

    cpu: float
    megabytes: float
    proposed: int
    failures: tuple[str, ...]
    is_same: bool


def measure(cases: Path, corpus: Path, number: int, papers: int, jobs: int) -> Measured:
    """Runs a number of lists on a day of a number of papers, in a number of shards, one after the other."""
    context = get_context("spawn")
    found: list[tuple[float, float, int, list[str], bool]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_harvest(corpus, papers, folder / "harvest")
        places = folder / "lists"
        places.mkdir()
        lists = tuple(
            FleetList(repo=repo, config=places / f"{place:04}")
            for place, repo in enumerate(variants(cases, number, places))
        )
        fleet = Fleet(snapshot=folder / "harvest", lists_per_job=-(-number // jobs), lists=lists)
        for job in shards(fleet, {}):
            ours, theirs = context.Pipe()
            process = context.Process(target=do_shard, args=(job, folder / "harvest", theirs))
            process.start()
            found.append(ours.recv())
            process.join()
    cpu, megabytes, proposed, failures, same = zip(*found, strict=True)
    return Measured(
        sum(cpu), max(megabytes), sum(proposed), tuple(chain.from_iterable(failures)), all(same)
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cases", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--lists", type=int, nargs="+", default=[1_000])
    parser.add_argument("--papers", type=int, nargs="+", default=[1_700])
    parser.add_argument("--shards", type=int, default=20)
    args = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # in the shards' processes, as the command has it
    missed = False
    print("| lists | papers | CPU s a list | most MB a shard | proposed | failed | same as alone |")
    print("|--:|--:|--:|--:|--:|--:|---|")
    for papers in args.papers:
        each = []
        for number in sorted(args.lists):
            found = measure(args.cases, args.corpus, number, papers, args.shards)
            each.append(found.cpu / number)
            same = "yes" if found.is_same else "no"
            figures = f"{found.megabytes:.0f} | {found.proposed:,} | {len(found.failures)} | {same}"
            print(f"| {number:,} | {papers:,} | {each[-1]:.2f} | {figures} |", flush=True)
            for failure in found.failures[:10]:
                print(failure)
            missed |= bool(found.failures) or not found.is_same or found.megabytes > MEGABYTES
        missed |= max(each) > SECONDS or each[-1] > GROWTH * each[0]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
