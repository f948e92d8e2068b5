"""Every report shows "perhaps" papers, which a person may tick, separately from proposed papers."""

import json
from dataclasses import replace

import pytest

from bot.core.model import Decision, RunReport, Verdict
from bot.reports.page.render import render_html
from bot.reports.records import render_json
from bot.reports.summary import render_summary
from bot.reports.terminal import render_terminal
from bot.reports.wording import headline, score_word
from tests.reports.runs import make_run

RUN = make_run(20)
FIRST = RUN.decisions[0]
PERHAPS = replace(
    RUN,
    decisions=tuple(
        replace(item, verdict=Verdict.PERHAPS) if item.verdict is Verdict.HOLD else item
        for item in RUN.decisions
    ),
)


def test_perhaps_papers_are_shown_separately():
    title = PERHAPS.perhaps[0].candidate.paper.title

    assert "9 papers proposed, 2 perhaps" == headline(PERHAPS)
    assert "Perhaps (2)" in render_terminal(PERHAPS, width=100)
    assert "### Perhaps (2)" in render_summary(PERHAPS)
    assert f"{title} [" in render_summary(PERHAPS).partition("### Perhaps")[2]
    assert "Perhaps: " in render_html(PERHAPS)
    assert 2 == sum(
        paper["verdict"] == "perhaps" for paper in json.loads(render_json(PERHAPS))["decisions"]
    )


def decision(score: float) -> Decision:
    return replace(FIRST, candidate=replace(FIRST.candidate, score=score))


@pytest.mark.parametrize(
    ("score", "word"), [(0.9, "Strong"), (0.2, "Likely"), (0.04, "Borderline"), (0.0, "Borderline")]
)
def test_the_score_is_shown_as_a_word_and_a_number(score: float, word: str):
    run: RunReport = replace(RUN, decisions=(decision(score),))

    assert word == score_word(decision(score), run)
    assert f"| {word} ({score:.2f}) |" in render_summary(run)
    assert f"{word} {score:.2f}" in render_terminal(run, width=100)


def test_the_best_sentence_is_quoted_with_all_its_matches():
    text = render_terminal(RUN, width=140)

    assert "»critic«" in text
    assert "»AI feedback«" in text
