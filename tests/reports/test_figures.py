"""The numbers behind the charts: each paper is counted once, in the right place."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.core.model import Reason, Verdict, Window
from bot.reports.figures import ScoreHistogram, Tally, phrase_tallies, score_histograms, timeline
from bot.reports.page.charts import scores, weekly
from tests.factories import NOW, decision, paper
from tests.reports.runs import make_run

RUN = make_run(300)


def test_a_week_has_the_candidates_submitted_in_it_and_no_other_paper():
    found = timeline(RUN)

    assert "week" == found.unit
    assert (date(2025, 9, 1), date(2025, 10, 20)) == (
        found.spans[0].start,
        found.spans[-1].start,
    )
    assert 16 == sum(span.tally.all for span in found.spans)
    assert Tally(6, 0, 0, 0) == found.spans[-2].tally
    assert 0 == found.elsewhere


def test_candidates_outside_the_window_or_without_a_date_are_counted():
    early = decision(paper(submitted=datetime(2020, 1, 1, tzinfo=UTC)))
    undated = decision(paper(id="2510.00002", submitted=None, announced=None))
    announced = decision(paper(id="2510.00003", submitted=None))
    found = timeline(
        replace(
            RUN,
            window=Window(datetime(2025, 10, 1, tzinfo=UTC), NOW),
            decisions=(early, undated, announced),
        )
    )

    assert 2 == found.elsewhere
    assert [date(2025, 10, 13)] == [span.start for span in found.spans if span.tally.all]


def test_years_are_shown_by_month():
    window = Window(datetime(2023, 12, 5, tzinfo=UTC), datetime(2025, 10, 20, tzinfo=UTC))
    found = timeline(replace(RUN, window=window))

    assert "month" == found.unit
    assert 23 == len(found.spans)
    assert date(2024, 1, 1) == found.spans[1].start
    assert 16 == sum(span.tally.all for span in found.spans)


def test_a_phrase_has_every_paper_it_was_found_in_once():
    found = {tally.phrase: tally.tally for tally in phrase_tallies(RUN)}

    assert Tally(8, 0, 3, 0) == found["RLAIF"]
    assert Tally(8, 2, 0, 0) == found["critic"]
    assert Tally(0, 0, 0, 2) == found["constitution"]
    assert ("RLAIF", "constitution") == (next(iter(found)), list(found)[-1])


def test_phrases_that_found_nothing_are_there_and_come_last():
    found = phrase_tallies(replace(RUN, decisions=()))

    assert 5 == len(found)
    assert all(item.tally == Tally() for item in found)


def test_scores_count_only_new_papers_with_and_without_a_phrase():
    with_phrase, without = score_histograms(RUN)

    assert (12, 0.03) == (with_phrase.all, with_phrase.threshold)
    assert (301, 0.03) == (without.all, without.threshold)
    assert 1 == without.tallies[8].proposed  # 0.44
    known = decision(verdict=Verdict.REJECT, reason=Reason.DECLINED)
    assert 0 == sum(
        histogram.all for histogram in score_histograms(replace(RUN, decisions=(known,)))
    )


def test_the_best_score_of_all_is_in_the_last_bin():
    with_phrase, _ = score_histograms(replace(RUN, decisions=(decision(score=1.0),)))

    assert 1 == with_phrase.tallies[-1].all


def test_without_candidates_there_is_no_chart():
    empty = replace(RUN, decisions=())

    assert weekly(timeline(empty)) is None
    assert [None, None] == [scores(histogram, "x") for histogram in score_histograms(empty)]


def spread(*numbers: int) -> ScoreHistogram:
    return ScoreHistogram(tuple(Tally(left_out=n) for n in numbers), 0.5)


def test_a_very_tall_bar_is_broken_so_that_the_others_stay_visible():
    chart = scores(spread(5000, 10, 0, 5), "of any kind")
    assert chart is not None

    heights = [sum(float(part["height"]) for part in bar["parts"]) for bar in chart.bars]
    assert [True, False, False, False] == [bar["broken"] for bar in chart.bars]
    assert heights[0] > heights[1] == pytest.approx(2 * heights[3], abs=0.2)
    assert heights[1] > 60
    assert 0 == heights[2]
    assert ["5,000", "10", "", "5"] == [bar["number"] for bar in chart.bars]


def test_a_bar_is_not_broken_if_the_others_stay_visible():
    chart = scores(spread(9, 2, 0, 1), "of any kind")
    assert chart is not None

    heights = [sum(float(part["height"]) for part in bar["parts"]) for bar in chart.bars]
    assert not any(bar["broken"] for bar in chart.bars)
    assert heights[0] == pytest.approx(4.5 * heights[1], abs=0.5)
    assert heights[3] > 8


def test_bars_stay_within_the_chart():
    for numbers in ((1,) * 20, (0, 1), (3, 3), (10**6, 1), (0, 0, 7)):
        chart = scores(spread(*numbers), "of any kind")
        assert chart is not None
        for bar in chart.bars:
            assert 0 <= float(bar["x"]) <= float(bar["x"]) + float(bar["width"]) <= 100.01
            for part in bar["parts"]:
                assert (
                    0
                    <= float(part["y"])
                    < float(part["y"]) + float(part["height"])
                    <= chart.ground + 0.2
                )


def test_a_chart_describes_what_it_shows():
    shown = weekly(timeline(RUN))
    assert shown is not None
    with_phrase = scores(score_histograms(RUN)[0], "with a phrase of a topic")
    assert with_phrase is not None

    assert shown.says.startswith("16 candidates by week, 1 Sep to 20 Oct; the most in")
    assert (
        "12 papers with a phrase of a topic, by score; 10 at or above the threshold of 0.03"
        == with_phrase.says
    )
