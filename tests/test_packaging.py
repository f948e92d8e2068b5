"""What other tools read of this repository: hooks, forms, the container's file, the citation, a shell's completion."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import bot
from tests import samples
from tests.conftest import ROOT

COMMAND = Path(sys.executable).with_name("arxiv-bot")
FORMS = ROOT / ".github" / "ISSUE_TEMPLATE"


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def run(
    *arguments: str, folder: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    path = f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        arguments,
        cwd=folder,
        env={"PATH": path, "HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_hook_of_pre_commit_checks_the_list(tmp_path: Path):
    (hook,) = read(".pre-commit-hooks.yaml")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "keywords.toml").write_text(samples.CONFIG)
    (tmp_path / "README.md").write_text(samples.LIST)
    good = run(*shlex.split(hook["entry"]), folder=tmp_path)
    listed = next(line for line in samples.LIST.splitlines() if "arxiv.org/abs" in line)
    (tmp_path / "README.md").write_text(samples.LIST.replace(listed, f"{listed}\n{listed}"))
    bad = run(*shlex.split(hook["entry"]), folder=tmp_path)

    assert (0, 1) == (good.returncode, bad.returncode)
    assert "README.md:6: repeated" in bad.stdout
    assert ("arxiv-bot-check", "python", False) == (
        hook["id"],
        hook["language"],
        hook["pass_filenames"],
    )
    for name, concerned in {"README.md": 1, "config/keywords.toml": 1, "setup.toml": 0}.items():
        assert bool(concerned) is bool(re.search(hook["files"], name)), name


@pytest.mark.parametrize("name", ["bug.yml", "idea.yml", "paper.yml"])
def test_every_issue_form_is_valid(name: str):
    """https://docs.github.com/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema"""
    form = yaml.safe_load((FORMS / name).read_text(encoding="utf-8"))
    asked = [element for element in form["body"] if element["type"] != "markdown"]

    assert set(form) <= {"name", "description", "labels", "body", "title", "assignees"}
    assert form["name"]
    assert form["description"]
    assert len(asked) == len({element["id"] for element in asked})
    for item in form["body"]:
        assert item["type"] in {"markdown", "textarea", "input", "dropdown", "checkboxes"}
        assert set(item) <= {"type", "id", "attributes", "validations"}
    for item in asked:
        assert re.fullmatch(r"[\w-]+", item["id"])
        assert item["attributes"]["label"]
        assert ("options" in item["attributes"]) is (item["type"] == "dropdown")


def test_the_issue_form_for_the_bot_asks_for_the_doctors_findings():
    asked = {
        form.get("id"): form
        for form in yaml.safe_load((FORMS / "bug.yml").read_text("utf-8"))["body"]
    }

    assert "arxiv-bot doctor" in asked["doctor"]["attributes"]["label"]
    assert asked["doctor"]["validations"]["required"]


def test_the_container_runs_hashed_packages_without_rights():
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = re.findall(r"(?m)^([A-Z]+) (.*)$", text)
    steps = [rest for word, rest in lines if word == "RUN"]
    kept = set(re.findall(r"(?m)^!(\S+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8")))

    assert "--require-hashes" in steps[1]
    assert all("--no-deps" in step for step in steps[1:])
    assert ["65532:65532"] == [rest for word, rest in lines if word == "USER"]
    assert '["/opt/arxiv-bot/bin/arxiv-bot"]' in {
        rest for word, rest in lines if word == "ENTRYPOINT"
    }
    copied = [rest.split()[:-1] for word, rest in lines if word == "COPY" and "--from" not in rest]
    for names in copied:
        assert set(names) <= kept
        assert all((ROOT / name).exists() for name in names)


def test_the_citation_names_this_version_and_licence():
    citation = read("CITATION.cff")

    assert bot.__version__ == citation["version"]
    assert "Apache-2.0" == citation["license"]
    assert {"cff-version", "message", "title", "authors", "type"} <= set(citation)


@pytest.mark.parametrize(
    ("shell", "words"),
    [("bash", "complete -o default"), ("zsh", "compdef"), ("fish", "complete --command arxiv-bot")],
)
def test_a_shell_gets_its_completion(shell: str, words: str):
    done = run("arxiv-bot", _ARXIV_BOT_COMPLETE=f"source_{shell}")

    assert 0 == done.returncode
    assert words in done.stdout


@pytest.mark.parametrize(
    ("typed", "expected"), [("ex", "explain"), ("back", "backfill"), ("run --dr", "--dry-run")]
)
def test_a_shell_completes_commands_and_options(typed: str, expected: str):
    words = f"arxiv-bot {typed}"
    done = run(
        "arxiv-bot",
        _ARXIV_BOT_COMPLETE="complete_bash",
        COMP_WORDS=words,
        COMP_CWORD=str(len(words.split()) - 1),
    )

    assert [expected] == done.stdout.split()


def test_the_package_says_that_it_is_typed():
    assert (ROOT / "bot" / "py.typed").exists()
    assert "Typing :: Typed" in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
