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
    from bot.tools.check.audit import ListFinding
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
        bool, typer.Option("--fix", help="Fix what can be fixed automatically.")
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
    checked = check_list(settings, list_path=list_path, source=source, fix=fix)
    path, findings = checked.path, checked.findings
    doubts = (*settings.doubts, *no_entries(checked, settings))
    held = checked.listing.census
    if checked.fixed:
        typer.echo(f"{path}: {count(checked.fixed, 'finding')} fixed", err=True)
    tested = _self_test(settings, checked) if form else None
    if json:
        typer.echo(render_json(path, held, findings, doubts, tested), nl=False)
    elif style is Format.GITHUB:
        typer.echo(render_github(path, findings, str(config), doubts), nl=False)
    else:
        typer.echo(render_doubts(str(config), doubts) + render_text(path, findings), nl=False)
        typer.echo(_summary(settings, config, f"{path}: {checked.listing.place}", findings))
    if tested and not json:
        typer.echo("\n" + render_self_test(tested))
    raise typer.Exit(1 if findings else 0)


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
    return run_self_test(checked.listing, known, settings.list.template, settings.list.heading)


def _summary(settings: Config, config: Path, held: str, findings: Sequence[ListFinding]) -> str:
    phrases = sum(len(topic.phrases) for topic in settings.topics)
    fixable = sum(finding.fixable for finding in findings)
    wrong = count(len(findings), "finding") if findings else "nothing wrong"
    return (
        f"{config}: {count(len(settings.topics), 'topic')}, {count(phrases, 'phrase')}\n"
        f"{held}, {wrong}" + (f"; `arxiv-bot check --fix` fixes {fixable}" if fixable else "")
    )
