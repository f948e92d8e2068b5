"""A paper has about the same score in every command, however many papers the command compares it with."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from math import log

import pytest

from bot.core.arxiv_id import ArxivId
from bot.core.config import Config, parse
from bot.core.model import Coverage, Harvest, Paper, Topic, Window
from bot.forge.local import LocalForge
from bot.pipeline import run
from bot.sources.backfill import CollectedHarvest
from bot.tools.explain import explain
from bot.tools.single_papers import propose
from tests import samples
from tests.factories import NOW

CONFIG: Config = parse(samples.CONFIG, where="the test")
WANTED = ArxivId("2510.01000")
COMMANDS = ("run", "explain", "propose", "backfill")
NEAR = 0.5  # log odds: 0.5 and 0.62


class Stream:
    """A source of all papers of a day, which can look them up."""

    name = "stream"

    def __init__(self, papers: Sequence[Paper]) -> None:
        self.papers = tuple(papers)

    def collect(self, topics: tuple[Topic, ...], window: Window) -> Harvest:
        del topics
        coverage = Coverage(self.name, "a day", "all", read=len(self.papers), window=window)
        return Harvest(self.papers, coverage, self.papers)

    def look_up(self, ids: Sequence[ArxivId]) -> tuple[Paper, ...]:
        return tuple(paper for paper in self.papers if paper.id in ids)


SUBJECTS = [[f"word{subject}x{n}" for n in range(40)] for subject in range(300)]


def papers(
    count: int, since: date, until: date, chance: random.Random, subject: int | None = None
) -> Iterator[Paper]:
    """Papers on two subjects each, evenly spread over the time; `subject` is the first of the two."""
    for number in range(count):
        day = since + (until - since) * number // count
        first, second = (
            SUBJECTS[number % 300 if subject is None else subject],
            chance.choice(SUBJECTS),
        )
        title = " ".join(chance.sample([*first, *second], 7))
        yield Paper(
            ArxivId(f"{day:%y%m}.{10000 + number:05}"),
            title if subject is None or number % 3 else f"AI feedback: {title}",
            abstract=" ".join(chance.choices([*first, *second], k=60)),
            authors=("Ada Lovelace", "Alan Turing"),
            categories=("cs.CL",),
            submitted=datetime(day.year, day.month, day.day, tzinfo=UTC),
            announced=day,
        )


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """The score of one paper by each command; its list got 200 papers of one subject in the last half year."""
    chance = random.Random(7)
    today, half = NOW.date(), timedelta(days=180)
    listed = list(papers(200, today - half, today - timedelta(days=20), chance, subject=3))
    entries = (f"- [{item.title}](https://arxiv.org/abs/{item.id})" for item in listed)
    folder = tmp_path_factory.mktemp("list")
    text = "# Awesome word3x1\n\n## Papers\n" + "\n".join(entries) + "\n"
    (folder / "README.md").write_text(text)
    forge = LocalForge(folder, "README.md")
    wanted = Paper(
        WANTED,
        "Notes on word3x2 and word9x4",
        abstract=" ".join((*SUBJECTS[3][:12], "AI feedback", *SUBJECTS[9][:20], *SUBJECTS[7][:10])),
        authors=("Grace Hopper",),
        categories=("cs.CL",),
        submitted=NOW - timedelta(days=3),
        announced=today,
    )
    day = Stream([*papers(900, today, today + timedelta(days=1), chance), wanted])
    years = tuple(papers(2500, date(2022, 1, 1), today, chance))
    coverage = Coverage("snapshot", "years", "all", read=2500, window=Window(NOW - half, NOW))
    backlog = CollectedHarvest("snapshot", Harvest((wanted,), coverage, years))
    reports = {
        "run": run(CONFIG, sources=[day], forge=forge, now=NOW),
        "propose": propose(CONFIG, WANTED, sources=[day], of="a day", forge=forge, now=NOW),
        "backfill": run(CONFIG, sources=[backlog], forge=forge, now=NOW),
    }
    (explained,) = explain(CONFIG, [wanted], sources=[day], forge=forge, now=NOW)
    found = {
        name: candidate.score
        for name, report in reports.items()
        for decision in report.decisions
        if (candidate := decision.candidate).paper.id == WANTED
    }
    return found | {"explain": explained.decision.candidate.score}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_paper_has_about_the_same_score_in_every_command(scores: dict[str, float], command: str):
    assert 0.02 < scores["run"] < 0.98  # neither certain nor out of the question
    assert abs(log_odds(scores[command]) - log_odds(scores["run"])) < NEAR


def log_odds(score: float) -> float:
    return log(score / (1 - score))
