"""The ranker learns from a list, gives reasons, and works with very little to learn from."""

from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.arxiv_id import ArxivId
from bot.core.model import Paper
from bot.relevance.calibration import BASE_RATE, Phrases, Surprise, logit, probability
from bot.relevance.examples import Example, Score
from bot.relevance.ranker import Ranker

RLAIF = (
    "preference reward labels judge constitution alignment feedback critic policy principle".split()
)
OTHER = (
    "telescope galaxy protein folding traffic glacier enzyme laser battery polymer orbit".split()
)
COMMON = "we propose a method and show results on several benchmarks with large models".split()


def example(subject: list[str], seed: int, *, known: bool = True) -> Example:
    """An invented paper on a subject: most of its words are the subject's, the rest are common words."""
    random = Random(f"{subject[0]} {seed}")
    title = f"{' '.join(random.sample(subject, 4))} {random.choice(COMMON)} {seed}"
    abstract = " ".join(random.choices(subject, k=15) + random.choices(COMMON, k=25))
    day = date(2024 + seed % 2, 1 + seed % 12, 1 + seed % 28)
    return Example(title, abstract if known else "", (f"Author {seed}",), day, line=seed + 1)


def paper(source: Example, number: int = 1) -> Paper:
    return Paper(
        id=ArxivId(f"2501.{number:05d}"),
        title=source.title,
        abstract=source.abstract,
        authors=source.authors,
    )


LISTED = [example(RLAIF, n) for n in range(30)]
STREAM = [example(OTHER, n) for n in range(200)]
NEW = [paper(example(RLAIF, 100), 1), paper(example(OTHER, 900), 2)]


@pytest.fixture(scope="module")
def ranker() -> Ranker:
    return Ranker.fit(LISTED, (), STREAM)


def values(ranker: Ranker, papers: list[Paper], strengths: tuple[float, ...] = ()) -> list[float]:
    return [score.value for score in ranker.score(papers, strengths)]


# What it learns


def test_a_paper_like_the_list_scores_high_and_another_low(ranker):
    near, far = values(ranker, NEW)
    assert near > 0.2
    assert far < 0.001


def test_titles_alone_are_enough_to_learn_from():
    listed = [example(RLAIF, n, known=False) for n in range(30)]
    near, far = values(Ranker.fit(listed, (), STREAM), NEW)
    assert near > 0.2
    assert far < 0.001


def test_the_length_of_a_text_is_no_evidence():
    """Entries known by title only must not teach that papers with abstracts are unlike them."""
    listed = [example(RLAIF, n, known=False) for n in range(30)]
    ranker = Ranker.fit(listed, (), STREAM)
    whole, short = NEW[0], replace(NEW[0], abstract="")
    unlike = replace(NEW[1], abstract="")
    assert values(ranker, [whole])[0] > 10 * values(ranker, [unlike])[0]
    assert values(ranker, [short])[0] > 10 * values(ranker, [unlike])[0]


def test_a_declined_subject_scores_lower():
    fiction = ["dragon", "wizard", "castle", "sword", *RLAIF[:6]]
    declined = [example(fiction, n) for n in range(10)]
    wanted = paper(example(fiction, 77))
    without = values(Ranker.fit(LISTED, (), STREAM), [wanted])[0]
    assert values(Ranker.fit(LISTED, declined, STREAM), [wanted])[0] < without / 2
    passed_over = [replace(item, weight=0.1) for item in declined]
    between = values(Ranker.fit(LISTED, passed_over, STREAM), [wanted])[0]
    assert values(Ranker.fit(LISTED, declined, STREAM), [wanted])[0] < between <= without


def test_an_author_of_the_list_helps(ranker):
    title = "several benchmarks for reward models"
    unsure = Paper(ArxivId("2501.00003"), title, authors=("Somebody Else",))
    known = replace(unsure, authors=("Author 3",))
    assert values(ranker, [known])[0] > values(ranker, [unsure])[0]


def test_a_background_that_holds_the_list_does_no_harm(ranker):
    with_entries = Ranker.fit(LISTED, (), [*STREAM, *LISTED])
    assert with_entries.score(NEW)[0].speaks_for == ranker.score(NEW)[0].speaks_for
    near, far = values(with_entries, NEW)
    assert near > 0.5
    assert far < 0.02


def test_a_background_paper_is_scored_without_learning_from_it():
    """A day's papers are both the background and what is to be scored."""
    day = [*STREAM, example(RLAIF, 100)]
    apart, among = Ranker.fit(LISTED, (), STREAM), Ranker.fit(LISTED, (), day)
    (fresh,), (met,) = values(apart, NEW[:1]), values(among, NEW[:1])
    assert met > fresh / 2


# The words of the topics


def test_without_training_data_the_phrases_decide():
    ranker = Ranker.fit((), (), STREAM)
    assert values(ranker, NEW, (0.8, 0.0)) == pytest.approx([0.8, 0.0], abs=0.01)


@pytest.mark.parametrize("entries", [0, 1, 2, 30])
def test_more_evidence_never_scores_lower(entries):
    ranker = Ranker.fit(LISTED[:entries], (), STREAM)
    strengths = (0.0, 0.3, 0.5, 0.8, 0.96, 1.0)
    scores = values(ranker, [NEW[1]] * len(strengths), strengths)
    assert scores == sorted(scores)
    assert scores[0] < scores[-1]


def test_with_two_entries_the_phrases_still_count_most():
    ranker = Ranker.fit(LISTED[:2], (), STREAM)
    touched, untouched = values(ranker, [NEW[0], NEW[1]], (0.8, 0.0))
    assert touched > 0.5
    assert untouched < 0.1


def test_phrases_that_match_the_background_lose_weight():
    noisy = [replace(item, strength=0.8) for item in STREAM[:150]] + STREAM[150:]
    listed = [replace(item, strength=0.8) for item in LISTED]
    trusting, wary = Ranker.fit(listed, (), STREAM), Ranker.fit(listed, (), noisy)
    assert values(wary, [NEW[1]], (0.8,))[0] < values(trusting, [NEW[1]], (0.8,))[0]


# The same every time


def test_order_of_examples_does_not_matter(ranker):
    random = Random(3)
    shuffled = Ranker.fit(
        random.sample(LISTED, len(LISTED)), (), random.sample(STREAM, len(STREAM))
    )
    assert shuffled.score(NEW) == ranker.score(NEW)


def test_a_score_does_not_depend_on_the_other_papers(ranker):
    together = ranker.score([*NEW, *(paper(item, n + 10) for n, item in enumerate(STREAM))])
    assert [item.value for item in together[:2]] == pytest.approx(values(ranker, NEW))
    assert together[0].nearest == ranker.score(NEW[:1])[0].nearest


def test_examples_are_counted_once():
    once = Ranker.fit(LISTED, (), STREAM)
    twice = Ranker.fit(LISTED * 2, (), STREAM * 2)
    assert twice.score(NEW) == once.score(NEW)


# Why


def test_reasons_are_words_of_the_paper(ranker):
    near, far = ranker.score(NEW)
    assert set(" ".join(near.speaks_for).split()) <= set(RLAIF + COMMON)
    assert set(near.speaks_for[0].split()) <= set(RLAIF)
    assert set(far.speaks_against[0].split()) <= set(OTHER)


def test_reasons_have_no_stop_words(ranker):
    for score in ranker.score(NEW):
        words = [word for phrase in score.speaks_for for word in phrase.split()]
        assert len(words) == len(set(words))
        assert not {"we", "and", "with", "on", "a"} & set(words)


def test_nearest_entries_are_named_with_their_lines(ranker):
    nearest = ranker.score([paper(LISTED[4])])[0].nearest
    assert (nearest[0].title, nearest[0].line) == (LISTED[4].title, LISTED[4].line)
    assert nearest[0].similarity == pytest.approx(1.0)
    assert len(nearest) == 3
    assert [item.similarity for item in nearest] == sorted(
        (item.similarity for item in nearest), reverse=True
    )


# Next to nothing to learn from


def test_no_papers_have_no_scores(ranker):
    assert ranker.score([]) == ()


def test_without_any_examples_the_score_is_tiny():
    (score,) = Ranker.fit(()).score(NEW[:1])
    assert 0 < score.value < 0.01
    assert score == Score(score.value)


def test_one_entry_is_enough_to_learn_from():
    near, far = Ranker.fit(LISTED[:1], (), STREAM).score([paper(LISTED[0]), NEW[1]])
    assert near.value > far.value
    assert near.nearest[0].title == LISTED[0].title


def test_entries_without_background_still_have_neighbours():
    (score,) = Ranker.fit(LISTED).score([paper(LISTED[2])], (0.5,))
    assert score.nearest[0].title == LISTED[2].title
    assert score.value == pytest.approx(0.5, abs=0.01)


def test_with_a_small_background_the_phrases_decide():
    few = Ranker.fit(LISTED, STREAM[:5], STREAM[5:50])
    assert values(few, NEW, (0.8, 0.0)) == pytest.approx([0.8, 0.0], abs=0.01)


@pytest.mark.parametrize(
    "odd",
    [
        Example(""),
        Example("   "),
        Example("$$ --"),
        Example("…", "___"),
        Example("強化学習", "フィードバック"),
        Example("\udcff broken bytes"),
        Example("a" * 5000),
        Example("0", "1 2 3"),
    ],
)
def test_unusual_texts_are_scored(odd):
    ranker = Ranker.fit([odd, LISTED[0]], [odd], [odd, *STREAM])
    (score,) = ranker.score([paper(odd)])
    assert 0 < score.value < 1


def test_texts_that_share_no_word_are_scored():
    stream = [Example(f"word{n} other{n}") for n in range(150)]
    near, far = values(Ranker.fit(LISTED[:2], (), stream), [paper(LISTED[0]), paper(stream[0])])
    assert near > far


def test_texts_that_share_words_and_no_pair_of_words_are_scored():
    papers = [Example(f"alpha word{number}", "beta") for number in range(300)]
    ranker = Ranker.fit(papers[:20], background=papers[20:])

    (score,) = ranker.score([paper(Example("alpha word300", "beta"))])
    assert 0 <= score.value <= 1


def test_identical_titles_are_scored():
    same = [Example("the very same title")] * 20
    (score,) = Ranker.fit(same, same, same).score([paper(same[0])])
    assert 0 < score.value < 1


def test_strengths_must_fit_the_papers(ranker):
    with pytest.raises(ValueError, match="zip"):
        ranker.score(NEW, (0.5,))


# From scores to probability


@given(
    st.lists(st.floats(-5, 5), min_size=1, max_size=60),
    st.lists(st.floats(-20, 20), min_size=2, max_size=20),
)
def test_surprise_rises_with_the_score(reference, scores):
    surprise = Surprise.of(np.array(reference))
    found = surprise(np.array(sorted(scores)))
    assert (found >= 0).all()
    assert (np.diff(found) >= 0).all()


def test_surprise_is_minus_the_log_of_the_share_that_scores_as_high():
    surprise = Surprise.of(np.arange(1000.0))
    assert surprise(np.array([900.0]))[0] == pytest.approx(-np.log(0.1))


def test_phrases_that_match_everywhere_say_nothing():
    strengths = np.array([0.0, 0.5, 0.8])
    rare = Phrases.learn([0.5] * 20, [0.0] * 1000)
    everywhere = Phrases.learn([0.5] * 20, [0.5] * 1000)

    alone = probability(logit(BASE_RATE) + Phrases.alone().log_odds(strengths))
    assert alone == pytest.approx(strengths, abs=0.01)
    assert rare.log_odds(strengths)[1] > 2
    assert everywhere.log_odds(strengths) == pytest.approx([0, 0, 0], abs=0.1)
