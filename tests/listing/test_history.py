"""Reading a list's history from an untrusted checkout."""

import subprocess
from pathlib import Path

import pytest

from bot.listing.history import read_history


def git(folder: Path, *words: str) -> str:
    setting = ("-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "init.defaultBranch=main")
    done = subprocess.run(
        ["git", *setting, *words], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "list"
    folder.mkdir()
    git(folder, "init", "-q")
    for number in (1, 2):
        (folder / "README.md").write_text(f"- https://arxiv.org/abs/2401.0000{number}\n")
        git(folder, "add", ".")
        git(folder, "commit", "-qm", f"{number}")
    return folder


def test_a_history_is_read(checkout: Path):
    assert {"2401.00001", "2401.00002"} == set(map(str, read_history(checkout / "README.md").days))


def test_a_partial_clone_starts_no_program(checkout: Path, tmp_path: Path):
    """git fetches an object that a partial clone lacks, and starts what the checkout's configuration names."""
    marker = tmp_path / "started"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {marker}\n")
    program.chmod(0o755)
    blob = git(checkout, "rev-parse", "HEAD~1:README.md")
    (checkout / ".git/objects" / blob[:2] / blob[2:]).unlink()
    git(checkout, "config", "core.repositoryformatversion", "1")
    git(checkout, "config", "extensions.partialClone", "origin")
    git(checkout, "config", "remote.origin.url", str(checkout))
    git(checkout, "config", "remote.origin.promisor", "true")
    git(checkout, "config", "remote.origin.uploadpack", str(program))
    read_history(checkout / "README.md")

    assert not marker.exists()


@pytest.mark.parametrize(
    "setting", ["core.fsmonitor", "diff.external", "core.pager", "gpg.program", "core.sshCommand"]
)
def test_a_program_that_the_configuration_names_is_not_started(
    checkout: Path, tmp_path: Path, setting: str
):
    marker = tmp_path / "started"
    git(checkout, "config", setting, f"touch {marker}; false")
    git(checkout, "config", "log.showSignature", "true")

    assert 2 == len(read_history(checkout / "README.md").days)
    assert not marker.exists()


@pytest.mark.parametrize("setting", ["diff.orderFile", "mailmap.file", "core.attributesFile"])
def test_a_device_that_the_configuration_names_is_not_read(checkout: Path, setting: str):
    git(checkout, "config", setting, "/dev/zero")

    assert 2 == len(read_history(checkout / "README.md").days)
