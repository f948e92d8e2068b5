"""`arxiv-bot check`: the configuration and the list, offline."""

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
    from bot.tools.check.audit import ListFinding


class Format(Enum):
    """How findings are printed."""

    TEXT = "text"
    GITHUB = "github"


def check(
    *,
    config: ConfigOption = CONFIG,
    list_path: ListOption = "",
    fix: Annotated[bool, typer.Option("--fix", help="Mend what needs no judgement.")] = False,
    source: Annotated[
        str,
        typer.Option(
            "--source",
            help="Hold titles against saved metadata: snapshot:PATH.",
            metavar="SOURCE",
        ),
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    style: Annotated[
        Format, typer.Option("--format", help="github annotates a workflow's pull request.")
    ] = Format.TEXT,
) -> None:
    """Check the configuration and the list, offline.

    Exits with 1 when something is wrong with the list; what is only doubtful in the configuration is told.
    """
    from bot.core.config import load
    from bot.tools.check.findings import render_doubts, render_github, render_json, render_text
    from bot.tools.check.run import check_list

    settings = load(config)
    checked = check_list(settings, list_path=list_path, source=source, fix=fix)
    path, findings, doubts = checked.path, checked.findings, tuple(settings.doubts)
    held = checked.listing.census
    if checked.mended:
        typer.echo(f"{path}: {count(checked.mended, 'finding')} mended", err=True)
    if json:
        typer.echo(render_json(path, held, findings, doubts), nl=False)
    elif style is Format.GITHUB:
        typer.echo(render_github(path, findings, str(config), doubts), nl=False)
    else:
        typer.echo(render_doubts(str(config), doubts) + render_text(path, findings), nl=False)
        where = f"{held} in {count(len(checked.listing.document.sections), 'section')}"
        typer.echo(_summary(settings, config, f"{path}: {where}", findings))
    raise typer.Exit(1 if findings else 0)


def _summary(settings: Config, config: Path, held: str, findings: Sequence[ListFinding]) -> str:
    phrases = sum(len(topic.phrases) for topic in settings.topics)
    fixable = sum(finding.edit is not None for finding in findings)
    wrong = count(len(findings), "finding") if findings else "nothing wrong"
    return (
        f"{config}: {count(len(settings.topics), 'topic')}, {count(phrases, 'phrase')}\n"
        f"{held}, {wrong}" + (f"; `arxiv-bot check --fix` mends {fixable}" if fixable else "")
    )
