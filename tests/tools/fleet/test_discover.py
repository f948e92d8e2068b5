"""A fleet's plan with lists that are found on GitHub: which are taken, which are skipped, and the file of the plan."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.core.errors import UsageError
from bot.forge.find_repositories import FoundRepository
from bot.tools.fleet.discover import make_plan
from bot.tools.fleet.plan import Discover, Fleet, FleetPlan, read_plan

BY_TOPIC = {"topic": "papers", "owner": "labs", "config": "lists/{name}.toml"}


def fleet(*named: str, **more: Any) -> Fleet:
    lists = [{"repo": repo, "config": "own.toml"} for repo in named]
    data = {"snapshot": "harvest", "lists": lists, "discover": BY_TOPIC, **more}
    return Fleet.model_validate(data)


def plan(settings: Fleet, *names: str, files: str = "", archived: str = "") -> FleetPlan:
    found = [FoundRepository(name, name in archived.split()) for name in names]
    return make_plan(
        settings, {}, find=lambda _: found, has_file=lambda path: path.as_posix() in files.split()
    )


def configs(made: FleetPlan) -> dict[str, str]:
    return {item.repo: item.config.as_posix() for job in made.jobs for item in job}


def test_repositories_with_a_configuration_are_lists_and_the_others_are_skipped_with_the_reason():
    files = "lists/a.toml lists/b.toml lists/old.toml"
    made = plan(fleet(), "labs/a", "labs/b", "labs/c", "labs/old", files=files, archived="labs/old")

    assert {"labs/a": "lists/a.toml", "labs/b": "lists/b.toml"} == configs(made)
    assert {"labs/c": "there is no lists/c.toml", "labs/old": "it is archived"} == {
        item.repo: item.why for item in made.skipped
    }


def test_a_list_in_the_file_keeps_its_own_configuration():
    made = plan(fleet("Labs/a"), "labs/A", "labs/b", files="lists/A.toml lists/b.toml")

    assert {"Labs/a": "own.toml", "labs/b": "lists/b.toml"} == configs(made)
    assert () == made.skipped


@pytest.mark.parametrize(
    "name",
    [
        "labs/..",
        "labs/.",
        "labs/../etc",
        "../labs",
        "labs",
        "",
        "labs/a\n",
        "labs/a b",
        "labs/a\x1b[31m",
        "labs/{owner}",
        "labs/a?ref=x",
        "/labs/a",
        "labs/a\\b",
    ],
)
def test_a_hostile_name_is_skipped_whatever_files_there_are(name: str):
    settings = fleet("labs/fine")
    made = make_plan(
        settings, {}, find=lambda _: [FoundRepository(name, False)], has_file=lambda _: True
    )

    assert {"labs/fine": "own.toml"} == configs(made)
    assert ["its name is not OWNER/NAME"] == [item.why for item in made.skipped]


def test_a_plan_without_a_list_is_an_error():
    with pytest.raises(UsageError, match="none of 1 repositories") as caught:
        plan(fleet(), "labs/a")

    assert "discover.config" in caught.value.fix


def test_github_is_asked_only_if_the_file_says_so():
    def refuse(_: Discover) -> list[FoundRepository]:
        raise AssertionError

    made = make_plan(
        fleet("o/a", discover=None), {}, find=refuse, has_file=lambda _: pytest.fail("looked")
    )

    assert {"o/a": "own.toml"} == configs(made)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"config": "lists/all.toml"}, "write {name}"),
        ({"config": "lists/{name}-{branch}.toml"}, "write {name}"),
        ({"config": "lists/{name.toml"}, "write {name}"),
        ({"config": "{name!r}{name}"}, "write {name}"),
        ({"config": "{{name}}"}, "write {name}"),
        ({"config": "/etc/{name}"}, "below the folder"),
        ({"config": "../{name}.toml"}, "below the folder"),
        ({"config": "a/../../{name}.toml"}, "below the folder"),
        ({"config": "a\\{name}.toml"}, "below the folder"),
        ({"topic": ""}, "either topic and owner"),
        ({"owner": ""}, "either topic and owner"),
        ({"topic": "", "owner": ""}, "either topic and owner"),
        ({"installation": True}, "either topic and owner"),
        ({"topic": "papers user:strangers"}, "pattern"),
        ({"owner": "labs fork:true"}, "pattern"),
        ({"sort": "stars"}, "sort"),
    ],
)
def test_a_mistake_in_discover_is_named(change: dict[str, Any], words: str):
    with pytest.raises(ValidationError) as caught:
        Discover.model_validate({**BY_TOPIC, **change})
    assert words in str(caught.value)


def test_a_fleet_needs_lists_or_a_way_to_find_them():
    with pytest.raises(ValidationError, match=r"add \[\[lists\]\] or \[discover\]"):
        fleet(discover=None)
    assert Discover(installation=True, config="{owner}/{name}.toml").config_of("labs/a.b") == Path(
        "labs/a.b.toml"
    )


def test_a_plan_is_the_same_after_it_was_written_and_read(tmp_path: Path):
    names = [f"labs/{n}" for n in range(120)]
    made = plan(fleet(), *names, files=" ".join(f"lists/{n}.toml" for n in range(110)))
    (tmp_path / "plan.json").write_text(made.model_dump_json())

    assert made == read_plan(tmp_path / "plan.json")
    assert (3, 10) == (len(made.jobs), len(made.skipped))


@pytest.mark.parametrize(
    "text",
    ["", "{}", '{"jobs": []}', '{"jobs": [[{"repo": "o/..", "config": "c"}]]}', "[" * 9_000],
)
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, text: str):
    file = tmp_path / "plan.json"
    file.write_text(text)
    with pytest.raises(UsageError, match="not a plan of a fleet") as caught:
        read_plan(file)
    assert "--output FILE" in caught.value.fix
    with pytest.raises(UsageError, match="No such file"):
        read_plan(tmp_path / "nowhere.json")
