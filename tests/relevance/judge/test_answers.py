"""An answer counts only in the right form, and a yes only with a quote from the paper."""

import json

import pytest

from bot.core.judgement import Answer, Quote
from bot.relevance.judge.answers import UnusableAnswerError, agreed, find_quote, read_answers
from bot.relevance.judge.question import Passages, passages
from tests.factories import paper
from tests.judging import PRINCIPLES
from tests.servers.judge import HOSTILE_TEXTS, reply_text

ITEMS = PRINCIPLES.items
PAPER = paper(title="Judges as Rewards", abstract="A model   scores answers, and we train on it.")
TEXT = passages(PAPER)


def test_a_yes_needs_a_quote_that_the_paper_has():
    said = {
        "c1": ("yes", "a MODEL scores\nanswers"),
        "c2": ("yes", "made up words"),
        "c3": ("no", ""),
    }
    found = read_answers(reply_text("2510.00001", said), PAPER, ITEMS)

    assert [Answer.YES, Answer.UNSURE, Answer.NO] == [item.answer for item in found]
    assert [False, True, False] == [item.is_false for item in found]
    assert found[0].quote
    assert "A model scores answers" == TEXT.quoted(found[0].quote)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Judges as Rewards", Quote(True, 0, 17)),
        ("we train on it", Quote(False, 28, 42)),
        ("A model", None),  # too short to show anything
        ("odel scores answers", None),  # begins inside a word
        ("scores answers, and we trai", None),
        ("x" * 301, None),
        ("", None),
        (".*.*.*.*.*.*", None),
        ("A model scores … train", None),
    ],
)
def test_quotes_begin_and_end_at_words_of_the_paper(said: str, found: Quote | None):
    assert found == find_quote(said, TEXT)


@pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=range(len(HOSTILE_TEXTS)))
def test_an_invalid_reply_is_unusable_and_none_of_it_is_repeated(text: str):
    with pytest.raises(UnusableAnswerError) as caught:
        read_answers(text, PAPER, ITEMS)

    assert str(caught.value) in {
        "an answer that is too long",
        "an answer that is not JSON",
        "an answer that ignores the schema",
        "an answer about another paper",
    }


def change(**changes: object) -> str:
    said = dict.fromkeys(("c1", "c2", "c3"), ("no", ""))
    return json.dumps(json.loads(reply_text("2510.00001", said)) | changes)


@pytest.mark.parametrize(
    "text",
    [
        change(paper="2510.00002"),
        change(extra=1),
        change(answers={"c1": {"quote": "", "answer": "no"}}),
        change(answers={f"c{n}": {"quote": "", "answer": "no"} for n in range(1, 5)}),
        change(answers={f"c{n}": {"quote": "", "answer": "YES"} for n in range(1, 4)}),
        change(answers={f"c{n}": {"quote": None, "answer": "no"} for n in range(1, 4)}),
    ],
)
def test_another_paper_more_or_fewer_answers_and_other_values_are_refused(text: str):
    read_answers(change(), PAPER, ITEMS)

    with pytest.raises(UnusableAnswerError):
        read_answers(text, PAPER, ITEMS)


def test_passes_that_differ_are_unsure():
    first, second = (
        read_answers(reply_text("2510.00001", said), PAPER, ITEMS)
        for said in (
            {"c1": ("yes", "we train on it"), "c2": ("no", ""), "c3": ("no", "")},
            {"c1": ("yes", "Judges as Rewards"), "c2": ("yes", "we train on it"), "c3": ("no", "")},
        )
    )

    found = agreed(first, second, ITEMS)

    assert [Answer.YES, Answer.UNSURE, Answer.NO] == [item.answer for item in found]
    assert [True, False, False] == [item.quote is not None for item in found]


def test_regular_expressions_in_a_quote_are_only_characters():
    text = Passages("", "The (a|b)* operator is [x].")

    assert find_quote("(a|b)* operator is [x].", text)
    assert find_quote("The .* operator", text) is None
