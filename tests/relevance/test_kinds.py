import pytest

from bot.core.model import Announcement, Kind
from bot.relevance.kinds import kinds_of
from tests.factories import paper


@pytest.mark.parametrize(
    "title",
    [
        "A Survey of Reward Models",
        "Reward Models: A Comprehensive Survey",
        "Safety of Embodied Navigation: A Survey",
        "A Systematic Literature Review on Judges",
        "Natural Language Processing in Cardiology: A Narrative Review",
        "Fire and Smoke Datasets: A Review",
        "An Overview of Preference Optimization",
    ],
)
def test_surveys_say_so_in_their_title(title: str):
    assert (Kind.SURVEY,) == kinds_of(paper(title=title), listed=False)


@pytest.mark.parametrize(
    "title",
    [
        "Large Language Models as Survey Respondents",
        "Prompt Perturbations in LLM Survey Responses",
        "LLM Feedback for Peer Review",
        "Summarizing Online Reviews",
        "AutoSurvey: Automated Survey Generation",
        "Automated Aerial Wildlife Surveys",
        "Overview of the TalentCLEF 2025 Challenge",
        "Not ready for the bench: legal interpretation",
        "A Paper",
    ],
)
def test_a_title_that_only_sounds_like_a_survey_or_a_benchmark_is_neither(title: str):
    assert () == kinds_of(paper(title=title), listed=False)


@pytest.mark.parametrize(
    "title",
    [
        "RewardBench 2",
        "JUDGE-BENCH",
        "GUI Knowledge Bench",
        "A Benchmark for Judges",
        "Benchmarking",
    ],
)
def test_benchmarks_say_so_in_their_title(title: str):
    assert (Kind.BENCHMARK,) == kinds_of(paper(title=title), listed=False)


def test_a_comment_can_say_that_it_is_a_survey():
    assert (Kind.SURVEY,) == kinds_of(paper(comment="Survey paper, 30 pages"), listed=False)
    assert () == kinds_of(paper(comment="We did an online survey"), listed=False)


def test_a_paper_can_be_of_several_kinds():
    both = paper(title="Judges: A Survey and Benchmark")

    assert (Kind.SURVEY, Kind.BENCHMARK) == kinds_of(both, listed=False)


def test_a_replacement_of_a_listed_paper_is_a_new_version_of_it():
    replaced = paper(announcement=Announcement.REPLACE_CROSS)

    assert (Kind.NEW_VERSION,) == kinds_of(replaced, listed=True)
    assert () == kinds_of(replaced, listed=False)
    assert () == kinds_of(paper(announcement=Announcement.CROSS), listed=True)
