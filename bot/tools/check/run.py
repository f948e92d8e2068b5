"""Checks a list, for the command and for `bot.check`: finds what is wrong, and fixes what is safe to fix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.core.arxiv_id import ArxivId
from bot.core.config import Config, Doubt
from bot.core.errors import UsageError
from bot.core.model import Paper
from bot.forge.local import LocalForge
from bot.listing.paper_list import PaperList
from bot.sources.snapshot import Snapshot
from bot.tools.check.audit import ListFinding, audit, repair


@dataclass(frozen=True, slots=True)
class CheckedList:
    """A list's file, its content, what is still wrong, how many findings were fixed, and the papers' metadata."""

    path: str
    listing: PaperList
    findings: tuple[ListFinding, ...]
    fixed: int
    known: Mapping[ArxivId, Paper]


def check_list(
    config: Config, *, list_path: str = "", source: str = "", fix: bool = False
) -> tuple[CheckedList, ...]:
    """Checks the files of a list below the working directory, offline, or only the one at `list_path`.

    `source` is saved metadata to compare titles with (`snapshot:PATH`). `fix` writes the list with every safe edit.

    Raises:
        UsageError: the source can't be used, or the list can't be written.
        ForgeError, ListError, SourceError: the list or the source can't be read.
    """
    return tuple(_check(config, path, source, fix=fix) for path in config.paths(list_path))


def _check(config: Config, path: str, source: str, *, fix: bool) -> CheckedList:
    heading = config.file(path).heading
    content, further = LocalForge(Path(), path).read().base.content, config.paths()[1:]
    listing = PaperList.parse(content, heading, path if path in further else "")
    known = _known(config, source, listing)
    findings = audit(listing, known, off=config.check.off)
    may_fix = fix and path not in config.archives
    fixed = sum(finding.fixable for finding in findings) if may_fix else 0
    if fixed:
        listing = PaperList.parse(repair(listing, findings), heading)
        _write(Path(path), listing.document.content)
        findings = audit(listing, known, off=config.check.off)
    named = tuple(replace(finding, path=path) for finding in findings)
    return CheckedList(path, listing, named, fixed, known)


def no_entries(files: Iterable[CheckedList], config: Config) -> Iterator[Doubt]:
    """The doubts about files without an entry: the bot learns from entries what a new one looks like."""
    for file in files:
        template = config.file(file.path).template
        if not (file.listing.size.entries or template or file.path in config.archives):
            what = f"{file.path} has no entry, so a run can't learn what an entry looks like"
            fix = "add a first entry by hand, correct heading in the configuration, or set template there"
            yield Doubt("heading", what, fix)


def _known(config: Config, source: str, listing: PaperList) -> Mapping[ArxivId, Paper]:
    """Returns a snapshot's metadata of the listed papers, by id."""
    if not source:
        return {}
    kind, _, path = source.partition(":")
    if kind != "snapshot" or not path:
        raise UsageError(
            f"there is no offline source {source!r}", where="--source", fix="write snapshot:PATH"
        )
    wanted = [entry.ids[0] for entry in listing.index.listed if entry.ids]
    papers = Snapshot(Path(path), config.arxiv.categories).look_up(wanted)
    return {paper.id: paper for paper in papers}


def _write(path: Path, content: bytes) -> None:
    """Replaces the list atomically; follows a symbolic link, and keeps the file's mode."""
    file = path.resolve()
    beside = file.with_name(f".{file.name}.arxiv-bot")
    try:
        beside.write_bytes(content)
        beside.chmod(file.stat().st_mode)
        beside.replace(file)
    except OSError as error:
        raise UsageError(
            f"the list can't be written: {error.strerror}",
            where=str(path),
            fix="check the file's permissions",
        ) from None
