import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Evidence, Field, Topic
from bot.relevance.phrases import Matcher, fold, in_categories, strength, words
from tests.factories import paper

RLAIF = Topic(
    "RLAIF", ("RLAIF", "AI feedback", "self-rewarding", "LLM-as-a-judge + reward"), ("classroom",)
)


def phrases(title: str = "", abstract: str = "", topic: Topic = RLAIF) -> tuple[str, ...]:
    return Matcher([topic]).match(paper(title=title, abstract=abstract)).phrases


@pytest.mark.parametrize(
    "text",
    [
        "AI feedback",
        "ai Feedback",
        "AI-feedback",
        "AI‑feedback",  # non-breaking hyphen
        "AI\nfeedback",
        "AI feedbacks",
        r"\emph{AI} feedback",
        r"\textbf{AI feedback}",
        "AI~feedback",
        "{AI} feedback",
        "ＡＩ feedback",  # full-width letters
        "AI feed\u00adback",  # soft hyphen
        "AI\u200b feedback",
        "(AI) feedback",
        "AI’s feedback",
        "$AI$ feedback",
    ],
)
def test_a_phrase_is_found_however_it_is_written(text: str):
    assert ("AI feedback",) == phrases(f"On {text} for all")


@pytest.mark.parametrize(
    "text", ["AIfeedback", "AI human feedback", "feedback AI", "OpenAI feedback", ""]
)
def test_other_words_are_no_match(text: str):
    assert () == phrases(text)


def test_accents_do_not_matter_in_any_notation():
    topic = Topic("people", ("naïve Rényi",))

    for text in ("naive Renyi", "naïve Rényi", r"na\"{i}ve R\'enyi", "nai\u0308ve Re\u0301nyi"):
        assert ("naïve Rényi",) == phrases(text, topic=topic), text


def test_the_span_refers_to_the_original_text():
    text = r"Towards \emph{Self}-Rewarding models"
    (match,) = Matcher([RLAIF]).match(paper(title="x", abstract=text)).matches

    assert Field.ABSTRACT is match.field
    assert "{Self}-Rewarding" == text[match.start : match.end]


def test_all_parts_of_a_joined_phrase_must_occur_somewhere():
    assert () == phrases("LLM-as-a-Judge for translation")
    assert () == phrases("A reward")
    assert ("LLM-as-a-judge + reward",) == phrases("LLM-as-a-Judge", "it gives the rewards")


def test_an_exclude_applies_to_its_topic_only():
    other = Topic("other", ("AI feedback",))
    evidence = Matcher([RLAIF, other]).match(paper(title="AI feedback in the classroom"))

    assert ("other",) == evidence.topics
    assert ("classroom",) == tuple(match.phrase for match in evidence.excluded)


def test_an_exclude_without_a_match_says_nothing():
    assert Evidence() == Matcher([RLAIF]).match(paper(title="The classroom of tomorrow"))


def test_overlapping_phrases_are_all_found():
    topic = Topic("t", ("AI", "AI feedback", "feedback loop"))

    assert {"AI", "AI feedback", "feedback loop"} == set(phrases("AI feedback loops", topic=topic))


def test_strength_grows_with_evidence_and_stays_below_one():
    topic = Topic("t", ("alpha", "beta"))
    matcher = Matcher([topic])
    scores = [
        strength(matcher.match(paper(title=title, abstract=abstract)))
        for title, abstract in [
            ("x", "x"),
            ("x", "alpha"),
            ("alpha", "x"),
            ("alpha", "beta"),
            ("alpha beta", ""),
        ]
    ]

    assert scores == sorted(set(scores))
    assert 0 == scores[0]
    assert scores[-1] < 1


def test_categories_limit_a_topic():
    item = paper(categories=("cs.CL", "stat.ML"))

    assert in_categories(item, Topic("t", ("x",)))
    assert in_categories(item, Topic("t", ("x",), categories=("stat.ML",)))
    assert in_categories(item, Topic("t", ("x",), categories=("cs.*",)))
    assert not in_categories(item, Topic("t", ("x",), categories=("cs.CV", "math.*")))


@given(st.text())
def test_words_have_their_positions_and_are_folded_once(text: str):
    for word in words(text):
        assert text[word.start : word.end].strip()
        assert word.text


@given(st.text(alphabet="abcdefghijs", min_size=1))
def test_folding_a_folded_word_changes_nothing(word: str):
    folded = fold(word)

    assert fold(word.upper()) == folded


@given(st.lists(st.sampled_from("alpha beta gamma delta".split()), max_size=30))
def test_one_pass_finds_what_a_search_phrase_by_phrase_finds(text: list[str]):
    wanted = ("alpha beta", "beta", "gamma delta alpha", "delta delta")
    joined = " ".join(text)
    expected = {phrase for phrase in wanted if f" {phrase} " in f" {joined} "}

    assert expected == set(phrases(joined, topic=Topic("t", wanted)))
