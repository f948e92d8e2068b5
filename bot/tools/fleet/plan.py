"""Divides a fleet's lists among jobs, with a limit of lists per job, so that all jobs take about the same time."""

from __future__ import annotations

import re
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from bot.core.errors import UsageError
from bot.core.files import read_plain
from bot.core.toml_model import TomlFile

MOST_JOBS = 256
"""The most jobs in a GitHub Actions matrix (https://docs.github.com/actions/reference/limits)."""
WRITES_AN_HOUR = 500
"""Pull requests, comments and labels that GitHub lets an account create per hour (a secondary rate limit)."""
_LARGEST_PLAN = 2**24  # bytes; that of 10,000 lists has about 1 MB


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class FleetList(_Table):
    """One list of a fleet."""

    repo: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+/[A-Za-z0-9._-]+$")]
    """The repository, `OWNER/NAME`."""
    config: Path
    """Its configuration, relative to the folder of fleet.toml."""

    @field_validator("repo")
    @classmethod
    def _is_no_folder(cls, repo: str) -> str:
        if repo.partition("/")[2] in {".", ".."}:
            raise ValueError(f"{repo} is not a repository; write OWNER/NAME")
        return repo


class Discover(_Table):
    """Which repositories on GitHub are lists of the fleet, besides those that `[[lists]]` names."""

    topic: Annotated[str, Field(pattern=r"^([a-z0-9][a-z0-9-]{0,49})?$")] = ""
    """The topic of the repositories of `owner`."""
    owner: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]*$")] = ""
    """The user or organisation that has the repositories with the topic."""
    installation: bool = False
    """Whether to take the repositories that the token of the GitHub App may access, instead of a topic's."""
    config: str
    """Where each configuration is, relative to the folder of fleet.toml: `lists/{name}.toml`, or with `{owner}` too."""

    @field_validator("config")
    @classmethod
    def _is_below(cls, pattern: str) -> str:
        marks = set(re.findall(r"\{[^{}]*\}|[{}]", pattern))
        if "{name}" not in marks or marks - {"{name}", "{owner}"}:
            raise ValueError(
                "write {name} where the repository's name belongs, and no other braces than {owner}"
            )
        if pattern.startswith("/") or "\\" in pattern or ".." in PurePosixPath(pattern).parts:
            raise ValueError(
                "write a path below the folder of fleet.toml, such as lists/{name}.toml"
            )
        return pattern

    @model_validator(mode="after")
    def _has_one_way(self) -> Discover:
        by_topic = bool(self.topic and self.owner)
        if by_topic == self.installation or bool(self.topic) != bool(self.owner):
            raise ValueError("write either topic and owner, or installation = true")
        return self

    def config_of(self, repo: str) -> Path:
        """Returns the path of a repository's configuration."""
        owner, _, name = repo.partition("/")
        parts = {"{owner}": owner, "{name}": name}
        return Path(re.sub(r"\{\w+\}", lambda mark: parts[mark[0]], self.config))


class Fleet(_Table):
    """The contents of fleet.toml."""

    snapshot: Path
    """The folder of a harvest, relative to the folder of fleet.toml."""
    lists_per_job: Annotated[int, Field(ge=1, le=500)] = 50
    """The most lists in one job."""
    jobs_at_once: Annotated[int, Field(ge=1, le=256)] = 4
    """How many jobs run at the same time; together they stay within GitHub's limit on writes."""
    lists: tuple[FleetList, ...] = ()
    """The lists."""
    discover: Discover | None = None
    """Where to find more lists on GitHub."""

    @field_validator("lists")
    @classmethod
    def _distinct(cls, lists: tuple[FleetList, ...]) -> tuple[FleetList, ...]:
        names = [item.repo.casefold() for item in lists]
        if repeated := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"{min(repeated)} is listed twice")
        return lists

    @model_validator(mode="after")
    def _has_lists(self) -> Fleet:
        if not self.lists and not self.discover:
            raise ValueError("there are no lists; add [[lists]] or [discover]")
        return self

    @property
    def pause(self) -> float:
        """Seconds that a job waits for each write, so that all jobs together stay within the limit."""
        return 3600 / WRITES_AN_HOUR * self.jobs_at_once


_TOML = TomlFile(
    Fleet,
    if_missing="name the file with --fleet",
    advice={"repo": "is not a repository; write OWNER/NAME"},
)


class SkippedRepository(_Table):
    """A repository that was found and is no list of the fleet."""

    repo: str
    why: str


class FleetPlan(_Table):
    """The lists of each job, and the repositories that were left out. `fleet plan` writes it, `fleet run` reads it."""

    jobs: Annotated[tuple[tuple[FleetList, ...], ...], Field(min_length=1)]
    skipped: tuple[SkippedRepository, ...] = ()


def read_plan(path: Path) -> FleetPlan:
    """Reads a plan.

    Raises:
        UsageError: the file can't be read, or is no plan.
    """
    try:
        return FleetPlan.model_validate_json(read_plain(path, _LARGEST_PLAN))
    except (OSError, ValidationError) as error:
        reason = f"the file is not a plan of a fleet: {str(error).splitlines()[0]}"
        fix = "name a file that `arxiv-bot fleet plan --output FILE` wrote"
        raise UsageError(reason, where=f"--plan {path}", fix=fix) from None


def load_fleet(path: Path) -> Fleet:
    """Reads fleet.toml.

    Raises:
        ConfigError: the file can't be read, or is invalid.
    """
    return _TOML.load(path)


def shards(fleet: Fleet, seconds: Mapping[str, float]) -> tuple[tuple[FleetList, ...], ...]:
    """Returns the lists of each job; the same fleet and times give the same jobs.

    Args:
        fleet: the lists.
        seconds: how long each repository's last run took; the median stands in for repositories without a time.

    Raises:
        UsageError: the lists need more jobs than a matrix can have.
    """
    number = -(-len(fleet.lists) // fleet.lists_per_job)
    if number > MOST_JOBS:
        fix = f"set lists_per_job to {-(-len(fleet.lists) // MOST_JOBS)} or more"
        raise UsageError(f"{number} jobs are more than {MOST_JOBS}", where="lists_per_job", fix=fix)
    typical = statistics.median(seconds.values()) if seconds else 1.0
    filled: list[list[FleetList]] = [[] for _ in range(number)]
    loads = [0.0] * number
    for item in sorted(fleet.lists, key=lambda each: (-seconds.get(each.repo, typical), each.repo)):
        room = (job for job in range(number) if len(filled[job]) < fleet.lists_per_job)
        lightest = min(room, key=lambda job: (loads[job], job))
        filled[lightest].append(item)
        loads[lightest] += seconds.get(item.repo, typical)
    return tuple(map(tuple, filled))


def matrix(jobs: Sequence[Sequence[FleetList]]) -> dict[str, Any]:
    """Returns the plan as a GitHub Actions matrix: each shard, its number, and the repositories for its token."""
    return {
        "include": [
            {
                "shard": f"{number}/{len(jobs)}",
                "number": number,
                "owner": job[0].repo.partition("/")[0] if job else "",
                "repositories": ",".join(item.repo.partition("/")[2] for item in job),
            }
            for number, job in enumerate(jobs, start=1)
        ]
    }


def parse_shard(text: str, jobs: int) -> int:
    """Parses a shard such as `3/20` into its index, from 0.

    Raises:
        UsageError: the plan has no such shard.
    """
    number, slash, of = text.partition("/")
    if slash and number.isdecimal() and of == f"{jobs}" and 1 <= int(number) <= jobs:
        return int(number) - 1
    raise UsageError(
        f"{text!r} is not a shard of this plan",
        where="--shard",
        fix=f"write 1/{jobs} to {jobs}/{jobs}, as `arxiv-bot fleet plan` prints them",
    )
