"""The job summary shows the pull request first, always the coverage, and as many papers as fit."""

from dataclasses import replace

import pytest

from bot.core.model import Outcome, OutcomeKind, Reason, Verdict
from bot.reports.records import outputs
from bot.reports.summary import render_summary
from tests.factories import decision, paper
from tests.reports.runs import make_run

RUN = make_run(300)


def outcome(kind: OutcomeKind, number: int | None) -> Outcome:
    return Outcome(kind, "Add 8 papers", number, f"https://github.com/o/n/pull/{number}")


def test_the_first_line_links_the_pull_request():
    text = render_summary(replace(RUN, outcomes=(outcome(OutcomeKind.CREATED, 12),)))

    first = "- Pull request opened: [#12 Add 8 papers](https://github.com/o/n/pull/12)"
    assert first == text.splitlines()[0]


def test_without_a_pull_request_the_first_line_is_the_headline():
    text = render_summary(replace(RUN, decisions=(), outcomes=()))

    assert text.startswith("## arxiv-bot: nothing")


def test_only_phrases_that_found_something_are_listed():
    text = render_summary(replace(RUN, decisions=RUN.decisions[:9]))
    phrases = text[text.index("Yield of the phrases") :]

    assert "| RLAIF |" in phrases
    assert "| 0 |" not in phrases.replace(" | 0 |\n", "|\n")


def test_left_out_papers_are_folded_and_others_are_not():
    text = render_summary(RUN)
    folded = text[text.index("<details>") : text.index("</details>")]

    assert "Left out" in folded
    assert "Proposed (" in text[: text.index("<details>")]
    assert text.count("<details>") == text.count("</details>")


@pytest.mark.parametrize("verdict", [Verdict.HOLD, Verdict.REJECT])
def test_papers_are_cut_and_coverage_is_not(verdict: Verdict):
    many = tuple(
        replace(
            decision(paper(id=f"2510.{n:05}", title=f"{'words ' * 40}{n}"), verdict=verdict),
            reason=Reason.LOW_SCORE,
        )
        for n in range(1, 3001)
    )
    text = render_summary(replace(RUN, decisions=many))

    assert 190_000 < len(text) < 201_000
    assert "…truncated here; the run's JSON report has everything." in text
    assert text.count("<details>") == text.count("</details>")
    assert "❌ announcements: read 0" in text


def test_a_run_that_read_nothing_shows_only_coverage():
    text = render_summary(replace(RUN, decisions=(), outcomes=(), coverage=()))

    assert "<details>" not in text
    assert "### Coverage" in text


@pytest.mark.parametrize(
    ("kinds", "number"),
    [
        ([OutcomeKind.FROZEN, OutcomeKind.CLOSED, OutcomeKind.CREATED], "3"),
        ([OutcomeKind.FROZEN, OutcomeKind.UPDATED], "2"),
        ([OutcomeKind.FAILED, OutcomeKind.UNCHANGED], "2"),
        ([OutcomeKind.FROZEN], "1"),
        ([OutcomeKind.CLOSED], ""),
        ([], ""),
    ],
)
def test_the_outputs_name_the_pull_request_that_the_run_opened_or_changed(
    kinds: list[OutcomeKind], number: str
):
    outcomes = tuple(outcome(kind, n) for n, kind in enumerate(kinds, 1))
    lines = outputs(replace(RUN, outcomes=outcomes)).splitlines()

    assert f"pull-request-number={number}" in lines
    address = f"https://github.com/o/n/pull/{number}" if number else ""
    assert f"pull-request-url={address}" in lines
