"""Runs the bot from Python: `bot.run` and `bot.check` do what the commands of these names do, and print nothing.

    import bot

    report = bot.run(dry_run=True)
    for decision in report.proposed:
        print(decision.candidate.paper.title, decision.candidate.score)

Errors are `bot.errors.BotError`; their text says what happened, where, and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.commands.compose import RunOptions, run_once
from bot.core.config import load
from bot.core.model import RunReport
from bot.tools.check.audit import ListFinding
from bot.tools.check.run import check_list

CONFIG = "config/keywords.toml"


def _silent(message: str) -> None:
    del message


def run(
    config: str | Path = CONFIG,
    *,
    repo: str = "",
    list_path: str = "",
    sources: Sequence[str] = ("search", "announcements"),
    since: datetime | None = None,
    until: datetime | None = None,
    dry_run: bool = False,
    progress: Callable[[str], None] = _silent,
) -> RunReport:
    """Searches arXiv for new papers and proposes those that fit the list, as `arxiv-bot run` does.

    The GitHub token is read from the environment variable `GITHUB_TOKEN`.

    Args:
        config: path of the configuration file.
        repo: the repository of the list, `OWNER/NAME`; without it, a dry run uses the list in the current directory.
        list_path: path of the list, in place of the configured one.
        sources: what to search: `search`, `announcements`, `oai`, `snapshot:PATH`, `snapshot:https://…/manifest.json`.
        since: the first submission time to search, with a time zone; by default where the last run ended.
        until: the last submission time to search, with a time zone; by default now.
        dry_run: whether to write nothing; the report then has what would be written.
        progress: called with a sentence whenever the run waits for something.

    Returns:
        The report of the run: `proposed`, `held`, `failures`, `outcomes`, `coverage`, `exit_code`.

    Raises:
        bot.errors.BotError: the configuration or the list is invalid, or GitHub can't be read.
            Later failures are in the report's `failures`.
    """

    def waits(message: str, seconds: float = 0.0) -> None:
        del seconds
        if message:  # an empty message ends a wait
            progress(message)

    options = RunOptions(
        Path(config), list_path, repo, waits, tuple(sources), _utc(since), _utc(until), dry_run
    )
    return run_once(options)


def check(config: str | Path = CONFIG, *, list_path: str = "") -> tuple[ListFinding, ...]:
    """Checks the configuration and the list, offline, as `arxiv-bot check` does.

    Args:
        config: path of the configuration file.
        list_path: path of the list, in place of the configured one.

    Returns:
        The problems of the list, in the order of its lines: each with `path`, `rule`, `line`, `what` and `fix`.

    Raises:
        bot.errors.BotError: the configuration is invalid, or the list can't be read.
    """
    files = check_list(load(Path(config)), list_path=list_path)
    return tuple(finding for file in files for finding in file.findings)


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None
