"""Asks a model about the papers that the ranker is least certain of, and moves them between the two tiers.

The judge may change the order, move a paper between the tiers, and mark it as unsure. A model's answer never brings a
paper into the tiers or removes it from them, and never changes a person's decision. Only `ask` has side effects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core.arxiv_id import ArxivId
from bot.core.english import count
from bot.core.judgement import Answer, Judgement, JudgingReport, Opinion, PrincipleAnswer
from bot.core.model import Candidate, Decision, Paper, Reason, Verdict
from bot.core.principles import Principles
from bot.listing.index import ListIndex
from bot.relevance.examples import Example
from bot.relevance.judge.answers import (
    PassAnswer,
    UnusableAnswerError,
    agreed,
    nothing_known,
    read_answers,
)
from bot.relevance.judge.ask import Ask, JudgeStoppedError
from bot.relevance.judge.memory import CachedVerdict, decode, encode, letters
from bot.relevance.judge.question import question
from bot.relevance.judge.weighing import Weighing, distance, shifted
from bot.relevance.screening import accepted, best_first, doubted

PASSES = 2
_IN_A_ROW = 3  # after this many papers without a usable answer, the judge stops asking
_SURE = frozenset({Reason.RELEVANT, Reason.ALIKE})
_MOVABLE = _SURE | {Reason.UNSURE}


@dataclass(frozen=True, slots=True)
class JudgeLimits:
    """The most papers that a run asks about, and the most tokens that it spends."""

    papers: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Room:
    """Limits on moves: the most papers under "Perhaps", and whether a batch may consist of such papers alone."""

    perhaps: int
    perhaps_alone: bool


class Judge:
    """Judges papers by a list's principles, and remembers the verdicts.

    Args:
        principles: the maintainer's questions.
        model: the model's name.
        ask: sends questions to the model.
        limits: the most papers and tokens of a run.
        cached: verdicts of earlier runs with the same principles and model.
    """

    def __init__(
        self,
        principles: Principles,
        model: str,
        ask: Ask,
        limits: JudgeLimits,
        cached: Mapping[ArxivId, CachedVerdict],
    ) -> None:
        self.principles = principles.items
        self._ask = ask
        self._limits = limits
        self._codes = {paper: verdict.code for paper, verdict in cached.items()}
        self.texts = {
            paper: Example(verdict.title, verdict.abstract) for paper, verdict in cached.items()
        }
        self._weighing = Weighing.fixed(self.principles)
        self.version = principles.version(model)
        self.new: dict[ArxivId, CachedVerdict] = {}
        self.report = JudgingReport(model)

    def remember(self, codes: Mapping[ArxivId, str], decided: Mapping[ArxivId, bool]) -> None:
        """Adds verdicts from pull requests, and fits the weights to what the maintainer decided on those papers.

        Args:
            codes: verdicts of this version, as `memory.encode` writes them.
            decided: whether the list has each paper now; papers that wait for a decision are left out.
        """
        self._codes |= codes
        rows = [
            (answers, decided[paper])
            for paper, code in self._codes.items()
            if paper in decided and (answers := letters(code, self.principles))
        ]
        self._weighing = Weighing.fit(self.principles, rows)
        self.report = replace(self.report, calibrated_on=self._weighing.decisions)

    def opinions(self) -> dict[ArxivId, Opinion]:
        """Returns the remembered opinions for or against papers, without those that are unsure."""
        weighed = {
            paper: self._weighing.weigh(answers)[0]
            for paper, code in self._codes.items()
            if (answers := letters(code, self.principles))
        }
        return {
            paper: opinion for paper, opinion in weighed.items() if opinion is not Opinion.UNSURE
        }

    def attach(self, candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
        """Returns the candidates with their remembered verdicts, which shift their scores."""
        return tuple(map(self._attached, candidates))

    def scoring(
        self, score: Callable[[Iterable[Paper]], Sequence[Candidate]]
    ) -> Callable[[Iterable[Paper]], Sequence[Candidate]]:
        """Wraps a scoring function so that it also applies remembered verdicts."""
        return lambda papers: self.attach(score(papers))

    def decide(
        self, decisions: Sequence[Decision], index: ListIndex, threshold: float, room: Room
    ) -> tuple[Decision, ...]:
        """Asks about papers of the two tiers, the least certain first, and moves them.

        Args:
            decisions: the decisions of screening, with their scores.
            index: the list.
            threshold: the minimum score of the upper tier.
            room: limits how many papers may move down.

        Returns:
            A decision for each one given, best score first.
        """
        movable = [decision for decision in decisions if decision.reason in _MOVABLE]
        unknown = [
            decision.candidate
            for decision in movable
            if decision.candidate.paper.id not in self._codes
        ]
        ordered = sorted(unknown, key=lambda candidate: _certainty(candidate, threshold))
        fresh = self.ask_about([candidate.paper for candidate in ordered])
        judged = {
            decision.candidate.paper.id: self._attached(decision.candidate, fresh)
            for decision in decisions
        }
        final = _moved(decisions, judged, index, threshold, room)
        known = sum(candidate.judgement is not None for candidate in judged.values())
        self.report = replace(
            self.report, remembered=known - len(fresh), moved=_changed(decisions, final)
        )
        return tuple(sorted(final, key=best_first))

    def examine(self, paper: Paper) -> tuple[PrincipleAnswer, ...]:
        """Asks about one paper in two passes; all answers are unsure if a reply is unusable.

        Raises:
            JudgeStoppedError: no question can be answered.
        """
        answers, _ = self._examine(paper)
        return answers

    def weigh(self, answers: Sequence[PrincipleAnswer]) -> tuple[Opinion, float]:
        """Returns the opinion that the answers amount to, and the log odds that they add."""
        return self._weighing.weigh(answers)

    def _attached(
        self,
        candidate: Candidate,
        fresh: Mapping[ArxivId, tuple[PrincipleAnswer, ...]] | None = None,
    ) -> Candidate:
        paper = candidate.paper
        answers = (fresh or {}).get(paper.id)
        if answers is None and (code := self._codes.get(paper.id)):
            answers = decode(code, paper, self.principles)
        if answers is None:
            return candidate
        opinion, evidence = self.weigh(answers)
        judgement = Judgement(self.version, answers, opinion, evidence, candidate.score)
        return replace(candidate, score=shifted(candidate.score, evidence), judgement=judgement)

    def ask_about(self, papers: Sequence[Paper]) -> dict[ArxivId, tuple[PrincipleAnswer, ...]]:
        """Asks about papers in order, as many as the limits allow, and returns the answers."""
        by_paper: dict[ArxivId, tuple[PrincipleAnswer, ...]] = {}
        failures: list[str] = []
        for paper in papers[: self._limits.papers]:
            size = sum(
                question(paper, self.principles, turned=turned).size for turned in (False, True)
            )
            if self.report.tokens + size > self._limits.tokens:
                self._fail(f"the budget of {self._limits.tokens:,} tokens is spent")
                break
            try:
                answers, failure = self._examine(paper)
            except JudgeStoppedError as error:
                self._fail(str(error))
                break
            failures = [*failures, failure] if failure else []
            if failure:
                self._fail(f"{paper.id} got {failure}")
            by_paper[paper.id] = answers
            self._keep(paper, answers)
            if len(failures) == _IN_A_ROW:
                self._fail(f"{count(_IN_A_ROW, 'paper')} in a row got {failures[-1]}")
                break
        return by_paper

    def _keep(self, paper: Paper, answers: Sequence[PrincipleAnswer]) -> None:
        """Counts a paper as asked about, and remembers its answers unless all are unsure."""
        is_answered = any(answer.answer is not Answer.UNSURE for answer in answers)
        if is_answered:
            self.new[paper.id] = CachedVerdict(encode(answers, paper), paper.title, paper.abstract)
        self.report = replace(
            self.report,
            asked=self.report.asked + 1,
            answered=self.report.answered + is_answered,
        )

    def _examine(self, paper: Paper) -> tuple[tuple[PrincipleAnswer, ...], str]:
        """The answers of both passes combined, and why a reply was unusable ("" if none was)."""
        passes: list[tuple[PassAnswer, ...]] = []
        for turned in (False, True):
            asked = question(paper, self.principles, turned=turned)
            tokens = asked.size
            try:
                reply = self._ask.ask(asked)
                tokens = reply.tokens
                passes.append(read_answers(reply.text, paper, self.principles))
            except UnusableAnswerError as error:
                return nothing_known(self.principles), str(error)
            finally:
                self._count(tokens)
        false = sum(answer.is_false for answers in passes for answer in answers)
        self.report = replace(self.report, false_quotes=self.report.false_quotes + false)
        return agreed(passes[0], passes[1], self.principles), ""

    def _count(self, tokens: int) -> None:
        self.report = replace(
            self.report, requests=self._ask.requests, tokens=self.report.tokens + tokens
        )

    def _fail(self, why: str) -> None:
        self.report = replace(self.report, failure=why)


def _changed(before: Sequence[Decision], after: Sequence[Decision]) -> int:
    """The number of papers that changed tiers."""
    return sum(old.verdict is not new.verdict for old, new in zip(before, after, strict=True))


def _certainty(candidate: Candidate, threshold: float) -> tuple[float, tuple[int, int, str, int]]:
    return (distance(candidate.score, threshold), candidate.paper.id.order)


def _moved(
    decisions: Sequence[Decision],
    judged: Mapping[ArxivId, Candidate],
    index: ListIndex,
    threshold: float,
    room: Room,
) -> list[Decision]:
    """The decisions after the judge, in the same order. A paper moves down only if "Perhaps" has room for it."""
    risen = [_risen(decision, judged, index, threshold) for decision in decisions]
    verdicts = [decision.verdict for decision in risen]
    sure = verdicts.count(Verdict.PROPOSE) - (not room.perhaps_alone)
    most = min(room.perhaps - verdicts.count(Verdict.PERHAPS), sure)
    doubtful = sorted(
        (decision for decision in risen if _is_doubtful(decision, threshold)),
        key=best_first,
        reverse=True,
    )
    falling = {decision.candidate.paper.id for decision in doubtful[: max(0, most)]}
    return [_fallen(decision, falling, threshold) for decision in risen]


def _risen(
    decision: Decision,
    judged: Mapping[ArxivId, Candidate],
    index: ListIndex,
    threshold: float,
) -> Decision:
    """The decision with the judged candidate; it moves to the upper tier if its score now reaches the threshold."""
    candidate = judged[decision.candidate.paper.id]
    if decision.reason is Reason.UNSURE and candidate.score >= threshold:
        return accepted(candidate, index, decision.kinds)
    return replace(decision, candidate=candidate)


def _is_doubtful(decision: Decision, threshold: float) -> bool:
    """Whether the paper is in the upper tier, but the judge's answers lowered its score below the threshold."""
    return decision.reason in _SURE and decision.candidate.score < threshold


def _fallen(decision: Decision, falling: set[ArxivId], threshold: float) -> Decision:
    """The decision in the lower tier if its paper moves down; a paper that stays gets the threshold as its score."""
    if not _is_doubtful(decision, threshold):
        return decision
    if decision.candidate.paper.id in falling:
        return doubted(decision, threshold)
    return replace(decision, candidate=replace(decision.candidate, score=threshold))
