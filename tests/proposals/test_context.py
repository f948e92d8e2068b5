"""Which settings a run applies to which file of the list."""

import pytest

from bot.core.config import parse
from bot.core.errors import UsageError
from bot.listing.sections import Inbox
from bot.proposals.context import NO_LINKS, RunContext
from bot.proposals.model import Base, ForgeState
from tests import samples
from tests.factories import NOW
from tests.life.several import ARCHIVE, JUDGES, PAGE, SeveralWorld

BLOCK = f'path = "{JUDGES}"\n'
OWN = 'heading = "Judges"\ninbox = "To sort"\ntemplate = "* {{ title }}"\n'
CONFIG = parse(samples.CONFIG + SeveralWorld.more.replace(BLOCK, BLOCK + OWN), where="")


def context(path: str, content: str) -> RunContext:
    base = Base("main", "sha", path, content.encode())
    return RunContext.of(CONFIG, ForgeState("o/n", base, ()), NOW, NO_LINKS)


def test_a_file_that_an_option_names_keeps_the_settings_of_its_block():
    judges = context(JUDGES, f"# Other\n\n- [No](https://arxiv.org/abs/2301.00001)\n\n{PAGE}")

    assert 2 == len(tuple(judges.papers.listed))
    assert "* {{ title }}" == judges.settings("").template
    assert Inbox("To sort", 0.4) == judges.inbox("")


def test_an_archive_that_an_option_names_is_refused():
    with pytest.raises(UsageError, match="only read"):
        context(ARCHIVE, "# 2025\n")
