"""The sieve may let through too much, and must never keep back what a phrase matches."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.model import Topic
from bot.relevance.phrases import Matcher
from bot.sources.prefilter import Sieve
from bot.sources.snapshot import Snapshot
from tests.conftest import ROOT
from tests.factories import paper

PHRASES = (
    "RL-VLM-F",
    "AI feedback + reward",
    "self-rewarding",
    "policies",
    "Gödel machine",
    "λ-calculus",
    "bias",
    "quality model",
)
SIEVE = Sieve([Topic("T", PHRASES)])
MATCHER = Matcher([Topic("T", PHRASES)])

# what texts of arXiv are made of: the phrases' words in many forms, and what may stand in them and between
PIECES = st.sampled_from(
    'AI ai feedback Feedbacks reward rewards rewarding self policy Policies RL VLM F Gödel G\\"odel G{\\"o}del machine '
    "λ calculus bias biases e ﬁ \\emph{AI} {AI} R{L} \\textbf{reward} AI\u00ad 's ’s \\alpha $\\lambda$ _ - — . {} \u200b".split()
)


@given(
    st.lists(
        st.tuples(PIECES, st.sampled_from(["", " ", "\n", "-", "'s ", "’s ", "_", "~", " \\em "])),
        max_size=8,
    )
)
@example([("AI", "’s "), ("feedback", " "), ("reward", "")])
@example([("RL", "\n"), ("VLM", "-"), ("F", "")])
@example([("\\emph{AI}", " "), ("feedback", "\n"), ("\\textbf{reward}", "")])
@example([('G{\\"o}del', " "), ("machine", "")])
@example([("Qualities", "-"), ("models", "")])
@example([("model's\u00ad", ""), ("policies", "")])
@example([("{GPT's}", ""), ("policies", "")])
@example([("dies\\'", ""), ("λ", " "), ("calculus", "")])
@example([("\\'s}", ""), ("elf", "-"), ("rewarding", "")])
def test_what_a_phrase_matches_passes(pieces: list[tuple[str, str]]):
    text = "".join(word + after for word, after in pieces)

    if MATCHER.match(paper(title="", abstract=text)).matches:
        assert SIEVE.passes(text)


@pytest.mark.parametrize(
    "text",
    [
        "Feedback for AI without what is asked for",
        "a self that is rewarding",
        "a reward from AI, and much feedback",
        "nothing",
        "unfair Gödelisation machines",
    ],
)
def test_what_no_phrase_can_match_is_kept_back(text: str):
    assert not SIEVE.passes(text)


def test_a_topic_without_words_lets_nothing_through():
    assert not Sieve([]).passes("anything")
    assert not Sieve([Topic("T", ("\\alpha",))]).passes("anything")


def test_hundreds_of_phrases_are_all_looked_for():
    sieve = Sieve([Topic("T", tuple(f"word{n} + other{n}" for n in range(200, 977)))])

    assert all(sieve.passes(f"Other{n} and word{n}") for n in range(200, 977))
    assert not any(sieve.passes(f"Other{n} and word{n + 1}") for n in range(200, 977))


def test_long_phrases_are_looked_for_too():
    phrases = [" ".join(f"word{n}of{m}" for m in range(40)) for n in range(50)]
    sieve = Sieve([Topic("T", tuple(phrases))])

    assert all(map(sieve.passes, phrases))
    assert not sieve.passes(phrases[0].replace("of0", "of1"))


def test_half_a_character_does_not_stop_it():
    assert SIEVE.passes("Self-rewarding \ud835 models")


def test_of_real_papers_few_pass_and_all_that_match(shared):
    from bot.core.config import load

    topics = [block.topic() for block in load(ROOT / "config" / "keywords.toml").topics]
    sieve, matcher = Sieve(topics), Matcher(topics)
    passed = matched = 0
    for record in Snapshot(shared / "corpus" / "2025-11.jsonl.gz", ("cs.*",)).records():
        passes = sieve.passes(record.text())
        matches = matcher.match(record.paper()).matches
        assert passes or not matches, record.data["id"]
        passed += passes
        matched += bool(matches)
    assert 0 < matched <= passed < 2 * matched + 20
