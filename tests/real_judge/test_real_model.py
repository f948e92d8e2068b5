"""A real model behind the judge, over its own OpenAI-compatible server: `make test-judge`.

SmolLM2 with 135 million parameters judges no better than chance. These tests prove the plumbing (schema, false quotes,
a run's report) and say nothing of how well a model judges.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.judgement import Answer
from bot.relevance.judge.answers import find_quote, read_answers
from bot.relevance.judge.question import passages, question
from bot.reports.terminal import render_terminal
from tests.factories import paper
from tests.judging import PRINCIPLES, client_of, judge_of
from tests.life.world import LIST, World
from tests.servers.github import GitHubServer

pytestmark = pytest.mark.judge
PAPER = paper(
    title="RLAIF: Scaling Reinforcement Learning with AI Feedback",
    abstract="We train a policy on preferences that a large language model labels in place of people. "
    "The reward model learns from AI feedback, and reinforcement learning optimizes it.",
)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    python = os.environ.get("JUDGE_PYTHON", "")
    assert python, "JUDGE_PYTHON names the Python that has the model: run `make test-judge`"
    serve = Path(__file__).with_name("serve.py")
    with subprocess.Popen(
        [python, str(serve)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout
        assert server.stdin
        yield server.stdout.readline().strip()
        server.stdin.close()
        server.kill()


def test_answers_fit_the_schema_in_both_orders_and_quotes_are_the_papers_or_do_not_count(
    address: str,
):
    client = client_of(address, monotonic=time.monotonic)
    for turned in (False, True):
        reply = client.ask(question(PAPER, PRINCIPLES.items, turned=turned))
        found = read_answers(reply.text, PAPER, PRINCIPLES.items)

        assert 3 == len(found)
        assert 0 < reply.tokens < 4096
        for answer in found:
            assert (answer.answer is Answer.YES) == (answer.quote is not None)
    assert 2 == client.requests


def test_a_quote_that_such_a_model_makes_up_is_not_in_the_paper():
    """What the model wrote when asked about this paper."""
    assert find_quote("2023-01-01T12:32:52.13.22.22", passages(PAPER)) is None


def test_a_run_with_it_ends_well_and_its_report_is_true(address: str):
    client = client_of(address, monotonic=time.monotonic)
    judge = judge_of(client, papers=1)  # type: ignore[arg-type]
    with GitHubServer({"README.md": LIST.encode()}) as server:
        world = World(server)
        world.announce(1)
        world.announce_unsure(31)
        world.judge = lambda: judge
        report = world.bot()

        shown = world.text_of(1)
    assert {"2510.00001", "2510.00031"} == shown.keys()
    assert 0 == report.exit_code
    assert report.judging
    assert (1, client.requests) == (report.judging.asked, report.judging.requests)
    assert client.requests <= 2
    assert report.judging.tokens > 0
    assert f"judge: test-model answered about {report.judging.answered} of 1 paper" in (
        render_terminal(report, width=200)
    )
