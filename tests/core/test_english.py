import pytest

from bot.core.english import count


@pytest.mark.parametrize(
    ("number", "noun", "expected"),
    [
        (0, "paper", "0 papers"),
        (1, "paper", "1 paper"),
        (1200, "paper", "1,200 papers"),
        (1, "entry", "1 entry"),
        (2, "later entry", "2 later entries"),
        (2, "day", "2 days"),
    ],
)
def test_a_counted_noun_agrees_with_its_number(number: int, noun: str, expected: str):
    assert expected == count(number, noun)
