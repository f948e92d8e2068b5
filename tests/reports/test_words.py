"""The report as text and as data."""

import json
from dataclasses import replace
from datetime import timedelta

from bot.core.model import (
    Candidate,
    Decision,
    Evidence,
    Kind,
    Neighbour,
    Reason,
    RunReport,
    Verdict,
    Window,
)
from bot.reports.records import render_json
from bot.reports.terminal import render_terminal
from tests.factories import NOW, paper

CANDIDATE = Candidate(paper(id="2510.00001", title="A Paper"), Evidence(), 0.8)
DECISION = Decision(
    CANDIDATE,
    Verdict.PROPOSE,
    Reason.RELEVANT,
    sections=("L / Robots", "L / Language", "L / Vision\x1b[31m"),
)
REPORT = RunReport(
    "0", NOW, "o/r", "README.md", Window(NOW - timedelta(days=1), NOW), (), (DECISION,), ()
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
    (told,) = json.loads(render_json(report))["decisions"]

    assert "survey no phrase of a topic, but judge similar to line 12: A Near One" in " ".join(
        text.replace("A Paper about Rewards", "").replace("2510.00001", "").split()
    )
    assert (["survey"], ["judge"], ["galaxy"]) == (
        told["kinds"],
        told["speaks_for"],
        told["speaks_against"],
    )
