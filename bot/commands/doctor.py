"""`arxiv-bot doctor`: reports what would keep a run from working, and how to fix it. Only reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import CONFIG, ConfigOption, ListOption, RepoOption, show
from bot.commands.progress import progress

if TYPE_CHECKING:
    from bot.core.config import Config
    from bot.tools.doctor.facts import Unseen
    from bot.tools.doctor.findings import Diagnosis


def doctor(
    *,
    config: ConfigOption = CONFIG,
    list_path: ListOption = "",
    repo: RepoOption = "",
    json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Check everything a run needs, on GitHub too; change nothing.

    Without --repo, checks only the configuration and the list in this directory.
    """
    from bot.tools.doctor.findings import Status, render_json, render_text

    found = tuple(_findings(config, list_path, repo))
    if json:
        typer.echo(render_json(found), nl=False)
    else:
        show(render_text(found))
    raise typer.Exit(1 if any(diagnosis.status is Status.PROBLEM for diagnosis in found) else 0)


def _findings(config: Path, list_path: str, repo: str) -> Iterator[Diagnosis]:
    from bot.commands.compose import repo_option
    from bot.core.config import load
    from bot.core.english import count
    from bot.core.errors import ConfigError
    from bot.tools.doctor.findings import Diagnosis, Status

    settings = None
    try:
        settings = load(config)
    except ConfigError as error:
        yield Diagnosis("configuration", Status.PROBLEM, f"{config}: {error.message}", error.fix)
    else:
        phrases = sum(len(topic.phrases) for topic in settings.topics)
        found = f"{config}: {count(len(settings.topics), 'topic')}, {count(phrases, 'phrase')}"
        yield Diagnosis("configuration", Status.OK, found)
        for doubt in settings.doubts:
            yield Diagnosis(
                "configuration", Status.WARNING, f"{doubt.where}: {doubt.what}", doubt.fix
            )
        if settings.judge.is_on:
            yield _principles(config)
    if repo:
        yield from _on_github(settings, list_path, repo)
    else:
        yield _local_list(settings, list_path)
        yield Diagnosis(
            "GitHub",
            Status.UNKNOWN,
            "token, settings, rules, labels and schedule were not checked, since no repository is named",
            f"add {repo_option()}, and set GITHUB_TOKEN to the bot's token",
        )


def _principles(config: Path) -> Diagnosis:
    from bot.core.english import count
    from bot.core.errors import ConfigError
    from bot.core.principles import FILE, load_principles
    from bot.tools.doctor.findings import Diagnosis, Status

    try:
        found = load_principles(config)
    except ConfigError as error:
        return Diagnosis("principles", Status.PROBLEM, f"{error.where}: {error.message}", error.fix)
    held = f"{config.with_name(FILE)}: {count(len(found.items), 'principle')}"
    return Diagnosis("principles", Status.OK, held)


def _local_list(settings: Config | None, list_path: str) -> Diagnosis:
    from bot.core.errors import ListError
    from bot.forge.local import LocalForge
    from bot.tools.doctor.check_list import examine_list
    from bot.tools.doctor.findings import Diagnosis, Status

    path = list_path or (settings.list.path if settings else "")
    if not path:
        return _no_path()
    try:
        content = LocalForge(Path(), path).read().base.content
    except ListError as error:
        return Diagnosis("list", Status.PROBLEM, f"{error.where}: {error.message}", error.fix)
    return examine_list(content, settings.list.heading if settings else "", path)


def _no_path() -> Diagnosis:
    from bot.tools.doctor.findings import Diagnosis, Status

    found = "not checked, since the configuration that names the list can't be read"
    return Diagnosis("list", Status.UNKNOWN, found, "name the list with --list")


def _on_github(settings: Config | None, list_path: str, repo: str) -> Iterator[Diagnosis]:
    from bot.commands.compose import inspector_of
    from bot.core.errors import ForgeError
    from bot.proposals.answers import branch_of
    from bot.tools.doctor.check_github import examine
    from bot.tools.doctor.findings import Diagnosis, Status

    path = list_path or (settings.list.path if settings else "")
    inspector = inspector_of(repo, progress)
    progress(f"asking GitHub about {repo}")
    branch = branch_of(())
    try:
        facts = inspector.read(branch)
    except ForgeError as error:
        yield Diagnosis("GitHub", Status.PROBLEM, f"{error.where}: {error.message}", error.fix)
        return
    yield (
        _list_on_github(inspector.read_list(path), settings, f"{path} in {repo}")
        if path
        else _no_path()
    )
    labels = settings.pull_request.labels if settings else ()
    yield from examine(facts, labels, branch, datetime.now(UTC))


def _list_on_github(
    content: bytes | Unseen | None, settings: Config | None, where: str
) -> Diagnosis:
    from bot.tools.doctor.check_list import examine_list
    from bot.tools.doctor.facts import Unseen
    from bot.tools.doctor.findings import Diagnosis, Status

    if content is None:
        fix = "set list.path in the configuration, or name the list with --list"
        return Diagnosis("list", Status.PROBLEM, f"there is no {where}", fix)
    if isinstance(content, Unseen):
        return Diagnosis("list", Status.UNKNOWN, f"{where}: {content.why}")
    return examine_list(content, settings.list.heading if settings else "", where)
