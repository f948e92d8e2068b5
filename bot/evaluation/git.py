"""A list's own history, asked of the `git` program: on which day an arXiv paper was first written into the file."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from bot.arxiv_id import ArxivId, find_ids
from bot.evaluation.history import History

_COMMIT = "\x01"  # starts a line in no list


def read_history(file: Path) -> History:
    """When which paper came in; an empty history where the file is in no repository, or git is not installed."""
    command = [
        "git",
        "log",
        "--reverse",
        "--patch",
        "--unified=0",
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
        "--no-show-signature",
        f"--format={_COMMIT}%ct",
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
    """As much as git needs, and so no token."""
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


def read_log(lines: Iterable[str]) -> History:
    """The history from what `git log` prints: oldest commit first, added lines only count."""
    days: dict[ArxivId, date] = {}
    first: date | None = None
    day: date | None = None
    for line in lines:
        if line.startswith(_COMMIT):
            day = datetime.fromtimestamp(int(line[1:]), UTC).date()
            first = first or day
        elif line.startswith("+") and not line.startswith("+++ "):
            for mention in find_ids(line[1:]):
                days.setdefault(mention.id, day or date.min)
    return History(days, first, day)
