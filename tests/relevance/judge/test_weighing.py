"""The weights of answers: fixed at first, later fitted to the maintainer's decisions."""

import random
from itertools import product

import pytest

from bot.core.judgement import Answer, Opinion, PrincipleAnswer
from bot.relevance.judge.weighing import Weighing, distance, shifted
from tests.judging import PRINCIPLES

ITEMS = PRINCIPLES.items
LETTERS = {"y": Answer.YES, "n": Answer.NO, "u": Answer.UNSURE}


def answers(code: str) -> list[PrincipleAnswer]:
    return [PrincipleAnswer(item, LETTERS[x]) for item, x in zip(ITEMS, code, strict=True)]


@pytest.mark.parametrize(
    ("code", "opinion"),
    [
        ("ynn", Opinion.FOR),
        ("yyn", Opinion.FOR),
        ("yun", Opinion.FOR),
        ("nnn", Opinion.AGAINST),
        ("nny", Opinion.AGAINST),
        ("yny", Opinion.AGAINST),
        ("yyy", Opinion.FOR),
        ("unn", Opinion.UNSURE),
        ("ynu", Opinion.UNSURE),
        ("nnu", Opinion.AGAINST),
        ("uuu", Opinion.UNSURE),
    ],
)
def test_it_is_an_opinion_only_if_the_unsure_answers_cannot_change_it(code: str, opinion: Opinion):
    found, evidence = Weighing.fixed(ITEMS).weigh(answers(code))

    assert opinion is found
    assert (evidence > 0) == (opinion is Opinion.FOR)
    assert (evidence < 0) == (opinion is Opinion.AGAINST)


def test_no_answers_weigh_more_than_twenty_to_one():
    heavy = Weighing(50.0, (50.0, 50.0, -50.0))

    assert (Opinion.FOR, 3.0) == heavy.weigh(answers("yyn"))


def test_few_decisions_leave_the_fixed_weights():
    decided = [(answers("ynn"), True)] * 19

    assert Weighing.fixed(ITEMS) == Weighing.fit(ITEMS, decided)
    assert Weighing.fixed(ITEMS) == Weighing.fit(ITEMS, decided * 5)


def test_a_principle_that_the_maintainer_does_not_follow_weighs_less():
    chance = random.Random(1)
    decided = [
        (answers("".join(code)), code[0] == "y")
        for code in product("yn", repeat=3)
        for _ in range(chance.randint(5, 9))
    ]

    found = Weighing.fit(ITEMS, decided)

    assert len(decided) == found.decisions
    assert found.weights[0] > 3.0
    assert abs(found.weights[1]) < 1.5
    assert Opinion.FOR is found.weigh(answers("yny"))[0]


def test_a_maintainer_who_accepts_nearly_all_papers_makes_no_answer_count_for_them():
    decided = [(answers("nnn"), True)] * 40 + [(answers("nnn"), False)] * 6

    opinion, _ = Weighing.fit(ITEMS, decided).weigh(answers("nnn"))

    assert opinion is not Opinion.FOR


def test_evidence_moves_the_log_odds():
    assert shifted(0.5, 0.0) == 0.5
    assert shifted(0.5, 1.5) == pytest.approx(0.8176, abs=1e-4)
    assert shifted(0.0, 3.0) < 1e-4
    assert shifted(1.0, -3.0) > 0.99
    assert distance(0.4, 0.4) == 0.0
    assert distance(0.3, 0.4) < distance(0.01, 0.4)
