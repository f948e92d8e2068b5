"""Somebody who reads the documentation and types what it shows, against the test services."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests import samples
from tests.command_line import run_in
from tests.conftest import ROOT
from tests.servers.github import GitHubServer
from tests.servers.http import Server
from tests.test_end_to_end import COMMAND

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
            "ARXIV_BOT_OAI_URL": f"{arxiv.url}/oai",
            **{f"GIT_{who}_NAME": "A Reader" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "reader@example.org" for who in ("AUTHOR", "COMMITTER")},
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
        address = f"https://github.com/{github.hub.name}.git"
        pushed = folder / "pushed.git"  # where a push arrives, since GitHub can't be reached
        for command in (
            ["init", "--quiet", "--bare", str(pushed)],
            ["init", "--quiet", "--initial-branch", "main"],
            ["remote", "add", "origin", address],
            ["config", f"url.{pushed}.pushInsteadOf", address],
            ["config", "branch.main.remote", "origin"],
            ["config", "branch.main.merge", "refs/heads/main"],
        ):
            subprocess.run(["git", *command], cwd=folder, check=True)

    def installs(self) -> None:
        """Writes the bot's files with `arxiv-bot init`, and commits them."""
        for command in (
            "arxiv-bot init --list README.md --heading Papers --category cs.CL --force",
            "git add config/keywords.toml .github/workflows",
            "git commit --quiet -m Install",
        ):
            done = self.run(command)
            assert 0 == done.returncode, done.stderr

    def typed(self, command: str) -> str:
        """The command to run, with the placeholders for the reader's own names filled in."""
        filled = command.replace("OWNER/NAME", self.github.hub.name).replace("…", "t0ken")
        filled = filled.replace("https://github.example.com/api/v3", self.github.url)
        if "arxiv-bot init" in command:
            # The test arXiv has no papers of the last 30 days.
            filled = f"{command} --source snapshot:papers.jsonl --until 2025-07-31"
        return re.sub(r"^make ", "make -o .venv/.installed ", filled)

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """Runs a command of the bot within this process where no shell is needed, everything else with bash."""
        typed = self.typed(command)
        if re.fullmatch(r"arxiv-bot [^|<>;&$`*?]*", typed):
            return run_in(self.folder, self.env, *shlex.split(typed)[1:])
        return subprocess.run(
            ["bash", "-c", f"{typed}\nexit $?"],
            cwd=self.folder,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )

    def start_and_stop(self, command: str) -> tuple[int, str]:
        """Starts a command that runs until the test ends it."""
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
