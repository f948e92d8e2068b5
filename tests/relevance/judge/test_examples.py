"""Verdicts as examples: lighter than a person's decision, never against one, and shown as nobody's entry."""

from dataclasses import replace

import pytest

from bot.core.arxiv_id import ArxivId
from bot.core.judgement import Opinion
from bot.core.model import Paper
from bot.relevance.examples import Example
from bot.relevance.judge.examples import AGAINST_WEIGHT, FOR_WEIGHT, with_verdicts
from bot.relevance.ranker import Ranker
from bot.relevance.scoring import TrainingData

A, B = ArxivId("2510.00001"), ArxivId("2510.00002")
KNOWN = {A: Example("On A"), B: Example("On B")}
NOTHING = TrainingData()


def titles(examples: tuple[Example, ...]) -> list[tuple[str, float]]:
    return [(example.title, example.weight) for example in examples]


def test_both_sides_weigh_less_than_a_person():
    found = with_verdicts(NOTHING, {A: Opinion.FOR, B: Opinion.AGAINST}, KNOWN, {}, ())

    assert [("On A", FOR_WEIGHT)] == titles(found.listed)
    assert [("On B", AGAINST_WEIGHT)] == titles(found.declined)
    assert 0 < AGAINST_WEIGHT < 1
    assert 0 < FOR_WEIGHT < 1


@pytest.mark.parametrize(
    ("opinion", "is_listed", "teaches"),
    [
        (Opinion.FOR, True, False),
        (Opinion.AGAINST, True, False),
        (Opinion.FOR, False, False),
        (Opinion.AGAINST, False, True),
        (Opinion.FOR, None, True),
        (Opinion.AGAINST, None, True),
    ],
)
def test_no_verdict_contradicts_a_person(opinion: Opinion, is_listed: bool | None, teaches: bool):
    decided = {} if is_listed is None else {A: is_listed}

    found = with_verdicts(NOTHING, {A: opinion}, KNOWN, decided, ())

    assert teaches == bool(found.listed or found.declined)


def test_a_paper_is_not_scored_by_its_own_verdict_and_an_unknown_one_teaches_nothing():
    assert NOTHING == with_verdicts(NOTHING, {A: Opinion.FOR}, KNOWN, {}, {A})
    assert NOTHING == with_verdicts(NOTHING, {A: Opinion.FOR}, {}, {}, ())


def background(number: int = 200) -> list[Example]:
    words = "graph protein lattice fluid orbit enzyme vertex tensor kernel plasma".split()
    return [
        Example(f"The {words[n % 10]} of a {words[n * 7 % 10]} {n}", f"A {words[n * 3 % 10]}.")
        for n in range(number)
    ]


ENTRIES = [
    Example(f"Reward models, part {n}", "A judge gives rewards.", line=n) for n in range(1, 41)
]
NEW = Paper(ArxivId("2510.00009"), "Rubrics as criteria", "A checklist grades every answer.")


def score(positives: list[Example], negatives: tuple[Example, ...] = ()) -> float:
    return Ranker.fit(positives, negatives, background()).score([NEW])[0].value


def test_an_accepted_paper_raises_similar_papers_less_than_an_entry_does():
    alike = [Example(f"Rubrics as rewards {n}", "A checklist grades an answer.") for n in range(3)]

    without = score(ENTRIES)
    judged = score([*ENTRIES, *(replace(example, weight=0.3) for example in alike)])
    listed = score([*ENTRIES, *alike])

    assert without < judged < listed


def test_the_judges_papers_are_not_shown_as_entries_and_do_not_count_as_such():
    judged = [replace(Example(NEW.title, NEW.abstract), weight=0.8)]

    (found,) = Ranker.fit([*ENTRIES, *judged], (), background()).score([NEW])

    assert all(near.line for near in found.nearest)
    assert NEW.title not in {near.title for near in found.nearest}


def test_without_entries_of_a_person_the_judge_teaches_nothing():
    judged = [replace(example, weight=0.8) for example in ENTRIES]

    assert score([]) == score(judged)


def test_a_decision_by_a_person_outweighs_a_verdict_on_the_same_title():
    twice = [*ENTRIES, replace(ENTRIES[0], weight=0.8, abstract="z" * 50)]

    assert score(twice) == score(ENTRIES)
