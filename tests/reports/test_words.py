"""The report as text and as data."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.effect import Effect, ScoreFeature
from bot.core.model import (
    Candidate,
    Decision,
    Evidence,
    Field,
    Kind,
    Match,
    Neighbour,
    Reason,
    RunReport,
    Verdict,
    Window,
)
from bot.reports.decision import render_decision
from bot.reports.page.render import render_html
from bot.reports.records import json_parts, render_json
from bot.reports.terminal import render_terminal
from bot.reports.wording import effect_text
from tests.factories import NOW, paper

CANDIDATE = Candidate(paper(id="2510.00001", title="A Paper"), Evidence(), 0.8)
DECISION = Decision(
    CANDIDATE,
    Verdict.PROPOSE,
    Reason.RELEVANT,
    sections=("L / Robots", "L / Language", "L / Vision\x1b[31m"),
)
REPORT = RunReport(
    "0", NOW, "o/r", "README.md", Window(NOW - timedelta(days=1), NOW), (), (DECISION,), (), (), 0.3
)


def test_the_section_is_shown_with_equally_good_ones():
    lines = " ".join(render_terminal(REPORT, width=200, colour=False).split())

    assert "goes to L / Robots, or to L / Language or L / Vision[31m" in lines
    assert ["L / Robots", "L / Language", "L / Vision\x1b[31m"] == (
        json.loads(render_json(REPORT))["decisions"][0]["sections"]
    )


def test_a_papers_kind_and_its_resemblance_are_shown():
    candidate = Candidate(
        paper(), Evidence(), 0.8, ("judge",), ("galaxy",), (Neighbour("A Near One", 0.5, 12),)
    )
    decision = Decision(candidate, Verdict.PROPOSE, Reason.ALIKE, kinds=(Kind.SURVEY,))
    report = replace(REPORT, decisions=(decision,))
    text = " ".join(render_terminal(report, width=200, colour=False).split())
    (reported,) = json.loads(render_json(report))["decisions"]

    assert "survey no phrase of a topic, but judge similar to line 12: A Near One" in " ".join(
        text.replace("A Paper about Rewards", "").replace("2510.00001", "").split()
    )
    assert (["survey"], ["judge"], ["galaxy"]) == (
        reported["kinds"],
        reported["speaks_for"],
        reported["speaks_against"],
    )


EFFECTS = replace(
    CANDIDATE,
    evidence=Evidence((Match("Judges", "LLM judge", Field.TITLE, 0, 9),)),
    nearest=(Neighbour("A <b>Near</b> One", 0.5, 12),),
    effects=(
        Effect(ScoreFeature.PHRASES, 3.0),
        Effect(ScoreFeature.ENTRIES, 1.5),
        Effect(ScoreFeature.WORDS, -0.4),
    ),
)


def test_the_features_that_moved_a_score_are_shown():
    decision = replace(DECISION, candidate=EFFECTS)
    raised = "raised    matches 'LLM judge'\nraised    close to entries of the list: A Near One\n"
    lowered = "lowered   words unusual for the list\n"

    assert raised + lowered in render_decision(decision, ())
    assert "raised" not in render_decision(DECISION, ())


def test_the_features_that_moved_a_score_are_data():
    (reported,) = json.loads(
        render_json(replace(REPORT, decisions=(replace(DECISION, candidate=EFFECTS),)))
    )["decisions"]

    assert reported["effects"] == [
        {"feature": "phrases", "log_odds": 3.0, "text": "matches 'LLM judge'"},
        {"feature": "entries", "log_odds": 1.5, "text": "close to entries of the list: A Near One"},
        {"feature": "words", "log_odds": -0.4, "text": "words unusual for the list"},
    ]


def test_the_page_shows_the_features_that_moved_a_score():
    page = render_html(replace(REPORT, decisions=(replace(DECISION, candidate=EFFECTS),)))

    assert (
        "<dt>Raised</dt> <dd><ul><li>matches &#39;LLM judge&#39;</li>"
        "<li>close to entries of the list: A Near One</li></ul></dd>" in page
    )
    assert "<dt>Lowered</dt> <dd><ul><li>words unusual for the list</li></ul></dd>" in page


@pytest.mark.parametrize("feature", ScoreFeature)
def test_every_feature_has_words_for_either_direction(feature: ScoreFeature):
    raised, lowered = (effect_text(Effect(feature, way), CANDIDATE) for way in (1.0, -1.0))

    assert raised != lowered


@pytest.mark.parametrize("decisions", [(), (DECISION,), (DECISION,) * 3])
def test_json_comes_in_parts_of_one_paper_and_is_laid_out_as_if_it_were_whole(
    decisions: tuple[Decision, ...],
):
    parts = list(json_parts(replace(REPORT, decisions=decisions)))
    report = json.loads("".join(parts))

    assert len(decisions) == len(report["decisions"]) == len(parts) - 2
    assert json.dumps(report, indent=2) + "\n" == "".join(parts)
    assert all(part.count('"id": "2510.00001"') == 1 for part in parts[1:-1])
