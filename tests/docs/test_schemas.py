"""The output of --json fits the published schemas: every field is described, and none is missing."""

import json
from typing import Any

import jsonschema_rs
import pytest

from bot.core.config import json_schema
from docs.making.schemas import FOLDER, OUTPUTS, schema
from tests import samples
from tests.docs.reader import PAPERS, Reader, line
from tests.refresh import lists
from tests.servers.github.settings import Settings


def printed(reader: Reader, command: str) -> Any:
    done = reader.run(f"arxiv-bot {command} --json")
    assert not done.stderr
    return json.loads(done.stdout)


def fits(data: Any, name: str) -> bool:
    problems = [
        f"{'/'.join(map(str, error.instance_path))}: {error.message}"
        for error in jsonschema_rs.validator_for(schema(name, strict=True)).iter_errors(data)
    ]
    assert [] == problems
    return True


def test_a_run_and_its_decisions_fit_their_schemas(reader: Reader):
    until = "--until 2025-10-31"
    run = printed(reader, f"run --repo OWNER/NAME {until}")
    assert fits(run, "run")
    assert run["decisions"]
    assert run["pull_requests"]
    reader.github.hub.close(1)
    answers = printed(reader, "decisions --repo OWNER/NAME")
    assert fits(answers, "decisions")
    assert 3 == len(answers)
    assert fits(printed(reader, "propose 2510.00001 --repo OWNER/NAME"), "run")
    explained = printed(reader, "explain 2510.00002")
    assert fits(explained, "explain")
    assert explained[0]["changes"]


def test_a_failed_run_fits_its_schema(reader: Reader):
    reader.env["ARXIV_BOT_SEARCH_URL"] = reader.env["ARXIV_BOT_SEARCH_URL"].replace("query", "gone")
    run = printed(reader, "run --dry-run")

    assert fits(run, "run")
    assert run["failures"]


def test_a_backfill_fits_its_schema(reader: Reader):
    run = printed(reader, "backfill --since 2023-01 --source snapshot:papers.jsonl --dry-run")

    assert fits(run, "run")
    assert run["decisions"]


def test_a_refresh_fits_its_schema(reader: Reader):
    known = [
        {
            "id": name,
            "title": lists.TITLE.format(int(name[-2:])),
            "abstract": lists.ABSTRACT,
            "created": "Thu, 1 Feb 2024 00:00:00 GMT",
        }
        for name in lists.NAMES
    ]
    (reader.folder / "papers.jsonl").write_text("".join(map(line, known)))
    bare = lists.entry(lists.NAMES[0], abstract=False)
    whole = lists.complete(*lists.NAMES[1:])
    (reader.folder / "README.md").write_text(lists.listing(bare, *whole))
    found = printed(reader, "refresh --source snapshot:papers.jsonl --dry-run")

    assert fits(found, "refresh")
    assert ["abstract"] == [change["fact"] for change in found["changes"]]
    assert found["pull_requests"]


def test_a_check_fits_its_schema(reader: Reader):
    (reader.folder / "twice.md").write_text(
        samples.LIST.replace("## Contributing", "- [Again](https://arxiv.org/abs/2212.08073v2)\n")
    )
    found = printed(reader, "check --list twice.md")

    assert fits(found, "check")
    assert found["findings"]
    assert fits(printed(reader, "check"), "check")


def test_a_diagnosis_fits_its_schema(reader: Reader):
    reader.github.server.application = Settings(reader.github.hub)
    found = printed(reader, "doctor --repo OWNER/NAME")

    assert fits(found, "doctor")
    assert {"ok", "unknown"} <= {finding["status"] for finding in found["findings"]}
    assert fits(printed(reader, "doctor"), "doctor")


def test_an_evaluation_fits_its_schema(reader: Reader):
    papers = [*PAPERS, {**PAPERS[9], "id": "2507.00999", "title": "Not a Word of It"}]
    (reader.folder / "papers.jsonl").write_text("".join(map(line, papers)))
    found = printed(reader, "evaluate --source snapshot:papers.jsonl --cut 2025-07-01")

    assert fits(found, "evaluate")
    assert found["phrases"]
    assert found["reliability"] or found["passing"]["words"]


@pytest.mark.parametrize("name", sorted(OUTPUTS))
def test_schemas_are_valid_and_say_what_each_field_is(name: str):
    published = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))

    assert jsonschema_rs.meta.is_valid(published)
    for shape in published["$defs"].values():
        assert shape["description"]
        assert all(field["description"].endswith(".") for field in shape["properties"].values())


def test_a_schema_refuses_wrong_data():
    counts = {"entries": "two", "papers": 2, "on_arxiv": 1}
    run = {"list": "README.md", **counts, "doubts": [], "findings": []}
    validator = jsonschema_rs.validator_for(schema("check"))

    assert not validator.is_valid(run)
    assert validator.is_valid({**run, "entries": 2, "more": "later"})


def test_the_configuration_of_the_tests_fits_its_schema():
    import tomllib

    validator = jsonschema_rs.validator_for(json.loads(json_schema()))
    assert validator.is_valid(tomllib.loads(samples.CONFIG))
    assert not validator.is_valid(tomllib.loads(samples.CONFIG.replace("phrases", "phrase")))
