from itertools import starmap

import pytest

from bot.core.model import Topic
from bot.relevance.phrases import Matcher, strength
from bot.tools.evaluation.measures import Judged, RankOrder, kept_out, passing, reliability, yields
from tests.factories import paper

TOPIC = Topic("T", ("alpha", "beta", "gamma"), ("delta",))


def judged(
    title: str, *, score: float = 0.0, listed: bool = False, relevant: bool = True
) -> Judged:
    item = paper(title=title, abstract="")
    evidence = Matcher([TOPIC]).match(item)
    return Judged(
        item, evidence, relevant and bool(evidence.matches), strength(evidence), score, listed
    )


def ranking(*listed: bool) -> RankOrder:
    papers = [judged("x", score=1 - n / 100, listed=item) for n, item in enumerate(listed)]
    return RankOrder.by(papers, lambda item: item.learned)


def test_a_perfect_ranking_has_the_least_loss():
    order = ranking(True, True, False, False)

    assert (1, 2) == order.places
    assert order.recalls == (1.0,) * 5
    assert order.loss == pytest.approx(0.5 / 3)
    assert order.depth == 2


def test_recall_counts_what_is_read_for_each_that_belongs():
    order = ranking(False, True, *[False] * 7, True)

    assert order.recalls == (0.5, 0.5, 1.0, 1.0, 1.0)


def test_papers_with_the_same_score_count_as_evenly_spaced():
    papers = [judged("x", listed=n < 2) for n in range(100)]

    order = RankOrder.by(papers, lambda item: item.learned)
    assert (26, 76) == order.places
    assert order.loss == pytest.approx(0.5, abs=0.02)


def test_bins_hold_every_paper_once():
    papers = [judged("x", score=n / 20, listed=n > 15) for n in range(21)]

    bins = list(reliability(papers))
    assert sum(item.papers for item in bins) == 21
    assert sum(item.listed for item in bins) == 5
    assert all(item.low <= item.mean <= item.high for item in bins)


def test_only_relevant_papers_pass_a_threshold():
    papers = [
        judged("alpha", score=0.9, listed=True),
        judged("alpha", score=0.4),
        judged("alpha", score=0.9, relevant=False),
        judged("nothing", score=0.9),
    ]

    found = passing(papers, lambda item: item.learned, 0.5)
    assert (found.papers, found.listed) == (1, 1)


def test_papers_that_only_one_phrase_finds_are_counted_separately():
    papers = [judged("alpha beta", listed=True), judged("alpha"), judged("alpha delta")]

    counts = [
        (item.phrase, item.papers, item.listed, item.alone, item.alone_listed)
        for item in yields(papers, [TOPIC])
    ]
    assert counts == [("alpha", 2, 1, 1, 0), ("beta", 1, 1, 0, 0), ("gamma", 0, 0, 0, 0)]


def test_an_exclude_is_charged_with_what_it_keeps_out():
    papers = list(starmap(judged, [("alpha delta",), ("delta",), ("alpha",)]))

    (found,) = kept_out(papers, [TOPIC])
    assert (found.phrase, found.papers, found.alone) == ("delta", 1, 1)
