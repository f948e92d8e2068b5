"""What the documentation shows besides commands: configuration, workflows, a unit, Python."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.core.config import Config
from bot.core.model import Paper
from bot.listing.template import compile_template, fill_template
from bot.tools.fleet.plan import Fleet
from docs.making.pages import sources
from tests import samples
from tests.conftest import ROOT
from tests.docs.reader import Reader
from tests.factories import paper


def blocks(kind: str) -> Iterator[tuple[str, str]]:
    """Every fenced block of a kind, with the page it is on."""
    for name in sorted({"README.md", *sources(ROOT)}):
        text = (ROOT / name).read_text(encoding="utf-8")
        for indent, block in re.findall(rf"(?ms)^( *)```{kind}\n(.*?)^ *```$", text):
            yield name, re.sub(rf"(?m)^{indent}", "", block)


def test_every_shown_configuration_is_valid():
    shown = [(name, tomllib.loads(block)) for name, block in blocks("toml")]

    assert 2 <= len(shown)
    for name, data in shown:
        if "snapshot" in data:
            assert Fleet.model_validate(data).snapshot, name
            continue
        whole: dict[str, Any] = {**tomllib.loads(samples.CONFIG), **data}
        config = Config.model_validate(whole)
        assert config.topics, name


def test_a_template_that_is_shown_makes_an_entry():
    (source,) = (
        data["list"]["template"]
        for data in (tomllib.loads(block) for _, block in blocks("toml"))
        if "template" in data.get("list", {})
    )
    example: Paper = paper(title="On Judges", authors=("A", "B", "C", "D"))

    assert (
        fill_template(compile_template(source), example)
        .strip()
        .startswith("- [On Judges](https://")
    )
    assert "A, B, C et al." in fill_template(compile_template(source), example)


@pytest.mark.parametrize(("name", "block"), list(blocks("yaml")))
def test_every_workflow_that_is_shown_is_yaml_and_pins_its_actions(name: str, block: str):
    assert yaml.safe_load(block), name
    for used in re.findall(r"uses: (\S+)", block):
        assert re.fullmatch(r"[\w./-]+@([0-9a-f]{40}|v[\d.]+)", used), name


def test_the_step_that_keeps_the_judges_answers_keeps_the_folder_of_the_cache():
    (block,) = (block for name, block in blocks("yaml") if name.endswith("judge.md"))
    cache, bot = yaml.safe_load(block)["steps"]
    pages = (ROOT / ".github" / "workflows" / "pages.yml").read_text(encoding="utf-8")

    assert cache["uses"] in pages
    assert cache["with"]["key"].startswith(cache["with"]["restore-keys"])
    assert (Path("~/.cache/arxiv-bot") / "judge") == Path(cache["with"]["path"])
    assert "JUDGE_API_KEY" in bot["env"]


def test_the_unit_for_systemd_lets_the_bot_do_what_it_must_and_no_more():
    ((name, unit),) = blocks("ini")
    settings = dict(re.findall(r"(?m)^(\w+)=(.*)$", unit))

    assert name.endswith("server.md")
    assert {"yes"} == {
        settings[setting] for setting in ("NoNewPrivileges", "PrivateTmp", "ProtectHome")
    }
    assert "strict" == settings["ProtectSystem"]
    assert not settings["CapabilityBoundingSet"]
    assert "arxiv-bot schedule --repo OWNER/NAME --config " in settings["ExecStart"]
    assert "LoadCredential" in settings
    assert "Environment" not in settings


def test_the_shown_python_code_runs(reader: Reader):
    ((page, example), *_) = blocks("python")
    (Path(reader.folder) / "example.py").write_text(
        f"{example}\nprint(len(report.proposed), 'proposed')\n"
    )
    done = reader.run("python example.py")

    assert "docs/reference/python.md" == page
    assert (0, "") == (done.returncode, done.stderr)
    assert done.stdout.endswith(" proposed\n")
