"""Every command that the documentation shows is run, as a reader would, against the test services."""

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests import samples
from tests.conftest import ROOT
from tests.docs.shown import Shown, commands, shown
from tests.servers.arxiv import Arxiv
from tests.servers.github import GitHubServer
from tests.servers.github.settings import Settings
from tests.servers.http import Server
from tests.test_end_to_end import COMMAND

NOT_RUN: Mapping[str, str] = {
    r"sudo |systemctl |journalctl ": "changes the machine, and needs systemd",
    r"docker ": "needs a container engine, and an image from a registry",
    r"make (test|check)$": "is what runs this test",
}
"""Commands that can't be run here, and why."""

PAPERS = [
    {
        "id": "2309.00267",
        "title": "RLAIF: Scaling Reinforcement Learning from Human Feedback with AI Feedback",
        "abstract": "Labels by a model.",
        "created": "Fri, 1 Sep 2023 00:00:00 GMT",
    },
    *(
        {
            "id": f"2507.{n:05}",
            "title": f"A Paper of Kind {n}",
            "abstract": "We use AI feedback." if n % 9 == 0 else "Nothing.",
            "created": f"{n % 27 + 1} Jul 2025 00:00:00 GMT",
        }
        for n in range(1, 121)
    ),
]


NAMED = [
    samples.record(90, "Taming the Judge", "We use AI feedback.", id="2510.15514"),
    samples.record(91, PAPERS[0]["title"], "Labels by a model.", id="2309.00267"),
]
"""Papers that the documentation names."""


def line(paper: Mapping[str, str]) -> str:
    """A paper as arXiv's snapshot has it."""
    rest = {
        "categories": "cs.CL",
        "authors_parsed": [["Lovelace", "Ada", ""]],
        "versions": [{"version": "v1", "created": paper["created"]}],
    }
    return json.dumps({**{k: v for k, v in paper.items() if k != "created"}, **rest}) + "\n"


class Reader:
    """Somebody who reads the documentation beside a checkout, and types what it shows."""

    def __init__(self, folder: Path, arxiv: Server, github: GitHubServer) -> None:
        self.folder = folder
        self.github = github
        self.env = {
            "PATH": f"{COMMAND.parent}:{os.environ['PATH']}",
            "HOME": str(folder),
            "GITHUB_TOKEN": "t0ken",
            "GITHUB_API_URL": github.url,
            "ARXIV_BOT_SEARCH_URL": f"{arxiv.url}/api/query",
            "ARXIV_BOT_FEED_URL": f"{arxiv.url}/atom",
        }
        for path in ROOT.iterdir():
            if path.name in {"Makefile", ".venv", "bot", "docs", "requirements.txt"}:
                (folder / path.name).symlink_to(path)
        shutil.copytree(ROOT / "config", folder / "config")
        (folder / "config" / "keywords.toml").write_text(samples.CONFIG)
        later = (
            "### 2025\n"
            "- [A Paper of Kind 9](https://arxiv.org/abs/2507.00009)\n"
            "  - Authors: Ada Lovelace\n"
            "  - <details> <summary>Abstract (click me)</summary> We use AI feedback. </details>\n\n"
        )
        (folder / "README.md").write_text(samples.LIST.replace("### 2023\n", f"{later}### 2023\n"))
        (folder / "papers.jsonl").write_text("".join(map(line, PAPERS)))

    def typed(self, command: str) -> str:
        """What is run of a command: names that stand for the reader's own are filled in."""
        filled = command.replace("OWNER/NAME", self.github.hub.name).replace("…", "t0ken")
        filled = filled.replace("https://github.example.com/api/v3", self.github.url)
        return re.sub(r"^make ", "make -o .venv/.installed ", filled)

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", f"{self.typed(command)}\nexit $?"],
            cwd=self.folder,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )

    def start_and_stop(self, command: str) -> tuple[int, str]:
        """Runs what stays until it is told to end."""
        with subprocess.Popen(
            ["bash", "-c", f"exec {self.typed(command)}"],
            cwd=self.folder,
            env=self.env,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stderr
            first = process.stderr.readline()
            process.send_signal(signal.SIGTERM)
            rest = process.stderr.read()
        return process.returncode, first + rest


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with (
        Server(Arxiv([*samples.PAPERS, *NAMED], samples.DAY)) as arxiv,
        GitHubServer({"README.md": samples.LIST.encode()}) as github,
    ):
        yield Reader(tmp_path, arxiv, github)


RUN = [one for one in shown() if not any(re.match(rule, one.command) for rule in NOT_RUN)]


@pytest.mark.parametrize("one", RUN, ids=[one.command for one in RUN])
def test_a_command_that_is_shown_does_what_it_should(one: Shown, reader: Reader):
    if "doctor" in one.command:
        reader.github.server.application = Settings(reader.github.hub)
    if "arxiv-bot schedule" in one.command:
        code, said = reader.start_and_stop(one.command)
        assert (0, True) == (code, "next run: " in said), f"{one.where}: {said}"
        return
    done = reader.run(one.command)

    assert 0 == done.returncode, f"{one.where}: {done.stdout}{done.stderr}"


def test_few_commands_are_not_run_and_each_reason_is_needed():
    met = [one.command for one in shown()]

    assert len(met) - len(RUN) <= 12 < len(RUN)
    for rule in NOT_RUN:
        assert any(re.match(rule, command) for command in met), rule
    for command in met:
        assert re.match(
            r"(\w+=\S+ )*(arxiv-bot|make) |sudo |journalctl |docker |pip ", f"{command} "
        )


def test_commands_are_found_in_fences():
    text = (
        "```sh\nmake demo   # a comment\n# another\narxiv-bot run \\\n  --dry-run\n```\n"
        "1. So\n\n    ```console\n    $ arxiv-bot check\n    nothing wrong\n    ```\n"
        "```text\n$ not this\n```\n"
    )

    assert ["make demo", "arxiv-bot run --dry-run", "arxiv-bot check"] == list(commands(text))
