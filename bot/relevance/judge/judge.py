"""Asks a model about the papers that the ranker is least certain of, and moves them within the two tiers.

What the judge may do: change the order, move a paper between the tiers, mark it as unsure. No paper leaves the tiers or
comes into them by what a model answers, and a person's decision is never touched. Effects are those of `ask`.
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
_IN_A_ROW = 3  # papers without a usable answer, after which no further paper is asked about
_SURE = frozenset({Reason.RELEVANT, Reason.ALIKE})
_MOVABLE = _SURE | {Reason.UNSURE}


@dataclass(frozen=True, slots=True)
class JudgeLimits:
    """How much a run asks: papers, and tokens of the model."""

    papers: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Room:
    """What the judge has to keep to: how many papers more may be under "Perhaps", and whether those may be alone."""

    perhaps: int
    perhaps_alone: bool


class Judge:
    """A model under principles, and what it has said so far.

    Args:
        principles: the maintainer's questions.
        model: the model's name.
        ask: asks it.
        limits: how much may be asked.
        cached: verdicts of earlier runs under these principles and this model.
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
        self._codes = {paper: found.code for paper, found in cached.items()}
        self.texts = {
            paper: Example(found.title, found.abstract) for paper, found in cached.items()
        }
        self._weighing = Weighing.fixed(self.principles)
        self.version = principles.version(model)
        self.new: dict[ArxivId, CachedVerdict] = {}
        self.report = JudgingReport(model)

    def remember(self, codes: Mapping[ArxivId, str], decided: Mapping[ArxivId, bool]) -> None:
        """Takes the verdicts that pull requests carry, and learns from what the maintainer decided of those papers.

        Args:
            codes: verdicts of this version, as `memory.encode` writes them.
            decided: whether the list has each paper by now; papers that wait for a decision are left out.
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
        """The remembered opinions, those that are unsure left out."""
        weighed = {
            paper: self._weighing.weigh(answers)[0]
            for paper, code in self._codes.items()
            if (answers := letters(code, self.principles))
        }
        return {paper: found for paper, found in weighed.items() if found is not Opinion.UNSURE}

    def attach(self, candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
        """The candidates with what is remembered of them, their scores shifted by it."""
        return tuple(map(self._attached, candidates))

    def scoring(
        self, score: Callable[[Iterable[Paper]], Sequence[Candidate]]
    ) -> Callable[[Iterable[Paper]], Sequence[Candidate]]:
        """The scoring of papers, with what is remembered of them."""
        return lambda papers: self.attach(score(papers))

    def decide(
        self, decisions: Sequence[Decision], index: ListIndex, threshold: float, room: Room
    ) -> tuple[Decision, ...]:
        """Asks about papers of the two tiers, the least certain first, and moves them; best score first.

        Args:
            decisions: what screening decided, with its scores.
            index: the list.
            threshold: the least score of the upper tier.
            room: how many papers may come down.
        """
        movable = [decision for decision in decisions if decision.reason in _MOVABLE]
        unknown = [
            decision.candidate
            for decision in movable
            if decision.candidate.paper.id not in self._codes
        ]
        ordered = sorted(unknown, key=lambda found: _certainty(found, threshold))
        fresh = self.ask_about([found.paper for found in ordered])
        judged = {
            decision.candidate.paper.id: self._attached(decision.candidate, fresh)
            for decision in decisions
        }
        final = _moved(decisions, judged, index, threshold, room)
        known = sum(found.judgement is not None for found in judged.values())
        self.report = replace(
            self.report, remembered=known - len(fresh), moved=_changed(decisions, final)
        )
        return tuple(sorted(final, key=best_first))

    def examine(self, paper: Paper) -> tuple[PrincipleAnswer, ...]:
        """Asks about one paper in two passes; the answers are unsure where a reply is of no use.

        Raises:
            JudgeStoppedError: no question can be answered.
        """
        answers, _ = self._examine(paper)
        return answers

    def weigh(self, answers: Sequence[PrincipleAnswer]) -> tuple[Opinion, float]:
        """What answers come to, and the log odds that they add."""
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
        """The answers about the first papers, as many as the limits allow."""
        found: dict[ArxivId, tuple[PrincipleAnswer, ...]] = {}
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
            found[paper.id] = answers
            self._keep(paper, answers)
            if len(failures) == _IN_A_ROW:
                self._fail(f"{count(_IN_A_ROW, 'paper')} in a row got {failures[-1]}")
                break
        return found

    def _keep(self, paper: Paper, answers: Sequence[PrincipleAnswer]) -> None:
        """Counts a paper's answers, and remembers them if they say something."""
        says = any(answer.answer is not Answer.UNSURE for answer in answers)
        if says:
            self.new[paper.id] = CachedVerdict(encode(answers, paper), paper.title, paper.abstract)
        self.report = replace(
            self.report,
            asked=self.report.asked + 1,
            answered=self.report.answered + says,
        )

    def _examine(self, paper: Paper) -> tuple[tuple[PrincipleAnswer, ...], str]:
        """Both passes; with the reason why a reply was of no use, if one was."""
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
    """How many papers changed their tier."""
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
    """The decisions after the judge, in their order. A paper comes down only where "Perhaps" has room for one more."""
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
    """The decision with the judged candidate; in the upper tier if the score now reaches the threshold."""
    found = judged[decision.candidate.paper.id]
    if decision.reason is Reason.UNSURE and found.score >= threshold:
        return accepted(found, index, decision.kinds)
    return replace(decision, candidate=found)


def _is_doubtful(decision: Decision, threshold: float) -> bool:
    """Whether it is in the upper tier and the judge's answers bring its score below the threshold."""
    return decision.reason in _SURE and decision.candidate.score < threshold


def _fallen(decision: Decision, falling: set[ArxivId], threshold: float) -> Decision:
    """The decision in the lower tier if its paper comes down; one that can't stays, with the threshold as its score."""
    if not _is_doubtful(decision, threshold):
        return decision
    if decision.candidate.paper.id in falling:
        return doubted(decision, threshold)
    return replace(decision, candidate=replace(decision.candidate, score=threshold))
