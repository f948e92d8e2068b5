"""The arithmetic of benchmarks/screening.py, and its labels."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from benchmarks.screening import (
    LABELS,
    ROOT,
    VERDICTS,
    Label,
    Month,
    agreement,
    by_words,
    month_rows,
    proposed,
    read_labels,
    screened,
    tally,
    weigh,
    worth,
)
from bot.core.arxiv_id import ArxivId
from bot.core.config import Config, load
from bot.core.model import Paper, Window
from bot.relevance.phrases import Matcher
from bot.sources.query import compile_queries
from tests import factories


@pytest.fixture
def config(tmp_path: Path) -> Config:
    path = tmp_path / "keywords.toml"
    path.write_text(
        '[list]\npath = "README.md"\n[arxiv]\ncontact = "me@example.org"\ncategories = ["cs.CL"]\n'
        '[[topics]]\nname = "T"\nphrases = ["AI feedback", "judge + reward"]\nexcludes = ["classroom"]\n',
        encoding="utf-8",
    )
    return load(path)


def paper(number: int, title: str, day: int = 1) -> Paper:
    return factories.paper(
        id=f"2504.{number:05d}", title=title, abstract="", announced=date(2025, 4, day)
    )


def month(config: Config, papers: list[Paper], labels: dict[int, Label]) -> Month:
    matcher = Matcher(block.topic() for block in config.topics)
    found = proposed((weigh(item, matcher.match(item)) for item in papers), config)
    known = {f"2504.{number:05d}": label for number, label in labels.items()}
    return Month("2025-04", known, found, len(papers))


def test_counts_are_by_verdict_and_borderline_is_neither_right_nor_wrong(config: Config):
    papers = [
        paper(1, "AI feedback"),
        paper(2, "AI feedback two", 2),
        paper(3, "AI feedback three", 9),
        paper(4, "AI feedback four", 30),
        paper(5, "Nothing"),
        paper(6, "AI feedback in the classroom"),
    ]
    labels = {
        1: Label("in", clear=True),
        2: Label("out"),
        3: Label("borderline"),
        5: Label("in"),
        6: Label("in", clear=True),
    }

    sums = tally([month(config, papers, labels)])

    assert {"in": 1, "borderline": 1, "out": 1, "unread": 1} == sums.found
    assert 0.5 == sums.precision
    assert 1 / 3 == sums.recall
    assert (2, ("2504.00006",)) == (sums.clear, sums.missed)


def test_a_week_is_seven_days_from_the_first_of_a_month_and_the_remaining_days_are_none(
    config: Config,
):
    papers = [paper(day, f"AI feedback {day}", day) for day in (1, 7, 8, 21, 28, 29, 30)]

    sums = tally([month(config, papers, {})])

    assert ((2, 1, 1, 1), 1) == (sums.weeks, sums.median)


def test_what_only_one_phrase_finds_is_lost_without_it(config: Config):
    papers = [
        paper(1, "AI feedback"),
        paper(2, "AI feedback: the judge gives the reward"),
        paper(3, "A judge and a reward"),
    ]
    labels = {1: Label("in"), 2: Label("in"), 3: Label("borderline")}

    found = worth([month(config, papers, labels)], config)

    feedback, judge = found["T", "AI feedback"], found["T", "judge + reward"]
    assert ({"in": 2, "borderline": 0, "out": 0, "unread": 0}, 1) == (
        feedback.matched,
        feedback.alone,
    )
    assert ({"in": 1, "borderline": 1, "out": 0, "unread": 0}, 0) == (judge.matched, judge.alone)


def test_nothing_proposed_is_no_division_by_zero(config: Config):
    rows = list(month_rows([month(config, [paper(1, "Nothing")], {})]))

    assert "| 2025-04 | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0% | 0% of 0 | 0 of 0 |" in rows


def test_only_papers_of_labelled_months_count():
    config = load(ROOT / "config" / "keywords.toml")
    factory = factories.paper(title="RLAIF", announced=date(2025, 4, 1))
    other = factories.paper(id="2505.00001", title="RLAIF again", announced=date(2025, 5, 1))

    found = {month.name: month for month in screened([factory, other], config, by_words(config))}

    assert (1, 1) == (found["2025-04"].papers, len(found["2025-04"].proposed))
    assert 1 == sum(month.papers for month in found.values())


def test_labels_are_ids_in_order_with_known_verdicts():
    for name, labels in read_labels(LABELS).items():
        ids = list(labels)
        assert sorted(set(ids)) == ids, name
        assert {str(ArxivId.parse(item)) for item in ids} == set(ids), name
        assert {label.verdict for label in labels.values()} <= set(VERDICTS), name
        assert {label.verdict for label in labels.values() if label.clear} == {"in"}, name


def test_agreement_is_the_share_and_how_far_it_is_above_chance():
    assert (1.0, 1.0) == agreement(["in", "out"], ["in", "out"])
    assert (0.5, 0.0) == agreement(["in", "in", "out", "out"], ["in", "out", "in", "out"])


def test_the_shipped_topics_fit_one_query():
    config = load(ROOT / "config" / "keywords.toml")
    topics = tuple(block.topic() for block in config.topics)
    window = Window(datetime(2025, 10, 1, tzinfo=UTC), datetime(2025, 10, 31, tzinfo=UTC))

    assert 1 == len(compile_queries(topics, config.arxiv.categories, window))
