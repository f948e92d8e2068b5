"""Sets up the judge from the configuration: its principles, endpoint, key and cache."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from bot.commands.open_sources import cache_folder, is_loopback, timing
from bot.core.config import Config
from bot.core.errors import ConfigError, UsageError
from bot.core.judge_config import JudgeBlock
from bot.core.principles import load_principles
from bot.core.version import DOCS
from bot.relevance.judge.ask import Ask, JudgeStoppedError, ModelReply
from bot.relevance.judge.judge import PASSES, Judge, JudgeLimits
from bot.relevance.judge.question import Question
from bot.sources.judge_cache import read_cache, write_cache
from bot.sources.session import Progress, silent


@contextmanager
def judge_of(settings: Config, config: Path, progress: Progress) -> Iterator[Judge | None]:
    """Opens the judge of a configuration for one run, and adds the run's verdicts to the cache at its end.

    Returns None if the configuration names no judge. If the cache can't be written, only `progress` reports it.

    Raises:
        ConfigError: the principles are missing or invalid, or the key would be sent unencrypted.
    """
    block = settings.judge
    if not block.is_on:
        yield None
        return
    principles = load_principles(config)
    ask = _asking(block, progress)
    folder = cache_folder() / "judge"
    cached = read_cache(folder, principles.version(block.model))
    limits = JudgeLimits(block.max_papers, block.budget_tokens)
    judge = Judge(principles, block.model, ask, limits, cached)
    yield judge
    if judge.new:
        try:
            write_cache(folder, judge.version, cached | judge.new)
        except UsageError as error:
            progress(f"the judge's answers are not saved: {error.message}")


def needed_judge(settings: Config, config: Path) -> Judge:
    """Opens the judge for a command that needs one, without the verdicts of earlier runs.

    Raises:
        UsageError: the configuration names no judge.
        ConfigError: as for `judge_of`.
    """
    block = settings.judge
    if not block.is_on:
        fix = f"add a block [judge] with base_url and model; see {DOCS}how-to/judge/"
        raise UsageError("the configuration names no judge", where="--judge", fix=fix)
    principles = load_principles(config)
    limits = JudgeLimits(block.max_papers, block.budget_tokens)
    return Judge(principles, block.model, _asking(block, silent), limits, {})


def _asking(block: JudgeBlock, progress: Progress) -> Ask:
    key = os.environ.get(block.api_key_env, "") if block.api_key_env else ""
    if block.api_key_env and not key:
        return _NoKey(block.api_key_env)
    if key and urlsplit(block.base_url).scheme != "https" and not is_loopback(block.base_url):
        fix = "use an address that begins with https://"
        raise ConfigError("the key would be sent unencrypted", where="judge.base_url", fix=fix)
    from bot.sources.judge_client import JudgeClient

    most = PASSES * block.max_papers
    return JudgeClient(block.base_url, block.model, key, most, timing(block.base_url), progress)


class _NoKey:
    """Replaces the endpoint if its key is missing: the run continues without the judge and reports why."""

    requests = 0

    def __init__(self, name: str) -> None:
        self._name = name

    def ask(self, question: Question) -> ModelReply:
        del question
        raise JudgeStoppedError(f"the environment variable {self._name} is not set")
