"""Finds what would keep a run from working: in the configuration, the list, the token and GitHub's settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from bot.core.config import Config, load
from bot.core.english import count
from bot.core.errors import BotError, ConfigError, ForgeError, ListError
from bot.core.principles import FILE, load_principles
from bot.forge.local import LocalForge
from bot.listing.paper_list import PaperList
from bot.proposals.answers import branch_of
from bot.tools.check.audit import repeats
from bot.tools.doctor.check_github import examine
from bot.tools.doctor.facts import Unseen
from bot.tools.doctor.findings import Diagnosis, Status
from bot.tools.doctor.inspector import Inspector

_SHOWN = 3  # pairs of lines; `arxiv-bot check` shows all


def diagnose(
    config: Path, list_path: str, inspector: Inspector | None, repo_option: str, now: datetime
) -> Iterator[Diagnosis]:
    """Checks everything that a run needs.

    Without an inspector, which reads the list's repository, it checks the list in this directory, and advises to add
    `repo_option`. `list_path` is "" for the configured list.
    """
    settings = None
    try:
        settings = load(config)
    except ConfigError as error:
        yield Diagnosis("configuration", Status.PROBLEM, f"{config}: {error.message}", error.fix)
    else:
        yield from _configuration(settings, config)
    files = {list_path: ""}
    if settings:
        files = {path: settings.file(path).heading for path in settings.paths(list_path)}
    if inspector:
        labels = settings.pull_request.labels if settings else ()
        yield from _on_github(inspector, files, labels, now)
        return
    for path, heading in files.items():
        yield _local_list(path, heading)
    yield Diagnosis(
        "GitHub",
        Status.UNKNOWN,
        "token, settings, rules, labels and schedule were not checked, since no repository is named",
        f"add {repo_option}, and set GITHUB_TOKEN to the bot's token",
    )


def _configuration(settings: Config, config: Path) -> Iterator[Diagnosis]:
    phrases = sum(len(topic.phrases) for topic in settings.topics)
    found = f"{config}: {count(len(settings.topics), 'topic')}, {count(phrases, 'phrase')}"
    yield Diagnosis("configuration", Status.OK, found)
    for doubt in settings.doubts:
        found = f"{doubt.where}: {doubt.what}"
        yield Diagnosis("configuration", Status.WARNING, found, doubt.fix)
    if settings.judge.is_on:
        yield _principles(config)


def _principles(config: Path) -> Diagnosis:
    try:
        principles = load_principles(config)
    except ConfigError as error:
        return _failed("principles", error)
    held = f"{config.with_name(FILE)}: {count(len(principles.items), 'principle')}"
    return Diagnosis("principles", Status.OK, held)


def _failed(name: str, error: BotError) -> Diagnosis:
    return Diagnosis(name, Status.PROBLEM, f"{error.where}: {error.message}", error.fix)


def _local_list(path: str, heading: str) -> Diagnosis:
    if not path:
        return _no_path()
    try:
        content = LocalForge(Path(), path).read().base.content
    except ListError as error:
        return _failed("list", error)
    return examine_list(content, heading, path)


def _no_path() -> Diagnosis:
    found = "not checked, since the configuration that names the list can't be read"
    return Diagnosis("list", Status.UNKNOWN, found, "name the list with --list")


def _on_github(
    inspector: Inspector, files: Mapping[str, str], labels: tuple[str, ...], now: datetime
) -> Iterator[Diagnosis]:
    branch = branch_of(())
    try:
        facts = inspector.read(branch)
    except ForgeError as error:
        yield _failed("GitHub", error)
        return
    for path, heading in files.items():
        yield _list_on_github(inspector, path, heading)
    yield from examine(facts, labels, branch, now)


def _list_on_github(inspector: Inspector, path: str, heading: str) -> Diagnosis:
    if not path:
        return _no_path()
    content, where = inspector.read_list(path), f"{path} in {inspector.name}"
    if content is None:
        fix = "correct its path in the configuration, or name the list with --list"
        return Diagnosis("list", Status.PROBLEM, f"there is no {where}", fix)
    if isinstance(content, Unseen):
        return Diagnosis("list", Status.UNKNOWN, f"{where}: {content.why}")
    return examine_list(content, heading, where)


def examine_list(content: bytes, heading: str, where: str) -> Diagnosis:
    """Checks that the list has papers, each only once; `heading` is the configured one, or ""."""
    try:
        papers = PaperList.parse(content, heading)
    except ListError as error:
        return Diagnosis("list", Status.PROBLEM, f"{where}: {error.message}", error.fix)
    found = f"{where}: {papers.summary}"
    if repeated := list(repeats(papers)):
        pairs = [f"{first.line} and {again.line}" for first, again in repeated]
        more = f" … and {len(pairs) - _SHOWN} more" if len(pairs) > _SHOWN else ""
        text = f"{found}; the same paper at lines {', '.join(pairs[:_SHOWN])}{more}"
        fix = "remove one entry of each pair, or correct its link: `arxiv-bot check` shows them"
        return Diagnosis("list", Status.WARNING, text, fix)
    if not papers.size.entries:
        fix = "set heading in the configuration to the heading above the papers"
        found += "; the bot has no entry to learn the form from"
        return Diagnosis("list", Status.WARNING, found, fix)
    return Diagnosis("list", Status.OK, found)
