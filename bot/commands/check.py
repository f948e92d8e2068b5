"""`arxiv-bot check`: the configuration and the list, offline."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import CONFIG, ConfigOption, ListOption
from bot.core.english import count
from bot.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.arxiv_id import ArxivId
    from bot.core.config import Config
    from bot.core.model import Paper
    from bot.listing.index import ListIndex
    from bot.tools.check.audit import Finding


class Format(Enum):
    """How findings are printed."""

    TEXT = "text"
    GITHUB = "github"


def check(
    *,
    config: ConfigOption = CONFIG,
    list_path: ListOption = "",
    fix: Annotated[bool, typer.Option("--fix", help="Put right what needs no judgement.")] = False,
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
    from bot.forge.local import LocalForge
    from bot.listing.paper_list import PaperList
    from bot.tools.check.audit import audit, repair
    from bot.tools.check.findings import render_doubts, render_github, render_json, render_text

    settings = load(config)
    path = list_path or settings.list.path
    listing = PaperList.parse(LocalForge(Path(), path).read().base.content, settings.list.heading)
    known = _known(settings, source, listing.index)
    findings = audit(listing, known)
    if fix and any(one.edit for one in findings):
        fixed = sum(one.edit is not None for one in findings)
        listing = PaperList.parse(repair(listing, findings), settings.list.heading)
        _write(Path(path), listing.document.content)
        typer.echo(f"{path}: {fixed} put right", err=True)
        findings = audit(listing, known)
    held, doubts = listing.census, tuple(settings.doubts)
    if json:
        typer.echo(render_json(path, held, findings, doubts), nl=False)
    elif style is Format.GITHUB:
        typer.echo(render_github(path, findings, str(config), doubts), nl=False)
    else:
        typer.echo(render_doubts(str(config), doubts) + render_text(path, findings), nl=False)
        where = f"{held} in {count(len(listing.document.sections), 'section')}"
        typer.echo(_summary(settings, config, f"{path}: {where}", findings))
    raise typer.Exit(1 if findings else 0)


def _summary(settings: Config, config: Path, held: str, findings: Sequence[Finding]) -> str:
    phrases = sum(len(topic.phrases) for topic in settings.topics)
    fixable = sum(one.edit is not None for one in findings)
    wrong = count(len(findings), "finding") if findings else "nothing wrong"
    return (
        f"{config}: {count(len(settings.topics), 'topic')}, {count(phrases, 'phrase')}\n"
        f"{held}, {wrong}" + (f"; `arxiv-bot check --fix` puts {fixable} right" if fixable else "")
    )


def _known(settings: Config, source: str, index: ListIndex) -> Mapping[ArxivId, Paper]:
    """What a snapshot knows of the listed papers, by id."""
    if not source:
        return {}
    kind, _, path = source.partition(":")
    if kind != "snapshot" or not path:
        raise UsageError(
            f"there is no offline source {source!r}", where="--source", fix="write snapshot:PATH"
        )
    from bot.sources.snapshot import Snapshot

    wanted = [one.ids[0] for one in index.listed if one.ids]
    papers = Snapshot(Path(path), settings.arxiv.categories).look_up(wanted)
    return {paper.id: paper for paper in papers}


def _write(path: Path, content: bytes) -> None:
    """Puts the new list in the place of the old one in one step; a link stays one, and a mode is kept."""
    file = path.resolve()
    beside = file.with_name(f".{file.name}.arxiv-bot")
    try:
        beside.write_bytes(content)
        beside.chmod(file.stat().st_mode)
        beside.replace(file)
    except OSError as error:
        raise UsageError(
            f"can't be written: {error.strerror}", where=str(path), fix="check its permissions"
        ) from None
