"""A list's own history, asked of the `git` program: on which day an arXiv paper was first written into the file."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from bot.core.arxiv_id import ArxivId, find_ids

# A checkout's own configuration can name programs and files. A partial clone fetches what it lacks, and starts
# `remote.*.uploadpack` for it (https://git-scm.com/docs/partial-clone). A file it names may be a device without end.
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
_COMMIT = "\x01"  # starts a line in no list


@dataclass(frozen=True, slots=True)
class History:
    """The days on which papers were written into the list; `first` and `last` are those of its versions."""

    days: Mapping[ArxivId, date] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None

    def day(self, paper: ArxivId, cut: date) -> date | None:
        """When the paper came in; None where that is not known.

        What the oldest version has may have been gathered elsewhere long before: known is only that it was not later.
        """
        day = self.days.get(paper)
        return None if day == self.first and day is not None and day >= cut else day


def read_history(file: Path) -> History:
    """When which paper came in; an empty history where the file is in no repository, or git is not installed."""
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
        process = subprocess.run(  # noqa: S603 (fixed arguments, no shell; the name stands behind `--`)
            command, cwd=file.parent, env=_environment(), capture_output=True, check=False
        )
    except OSError:
        return History()
    if process.returncode:
        return History()
    return read_log(process.stdout.decode("utf-8", "replace").split("\n"))


def _environment() -> dict[str, str]:
    """As much as git needs, and so no token; what would make it fetch, and so start a program, is off."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**inherited, **_NO_TRANSPORT}


def read_log(lines: Iterable[str]) -> History:
    """The history from what `git log` prints: oldest commit first, added lines only count."""
    log = _Log()
    for line in lines:
        if line.startswith(_COMMIT):
            log.commit(*line[1:].partition(" ")[::2])
        elif line.startswith("+") and not line.startswith("+++ "):
            log.add(mention.id for mention in find_ids(line[1:]))
    return History(log.days, log.first, log.day)


class _Log:
    """The days so far, and the commit that is read.

    What a shallow checkout begins with (`older`) was written before, nobody there knows when.
    """

    def __init__(self) -> None:
        self.days: dict[ArxivId, date] = {}
        self.first: date | None = None
        self.day: date | None = None
        self._older: set[ArxivId] = set()
        self._cut_off = False

    def commit(self, moment: str, names: str) -> None:
        """Starts a commit of that moment (seconds since 1970), to which these names point."""
        self.day = datetime.fromtimestamp(int(moment), UTC).date()
        self.first = self.first or self.day
        self._cut_off = "grafted" in names.split(", ")

    def add(self, papers: Iterable[ArxivId]) -> None:
        """Notes the papers of an added line, unless they were in the list before."""
        for paper in papers:
            if self._cut_off and paper not in self.days:
                self._older.add(paper)
            elif paper not in self._older:
                self.days.setdefault(paper, self.day or date.min)
