"""The bot from Python, as the documentation has it."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import bot
from bot.core.check_rules import CheckRule
from bot.core.config import parse
from bot.core.errors import ConfigError, UsageError
from bot.core.model import OutcomeKind
from tests import samples
from tests.conftest import ROOT
from tests.servers.arxiv import Arxiv
from tests.servers.http import Server


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "keywords.toml"
    file.write_text(samples.CONFIG)
    (tmp_path / "README.md").write_text(samples.LIST)
    return file


def test_a_dry_run_reports_what_it_would_write(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    asked: list[str] = []
    with Server(Arxiv(samples.PAPERS, samples.DAY)) as arxiv:
        monkeypatch.setenv("ARXIV_BOT_SEARCH_URL", f"{arxiv.url}/api/query")
        report = bot.run(
            config,
            list_path=str(tmp_path / "README.md"),
            sources=["search"],
            until=datetime(2025, 10, 31, tzinfo=UTC),
            dry_run=True,
            progress=asked.append,
        )

    assert ["2510.00001", "2510.00002"] == sorted(
        str(item.candidate.paper.id) for item in report.proposed
    )
    (outcome,) = report.outcomes
    assert outcome.kind is OutcomeKind.PREVIEWED
    assert "+- [RLAIF for Everyone]" in outcome.diff
    assert 0 == report.exit_code
    assert asked
    assert all(asked)


def test_a_run_without_a_repository_names_the_missing_option(config: Path):
    with pytest.raises(UsageError, match="--repo"):
        bot.run(config)


def test_check_finds_what_the_command_finds(config: Path, tmp_path: Path):
    file = tmp_path / "README.md"
    assert () == bot.check(config, list_path=str(file))

    listed = next(line for line in samples.LIST.splitlines() if "arxiv.org/abs" in line)
    file.write_text(samples.LIST.replace(listed, f"{listed}\n{listed}"))
    (found,) = bot.check(config, list_path=str(file))
    assert CheckRule.REPEATED is found.rule
    assert found.fix


def test_a_wrong_configuration_is_reported(tmp_path: Path):
    with pytest.raises(ConfigError, match="no such file"):
        bot.check(tmp_path / "none.toml")


def test_importing_the_bot_is_light():
    script = "import bot, sys; bot.__version__; print(len([m for m in sys.modules if m.startswith('bot.')]), 'pydantic' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert "2 False" == done.stdout.strip()


def test_the_package_has_these_names_and_no_others():
    assert {"run", "check", "__version__"} == set(bot.__all__)
    with pytest.raises(AttributeError, match="walk"):
        _ = bot.walk
    assert parse(samples.CONFIG, where="samples").topics
