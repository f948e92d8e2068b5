"""Every command that the documentation shows is run, as a reader would, against the test services."""

import re
import shutil
from collections.abc import Mapping

import pytest

from tests.conftest import thinned
from tests.docs.reader import Reader
from tests.docs.shown import commands, shown
from tests.servers.github.settings import Settings

NOT_RUN: Mapping[str, str] = {
    r"sudo |systemctl |journalctl ": "changes the machine, and needs systemd",
    r"pip ": "asks GitHub for the bot",
    r"docker ": "needs a container engine, and an image from a registry",
    r"make (test|test-deep|check)$": "is what runs this test",
}
"""Commands that can't be run here, and why."""

PAGES = shown()


def reason(command: str) -> str:
    """Why a command can't be run here; empty if it can."""
    return next((why for rule, why in NOT_RUN.items() if re.match(rule, command)), "")


@pytest.mark.parametrize("page", thinned(sorted(PAGES, key="README.md".__ne__), every=5))
def test_the_commands_of_a_page_work_in_their_order(page: str, reader: Reader):
    reader.github.server.application = Settings(reader.github.hub)
    if page.endswith("tutorial.md"):
        shutil.rmtree(reader.folder / "config")  # which the reader is about to get
    if page.endswith("uninstall.md"):
        reader.installs()
    for command in PAGES[page]:
        if reason(command):
            continue
        if "arxiv-bot schedule" in command:
            code, said = reader.start_and_stop(command)
            assert (0, True) == (code, "next run: " in said), said
        else:
            done = reader.run(command)
            assert 0 == done.returncode, f"{command}\n{done.stdout}{done.stderr}"


def test_few_commands_are_not_run_and_each_reason_is_needed():
    every = {command for commands in PAGES.values() for command in commands}
    skipped = {command for command in every if reason(command)}

    assert len(skipped) <= 14 < len(every - skipped)
    assert set(NOT_RUN.values()) == {reason(command) for command in skipped}
    for command in every:
        known = r"(\w+=\S+ )*(arxiv-bot|make) |(sudo|journalctl|docker|pip|git) "
        assert re.match(known, f"{command} "), command


def test_commands_are_found_in_fences():
    text = (
        "```sh\nmake demo   # a comment\n# another\narxiv-bot run \\\n  --dry-run\n```\n"
        "1. So\n\n    ```console\n    $ arxiv-bot check\n    nothing wrong\n    ```\n"
        "```text\n$ not this\n```\n"
    )

    assert ["make demo", "arxiv-bot run --dry-run", "arxiv-bot check"] == list(commands(text))
