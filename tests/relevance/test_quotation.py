"""The sentence that a pull request quotes."""

from bot.core.model import Candidate, Topic
from bot.relevance.phrases import Matcher
from bot.relevance.quotation import quote
from tests.factories import paper

OFTEN = (3, 7, 11, 13)
"""How often the words of a sentence occur; the sum of 1/3, 1/7 … is not the same in every order of summing."""


def test_of_two_equal_sentences_the_first_is_quoted_whatever_order_a_set_has():
    for number in range(40):
        words = [f"w{number}x{place}" for place in range(2 * len(OFTEN))]
        others = [
            f"Also {word}."
            for word, often in zip(words, OFTEN * 2, strict=True)
            for _ in range(often - 1)
        ]
        first, second = words[: len(OFTEN)], words[len(OFTEN) :]
        text = " ".join([f"First {' '.join(first)}.", f"Second {' '.join(second)}.", *others])
        described = paper(title="A title", abstract=text)
        evidence = Matcher([Topic("t", tuple(words))]).match(described)
        quotation = quote(Candidate(described, evidence, 0.9))

        assert quotation is not None
        assert quotation.marked("", "").startswith("First")
