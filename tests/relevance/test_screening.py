import itertools
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.arxiv_id import ArxivId
from bot.core.model import (
    Announcement,
    Candidate,
    Evidence,
    Field,
    Kind,
    Match,
    Reason,
    Topic,
    Verdict,
)
from bot.listing.document import Document
from bot.listing.index import ListIndex
from bot.relevance.screening import Known, Rules, is_withdrawn, screen
from tests import samples
from tests.factories import candidate, paper

INDEX = ListIndex.build(Document.parse(samples.LIST.encode()))
RULES = Rules((Topic("topic", ("reward",)),), 0.5, 15, datetime(2025, 9, 1, tzinfo=UTC))


def verdict_on(
    item: Candidate, rules: Rules = RULES, known: dict[ArxivId, Known] | None = None
) -> Reason:
    (decision,) = screen([item], INDEX, known or {}, rules)
    return decision.reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, Reason.RELEVANT),
        ({"id": "2309.00267"}, Reason.LISTED),
        (
            {"title": r"{C}onstitutional AI -- harmlessness from \emph{AI} Feedback"},
            Reason.SAME_TITLE,
        ),
        ({"comment": "This paper has been withdrawn by the author"}, Reason.WITHDRAWN),
        ({"comment": "replaces withdrawn 1234.5678"}, Reason.RELEVANT),
        (
            {"announcement": Announcement.REPLACE, "submitted": datetime(2024, 1, 1, tzinfo=UTC)},
            Reason.REPLACEMENT,
        ),
        (
            {"announcement": Announcement.REPLACE, "submitted": None, "id": "2401.00001"},
            Reason.REPLACEMENT,
        ),
        ({"announcement": Announcement.REPLACE}, Reason.RELEVANT),
        (
            {"announcement": Announcement.CROSS, "submitted": datetime(2024, 1, 1, tzinfo=UTC)},
            Reason.RELEVANT,
        ),
    ],
)
def test_each_reason_is_given(changes: dict[str, object], reason: Reason):
    assert reason is verdict_on(candidate(paper(**changes)))


def test_phrases_and_score_decide():
    hit = Match("topic", "classroom", Field.TITLE, 0, 1)

    assert Reason.NO_PHRASE is verdict_on(Candidate(paper(), Evidence(), 0.014))
    assert Reason.UNSURE is verdict_on(Candidate(paper(), Evidence(), 0.016))
    assert Reason.ALIKE is verdict_on(Candidate(paper(), Evidence(), 0.5))
    assert Reason.EXCLUDED is verdict_on(Candidate(paper(), Evidence((), (hit,)), 0.9))
    assert Reason.LOW_SCORE is verdict_on(candidate(score=0.014))
    assert Reason.UNSURE is verdict_on(candidate(score=0.4))
    topic = Topic("topic", ("reward",), categories=("math.*",))
    limited = replace(RULES, topics=(topic,))
    assert Reason.OTHER_CATEGORY is verdict_on(candidate(), limited)


def test_the_rejection_names_the_threshold_and_the_score_of_the_phrases_alone():
    def detail(item: Candidate) -> str:
        return screen([item], INDEX, {}, RULES)[0].detail

    assert "0.03 < 0.50; 0.80 by its phrases alone" == detail(candidate(score=0.03))
    assert "0.03 < 0.50" == detail(Candidate(paper(), Evidence(), 0.03))
    assert "0.497 < 0.500" == detail(Candidate(paper(), Evidence(), 0.497))


def test_the_best_below_the_threshold_are_the_lower_tier_and_no_more_than_fit():
    scored = [
        Candidate(paper(id=f"2510.{n:05}", title=f"Paper {n}"), Evidence(), n / 100)
        for n in range(1, 60)
    ]
    decisions = screen(scored, INDEX, {}, replace(RULES, max_perhaps=3))
    tiers = [(decision.verdict, decision.candidate.score) for decision in decisions]

    assert {score for verdict, score in tiers if verdict is Verdict.PROPOSE} == {
        n / 100 for n in range(50, 60)
    }
    assert [0.49, 0.48, 0.47] == [score for verdict, score in tiers if verdict is Verdict.PERHAPS]
    assert Reason.NO_PHRASE is decisions[13].reason
    assert all(
        rule.verdict is not Verdict.PERHAPS
        for rule in screen(scored, INDEX, {}, replace(RULES, max_perhaps=0))
    )


def test_papers_like_the_list_are_refused_for_all_the_other_reasons():
    withdrawn = paper(comment="This paper has been withdrawn by the author")
    old = paper(announcement=Announcement.REPLACE, submitted=datetime(2024, 1, 1, tzinfo=UTC))

    assert Reason.WITHDRAWN is verdict_on(Candidate(withdrawn, Evidence(), 0.99))
    assert Reason.REPLACEMENT is verdict_on(Candidate(old, Evidence(), 0.99))
    assert Reason.LISTED is verdict_on(Candidate(paper(id="2309.00267"), Evidence(), 0.99))


def test_kinds_are_given_for_proposed_papers_and_for_a_listed_paper_announced_again():
    survey = candidate(paper(title="Reward Models: A Survey"))
    again = candidate(paper(id="2309.00267", announcement=Announcement.REPLACE))

    assert [(Kind.SURVEY,), (Kind.NEW_VERSION,)] == [
        screen([item], INDEX, {}, RULES)[0].kinds for item in (survey, again)
    ]


def test_answers_in_batches_count_for_every_version_of_a_paper():
    known = {ArxivId("2510.00001"): Known(Verdict.REJECT, Reason.DECLINED, "#3 was closed")}

    assert Reason.DECLINED is verdict_on(candidate(paper(id=ArxivId("2510.00001", 4))), known=known)


def test_order_does_not_matter_and_the_best_come_first():
    ones = [
        candidate(paper(id=f"2510.{n:05}", title=f"Reward {n % 3}"), score=0.5 + n / 10)
        for n in range(1, 5)
    ]
    results = {screen(order, INDEX, {}, RULES) for order in itertools.permutations(ones)}

    (decisions,) = results
    assert [0.9, 0.8, 0.7, 0.6] == [decision.candidate.score for decision in decisions]
    assert [Reason.REPEATED] == [
        decision.reason for decision in decisions if decision.verdict is Verdict.REJECT
    ]


def test_a_similar_title_is_shown_and_changes_no_decision():
    near = paper(
        title="RLAIF: Scaling Reinforcement Learning from Human Feedback with AI Feedbacks!"
    )
    (decision,) = screen([candidate(near)], INDEX, {}, RULES)

    assert Verdict.PROPOSE is decision.verdict
    assert [5] == [item.line for item in decision.looks_like]


def test_real_comments_of_withdrawn_papers_are_recognised(shared: Path):
    records = json.loads((shared / "arxiv" / "hazard_records_oai_dc_real.json").read_text())[
        "withdrawn_comments"
    ]
    missed = [
        record["comment"]
        for record in records
        if not is_withdrawn(paper(comment=" ".join(record["comment"].split())))
    ]

    assert len(records) == 25
    assert [item for item in missed if "replac" not in item] == []
    assert len(missed) <= 2, missed


@given(st.text(max_size=80))
def test_any_title_is_screened(title: str):
    assert verdict_on(candidate(paper(title=title or "x"))) in Reason
