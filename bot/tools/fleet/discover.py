"""Plans a fleet, with the lists that are found on GitHub."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from bot.core.errors import UsageError
from bot.forge.find_repositories import FoundRepository
from bot.tools.fleet.plan import (
    Discover,
    Fleet,
    FleetList,
    FleetPlan,
    SkippedRepository,
    shards,
)


def make_plan(
    fleet: Fleet,
    seconds: Mapping[str, float],
    *,
    find: Callable[[Discover], Sequence[FoundRepository]],
    has_file: Callable[[Path], bool],
) -> FleetPlan:
    """Divides the lists of fleet.toml, and those that are found, among jobs.

    Args:
        fleet: the contents of fleet.toml.
        seconds: how long each repository's last run took.
        find: asks GitHub; called only if fleet.toml has `[discover]`.
        has_file: whether there is a file at a path relative to fleet.toml.

    Raises:
        ForgeError: GitHub fails or refuses.
        UsageError: there are no lists, or they need more jobs than a matrix can have.
    """
    if not fleet.discover:
        return FleetPlan(jobs=shards(fleet, seconds))
    named = {item.repo.casefold() for item in fleet.lists}
    lists, skipped = list(fleet.lists), []
    for repository in find(fleet.discover):
        if repository.name.casefold() in named:
            continue
        chosen = _choose(repository, fleet.discover, has_file)
        if isinstance(chosen, FleetList):
            lists.append(chosen)
        else:
            skipped.append(chosen)
    if not lists:
        what = f"none of {len(skipped)} repositories that were found is a list of the fleet"
        fix = "give one of them a configuration where discover.config says, or add [[lists]]"
        raise UsageError(what, where="[discover]", fix=fix)
    jobs = shards(fleet.model_copy(update={"lists": tuple(lists)}), seconds)
    return FleetPlan(jobs=jobs, skipped=tuple(skipped))


def _choose(
    repository: FoundRepository, discover: Discover, has_file: Callable[[Path], bool]
) -> FleetList | SkippedRepository:
    """Returns the list in a repository, or why the repository is skipped."""
    name = repository.name
    config = discover.config_of(name)
    try:
        found = FleetList(repo=name, config=config)
    except ValidationError:
        return SkippedRepository(repo=name, why="its name is not OWNER/NAME")
    if repository.archived:
        return SkippedRepository(repo=name, why="it is archived")
    if not has_file(config):
        return SkippedRepository(repo=name, why=f"there is no {config.as_posix()}")
    return found
