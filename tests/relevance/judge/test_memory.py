"""Verdicts as codes: they are decoded as they were encoded, and anything else is refused."""

from dataclasses import replace

import pytest

from bot.core.judgement import Answer, PrincipleAnswer, Quote
from bot.relevance.judge.memory import decode, encode, is_code, letters
from bot.relevance.judge.question import passages
from tests.factories import paper
from tests.judging import PRINCIPLES

ITEMS = PRINCIPLES.items
PAPER = paper(title="Judges as Rewards", abstract="A model scores answers.")
ANSWERS = (
    PrincipleAnswer(ITEMS[0], Answer.YES, Quote(False, 2, 14)),
    PrincipleAnswer(ITEMS[1], Answer.NO),
    PrincipleAnswer(ITEMS[2], Answer.YES, Quote(True, 0, 6)),
)


def test_a_verdict_is_decoded_as_it_was_encoded():
    code = encode(ANSWERS, PAPER)

    assert is_code(code)
    assert code.startswith("yny a2-14-")
    assert ANSWERS == decode(code, PAPER, ITEMS)
    assert [answer.answer for answer in ANSWERS] == [a.answer for a in letters(code, ITEMS)]


def test_quotes_are_left_out_if_the_text_of_the_paper_has_changed():
    found = decode(encode(ANSWERS, PAPER), replace(PAPER, abstract="We score."), ITEMS)

    assert found is not None
    assert [None, None, Quote(True, 0, 6)] == [answer.quote for answer in found]
    assert [Answer.YES, Answer.NO, Answer.YES] == [answer.answer for answer in found]


@pytest.mark.parametrize(
    "code",
    ["", "yn", "ynyn", "yes", "yny extra", "yny a1-2-zzzz", "yny <b>", "y" * 50, "YNY", "yny\n", 7],
)
def test_other_texts_are_no_codes(code: str):
    assert decode(code if isinstance(code, str) else str(code), PAPER, ITEMS) is None


def test_a_position_outside_the_text_gives_no_quote():
    found = decode("ynn a90-80-0000", PAPER, ITEMS)

    assert found is not None
    assert found[0].quote is None
    assert passages(PAPER).quoted(Quote(False, 500, 600)) == ""
