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
    from bot.tools.check.run import CheckedList


_LOOKED_UP = 100  # ids that arXiv answers in one request


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
            help="Compare titles with saved metadata: snapshot:PATH.",
            metavar="SOURCE",
        ),
    ] = "",
    form: Annotated[
        bool,
        typer.Option(
            "--form",
            help="Write the newest 20 entries again, and compare (asks arXiv without --source).",
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    style: Annotated[
        Format, typer.Option("--format", help="github annotates a workflow's pull request.")
    ] = Format.TEXT,
) -> None:
    """Check the configuration and the list, offline.

    Exits with 1 when something is wrong with the list; doubts about the configuration are warnings.
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
        typer.echo(_summary(settings, config, f"{path}: {checked.listing.place}", findings))
    if form:
        typer.echo(_self_test(settings, checked, config))
    raise typer.Exit(1 if findings else 0)


def _self_test(settings: Config, checked: CheckedList, config: Path) -> str:
    """The list's self-test, with the metadata of `--source`, else of one request to arXiv."""
    from bot.listing.self_test import newest_ids, run_self_test
    from bot.tools.check.form import render_self_test

    known = checked.known
    if not known:
        from bot.commands.compose import RunOptions, lookups
        from bot.commands.progress import waiting

        with waiting() as wait:
            options = RunOptions(
                config, "", "", ("search",), None, None, dry_run=True, progress=wait
            )
            (source,) = lookups(options, settings)
            ids = newest_ids(checked.listing, _LOOKED_UP)
            known = {paper.id: paper for paper in source.look_up(ids)}
    result = run_self_test(checked.listing, known, settings.list.template, settings.list.heading)
    return "\n" + render_self_test(result)


def _summary(settings: Config, config: Path, held: str, findings: Sequence[ListFinding]) -> str:
    phrases = sum(len(topic.phrases) for topic in settings.topics)
    fixable = sum(finding.edit is not None for finding in findings)
    wrong = count(len(findings), "finding") if findings else "nothing wrong"
    return (
        f"{config}: {count(len(settings.topics), 'topic')}, {count(phrases, 'phrase')}\n"
        f"{held}, {wrong}" + (f"; `arxiv-bot check --fix` mends {fixable}" if fixable else "")
    )
