"""Measures time, CPU and requests of whole runs against the test services, and of reading lists as they grow.

    python -m benchmarks.runs

Runs the installed command as a process of its own. Figures are medians of five runs; CPU time is that of the child
process.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bot.listing.document import Document
from bot.listing.index import ListIndex
from tests import samples
from tests.servers.arxiv import Arxiv
from tests.servers.github import GitHubServer
from tests.servers.http import Server

COMMAND = str(Path(sys.executable).with_name("arxiv-bot"))
REPEATS = 5


def timed(command: list[str], env: dict[str, str] | None = None) -> tuple[float, float]:
    """Returns wall and CPU seconds of one run of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, env=env, capture_output=True, check=True)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def row(
    name: str, figures: list[tuple[float, float]], search: object, feed: object, github: object
) -> None:
    wall, cpu = (statistics.median(column) for column in zip(*figures, strict=True))
    print(f"| {name} | {wall:.2f} | {cpu:.2f} | {search} | {feed} | {github} |")


def whole_runs() -> None:
    print("| run | wall s | CPU s | search requests | feed requests | GitHub requests |")
    print("|---|--:|--:|--:|--:|--:|")
    row("`--help`", [timed([COMMAND, "--help"]) for _ in range(REPEATS)], "–", "–", "–")
    new: list[tuple[float, float]] = []
    quiet: list[tuple[float, float]] = []
    counts: dict[str, tuple[int, int, int]] = {}
    for _ in range(REPEATS):
        with (
            tempfile.TemporaryDirectory() as folder,
            Server(Arxiv(samples.PAPERS, samples.DAY)) as arxiv,
            GitHubServer({"README.md": samples.LIST.encode()}) as github,
        ):
            config = Path(folder) / "keywords.toml"
            config.write_text(samples.CONFIG)
            env = {
                "PATH": os.environ["PATH"],
                "GITHUB_TOKEN": "t0ken",
                "GITHUB_API_URL": github.url,
                "ARXIV_BOT_SEARCH_URL": f"{arxiv.url}/api/query",
                "ARXIV_BOT_FEED_URL": f"{arxiv.url}/atom",
                "ARXIV_BOT_OAI_URL": f"{arxiv.url}/oai",
            }
            command = [
                COMMAND,
                "run",
                "--config",
                str(config),
                "--repo",
                github.hub.name,
                "--until",
                "2025-10-31",
            ]
            for name, figures in (("new", new), ("quiet", quiet)):
                asked, asked_before = len(arxiv.requests), len(github.asked)
                figures.append(timed(command, env))
                paths = [request.path for request in arxiv.requests[asked:]]
                searches = paths.count("/api/query")
                counts[name] = (searches, len(paths) - searches, len(github.asked) - asked_before)
    row("opens a pull request", new, *counts["new"])
    row("quiet", quiet, *counts["quiet"])


def growth() -> None:
    print("\n| entries | bytes | parse + index, s | µs an entry |\n|--:|--:|--:|--:|")
    for size in (10, 1_000, 10_000):
        entry = (
            "- [A Title of Some Length for Paper Number {0}](https://arxiv.org/abs/24{1:02}.{2:05})\n"
            "  - Authors: Ada Lovelace, Alan Turing, Grace Hopper\n"
        )
        text = "# List\n\n## Papers\n" + "".join(
            entry.format(n, n % 12 + 1, n + 1) for n in range(size)
        )
        content = text.encode()
        figures = []
        for _ in range(3):
            start = time.process_time()
            index = ListIndex.build(Document.parse(content))
            figures.append(time.process_time() - start)
            assert len(index.listed) == size
        seconds = statistics.median(figures)
        print(f"| {size:,} | {len(content):,} | {seconds:.4f} | {seconds / size * 1e6:.0f} |")


if __name__ == "__main__":
    whole_runs()
    growth()
