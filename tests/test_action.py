"""The composite action's own steps, run by a shell as a runner would, against both test services.

Steps that use other actions are played: the checkout puts the list's configuration there, the set-up names a Python.
What the bot needs is not fetched again: the folder of the action has no requirements, and the packages of this
environment stand in for them.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import samples
from tests.conftest import ROOT, thinned
from tests.servers.arxiv import Arxiv
from tests.servers.github import GitHubServer
from tests.servers.http import Server

ACTION = yaml.load((ROOT / "action.yml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


@dataclass
class Runner:
    """As much of a runner as this action needs: expressions, an environment, outputs."""

    folder: Path
    environment: dict[str, str]
    inputs: dict[str, str]
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    log: str = ""

    def __post_init__(self) -> None:
        for name, declared in ACTION["inputs"].items():
            self.inputs.setdefault(name, declared["default"])
        for name in ("workspace", "temp"):
            (self.folder / name).mkdir(exist_ok=True)

    def run(self, *names: str) -> bool:
        """Runs the steps, or those named; False where one failed, and then no other was run."""
        for step in ACTION["runs"]["steps"]:
            if "uses" in step:
                self._play(step)
            elif (not names or step["name"] in names) and not self._shell(step):
                return False
        return True

    def _play(self, step: dict[str, Any]) -> None:
        kind = step["uses"].partition("@")[0]
        if kind == "actions/checkout":
            target = self.folder / "workspace" / step["with"]["path"] / "config"
            target.mkdir(parents=True, exist_ok=True)
            (target / "keywords.toml").write_text(samples.CONFIG)
        else:
            assert "actions/setup-python" == kind
            assert "false" == step["with"]["update-environment"]
            self.outputs["python"] = {"python-path": sys.executable}

    def _shell(self, step: dict[str, Any]) -> bool:
        assert "bash" == step["shell"]
        script, output = self.folder / "step.sh", self.folder / "output"
        script.write_text(step["run"])
        output.write_text("")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=self.folder / "workspace" / step.get("working-directory", ""),
            env={
                **self.environment,
                **{name: self.value(text) for name, text in step.get("env", {}).items()},
                "GITHUB_OUTPUT": str(output),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=200,
        )
        self.log += done.stdout + done.stderr
        written = dict(line.split("=", 1) for line in output.read_text().splitlines())
        self.outputs[step.get("id", step["name"])] = written
        return not done.returncode

    def value(self, text: str) -> str:
        """The text with its expressions filled in."""

        def look_up(match: re.Match[str]) -> str:
            context, *path = match[1].split(".")
            if context == "inputs":
                return self.inputs[path[0]]
            if context == "steps":
                return self.outputs.get(path[0], {}).get(path[2], "")
            assert ("github", ["token"]) == (context, path)
            return "t0ken"

        filled = re.sub(r"\$\{\{ ([\w.-]+) \}\}", look_up, text)
        return self.value(filled) if "${{" in filled else filled

    @property
    def given(self) -> dict[str, str]:
        """The action's outputs."""
        return {name: self.value(output["value"]) for name, output in ACTION["outputs"].items()}


@pytest.fixture
def github() -> Iterator[GitHubServer]:
    with GitHubServer({"README.md": samples.LIST.encode()}) as server:
        yield server


@pytest.fixture
def environment(tmp_path: Path, github: GitHubServer) -> Iterator[dict[str, str]]:
    with Server(Arxiv(samples.PAPERS, samples.DAY)) as arxiv:
        yield {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "RUNNER_TEMP": str(tmp_path / "temp"),
            "GITHUB_WORKSPACE": str(tmp_path / "workspace"),
            "GITHUB_ACTION_PATH": str(tmp_path / "action"),
            "GITHUB_REPOSITORY": github.hub.name,
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
            "GITHUB_API_URL": github.url,
            "ARXIV_BOT_SEARCH_URL": f"{arxiv.url}/api/query",
            "ARXIV_BOT_FEED_URL": f"{arxiv.url}/atom",
            "ARXIV_BOT_OAI_URL": f"{arxiv.url}/oai",
            "PIP_NO_INDEX": "1",
            "PYTHONPATH": sysconfig.get_path("purelib"),
        }


def installed(folder: Path) -> None:
    """Puts this environment's command where the action's step would have installed it."""
    (folder / "temp" / "arxiv-bot").mkdir(parents=True)
    (folder / "temp" / "arxiv-bot" / "bin").symlink_to(Path(sys.executable).parent)


@pytest.mark.deep  # pip alone takes five seconds
def test_installed_from_its_own_folder_it_opens_a_pull_request_and_reports_it(
    tmp_path: Path, environment: dict[str, str], github: GitHubServer
):
    action = tmp_path / "action"
    shutil.copytree(ROOT / "bot", action / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, action / name)
    (action / "requirements.txt").write_text("")
    runner = Runner(tmp_path, environment, {})

    assert runner.run(), runner.log
    (pull,) = github.hub.pulls
    assert "Add 2 papers from arXiv" == pull.title
    report = runner.given.pop("report")
    assert {
        "pull-request-number": "1",
        "pull-request-url": f"https://github.test/{github.hub.name}/pull/1",
        "proposed": "2",
        "held-back": "0",
        "failures": "0",
        "report": report,
    } == runner.given
    assert "2 papers proposed" in json.loads((Path(report) / "report.json").read_text())["headline"]
    assert "2 papers proposed" in (tmp_path / "summary.md").read_text()
    assert "<html" in (Path(report) / "report.html").read_text()
    bot = tmp_path / "temp" / "arxiv-bot" / "bin" / "arxiv-bot"
    assert str(bot.parent) in bot.read_text().splitlines()[0]
    assert [".arxiv-bot"] == [path.name for path in (tmp_path / "workspace").iterdir()]


@pytest.mark.deep  # as above
def test_what_the_job_has_checked_out_is_not_run(tmp_path: Path, environment: dict[str, str]):
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    for name in ("venv", "pip", "typing"):
        (workspace / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    runner = Runner(tmp_path, environment, {})
    runner.run("Install")  # fails here, where nothing is to be installed

    assert not (tmp_path / "ran").exists(), runner.log


@pytest.mark.parametrize(("asked", "pulls"), thinned([("true", 0), ("", 1), ("false", 1)], every=3))
def test_a_dry_run_opens_nothing(
    tmp_path: Path,
    environment: dict[str, str],
    github: GitHubServer,
    asked: str,
    pulls: int,
):
    installed(tmp_path)
    runner = Runner(tmp_path, environment, {"dry-run": asked})

    assert runner.run("Run"), runner.log
    assert pulls == len(github.hub.pulls)
    assert "2" == runner.given["proposed"]


def test_the_token_and_the_configuration_are_those_given(
    tmp_path: Path, environment: dict[str, str], github: GitHubServer
):
    installed(tmp_path)
    refused = Runner(tmp_path, environment, {"token": "wrong"})
    elsewhere = Runner(tmp_path, environment, {"config": "no such file; true.toml"})

    assert not refused.run("Run")
    assert "does not accept the token" in refused.log
    assert not elsewhere.run("Run")
    assert "no such file; true.toml: there is no such file" in elsewhere.log
    assert [] == github.hub.pulls


def test_a_run_that_fails_fails_the_step_and_still_gives_its_report(
    tmp_path: Path, environment: dict[str, str], github: GitHubServer
):
    installed(tmp_path)
    dead = {name: "http://127.0.0.1:9/" for name in environment if name.startswith("ARXIV_BOT")}
    runner = Runner(tmp_path, {**environment, **dead}, {})

    assert not runner.run("Run")
    assert "3" == runner.given["failures"]
    assert json.loads((Path(runner.given["report"]) / "report.json").read_text())["failures"]
    assert [] == github.hub.pulls


def test_refresh_is_the_other_command_and_there_is_no_third(
    tmp_path: Path, environment: dict[str, str], github: GitHubServer
):
    installed(tmp_path)
    refresh = Runner(tmp_path, environment, {"command": "refresh", "dry-run": "true"})
    other = Runner(tmp_path, environment, {"command": "doctor; id"})

    assert refresh.run("Run"), refresh.log
    assert "nothing" in refresh.log.lower()
    assert not other.run("Run")
    assert "::error::command is run or refresh" in other.log
    assert {""} == set(other.given.values())
    assert [] == github.hub.pulls
