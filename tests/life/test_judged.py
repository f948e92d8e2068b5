"""A judge in the life of a batch: what it changes, where its answers are stored, and that a run works without it."""

from collections.abc import Callable, Iterator

import pytest

from bot.core.judgement import Opinion
from bot.core.model import OutcomeKind
from bot.relevance.judge.judge import Judge
from bot.reports.records import render_json
from bot.reports.summary import render_summary
from bot.reports.terminal import render_terminal
from tests.judging import AGAINST, FOR, VERSION, Model, client_of, judge_of
from tests.life.world import LIST, World, kinds
from tests.servers.github import GitHubServer
from tests.servers.http import Fault, Response, Server
from tests.servers.judge import BAD_BODIES, JudgeEndpoint

ONE, TWO, UNSURE, ALSO = "2510.00001", "2510.00002", "2510.00031", "2510.00032"
Make = Callable[..., World]


@pytest.fixture
def make() -> Iterator[Make]:
    with GitHubServer({"README.md": LIST.encode()}) as server:

        def build(**options: object) -> World:
            world = World(server, **options)  # type: ignore[arg-type]
            world.announce(1, 2)
            world.announce_unsure(31, 32)
            return world

        yield build


def use(world: World, answers: dict[str, dict[str, str]], **options: int) -> Model:
    """Gives each run a new judge that asks the same model, as in a workflow."""
    model = Model(answers, {"c1": "unclear", "c2": "unclear", "c3": "unclear"})
    world.judge = lambda: judge_of(model, **options)  # type: ignore[arg-type]
    return model


def test_the_judge_raises_and_lowers_papers_and_the_text_quotes_them(make: Make):
    world = make()
    use(world, {UNSURE: FOR, TWO: AGAINST})

    report = world.bot()

    assert {ONE: True, UNSURE: True, TWO: False, ALSO: False} == world.text_of(1)
    body = world.hub.pull(1).body
    assert "the judge’s answers speak for it · by-a-model: “A Paper, Part 31”" in body
    assert "Principle evaluation-only: Does a model judge for evaluation only? no." in body
    assert "the judge’s answers speak against it" in body
    assert report.judging
    assert (4, 3, 8, 2) == (
        report.judging.asked,
        report.judging.answered,
        report.judging.requests,
        report.judging.moved,
    ) or (4, 2, 8, 2) == (
        report.judging.asked,
        report.judging.answered,
        report.judging.requests,
        report.judging.moved,
    )


def test_the_marker_remembers_the_answers_and_the_version_of_the_principles(make: Make):
    world = make()
    use(world, {UNSURE: FOR, TWO: AGAINST})
    world.bot()

    marker = world.marker_of(1)

    assert VERSION == marker["principles"]
    assert {ONE, TWO, UNSURE, ALSO} >= marker["judged"].keys() >= {TWO, UNSURE}
    assert marker["judged"][UNSURE].startswith("yyn t0-16-")
    assert "nny -" == marker["judged"][TWO] or marker["judged"][TWO].startswith("nny t")


def test_a_second_run_asks_nothing_and_changes_nothing(make: Make):
    world = make()
    model = use(world, {UNSURE: FOR, TWO: AGAINST})
    world.bot()
    before, asked = world.hub.state(), len(model.asked)

    world.bot()

    assert before == world.hub.state()
    assert asked == len(model.asked)


def test_a_growing_batch_keeps_the_answers_without_asking_again(make: Make):
    world = make()
    model = use(world, {UNSURE: FOR, TWO: AGAINST})
    world.bot()
    said = world.marker_of(1)["judged"]
    model.asked.clear()
    world.announce(3)

    assert [OutcomeKind.UPDATED] == kinds(world.bot())

    assert ["2510.00003"] * 2 == model.asked
    assert said.items() <= world.marker_of(1)["judged"].items()
    assert "by-a-model: “A Paper, Part 31”" in world.hub.pull(1).body


def test_old_answers_do_not_count_for_other_principles(make: Make):
    world = make()
    use(world, {UNSURE: FOR})
    world.bot()

    judge = judge_of(Model({}, FOR))
    judge.version = "00000000"
    world.judge = lambda: judge
    world.announce(4)
    world.bot()

    assert {} == {paper: o for paper, o in judge.opinions().items() if str(paper) == UNSURE}


def test_without_a_judge_a_run_writes_the_same_bytes(make: Make):
    world = make()
    report = world.bot()

    texts = [world.hub.pull(1).body, render_json(report), render_summary(report)]
    texts.append(render_terminal(report, width=100))

    assert report.judging is None
    assert all("judge" not in text.casefold() for text in texts)


@pytest.mark.parametrize(
    "trouble",
    [
        *(Response(status) for status in (401, 404, 410, 429, 500, 503)),
        Fault.DROP_BEFORE,
        Fault.RESET,
        *BAD_BODIES.values(),
    ],
    ids=lambda trouble: str(getattr(trouble, "status", trouble)),
)
def test_a_run_continues_whatever_the_endpoint_does_and_reports_it(
    make: Make, trouble: Fault | Response
):
    world = make()
    with Server(JudgeEndpoint()) as endpoint:
        endpoint.always = trouble
        client = client_of(endpoint.url)
        world.judge = lambda: judge_of(client)  # type: ignore[arg-type]
        report = world.bot()

    assert [OutcomeKind.CREATED] == kinds(report)
    assert {ONE: True, TWO: True, UNSURE: False, ALSO: False} == world.text_of(1)
    assert 0 == report.exit_code
    assert report.judging
    assert report.judging.failure
    said = render_terminal(report, width=200)
    assert "incomplete: " in said
    assert "EVILTEXT" not in said + render_json(report) + world.hub.pull(1).body


def test_thirty_papers_take_at_most_sixty_requests(make: Make):
    world = make(max_perhaps=50)
    world.announce_unsure(*range(100, 150))
    with Server(JudgeEndpoint()) as endpoint:
        client = client_of(endpoint.url)
        world.judge = lambda: judge_of(client)  # type: ignore[arg-type]
        report = world.bot()

    assert 60 == len(endpoint.requests)
    assert report.judging
    assert 30 == report.judging.asked


def test_declining_a_paper_that_the_judge_favoured_counts_against_its_opinion(make: Make):
    world = make()
    judges: list[Judge] = []
    model = Model({}, FOR)

    def new_judge() -> Judge:
        judges.append(judge_of(model))
        return judges[-1]

    world.judge = new_judge
    world.bot()
    world.hub.untick(1, ONE)
    world.bot()

    opinions = {str(paper): opinion for paper, opinion in judges[-1].opinions().items()}
    assert Opinion.FOR is opinions[ONE]
    assert ONE not in world.new_in(1)
