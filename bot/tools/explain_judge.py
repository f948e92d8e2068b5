"""Shows what a judge is asked about a paper and what it answers, so that maintainers can test their principles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.core.config import Config
from bot.core.english import count
from bot.core.errors import SourceError
from bot.core.escaping import printable
from bot.core.model import Candidate, Paper
from bot.forge.protocol import Forge
from bot.relevance.judge.ask import JudgeStoppedError
from bot.relevance.judge.judge import Judge, Room
from bot.relevance.judge.memory import encode
from bot.relevance.judge.question import question
from bot.relevance.judge.wording import ShownAnswer, shown_answers, verdict_text
from bot.tools.explain import Explanation


def ask_about(
    explained: Sequence[Explanation], judge: Judge, config: Config, forge: Forge
) -> tuple[Explanation, ...]:
    """Asks the judge about each paper, whatever was decided on it, and returns the explanations with its verdicts.

    Raises:
        SourceError: the judge can't be asked.
        ForgeError, ListError: the list can't be read.
    """
    for explanation in explained:
        paper = explanation.decision.candidate.paper
        try:
            answers = judge.examine(paper)
        except JudgeStoppedError as error:
            fix = "check the block [judge] of the configuration, or try again later"
            raise SourceError(f"the judge: {error}", where="judge.base_url", fix=fix) from None
        judge.remember({paper.id: encode(answers, paper)}, {})
    index = forge.read().base.index()
    room = Room(len(explained), perhaps_alone=True)
    decisions = judge.decide(
        [explanation.decision for explanation in explained],
        index,
        config.screening.threshold,
        room,
    )
    of_paper = {decision.candidate.paper.id: decision for decision in decisions}
    return tuple(
        replace(explanation, decision=of_paper[explanation.decision.candidate.paper.id])
        for explanation in explained
    )


def render_question(paper: Paper, judge: Judge) -> str:
    """Shows what the model reads in the first of the two passes; the second lists the criteria in reverse order."""
    asked = question(paper, judge.principles, turned=False)
    lines = ["question  first pass; the second lists the criteria in reverse order"]
    lines += [
        f"          {line}" for _, text in asked.messages for line in ("", *text.splitlines())
    ]
    return printable("\n".join(lines), newlines=True)


def render_answers(candidate: Candidate, judge: Judge) -> str:
    """Shows the answers to all principles, the resulting opinion, and the cost."""
    lines = [line for shown in shown_answers(candidate) for line in _answer(shown)]
    lines += _result(candidate, judge)
    return printable("\n".join(lines), newlines=True)


def _answer(shown: ShownAnswer) -> Iterator[str]:
    yield f"{shown.answer:10}{shown.id}: {shown.question}"
    if shown.quote:
        yield f"          “{shown.quote}”"


def _result(candidate: Candidate, judge: Judge) -> Iterator[str]:
    if not (judgement := candidate.judgement):
        return
    yield (
        f"result    {verdict_text(judgement)}: {judgement.evidence:+.1f} in log odds, "
        f"score {judgement.before:.2f} becomes {candidate.score:.2f}"
    )
    report = judge.report
    false = (
        f"; {count(report.false_quotes, 'quote')} not in the paper" if report.false_quotes else ""
    )
    yield f"cost      {count(report.requests, 'request')}, {report.tokens:,} tokens{false}"
