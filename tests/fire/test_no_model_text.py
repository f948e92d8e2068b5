"""No text from a model reaches any output: whatever it writes, wherever in its answer."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.model import RunReport
from bot.reports.page.render import render_html
from bot.reports.records import outputs, render_json
from bot.reports.summary import render_summary
from bot.reports.terminal import render_terminal
from bot.sources.judge_cache import write_cache
from tests.judging import client_of, judge_of
from tests.life.world import LIST, World
from tests.servers.github import GitHubServer
from tests.servers.http import Response, Server
from tests.servers.judge import Asked, JudgeEndpoint, completion

SENTINEL = "zqxevil"
"""A word that only the model writes."""
HOSTILE = f"{SENTINEL} <!-- {SENTINEL} --> **{SENTINEL}** [{SENTINEL}](https://{SENTINEL}.example)"


def yes(asked: Asked, quote: str, **more: object) -> str:
    answers = {label: {"quote": quote, "answer": "yes"} for label in asked.criteria}
    return json.dumps({"paper": asked.paper, "answers": answers} | more)


def good(asked: Asked) -> str:
    return " ".join(asked.abstract.split()[:4])


SCRIPTS = {
    "a text": lambda asked: HOSTILE,
    "a false quote": lambda asked: yes(asked, HOSTILE),
    "a true quote with more behind": lambda asked: yes(asked, f"{good(asked)} {HOSTILE}"),
    "a true quote and an extra key": lambda asked: yes(asked, good(asked), reason=HOSTILE),
    "another value": lambda asked: yes(asked, good(asked)).replace('"yes"', f'"{SENTINEL}"'),
    "another paper": lambda asked: yes(asked, good(asked), paper=SENTINEL),
    "another label": lambda asked: yes(asked, good(asked)).replace("c1", SENTINEL),
    "thinking first": lambda asked: f"<think>{HOSTILE}</think>{yes(asked, good(asked))}",
    "a fenced answer": lambda asked: f"```json\n{yes(asked, good(asked))}\n```{HOSTILE}",
    "true quotes": lambda asked: yes(asked, good(asked).upper()),
    "an error page": lambda asked: Response(400, HOSTILE.encode(), {"Server": SENTINEL}),
    "a gateway's page": lambda asked: Response(502, HOSTILE.encode(), {"Retry-After": SENTINEL}),
    "a redirect": lambda asked: Response(302, b"", {"Location": f"https://{SENTINEL}.example"}),
    "odd coding": lambda asked: Response(200, b"x", {"Content-Encoding": SENTINEL}),
    "a usage of words": lambda asked: Response(200, completion(yes(asked, good(asked)), SENTINEL)),
}


@pytest.fixture
def world() -> Iterator[World]:
    with GitHubServer({"README.md": LIST.encode()}) as server:
        world = World(server)
        world.announce(1, 2)
        world.announce_unsure(31, 32)
        yield world


def everything(world: World, report: RunReport) -> str:
    """All that a run leaves: on GitHub, in every report, for a workflow's steps."""
    pulls = [f"{pull.title}\n{pull.body}\n{pull.labels}" for pull in world.hub.pulls]
    branches = [world.hub.read(branch=pull.branch).decode() for pull in world.hub.pulls]
    commits = [
        str(request.body) for request in world.server.server.requests if request.method != "GET"
    ]
    return "\n".join(
        [
            *pulls,
            *branches,
            *commits,
            render_json(report),
            render_summary(report),
            render_terminal(report, width=120, full=True),
            render_html(report),
            outputs(report),
        ]
    )


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_word_of_the_model_is_in_any_output(world: World, name: str, tmp_path: Path):
    endpoint = JudgeEndpoint(SCRIPTS[name])  # type: ignore[arg-type]
    messages: list[str] = []
    with Server(endpoint) as server:
        judge = judge_of(client_of(server.url))  # type: ignore[arg-type]
        world.judge = lambda: judge
        first = world.bot()
        world.announce(3)
        second = world.bot()

    write_cache(tmp_path, judge.version, judge.new)
    kept = "".join(path.read_text() for path in tmp_path.iterdir())
    left = everything(world, first) + everything(world, second) + kept + "".join(messages)
    assert server.requests
    assert SENTINEL not in left.casefold()


def test_what_is_quoted_is_spelled_as_the_paper_has_it(world: World):
    with Server(JudgeEndpoint(SCRIPTS["true quotes"])) as server:  # type: ignore[arg-type]
        judge = judge_of(client_of(server.url))  # type: ignore[arg-type]
        world.judge = lambda: judge
        world.bot()

    body = world.hub.pull(1).body
    assert "“Part 1 on RLAIF.”" in body
    assert "PART 1 ON RLAIF" not in body


def test_a_principle_is_shown_by_its_own_text_only(world: World):
    with Server(JudgeEndpoint(SCRIPTS["true quotes"])) as server:  # type: ignore[arg-type]
        judge = judge_of(client_of(server.url))  # type: ignore[arg-type]
        world.judge = lambda: judge
        report = world.bot()

    (found,) = {
        tuple((answer.principle.id, answer.principle.question) for answer in judgement.answers)
        for decision in report.decisions
        if (judgement := decision.candidate.judgement)
    }
    assert found[0] == ("by-a-model", "Does the feedback come from a model?")
