"""Measures a run under load: a long list, many pull requests, a long history, many papers, thousands of phrases.

    python -m benchmarks.load

Each of these is raised tenfold by itself, then all at once. CPU seconds and peak memory are those of the installed
command, run without the pauses that arXiv and GitHub ask for. The services are a process of their own. The exit code is
1 if the run with everything misses a bar: 20 s of CPU, 500 MB, three search requests.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

COMMAND = str(Path(sys.executable).with_name("arxiv-bot"))
SECONDS, MEGABYTES, SEARCHES = 20.0, 500.0, 3  # the bars
DAY = date(2025, 10, 20)
CATEGORIES = ("cs.AI", "cs.CL", "cs.CV", "cs.LG", "stat.ML")


@dataclass(frozen=True)
class Load:
    """The size of each part of the load."""

    entries: int = 1_000
    others: int = 10
    closed: int = 100
    papers: int = 500
    topics: int = 20


SMALL, GREAT = Load(), Load(10_000, 100, 1_000, 5_000, 200)
PHRASES = 10  # in a topic


@dataclass(frozen=True)
class Figures:
    """The cost of a run."""

    cpu: float
    wall: float
    megabytes: float
    searches: int
    feeds: int
    github: int


class Words:
    """Made-up words, the first ones used most, and texts of them; the same every time."""

    def __init__(self) -> None:
        self._random = random.Random(1)
        ends = ("", "ing", "ed", "tion", "al", "ive", "ity")
        parts = ("ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo zy").split()
        self._words = [
            f"{part}{two}{three}{self._random.choice(ends)}"
            for part in parts
            for two in parts
            for three in parts[:8]
        ]
        self._random.shuffle(self._words)
        self._weights = [1 / (rank + 20) for rank in range(len(self._words))]

    def text(self, length: int) -> str:
        """Returns that many words."""
        return " ".join(self._random.choices(self._words, self._weights, k=length))

    def title(self) -> str:
        """A paper's title."""
        return self.text(9).title()

    def phrase(self) -> str:
        """Two or three rarer words, or two parts that must both occur."""
        words = self._random.choices(self._words, k=self._random.choice((2, 2, 3)))
        return (
            f"{words[0]} + {' '.join(words[1:])}"
            if self._random.random() < 0.1
            else " ".join(words)
        )


def ids(number: int, month: str) -> list[str]:
    """Returns that many ids, from the month before `month` backwards."""
    year, first = int(month[:2]), int(month[2:])
    found = []
    for item in range(number):
        back = item // 400 + 13 - first
        found.append(f"{year - back // 12:02}{12 - back % 12:02}.{10_000 + item:05}")
    return found


def make_list(load: Load, words: Words, phrases: list[str]) -> bytes:
    """A list like this repository's, by year; every title has a phrase, as those of a topic's papers do."""
    lines = ["# A list", "", "## Papers"]
    year = ""
    for number, entry in enumerate(ids(load.entries, "2509")):
        if entry[:2] != year:
            year = entry[:2]
            lines += ["", f"### 20{year}"]
        lines += [
            f"- [{with_phrase(phrases, number)} {words.title()}](https://arxiv.org/abs/{entry})",
            "  - Authors: Ada Lovelace, Alan Turing, Grace Hopper",
        ]
    return ("\n".join(lines) + "\n").encode()


def configuration(load: Load, phrases: list[str]) -> str:
    blocks = [
        f'[[topics]]\nname = "topic {number}"\nphrases = {phrases[number * PHRASES : (number + 1) * PHRASES]}\n'
        for number in range(load.topics)
    ]
    head = f'[list]\nheading = "Papers"\n\n[arxiv]\ncontact = "a@example.org"\ncategories = {list(CATEGORIES)}\n'
    head += "\n[screening]\nthreshold = 0.0005\n"  # so low that some papers are proposed
    return "\n".join([head, *blocks]).replace("'", '"')


def with_phrase(phrases: list[str], number: int) -> str:
    """The start of a title that a phrase matches."""
    return phrases[number % len(phrases)].replace(" + ", " of ")


def make_papers(load: Load, words: Words, phrases: list[str]) -> list[object]:
    """The day's papers; one in a hundred has a phrase in its title."""
    from tests.servers.arxiv import Record  # noqa: PLC0415 (in the other process)

    found: list[object] = []
    for number in range(load.papers):
        title = words.title()
        if number % 100 == 0:
            title = f"{with_phrase(phrases, number // 100)} {title}"
        found.append(
            Record(
                id=f"2510.{number + 1:05}",
                title=title,
                abstract=words.text(170),
                authors=("Ada Lovelace", "Alan Turing"),
                categories=(CATEGORIES[number % len(CATEGORIES)],),
                submitted=datetime(2025, 10, 17, tzinfo=UTC) + timedelta(seconds=10 * number),
                announced=DAY,
            )
        )
    return found


def serve(load: Load, config: str, ready: Connection) -> None:
    """Runs both services until it is asked to stop; then returns the requests that they got."""
    # In a process of their own, because the memory of the starting process counts as that of the started program.
    from bot.core.arxiv_id import ArxivId  # noqa: PLC0415
    from bot.proposals.marker import Marker, compose  # noqa: PLC0415
    from tests.servers.arxiv import Arxiv  # noqa: PLC0415
    from tests.servers.github import GitHubServer  # noqa: PLC0415
    from tests.servers.http import Server  # noqa: PLC0415

    words = Words()
    phrases = [words.phrase() for _ in range(load.topics * PHRASES)]
    Path(config).write_text(configuration(load, phrases), encoding="utf-8")
    content = make_list(load, words, phrases)
    papers = make_papers(load, words, phrases)
    with (
        Server(Arxiv(papers, DAY)) as arxiv,  # type: ignore[arg-type]
        GitHubServer({"README.md": content}) as github,
    ):
        hub = github.hub
        hub.contract = None  # checking takes longer than all else
        tip = hub.tip("main")
        names = [f"arxiv-bot/batch-{number:012x}" for number in range(load.closed)]
        hub.git.move(*((f"refs/heads/{name}", tip, None) for name in names))
        declined = ids(load.closed * 10, "2406")
        for number, name in enumerate(names):
            mine = tuple(ArxivId(item) for item in declined[number * 10 : number * 10 + 10])
            marker = Marker(mine, "README.md", datetime(2025, 10, 1, tzinfo=UTC))
            text = "\n".join(
                f"- [ ] <!-- {item} --> **[{words.title()}](https://arxiv.org/abs/{item})**\n  {words.text(100)}"
                for item in mine
            )
            pull = hub.new_pull("Add 10 papers", compose(marker, text), name, hub.name, hub.login)
            pull.state, pull.closed = "closed", pull.created
        start = content.index(b"\n- [") + 1
        for number in range(load.others):
            entry = f"- [Theirs](https://arxiv.org/abs/2508.{number + 1:05})\n".encode()
            hub.open_pull(
                content[:start] + entry + content[start:],
                branch=f"add-{number}",
                title="Add a paper",
                fork="someone/list",
            )
        ready.send((arxiv.url, github.url, hub.name))
        ready.recv()
        paths = [request.path for request in arxiv.requests]
        searches = paths.count("/api/query")
        ready.send((searches, len(paths) - searches, len(github.asked), len(hub.pulls)))


@contextmanager
def services(load: Load, config: Path) -> Iterator[tuple[tuple[str, str, str], Connection]]:
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=serve, args=(load, str(config), theirs))
    process.start()
    try:
        yield ours.recv(), ours
    finally:
        process.join(10)
        if process.is_alive():
            process.terminate()


def measure(load: Load) -> Figures:
    """One run, which opens pull requests."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "keywords.toml"
        with services(load, config) as ((arxiv, github, name), pipe):
            command = [COMMAND, "run", "--config", str(config), "--repo", name]
            command += ["--until", "2025-10-21", "--report", str(Path(folder) / "report.json")]
            env = {
                "PATH": os.environ["PATH"],
                "GITHUB_TOKEN": "t0ken",
                "GITHUB_API_URL": github,
                "ARXIV_BOT_SEARCH_URL": f"{arxiv}/api/query",
                "ARXIV_BOT_FEED_URL": f"{arxiv}/atom",
                "ARXIV_BOT_OAI_URL": f"{arxiv}/oai",
            }
            start = time.perf_counter()
            with (Path(folder) / "out").open("wb") as out:
                run = subprocess.Popen(command, env=env, stdout=out, stderr=out)
                _, status, used = os.wait4(run.pid, 0)
                run.returncode = os.waitstatus_to_exitcode(status)
            wall = time.perf_counter() - start
            pipe.send("stop")
            searches, feeds, asked, pulls = pipe.recv()
            said = (Path(folder) / "out").read_text(encoding="utf-8")
        assert run.returncode == 0, said[-3_000:]
        assert pulls > load.closed + load.others, said[-3_000:]
    return Figures(
        used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024, searches, feeds, asked
    )


def row(name: str, figures: Figures, base: Figures) -> None:
    print(
        f"| {name} | {figures.cpu:.1f} | {figures.cpu / base.cpu:.1f}x | {figures.megabytes:.0f} "
        f"| {figures.megabytes / base.megabytes:.1f}x | {figures.searches} | {figures.feeds} | {figures.github} |",
        flush=True,
    )


def main() -> int:
    """Measures each part of the load and all together; returns 1 if a bar is missed."""
    print("| load | CPU s | growth | MB | growth | search | feed | GitHub |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    base = measure(SMALL)
    few = asdict(SMALL)
    row(", ".join(f"{number:,} {name}" for name, number in few.items()), base, base)
    for name, number in asdict(GREAT).items():
        row(f"{number:,} {name}", measure(replace(SMALL, **{name: number})), base)
    whole = measure(GREAT)
    row("all of that at once", whole, base)
    missed = [
        f"{what}: {figure:.1f}, not {bar:g}"
        for what, figure, bar in (
            ("CPU seconds", whole.cpu, SECONDS),
            ("MB", whole.megabytes, MEGABYTES),
            ("search requests", whole.searches, SEARCHES),
        )
        if figure > bar
    ]
    print(*missed, sep="\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
