"""Which papers the judge is asked about, and what its answers may and may not move."""

from dataclasses import replace

import pytest

from bot.core.arxiv_id import ArxivId
from bot.core.judgement import Opinion
from bot.core.model import Candidate, Decision, Evidence, Reason, Verdict
from bot.listing.document import Document
from bot.listing.index import ListIndex
from bot.relevance.judge.answers import UnusableAnswerError
from bot.relevance.judge.ask import JudgeStoppedError, ModelReply
from bot.relevance.judge.judge import Judge, Room
from bot.relevance.judge.memory import CachedVerdict
from bot.relevance.judge.question import Question
from tests.factories import candidate, decision, paper
from tests.judging import AGAINST, FOR, Model, judge_of

INDEX = ListIndex.build(Document.parse(b""))
THRESHOLD = 0.4
ROOM = Room(15, perhaps_alone=False)
UNCLEAR = dict.fromkeys(("c1", "c2", "c3"), "unclear")


def decided(number: int, score: float, *, phrase: bool = True) -> Decision:
    found = candidate(paper(id=f"2510.{number:05}", title=f"Rewards, Part {number}"), score=score)
    if not phrase:
        found = replace(found, evidence=Evidence())
    if score >= THRESHOLD:
        reason = Reason.RELEVANT if phrase else Reason.ALIKE
        return Decision(found, Verdict.PROPOSE, reason)
    return Decision(found, Verdict.PERHAPS, Reason.UNSURE)


def decide(judge: Judge, *decisions: Decision, room: Room = ROOM) -> dict[str, Decision]:
    found = judge.decide(decisions, INDEX, THRESHOLD, room)
    scores = [item.candidate.score for item in found]
    assert sorted(scores, reverse=True) == scores
    return {str(item.candidate.paper.id): item for item in found}


def test_the_least_certain_papers_are_asked_about_first_each_in_two_passes():
    model = Model({}, UNCLEAR)
    decisions = [decided(n, score) for n, score in enumerate((0.99, 0.42, 0.05, 0.3, 0.8), 1)]

    judge = judge_of(model, papers=3)
    decide(judge, *decisions)

    assert ["2510.00002"] * 2 + ["2510.00004"] * 2 + ["2510.00005"] * 2 == model.asked
    assert (3, 6, 3000, "") == (
        judge.report.asked,
        judge.report.requests,
        judge.report.tokens,
        judge.report.failure,
    )


def test_answers_for_a_paper_move_it_up_and_answers_against_it_move_it_down():
    model = Model({"2510.00001": FOR, "2510.00002": AGAINST}, UNCLEAR)

    judge = judge_of(model)
    found = decide(judge, decided(1, 0.2), decided(2, 0.5), decided(3, 0.6))

    assert (Verdict.PROPOSE, Reason.RELEVANT) == (
        found["2510.00001"].verdict,
        found["2510.00001"].reason,
    )
    assert (Verdict.PERHAPS, Reason.UNSURE) == (
        found["2510.00002"].verdict,
        found["2510.00002"].reason,
    )
    assert (Verdict.PROPOSE, 0.6) == (
        found["2510.00003"].verdict,
        found["2510.00003"].candidate.score,
    )
    opinions = [found[f"2510.0000{n}"].candidate.judgement for n in (1, 2, 3)]
    assert [Opinion.FOR, Opinion.AGAINST, Opinion.UNSURE] == [
        opinion.opinion for opinion in opinions if opinion
    ]
    assert 2 == judge.report.moved


def test_without_room_under_perhaps_nothing_moves_down_and_the_score_stays_at_the_threshold():
    model = Model({}, AGAINST)

    found = decide(
        judge_of(model), decided(1, 0.5), decided(2, 0.6), room=Room(0, perhaps_alone=False)
    )

    assert {(Verdict.PROPOSE, THRESHOLD)} == {
        (item.verdict, item.candidate.score) for item in found.values()
    }


def test_papers_that_move_up_make_room_for_those_that_move_down_the_most_doubtful_first():
    model = Model({"2510.00001": FOR}, AGAINST)

    found = decide(
        judge_of(model),
        decided(1, 0.3),
        decided(2, 0.5),
        decided(3, 0.45),
        room=Room(1, perhaps_alone=True),
    )

    assert {"2510.00003"} == {k for k, item in found.items() if item.verdict is Verdict.PERHAPS}


def test_the_last_sure_paper_moves_down_only_if_perhaps_may_be_alone():
    for alone, verdict in ((False, Verdict.PROPOSE), (True, Verdict.PERHAPS)):
        found = decide(judge_of(Model({}, AGAINST)), decided(1, 0.5), room=Room(15, alone))
        assert verdict is found["2510.00001"].verdict


@pytest.mark.parametrize(
    "reason",
    [
        Reason.ASKED,
        Reason.LISTED,
        Reason.PENDING,
        Reason.DECLINED,
        Reason.PASSED_OVER,
        Reason.CLAIMED,
        Reason.EXCLUDED,
        Reason.WITHDRAWN,
        Reason.SNOOZED,
        Reason.LOW_SCORE,
        Reason.NO_PHRASE,
    ],
)
def test_papers_that_a_person_or_a_rule_decided_on_are_neither_asked_about_nor_changed(
    reason: Reason,
):
    model = Model({}, AGAINST)
    before = decision(paper(), verdict=Verdict.REJECT, reason=reason)

    found = judge_of(model).decide([before], INDEX, THRESHOLD, ROOM)

    assert (before,) == found
    assert [] == model.asked


def test_no_paper_enters_or_leaves_the_tiers_whatever_is_answered():
    tiers = {Verdict.PROPOSE, Verdict.PERHAPS}
    decisions = [decided(n, n / 40, phrase=n % 2 == 0) for n in range(4, 38)]
    for answers in (FOR, AGAINST, UNCLEAR):
        found = decide(judge_of(Model({}, answers)), *decisions, room=Room(15, perhaps_alone=True))
        assert len(decisions) == sum(item.verdict in tiers for item in found.values())


def test_remembered_papers_are_not_asked_about_again():
    model = Model({}, FOR)
    code = "yyn - -"
    judge = judge_of(
        model, cached={ArxivId("2510.00001"): CachedVerdict(code, "Rewards, Part 1", "")}
    )
    judge.remember({ArxivId("2510.00002"): code}, {})

    found = decide(judge, decided(1, 0.2), decided(2, 0.2), decided(3, 0.2))

    assert ["2510.00003"] * 2 == model.asked
    assert 2 == judge.report.remembered
    assert 1 == len({item.candidate.score for item in found.values()})
    assert {ArxivId("2510.00003")} == judge.new.keys()


def test_the_budget_ends_the_asking():
    model = Model({}, FOR)

    judge = judge_of(model, tokens=2500)
    decide(judge, *(decided(n, 0.3) for n in range(1, 9)))

    assert 2 == judge.report.asked
    assert "the budget of 2,500 tokens is spent" == judge.report.failure


class Broken:
    """Answers nothing, or stops at a request."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.requests = 0

    def ask(self, question: Question) -> ModelReply:
        self.requests += 1
        raise self.error


def test_three_papers_in_a_row_without_a_usable_answer_end_the_asking():
    broken = Broken(UnusableAnswerError("an answer that is not JSON"))
    judge = judge_of(broken)  # type: ignore[arg-type]
    decisions = [decided(n, 0.3) for n in range(1, 9)]

    found = decide(judge, *decisions)

    assert 3 == broken.requests
    assert "3 papers in a row got an answer that is not JSON" == judge.report.failure
    assert {} == judge.new
    assert {0.3} == {item.candidate.score for item in found.values()}


def test_a_paper_without_a_usable_answer_is_named_in_the_report():
    judge = judge_of(Broken(UnusableAnswerError("an answer that is not JSON")))  # type: ignore[arg-type]

    decide(judge, decided(1, 0.3))

    assert "2510.00001 got an answer that is not JSON" == judge.report.failure
    assert (1, 0) == (judge.report.asked, judge.report.answered)


def test_an_endpoint_that_stops_leaves_the_decisions_as_they_were():
    judge = judge_of(Broken(JudgeStoppedError("it is gone")))  # type: ignore[arg-type]
    before = decided(1, 0.3)

    assert (before,) == judge.decide([before], INDEX, THRESHOLD, ROOM)
    assert "it is gone" == judge.report.failure
    assert 0 == judge.report.asked


def test_remembered_verdicts_apply_to_papers_that_are_scored_again():
    judge = judge_of(Model({}, FOR))
    judge.remember({ArxivId("2510.00001"): "yyn - -"}, {})

    (found,) = judge.scoring(lambda papers: [Candidate(item, Evidence(), 0.5) for item in papers])(
        [paper()]
    )

    assert found.judgement
    assert found.judgement.before == 0.5
    assert found.score > 0.9
