"""The report as text and as data."""

import json
from datetime import timedelta

from bot.model import Candidate, Decision, Evidence, Reason, RunReport, Verdict, Window
from bot.records import render_json
from bot.reports import render_terminal
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


def test_the_section_is_told_with_those_that_would_do_too():
    lines = " ".join(render_terminal(REPORT, width=200, colour=False).split())

    assert "goes to L / Robots, or to L / Language or L / Vision[31m" in lines
    assert ["L / Robots", "L / Language", "L / Vision\x1b[31m"] == (
        json.loads(render_json(REPORT))["decisions"][0]["sections"]
    )
