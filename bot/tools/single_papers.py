"""Scores single papers as a run would on the day of their announcement, and proposes one that a person asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from bot.core.arxiv_id import ArxivId
from bot.core.config import Config
from bot.core.errors import UsageError
from bot.core.model import Coverage, Decision, Harvest, Paper, Reason, RunReport, Verdict, Window
from bot.forge.protocol import Forge
from bot.pipeline import background_papers, report_of, usual_window
from bot.proposals.answers import PaperAnswers, read_answers
from bot.proposals.context import NO_LINKS, RunContext, RunLinks
from bot.proposals.declined import training_data
from bot.proposals.propose import Reading
from bot.publishing import publish
from bot.relevance.scoring import Scorer
from bot.relevance.screening import Known
from bot.sources.protocol import LookUp, Selective, Source

_LATE = timedelta(days=14)  # the longest time from submission to announcement


def scorer_for(
    papers: Sequence[Paper],
    sources: Sequence[Source],
    context: RunContext,
    known: Mapping[ArxivId, Known],
) -> Scorer:
    """Returns the scorer of a run on the day when the newest of these papers (at least one) was announced.

    It compares them with that day's papers, as far as the sources still have them.
    """
    until = min(context.now, max(_day(paper, context.now) for paper in papers))
    asked = Window(until - timedelta(days=context.config.arxiv.overlap_days), until)
    streams = [source for source in sources if not isinstance(source, Selective)]
    found = Harvest(tuple(papers), Coverage("single papers", "", ""))
    harvests = (found, *(source.collect(context.topics, asked) for source in streams))
    background = background_papers(sources, harvests, until)
    data = training_data(context.papers, known, context.state.pulls, harvests, background)
    return Scorer(context.topics, data)


def _day(paper: Paper, now: datetime) -> datetime:
    """When the paper was announced, at the latest."""
    if paper.announced:
        return datetime.combine(paper.announced, time(23, 59), UTC)
    return paper.submitted + _LATE if paper.submitted else now


def propose(
    config: Config,
    paper_id: ArxivId,
    *,
    sources: Sequence[Source],
    of: str,
    forge: Forge,
    now: datetime,
    links: RunLinks = NO_LINKS,
) -> RunReport:
    """Proposes the paper that a person asked for, in its own pull request, even if it was declined before.

    Raises:
        UsageError: no source knows the paper, or it is in the list or in an open batch.
        SourceError, ForgeError, ListError, ConfigError: the paper could not be proposed; nothing was changed.
    """
    context = RunContext.of(config, forge.read(), now, links)
    answers = read_answers(context.state, context.papers.index, now)
    lookups = [source for source in sources if isinstance(source, LookUp)]
    paper = _asked_for(paper_id, answers, context, lookups)
    scorer = scorer_for([paper], sources, context, answers.known)
    (candidate,) = scorer.score([paper])
    decision = Decision(candidate, Verdict.PROPOSE, Reason.ASKED)
    overlap = timedelta(days=config.arxiv.overlap_days)
    reading = Reading(
        coverage=(Coverage("look-up", of, f"id {paper_id}", read=1),),
        resume=answers.resume or usual_window(answers, context).since + overlap,
    )
    beside = replace(answers, open=())
    final, outcomes = publish(
        [decision], beside, reading, context, forge=forge, lookups=lookups, score=scorer.score
    )
    return report_of(final, outcomes, Window(now, now), reading, context)


def _asked_for(
    paper_id: ArxivId,
    answers: PaperAnswers,
    context: RunContext,
    sources: Sequence[LookUp],
) -> Paper:
    """Looks up the paper that a person asked for; refuses it if it is listed or in an open batch."""
    where, index = str(paper_id), context.papers.index
    listed = index.find_id(paper_id)
    if listed is None:
        paper = look_up(paper_id, sources)
        listed = index.find(paper)
    if listed is not None:
        fix = "nothing to do; `arxiv-bot check` reports papers listed twice"
        raise UsageError(f"the paper is in the list, at {listed.where}", where=where, fix=fix)
    before = answers.known.get(paper_id)
    if before is not None and before.reason is Reason.PENDING:
        fix = "answer that pull request"
        raise UsageError(f"the paper is in {before.detail}, which is open", where=where, fix=fix)
    return paper


def look_up(paper_id: ArxivId, sources: Sequence[LookUp]) -> Paper:
    """Returns the paper as the first source that has it describes it.

    Raises:
        UsageError: no source has the paper.
        SourceError: a source failed.
    """
    found = next((paper for source in sources for paper in source.look_up([paper_id])), None)
    if found is None:
        fix = "check the id; a paper announced today may not be available yet"
        raise UsageError("no source knows this paper", where=str(paper_id), fix=fix)
    return found
