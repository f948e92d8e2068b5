"""Every command that the documentation shows is run, as a reader would, against the test services."""

import re
from collections.abc import Mapping

import pytest

from tests.docs.reader import Reader
from tests.docs.shown import Shown, commands, shown
from tests.servers.github.settings import Settings

NOT_RUN: Mapping[str, str] = {
    r"sudo |systemctl |journalctl ": "changes the machine, and needs systemd",
    r"docker ": "needs a container engine, and an image from a registry",
    r"make (test|check)$": "is what runs this test",
}
"""Commands that can't be run here, and why."""

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
