"""Files that the user names are checked before the work begins."""

import os
from pathlib import Path

import pytest

from bot.commands.main import main
from bot.core.config import parse
from bot.core.errors import ConfigError, UsageError
from bot.core.files import check_writable, read_plain, write, write_own
from tests import samples


def test_checking_a_writable_file_does_not_create_it(tmp_path: Path):
    there = tmp_path / "there.md"
    there.write_text("old")
    for file in (there, tmp_path / "new.md", tmp_path / "some" / "new" / "folder" / "x.md"):
        check_writable(file, "--report")

    assert [there] == list(tmp_path.iterdir())
    assert "old" == there.read_text()
    write(tmp_path / "some" / "new" / "x.md", "new")
    assert "new" == (tmp_path / "some" / "new" / "x.md").read_text()


def test_a_link_to_a_missing_file_can_be_written(tmp_path: Path):
    (tmp_path / "link.md").symlink_to("new.md")
    check_writable(tmp_path / "link.md", "--report")
    write(tmp_path / "link.md", "new")

    assert "new" == (tmp_path / "new.md").read_text()


def test_a_file_name_that_is_too_long_is_reported(tmp_path: Path):
    with pytest.raises(UsageError, match="can't be written: File name too long"):
        check_writable(tmp_path / f"{'long' * 100}.md", "--report")


def test_an_unwritable_file_is_reported_with_its_option(tmp_path: Path):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.md").mkdir()
    for name, message in (
        ("folder.md", "it is a folder"),
        ("file/report.md", "file is not a folder"),
        ("file/deeper/report.md", "file is not a folder"),
    ):
        with pytest.raises(UsageError, match=message) as error:
            check_writable(tmp_path / name, "--report")
        assert f"--report {tmp_path / name}" == error.value.where
        assert "name another file" == error.value.fix


@pytest.mark.parametrize(
    ("name", "message"),
    [("there.md", "there.md is write-protected"), ("new/x.md", " is write-protected")],
)
def test_a_write_protected_file_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, message: str
):
    """Patches the permission check, because tests may run as root, who may write everywhere."""
    (tmp_path / "there.md").write_text("")
    monkeypatch.setattr("os.access", lambda _, mode: not mode & os.W_OK)

    with pytest.raises(UsageError, match=message):
        check_writable(tmp_path / name, "--report")


def test_a_link_in_place_of_the_bots_own_file_is_replaced_not_followed(tmp_path: Path):
    mine = tmp_path / "mine"
    mine.write_text("precious")
    (tmp_path / "out").mkdir()
    for name, target in (("a", mine), ("b", tmp_path / "not there")):
        (tmp_path / "out" / name).symlink_to(target)
        write_own(tmp_path / "out" / name, b"new")

        assert b"new" == (tmp_path / "out" / name).read_bytes()
    assert "precious" == mine.read_text()
    assert not (tmp_path / "not there").exists()


def test_an_unwritable_file_of_the_bot_is_reported(tmp_path: Path):
    (tmp_path / "a").mkdir()
    with pytest.raises(UsageError, match="can't be written"):
        write_own(tmp_path / "a", b"new")


def test_only_a_regular_file_is_read_and_only_up_to_a_limit(tmp_path: Path):
    (tmp_path / "plain").write_bytes(b"12345")
    (tmp_path / "link").symlink_to("plain")
    (tmp_path / "device").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe")

    assert b"12345" == read_plain(tmp_path / "plain", 5) == read_plain(tmp_path / "link", 5)
    for name, most in (("device", 5), ("pipe", 5), ("plain", 4), (".", 5), ("missing", 5)):
        with pytest.raises(OSError, match=name if name != "." else "directory"):
            read_plain(tmp_path / name, most)


@pytest.mark.parametrize("target", ["/dev/zero", "pipe"])
@pytest.mark.parametrize(
    "command", [["check"], ["run", "--dry-run"], ["site", "--output", "out"], ["doctor"]]
)
def test_no_command_hangs_on_a_checkout_whose_list_is_not_a_file(
    command: list[str], target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    Path("README.md").symlink_to(target)
    Path("config").mkdir()
    Path("config/keywords.toml").write_text(samples.CONFIG)

    assert main(command) in {1, 2}


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a = " + "{a = " * 50_000])
def test_a_configuration_nested_too_deeply_is_refused(text: str):
    with pytest.raises(ConfigError):
        parse(text, where="test")
