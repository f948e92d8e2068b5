"""One run, seven steps: load, index, collect, score, screen, propose, publish.

Everything with an effect comes in as an argument (sources, forge, the time), so that the same code is a real run, a dry
run, a replay and a test.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.core.arxiv_id import ArxivId
from bot.core.config import Config
from bot.core.english import count
from bot.core.errors import SourceError, UsageError
from bot.core.model import (
    Candidate,
    Coverage,
    Decision,
    Harvest,
    Outcome,
    Paper,
    Reason,
    RunReport,
    Verdict,
    Window,
)
from bot.core.version import __version__
from bot.forge.protocol import Forge
from bot.proposals.answers import PaperAnswers, read_answers
from bot.proposals.context import NO_LINKS, RunContext, RunLinks
from bot.proposals.declined import training_data
from bot.proposals.model import PullState
from bot.proposals.propose import Reading
from bot.proposals.verdicts import judged, scoring, taught
from bot.publishing import mark_answered, publish
from bot.relevance.judge.judge import Judge
from bot.relevance.scoring import Scorer, TrainingData
from bot.relevance.screening import Rules, screen
from bot.sources.collect import collect, merge, missed_window
from bot.sources.protocol import LookUp, Selective, Source

_FIRST_WINDOW = timedelta(days=365)  # for a list that names no arXiv paper yet


def run(  # noqa: PLR0913 (a call names each, and none has a better home)
    config: Config,
    *,
    sources: Sequence[Source],
    forge: Forge,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    links: RunLinks = NO_LINKS,
    newest_first: bool = False,
    gaps: Source | None = None,
    judge: Judge | None = None,
    progress: Callable[[str], object] = str,
) -> RunReport:
    """Does one run.

    Args:
        config: the configuration.
        sources: where to ask; the first that names a paper describes it.
        forge: where the list lives; a preview forge makes this a dry run.
        now: the time of the run, UTC.
        since: submission time to ask from, in place of where the last batch left off.
        until: submission time to ask up to, in place of `now`; none later than that.
        links: the addresses of this run and its configuration, for texts to link.
        newest_first: whether the newest papers go into the batch, and not the best.
        gaps: asked for the days whose announcements no run has read; None to leave them.
        judge: asked about the papers that the ranker is least certain of; None to ask no model.
        progress: called with what the run does next; by default nobody sees it.

    Raises:
        UsageError: there is no time between `since` and `until`.
        ForgeError, ListError, ConfigError: nothing could be done, and nothing was.
    """
    # Load and index: the list, the open pull requests, and what people answered in them
    context = RunContext.of(config, forge.read(), now, links)
    answers = read_answers(context.state, context.papers.index, now)
    mark_answered(answers.open, forge)

    # Collect: the papers of the window, and those that a person ticked
    usual = _usual_window(answers, context)
    asked = Window(since or usual.since, min(until or usual.until, now))
    check_window(asked)
    harvests = _collected(sources, gaps, asked, answers, context)
    lookups = [source for source in sources if isinstance(source, LookUp)]
    papers = merge([*harvests, _asked_papers(answers, harvests, lookups)])

    # Score: the ranker learns from the list, the answers and the background papers
    progress("learning from the list and the background papers")
    background = background_papers(sources, harvests, asked.until)
    data = training_data(context.papers, answers.known, context.state.pulls, harvests, background)
    scorer = Scorer(context.topics, taught(judge, data, papers, context, answers))
    progress(f"scoring {count(len(papers), 'paper')}")
    candidates = scorer.score(papers)

    # Screen: a decision on every paper
    rules = rules_of(config, asked.since)
    decisions = screen(candidates, context.papers.index, answers.known, rules)
    decisions = judged(judge, decisions, context, answers)
    if newest_first:
        decisions = tuple(sorted(decisions, key=_age, reverse=True))

    # Propose and publish: entries, batches and pull requests
    overlap = timedelta(days=config.arxiv.overlap_days)
    reading = Reading(
        coverage=tuple(harvest.coverage for harvest in harvests),
        resume=_resume(harvests, asked, usual, overlap),
        reached=(answers.resume or usual.since + overlap) if since else None,
    )
    score = scoring(judge, scorer)
    final, outcomes = publish(
        decisions, answers, reading, context, forge=forge, lookups=lookups, score=score
    )
    report = _report(final, outcomes, asked, reading, context)
    return replace(report, judging=judge.report) if judge else report


def propose(
    config: Config,
    paper_id: ArxivId,
    *,
    sources: Sequence[LookUp],
    of: str,
    forge: Forge,
    now: datetime,
    links: RunLinks = NO_LINKS,
) -> RunReport:
    """Proposes one paper on purpose, whatever was decided before, beside the batches that are open.

    Raises:
        UsageError: no source knows the paper, or it is in the list.
        SourceError, ForgeError, ListError, ConfigError: nothing could be done, and nothing was.
    """
    context = RunContext.of(config, forge.read(), now, links)
    answers = read_answers(context.state, context.papers.index, now)
    scorer = Scorer(context.topics, TrainingData())
    candidate = _asked_for(paper_id, answers, context, sources, scorer)
    decision = Decision(candidate, Verdict.PROPOSE, Reason.ASKED)
    overlap = timedelta(days=config.arxiv.overlap_days)
    reading = Reading(
        coverage=(Coverage("look-up", of, f"id {paper_id}", read=1),),
        resume=answers.resume or _usual_window(answers, context).since + overlap,
    )
    beside = replace(answers, open=())
    final, outcomes = publish(
        [decision], beside, reading, context, forge=forge, lookups=sources, score=scorer.score
    )
    return _report(final, outcomes, Window(now, now), reading, context)


def _asked_for(
    paper_id: ArxivId,
    answers: PaperAnswers,
    context: RunContext,
    sources: Sequence[LookUp],
    scorer: Scorer,
) -> Candidate:
    """The paper that a person asks for, if it is neither listed nor in an open batch."""
    where, index = str(paper_id), context.papers.index
    listed = index.find_id(paper_id)
    if listed is None:
        (candidate,) = scorer.score([look_up(paper_id, sources)])
        listed = index.find(candidate.paper)
    if listed is not None:
        fix = "nothing to do; `arxiv-bot check` reports papers listed twice"
        raise UsageError(f"the list has it at line {listed.line}", where=where, fix=fix)
    before = answers.known.get(paper_id)
    if before is not None and before.reason is Reason.PENDING:
        fix = "nothing to do: answer that pull request"
        raise UsageError(f"it is in {before.detail}, which is open", where=where, fix=fix)
    return candidate


def _report(
    decisions: tuple[Decision, ...],
    outcomes: tuple[Outcome, ...],
    asked: Window,
    reading: Reading,
    context: RunContext,
) -> RunReport:
    """The report of a run."""
    return RunReport(
        version=__version__,
        started=context.now,
        place=context.state.place,
        list_path=context.state.base.path,
        window=asked,
        coverage=reading.coverage,
        decisions=decisions,
        outcomes=outcomes,
        topics=context.topics,
        threshold=context.config.screening.threshold,
        run_url=context.links.run_url,
    )


def _collected(
    sources: Sequence[Source],
    gaps: Source | None,
    asked: Window,
    answers: PaperAnswers,
    context: RunContext,
) -> tuple[Harvest, ...]:
    """What the sources have for the window, and `gaps` for the days whose announcements no run has read."""
    harvests = collect(sources, context.topics, asked, context.papers)
    last_batch = max((pull.created for pull in context.state.pulls if pull.marker), default=None)
    missed = missed_window(harvests, answers.resume, last_batch, asked.until)
    if gaps is None or missed is None or _is_full(context):
        return harvests
    return (*harvests, gaps.collect(context.topics, missed))


def _age(decision: Decision) -> tuple[int, int, str, int]:
    return decision.candidate.paper.id.order


def _asked_papers(
    answers: PaperAnswers, harvests: Sequence[Harvest], lookups: Sequence[LookUp]
) -> Harvest:
    """The papers that a person ticked too late for their pull request, and that this run has not met.

    A source that fails is asked again by the next run, which reads the same answers.
    """
    met = {paper.id for harvest in harvests for paper in harvest.papers}
    missing = [paper for paper in answers.asked_for if paper not in met]
    found: dict[ArxivId, Paper] = {}
    for source in lookups if missing else ():
        with suppress(SourceError):
            found |= {paper.id: paper for paper in source.look_up(missing)}
    return Harvest(tuple(found.values()), Coverage("look-up", "", "papers that a person ticked"))


def _usual_window(answers: PaperAnswers, context: RunContext) -> Window:
    """The submission times to ask for where no option says otherwise."""
    overlap = timedelta(days=context.config.arxiv.overlap_days)
    newest = context.papers.index.newest
    return window(resume=answers.resume, newest=newest, overlap=overlap, now=context.now)


def look_up(paper_id: ArxivId, sources: Sequence[LookUp]) -> Paper:
    """What the first source that knows the paper says of it.

    Raises:
        UsageError: none knows it.
        SourceError: a source can't be asked.
    """
    found = next((paper for source in sources for paper in source.look_up([paper_id])), None)
    if found is None:
        fix = "check the id; announced today, it may not be there yet"
        raise UsageError("no source knows this paper", where=str(paper_id), fix=fix)
    return found


def background_papers(
    sources: Sequence[Source], harvests: Sequence[Harvest], until: datetime
) -> tuple[Paper, ...]:
    """Papers as they come, from which to learn what is usual: those that were announced, else a sample from the search.

    There is no announcement at weekends, and a run then must not judge otherwise than on other days. Where none can be
    had the words decide alone.
    """
    usual = {paper.id: paper for harvest in harvests for paper in harvest.background}
    if not usual and any(harvest.papers for harvest in harvests):
        for source in sources:
            if isinstance(source, Selective):
                with suppress(SourceError):
                    return source.sample(until)
    return tuple(usual.values())


def window(
    *,
    resume: datetime | None,
    newest: ArxivId | None,
    overlap: timedelta,
    now: datetime,
) -> Window:
    """The submission times to ask for: from where the last batch left off, else from the list's newest id.

    `resume` is what the newest batch recorded (docs/decisions/0002); the overlap is there because papers are announced
    up to two weeks after submission (https://info.arxiv.org/help/availability.html). Times in UTC, to the minute.
    """
    if resume is not None:
        start = resume
    elif newest is not None:
        start = datetime(newest.year, newest.month, 1, tzinfo=UTC)
    else:
        start = now - _FIRST_WINDOW
    since = min(start, now) - overlap
    return Window(since.replace(second=0, microsecond=0), now)


def _resume(
    harvests: Sequence[Harvest], asked: Window, usually: Window, overlap: timedelta
) -> datetime:
    """From when to ask again: the window's end if a source read all of it, else its start, less its own overlap.

    A window that begins later than usual leaves a gap, which is still to be asked for. That nothing at all was found
    moves it no further: arXiv has been seen to answer so by mistake.
    """
    windowed = [harvest.coverage for harvest in harvests if harvest.coverage.window is not None]
    complete = bool(windowed) and all(coverage.complete and coverage.read for coverage in windowed)
    if asked.since > usually.since:
        return usually.since + overlap
    return asked.until if complete else asked.since + overlap


def _is_full(context: RunContext) -> bool:
    """Whether no paper can be proposed: as many batches are open as the limit allows, and each has no room."""
    block = context.config.pull_request
    sizes = [
        len(pull.marker.items)
        for pull in context.state.pulls
        if pull.marker and pull.state is PullState.OPEN
    ]
    most = 1 if block.mode == "paper" else block.max_items
    return len(sizes) >= block.max_open and min(sizes) >= most


def check_window(asked: Window) -> None:
    """Refuses a window that ends before it starts.

    Raises:
        UsageError: the window's start is not before its end.
    """
    if asked.since >= asked.until:
        message = f"{asked.since:%Y-%m-%d} is after {asked.until:%Y-%m-%d}, the end of the window"
        fix = "let --since be earlier than --until, and than today"
        raise UsageError(message, where="--since", fix=fix)


def rules_of(config: Config, since: datetime) -> Rules:
    """The rules of screening in a run whose window starts at `since`."""
    block = config.screening
    topics = tuple(block.topic() for block in config.topics)
    return Rules(topics, block.threshold, config.pull_request.max_perhaps, since)
