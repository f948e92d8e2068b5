"""`explain` shows why a run would propose a paper or not, and what would change that."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.config import Config, parse
from bot.core.model import Announcement, Coverage, Harvest, Paper, Reason, Topic, Window
from bot.forge.local import LocalForge
from bot.reports.decision import render_decision
from bot.tools.explain import Explanation, explain
from tests import samples
from tests.factories import NOW, paper
from tests.relevance.test_scoring import stream

CONFIG: Config = parse(samples.CONFIG, where="the test")


class Stream:
    """A source of all papers that remembers the requested window."""

    name = "stream"

    def __init__(self, papers: list[Paper]) -> None:
        self.papers = tuple(papers)
        self.asked: list[Window] = []

    def collect(self, topics: tuple[Topic, ...], window: Window) -> Harvest:
        self.asked.append(window)
        return Harvest(self.papers, Coverage("stream", "", ""), self.papers)


@pytest.fixture
def forge(tmp_path: Path) -> LocalForge:
    (tmp_path / "README.md").write_text(samples.LIST)
    return LocalForge(tmp_path, "README.md")


def explained(forge: LocalForge, item: Paper, *streams: Stream) -> Explanation:
    (explanation,) = explain(CONFIG, [item], sources=streams, forge=forge, now=NOW)
    return explanation


def test_a_proposed_paper_shows_the_threshold_that_would_exclude_it(forge: LocalForge):
    found = explained(forge, paper(title="On AI Feedback"))

    assert Reason.RELEVANT is found.decision.reason
    assert (
        "score 0.80, threshold 0.30: set `threshold` to 0.81 or higher to exclude it",
        "without its phrases: score 0.00, threshold 0.30",
    ) == found.changes


def test_a_paper_without_a_phrase_shows_what_a_phrase_would_change(forge: LocalForge):
    found = explained(forge, paper())

    assert Reason.NO_PHRASE is found.decision.reason
    assert (
        "score 0.00, threshold 0.30: no threshold includes it",
        "with a phrase of a topic in its title: score 0.80, threshold 0.30",
        "with one in its abstract: score 0.50, threshold 0.30",
    ) == found.changes


def test_learned_words_are_shown(forge: LocalForge):
    found = explained(forge, paper(title="The Telescope", abstract="Galaxy."), Stream(stream()))
    lines = render_decision(found.decision, found.changes).splitlines()

    assert {"words     against: telescope, galaxy", "words     against: galaxy, telescope"} & {
        *lines
    }
    assert f"change    {found.changes[0]}" in lines


@pytest.mark.parametrize(
    ("changes", "way"),
    [
        ({"id": "2309.00267"}, "nothing: the paper is in the list"),
        ({"comment": "This paper has been withdrawn"}, "nothing: withdrawn"),
        (
            {"abstract": "AI feedback in the classroom"},
            "remove the exclude 'classroom' from the topic 'RLAIF'",
        ),
    ],
)
def test_decisions_without_a_score_show_another_change(
    forge: LocalForge, changes: dict[str, str], way: str
):
    (only,) = explained(forge, paper(**{"abstract": "AI feedback.", **changes})).changes

    assert only.startswith(way)


def test_a_paper_is_compared_with_the_papers_of_its_time(forge: LocalForge):
    source = Stream(stream())
    old = paper(submitted=None, announced=NOW.date() - timedelta(days=400))
    explained(forge, old, source)

    (asked,) = source.asked
    assert NOW.date() - timedelta(days=400) == asked.until.date()
    assert asked.until - asked.since == timedelta(days=21)


def test_an_old_paper_announced_again_is_not_refused_for_that(forge: LocalForge):
    again = paper(id="2001.00001", title="On AI Feedback", announcement=Announcement.REPLACE)

    assert Reason.RELEVANT is explained(forge, again).decision.reason


def test_several_papers_come_best_first(forge: LocalForge):
    papers = [paper(), paper(id="2510.00002", title="On AI Feedback"), paper()]
    found = explain(CONFIG, papers, sources=(), forge=forge, now=NOW)

    assert ["2510.00002", "2510.00001"] == [str(item.decision.candidate.paper.id) for item in found]
