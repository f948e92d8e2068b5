"""What a fleet costs: many lists on one day's harvest, shard by shard, each result as of a run of its own.

    python -m benchmarks.fleet CASES CORPUS [--lists 1000] [--papers 1700] [--shards 20]

CASES is a folder of `*.jsonl.xz` of real lists (`before` and `after` of a commit); of each as many variants are made as
are needed, by taking other entries away. CORPUS is a folder of `YYYY-MM.jsonl.gz`, whose papers are set to one day.
Every shard is a process of its own. Exit 1 when a bar is missed: 0.6 s of CPU a list, 300 MB a shard, and each of a
sample of results the same to the byte as that of a run of its own.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import random
import re
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
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
SECONDS, MEGABYTES = 0.6, 300.0  # the bars
DAY = date(2025, 10, 20)
NOW = datetime(2025, 10, 20, 6, 23, tzinfo=UTC)
COMPARED = 3  # results of each shard


def real_lists(folder: Path) -> Iterator[tuple[str, str]]:
    """The newest state of every list."""
    for path in sorted(folder.glob("*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            *_, last = lines
        yield path.name.removesuffix(".jsonl.xz"), json.loads(last)["after"]


def variants(folder: Path, number: int, out: Path) -> list[str]:
    """Writes so many lists; returns their names."""
    real = list(real_lists(folder))
    names = []
    for count in range(number):
        name, text = real[count % len(real)]
        document = Document.parse(text.encode("utf-8", "surrogateescape"))
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
    """Runs a shard; answers with CPU seconds, megabytes, the failures, and whether the sample is the same."""
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


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cases", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--lists", type=int, default=1_000)
    parser.add_argument("--papers", type=int, default=1_700)
    parser.add_argument("--shards", type=int, default=20)
    args = parser.parse_args()
    context = get_context("spawn")
    total, most, proposed, failures, same = 0.0, 0.0, 0, [], True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_harvest(args.corpus, args.papers, folder / "harvest")
        places = folder / "lists"
        places.mkdir()
        lists = tuple(
            FleetList(repo=repo, config=places / f"{number:04}")
            for number, repo in enumerate(variants(args.cases, args.lists, places))
        )
        fleet = Fleet(
            snapshot=folder / "harvest", lists_per_job=-(-args.lists // args.shards), lists=lists
        )
        for job in shards(fleet, {}):
            ours, theirs = context.Pipe()
            process = context.Process(target=do_shard, args=(job, folder / "harvest", theirs))
            process.start()
            cpu, megabytes, found, failed, is_same = ours.recv()
            process.join()
            total, most, proposed = total + cpu, max(most, megabytes), proposed + found
            failures += failed
            same = same and is_same
    print("| lists | papers | CPU s a list | most MB a shard | proposed | failed | same as alone |")
    print("|--:|--:|--:|--:|--:|--:|---|")
    each = total / args.lists
    figures = f"{each:.2f} | {most:.0f} | {proposed:,} | {len(failures)} | {same}"
    print(f"| {args.lists:,} | {args.papers:,} | {figures} |")
    print(*failures[:10], sep="\n")
    return 1 if failures or not same or each > SECONDS or most > MEGABYTES else 0


if __name__ == "__main__":
    sys.exit(main())
