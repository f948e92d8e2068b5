"""Reads from git on which day each arXiv paper was first added to a list's file."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from bot.core.arxiv_id import ArxivId, find_ids

# A checkout's own configuration is not trusted, because it can name programs and files. A partial clone fetches missing
# objects and runs `remote.*.uploadpack` (https://git-scm.com/docs/partial-clone). A file may be an endless device.
_NO_TRANSPORT = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none", "GIT_TERMINAL_PROMPT": "0"}
_OVERRULED = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    "core.excludesFile=/dev/null",
    "diff.orderFile=/dev/null",
    "mailmap.file=/dev/null",
    "mailmap.blob=",
    "log.mailmap=false",
    "safe.bareRepository=explicit",
)
_COMMIT = "\x01"  # no line of a list starts with this character


@dataclass(frozen=True, slots=True)
class History:
    """The days on which papers were added to the list; `first` and `last` are the days of its first and last commit."""

    days: Mapping[ArxivId, date] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None

    def day(self, paper: ArxivId, cut: date) -> date | None:
        """Returns the day on which the paper was added; None if unknown.

        Papers in the oldest version may have been collected elsewhere long before. So the first day counts as known
        only if it is before `cut`.
        """
        day = self.days.get(paper)
        return None if day == self.first and day is not None and day >= cut else day


def read_history(file: Path) -> History:
    """Reads the history of a file; it is empty if the file is not in a repository, or git is not installed."""
    command = [
        "git",
        *(word for setting in _OVERRULED for word in ("-c", setting)),
        "log",
        "--reverse",
        "--patch",
        "--unified=0",
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
        "--no-show-signature",
        f"--format={_COMMIT}%ct %D",
        "--",
        file.name,
    ]
    try:
        process = subprocess.run(  # noqa: S603 (fixed arguments, no shell; the name follows `--`)
            command, cwd=file.parent, env=_environment(), capture_output=True, check=False
        )
    except OSError:
        return History()
    if process.returncode:
        return History()
    return read_log(process.stdout.decode("utf-8", "replace").split("\n"))


def _environment() -> dict[str, str]:
    """The variables that git needs, without any token, and with settings that keep it from fetching."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**inherited, **_NO_TRANSPORT}


def read_log(lines: Iterable[str]) -> History:
    """Parses the output of `git log`, oldest commit first; only added lines count."""
    log = _Log()
    for line in lines:
        if line.startswith(_COMMIT):
            log.commit(*line[1:].partition(" ")[::2])
        elif line.startswith("+") and not line.startswith("+++ "):
            log.add(mention.id for mention in find_ids(line[1:]))
    return History(log.days, log.first, log.day)


class _Log:
    """The days so far, and the current commit.

    `_older` are the papers in the first commit of a shallow checkout; their days are unknown.
    """

    def __init__(self) -> None:
        self.days: dict[ArxivId, date] = {}
        self.first: date | None = None
        self.day: date | None = None
        self._older: set[ArxivId] = set()
        self._cut_off = False

    def commit(self, moment: str, names: str) -> None:
        """Starts a commit; `moment` is its time in seconds since 1970, and `names` are the refs that point to it."""
        self.day = datetime.fromtimestamp(int(moment), UTC).date()
        self.first = self.first or self.day
        self._cut_off = "grafted" in names.split(", ")

    def add(self, papers: Iterable[ArxivId]) -> None:
        """Records the papers of an added line, unless they were in the list before."""
        for paper in papers:
            if self._cut_off and paper not in self.days:
                self._older.add(paper)
            elif paper not in self._older:
                self.days.setdefault(paper, self.day or date.min)
