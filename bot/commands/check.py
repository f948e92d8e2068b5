"""`arxiv-bot check`: checks the configuration and the list, offline."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import CONFIG, ConfigOption, ListOption
from bot.core.english import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.config import Config
    from bot.listing.self_test import SelfTest
    from bot.tools.check.run import CheckedList


_LOOKED_UP = 100  # the most ids that fit one request to arXiv


class Format(Enum):
    """The format of the findings."""

    TEXT = "text"
    GITHUB = "github"


def check(
    *,
    config: ConfigOption = CONFIG,
    list_path: ListOption = "",
    fix: Annotated[
        bool, typer.Option("--fix", help="Fix in the list what can be fixed automatically.")
    ] = False,
    source: Annotated[
        str,
        typer.Option(help="Compare titles with saved metadata: snapshot:PATH.", metavar="SOURCE"),
    ] = "",
    form: Annotated[
        bool,
        typer.Option(
            "--form",
            help="Rewrite the newest 20 entries and compare (asks arXiv unless --source is given).",
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    style: Annotated[
        Format, typer.Option("--format", help="text, or github to annotate a pull request.")
    ] = Format.TEXT,
) -> None:
    """Check the configuration and the list, offline.

    Exits with 1 if something is wrong with the list. Doubts about the configuration are only warnings.
    """
    from bot.core.config import load
    from bot.core.principles import load_principles
    from bot.listing.paper_list import sum_up
    from bot.tools.check.findings import (
        render_doubts,
        render_github,
        render_json,
        render_self_test,
        render_text,
    )
    from bot.tools.check.run import check_list, no_entries

    settings = load(config)
    if settings.judge.is_on:
        load_principles(config)
    files = check_list(settings, list_path=list_path, source=source, fix=fix)
    findings = [finding for checked in files for finding in checked.findings]
    doubts = (*settings.doubts, *no_entries(files, settings))
    typer.echo(_fixed(files), err=True, nl=False)
    tested = _self_test(settings, files[0]) if form else None
    if json:
        size = sum_up(file.listing.size for file in files)
        typer.echo(render_json(files[0].path, size, findings, doubts, tested), nl=False)
    elif style is Format.GITHUB:
        typer.echo(render_github(findings, str(config), doubts), nl=False)
    else:
        typer.echo(render_doubts(str(config), doubts) + render_text(findings), nl=False)
        typer.echo(_summary(settings, config, files))
    if tested and not json:
        typer.echo("\n" + render_self_test(tested))
    raise typer.Exit(1 if findings else 0)


def _fixed(files: Sequence[CheckedList]) -> str:
    counts = ((file.path, count(file.fixed, "finding")) for file in files if file.fixed)
    return "".join(f"{path}: {fixed} fixed\n" for path, fixed in counts)


def _self_test(settings: Config, checked: CheckedList) -> SelfTest:
    """Tests the bot on the list's own entries, with metadata from `--source` or else from one request to arXiv."""
    from bot.listing.self_test import newest_ids, run_self_test

    known = checked.known
    if not known:
        from bot.commands.open_sources import lasting_source
        from bot.commands.progress import waiting

        with waiting() as wait:
            arxiv = lasting_source("search", settings.arxiv, wait)
            ids = newest_ids(checked.listing, _LOOKED_UP)
            known = {paper.id: paper for paper in arxiv.look_up(ids)}
    file = settings.file(checked.path)
    return run_self_test(checked.listing, known, file.template, file.heading)


def _summary(settings: Config, config: Path, files: Sequence[CheckedList]) -> str:
    phrases = sum(len(topic.phrases) for topic in settings.topics)
    fixable = sum(finding.fixable for file in files for finding in file.findings)
    lines = [f"{config}: {count(len(settings.topics), 'topic')}, {count(phrases, 'phrase')}"]
    for file in files:
        wrong = count(len(file.findings), "finding") if file.findings else "nothing wrong"
        lines.append(f"{file.path}: {file.listing.summary}, {wrong}")
    return "\n".join(lines) + (f"; `arxiv-bot check --fix` fixes {fixable}" if fixable else "")
