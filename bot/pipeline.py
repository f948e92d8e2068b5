"""Does a run in seven steps: load, index, collect, score, screen, propose, publish.

Everything with side effects is passed in (sources, forge, time), so real runs, dry runs, replays and tests share this
code.
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
    Coverage,
    Decision,
    Harvest,
    Outcome,
    Paper,
    RunReport,
    Window,
)
from bot.core.version import __version__
from bot.forge.protocol import Forge
from bot.proposals.answers import PaperAnswers, read_answers
from bot.proposals.context import NO_LINKS, RunContext, RunLinks
from bot.proposals.declined import training_data
from bot.proposals.model import PullState
from bot.proposals.propose import Reading
from bot.proposals.verdicts import judged, scoring, with_earlier_verdicts
from bot.publishing import mark_answered, publish
from bot.relevance.judge.judge import Judge
from bot.relevance.scoring import Scorer
from bot.relevance.screening import Rules, screen
from bot.sources.collect import collect, look_up, merge, missed_window
from bot.sources.protocol import LookUp, Selective, Source

_FIRST_WINDOW = timedelta(days=365)  # for a list without arXiv papers


def run(  # noqa: PLR0913 (callers pass them by name, and no group of them belongs together)
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
        sources: the sources to search; if several find a paper, the first one's record is used.
        forge: where the list is; a preview forge makes this a dry run.
        now: the time of the run, UTC.
        since: the first submission time to search, in place of the end of the last batch's window.
        until: the last submission time to search, in place of `now`; a later time counts as `now`.
        links: the addresses of this run and its configuration, to link in texts.
        newest_first: whether to propose the newest papers rather than the best ones.
        gaps: the source for days whose announcements no run has read; None to skip such days.
        judge: answers questions about the papers that the ranker is least certain of; None to ask no model.
        progress: called with what the run does next; by default, the messages are dropped.

    Raises:
        UsageError: `since` is not before `until`.
        ForgeError, ListError, ConfigError: the run could not start; nothing was changed.
    """
    # Load and index: the list, the open pull requests, and people's answers in them
    context = RunContext.of(config, forge.read(), now, links)
    answers = read_answers(context.state, context.papers.index, now)
    mark_answered(answers.open, forge)

    # Collect: the papers of the window, and those that a person ticked
    usual = usual_window(answers, context)
    asked = Window(since or usual.since, min(until or usual.until, now))
    check_window(asked)
    harvests = _collected(sources, gaps, asked, answers, context)
    lookups = [source for source in sources if isinstance(source, LookUp)]
    papers = merge([*harvests, _asked_papers(answers, harvests, lookups)])

    # Score: the ranker learns from the list, the answers and the background papers
    progress("learning from the list and the background papers")
    background = background_papers(sources, harvests, asked.until)
    data = training_data(context.papers, answers.known, context.state.pulls, harvests, background)
    scorer = Scorer(context.topics, with_earlier_verdicts(judge, data, papers, context, answers))
    progress(f"scoring {count(len(papers), 'paper')}")
    candidates = scorer.score(papers)

    # Screen: decide on every paper
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
    report = report_of(final, outcomes, asked, reading, context)
    return replace(report, judging=judge.report) if judge else report


def report_of(
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
    """Collects the window's papers from the sources, and those of days whose announcements no run has read."""
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
    """Looks up papers whose ticks no run applied before the pull request was merged, unless this run found them.

    If a source fails, the next run tries again, because it reads the same answers.
    """
    seen = {paper.id for harvest in harvests for paper in harvest.papers}
    missing = [paper for paper in answers.asked_for if paper not in seen]
    found, _ = look_up(missing, lookups)
    return Harvest(tuple(found.values()), Coverage("look-up", "", "papers that a person ticked"))


def usual_window(answers: PaperAnswers, context: RunContext) -> Window:
    """The window to search if no option sets it."""
    overlap = timedelta(days=context.config.arxiv.overlap_days)
    newest = context.papers.index.newest
    return window(resume=answers.resume, newest=newest, overlap=overlap, now=context.now)


def background_papers(
    sources: Sequence[Source], harvests: Sequence[Harvest], until: datetime
) -> tuple[Paper, ...]:
    """Returns the background papers to compare with: the announced papers, or else a sample from the search.

    arXiv announces nothing at weekends, and the sample lets such runs score as on other days. Without any background
    papers, the phrases decide alone.
    """
    background = {paper.id: paper for harvest in harvests for paper in harvest.background}
    if not background and any(harvest.papers for harvest in harvests):
        for source in sources:
            if isinstance(source, Selective):
                with suppress(SourceError):
                    return source.sample(until)
    return tuple(background.values())


def window(
    *,
    resume: datetime | None,
    newest: ArxivId | None,
    overlap: timedelta,
    now: datetime,
) -> Window:
    """Returns the submission times to search: from the end of the last batch's window, else from the newest listed id.

    `resume` is the time that the newest batch recorded (docs/decisions/0002). The window starts earlier by `overlap`,
    because papers are announced up to two weeks after submission (https://info.arxiv.org/help/availability.html).
    Times are in UTC, without seconds.
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
    harvests: Sequence[Harvest], asked: Window, usual: Window, overlap: timedelta
) -> datetime:
    """The time from which the next run resumes: the window's end if all of it was read, else the window's start.

    If this window starts later than usual, the next run starts where this one would have, so that no gap remains.
    Reading no paper at all does not count as complete, because arXiv sometimes returns empty results by mistake.
    """
    windowed = [harvest.coverage for harvest in harvests if harvest.coverage.window is not None]
    complete = bool(windowed) and all(coverage.complete and coverage.read for coverage in windowed)
    if asked.since > usual.since:
        return usual.since + overlap
    return asked.until if complete else asked.since + overlap


def _is_full(context: RunContext) -> bool:
    """Whether no paper can be proposed, because as many batches are open as allowed, and all of them are full."""
    block = context.config.pull_request
    sizes = [
        len(pull.marker.items)
        for pull in context.state.pulls
        if pull.marker and pull.state is PullState.OPEN
    ]
    most = 1 if block.mode == "paper" else block.max_items
    return len(sizes) >= block.max_open and min(sizes) >= most


def check_window(asked: Window) -> None:
    """Checks that the window starts before it ends.

    Raises:
        UsageError: the window's start is not before its end.
    """
    if asked.since >= asked.until:
        message = f"{asked.since:%Y-%m-%d} is after {asked.until:%Y-%m-%d}, the end of the window"
        fix = "give a --since that is earlier than --until and today"
        raise UsageError(message, where="--since", fix=fix)


def rules_of(config: Config, since: datetime) -> Rules:
    """Returns the rules of screening for a run whose window starts at `since`."""
    block = config.screening
    topics = tuple(block.topic() for block in config.topics)
    return Rules(topics, block.threshold, config.pull_request.max_perhaps, since)
