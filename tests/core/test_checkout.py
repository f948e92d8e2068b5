import os
from pathlib import Path

import pytest

from bot.core.checkout import Origin, origin_of, read_origin


def config(*remotes: tuple[str, str]) -> str:
    parts = ["[core]\n\tbare = false\n\turl = https://github.com/not/this\n"]
    parts += [f'[remote "{name}"]\n\turl = {url}\n\tfetch = +x\n' for name, url in remotes]
    return "".join([*parts, '[branch "main"]\n\tremote = origin\n'])


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/owner/awesome-list.git",
        "https://github.com/owner/awesome-list/",
        "https://someone:s3cret@github.com/owner/awesome-list.git",
        "git@github.com:owner/awesome-list.git",
        "ssh://git@github.com/owner/awesome-list",
        "ssh://git@github.com:22/owner/awesome-list.git",
    ],
)
def test_a_remote_is_read_in_every_form(url: str):
    assert Origin("github.com", "owner/awesome-list") == origin_of(config(("origin", url)))


def test_origin_takes_precedence_over_other_remotes():
    theirs = ("upstream", "https://github.com/them/list")
    ours = ("origin", "https://ghe.example.org/us/list")

    assert "https://ghe.example.org/us/list" == getattr(
        origin_of(config(theirs, ours)), "page", None
    )
    assert Origin("github.com", "them/list") == origin_of(config(theirs))


@pytest.mark.parametrize(
    "url", ["/srv/list.git", "../list", "file:///srv/list", "https://github.com/list"]
)
def test_a_remote_without_a_host_is_no_origin(url: str):
    assert origin_of(config(("origin", url))) is None
    assert origin_of("") is None


def test_a_device_in_place_of_the_configuration_is_not_read(tmp_path: Path):
    git = tmp_path / ".git"
    git.mkdir()
    (git / "config").symlink_to("/dev/zero")

    assert read_origin(tmp_path) is None


def test_a_pipe_in_place_of_the_git_folder_is_not_read(tmp_path: Path):
    os.mkfifo(tmp_path / ".git")

    assert read_origin(tmp_path) is None


def test_an_endless_configuration_is_not_read(tmp_path: Path):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").symlink_to("/dev/zero")

    assert read_origin(tmp_path) is None
