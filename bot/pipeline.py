"""One run, seven steps: load, collect, index, score, screen, propose, publish.

Everything with an effect comes in as an argument (sources, forge, the time), so that the same code is a real run, a dry
run, a replay and a test.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from bot import __version__
from bot.arxiv_id import ArxivId
from bot.batches import read_history
from bot.body import Origin
from bot.config import Config
from bot.document import Document
from bot.entries import ListRules, papers_part
from bot.errors import UsageError
from bot.evidence import Matcher, strength
from bot.forge import Forge
from bot.index import ListIndex
from bot.model import (
    Candidate,
    Coverage,
    Decision,
    Harvest,
    Paper,
    Reason,
    RunReport,
    Topic,
    Verdict,
    Window,
)
from bot.proposals import BatchRules, Circumstances
from bot.publishing import Setting, publish
from bot.screening import Rules, screen
from bot.sources import LookUp, Source

_FIRST_WINDOW = timedelta(days=365)  # for a list that names no arXiv paper yet


def run(
    config: Config,
    *,
    sources: Sequence[Source],
    forge: Forge,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    run_url: str = "",
) -> RunReport:
    """Does one run.

    Args:
        config: the configuration.
        sources: where to ask; the first that names a paper describes it.
        forge: where the list lives; a preview forge makes this a dry run.
        now: the time of the run, UTC.
        since: submission time to ask from, in place of where the last batch left off.
        until: submission time to ask up to, in place of `now`.
        run_url: the address of this run's log, to be named in the pull request.

    Raises:
        ForgeError, ListError, ConfigError: nothing could be done, and nothing was.
    """
    topics = tuple(block.topic() for block in config.topics)
    state = forge.read()
    document = Document.parse(state.base.content)
    papers_part(document, config.list.heading)
    index = ListIndex.build(document)
    history = read_history(state, index, now)
    overlap = timedelta(days=config.arxiv.overlap_days)
    asked = window(resume=history.resume, newest=index.newest, overlap=overlap, now=now)
    asked = Window(since or asked.since, until or asked.until)
    harvests = tuple(source.collect(topics, asked) for source in sources)
    candidates = score(merge(harvests), topics)
    rules = Rules(topics, config.screening.threshold, asked.since)
    decisions = screen(candidates, index, history.known, rules)
    coverage = tuple(harvest.coverage for harvest in harvests)
    setting = Setting(
        state=state,
        document=document,
        index=index,
        history=history,
        topics={topic.name: topic for topic in topics},
        list_rules=ListRules(config.list.heading, config.list.template),
        rules=_batch_rules(config),
        circumstances=Circumstances(
            coverage=coverage,
            origin=Origin(__version__, run_url),
            now=now,
            resume=_resume(harvests, asked, overlap),
        ),
        lookups=[one for one in sources if isinstance(one, LookUp)],
        score=partial(score, topics=topics),
    )
    final, outcomes = publish(decisions, setting, forge)
    return RunReport(
        version=__version__,
        started=now,
        place=state.place,
        list_path=state.base.path,
        window=asked,
        coverage=coverage,
        decisions=final,
        outcomes=outcomes,
    )


def propose(
    config: Config,
    paper_id: ArxivId,
    *,
    sources: Sequence[LookUp],
    forge: Forge,
    now: datetime,
    run_url: str = "",
) -> RunReport:
    """Proposes one paper on purpose, whatever was decided before, beside the batches that are open.

    Raises:
        UsageError: no source knows the paper, or it is in the list.
        SourceError, ForgeError, ListError, ConfigError: nothing could be done, and nothing was.
    """
    topics = tuple(block.topic() for block in config.topics)
    state = forge.read()
    document = Document.parse(state.base.content)
    index = ListIndex.build(document)
    listed = index.find_id(paper_id)
    if listed is None:
        (candidate,) = score([_look_up(paper_id, sources)], topics)
        listed = index.find(candidate.paper)
    if listed is not None:
        fix = "nothing to do; `arxiv-bot check` tells of papers listed twice"
        raise UsageError(f"the list has it at line {listed.line}", where=str(paper_id), fix=fix)
    history = read_history(state, index, now)
    before = history.known.get(paper_id)
    if before is not None and before.reason is Reason.PENDING:
        fix = "nothing to do: answer that pull request"
        raise UsageError(f"it is in {before.detail}, which is open", where=str(paper_id), fix=fix)
    decision = Decision(candidate, Verdict.PROPOSE, Reason.RELEVANT, "asked for by a person")
    coverage = Coverage("look-up", "arXiv", f"id {paper_id}", read=1, requests=1)
    setting = Setting(
        state=state,
        document=document,
        index=index,
        history=replace(history, open=()),
        topics={topic.name: topic for topic in topics},
        list_rules=ListRules(config.list.heading, config.list.template),
        rules=_batch_rules(config),
        circumstances=Circumstances(
            coverage=(coverage,),
            origin=Origin(__version__, run_url),
            now=now,
            resume=history.resume or _first_resume(index, config, now),
        ),
        lookups=sources,
        score=partial(score, topics=topics),
    )
    final, outcomes = publish([decision], setting, forge)
    return RunReport(
        version=__version__,
        started=now,
        place=state.place,
        list_path=state.base.path,
        window=Window(now, now),
        coverage=(coverage,),
        decisions=final,
        outcomes=outcomes,
    )


def _first_resume(index: ListIndex, config: Config, now: datetime) -> datetime:
    """From where a first run would ask, its overlap aside: a paper proposed by hand moves nothing."""
    overlap = timedelta(days=config.arxiv.overlap_days)
    return window(resume=None, newest=index.newest, overlap=overlap, now=now).since + overlap


def _look_up(paper_id: ArxivId, sources: Sequence[LookUp]) -> Paper:
    found = next((one for source in sources for one in source.look_up([paper_id])), None)
    if found is None:
        fix = "check the id; announced today, it may not be there yet"
        raise UsageError("no source knows this paper", where=str(paper_id), fix=fix)
    return found


def explain(
    config: Config,
    paper_id: ArxivId,
    *,
    sources: Sequence[LookUp],
    forge: Forge,
    now: datetime,
) -> Decision:
    """What a run would say of one paper, whenever it was submitted.

    Raises:
        UsageError: no source knows the paper.
        SourceError, ForgeError, ListError: a source or the list can't be read.
    """
    topics = tuple(block.topic() for block in config.topics)
    state = forge.read()
    index = ListIndex.build(Document.parse(state.base.content))
    found = _look_up(paper_id, sources)
    rules = Rules(topics, config.screening.threshold, datetime(1991, 1, 1, tzinfo=UTC))
    (decision,) = screen(
        score([found], topics), index, read_history(state, index, now).known, rules
    )
    return decision


def merge(harvests: Iterable[Harvest]) -> tuple[Paper, ...]:
    """The papers of all sources, one for each id: what one source does not say is filled in from the others.

    The first source to name a paper gives its text; order is that of the ids.
    """
    papers: dict[ArxivId, Paper] = {}
    for harvest in harvests:
        for paper in harvest.papers:
            known = papers.get(paper.id)
            papers[paper.id] = paper if known is None else _filled(known, paper)
    return tuple(sorted(papers.values(), key=lambda paper: paper.id.order))


def _filled(paper: Paper, other: Paper) -> Paper:
    return replace(
        paper,
        abstract=paper.abstract or other.abstract,
        authors=paper.authors or other.authors,
        categories=paper.categories or other.categories,
        submitted=paper.submitted or other.submitted,
        updated=paper.updated or other.updated,
        announced=paper.announced or other.announced,
        announcement=paper.announcement or other.announcement,
        comment=paper.comment or other.comment,
        journal_ref=paper.journal_ref or other.journal_ref,
        doi=paper.doi or other.doi,
    )


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


def _resume(harvests: Sequence[Harvest], asked: Window, overlap: timedelta) -> datetime:
    """From when to ask again: the window's end if a source read all of it, else its start, less its own overlap.

    That nothing at all was found moves it no further: arXiv has been seen to answer so by mistake.
    """
    windowed = [one.coverage for one in harvests if one.coverage.window is not None]
    complete = bool(windowed) and all(one.complete and one.read for one in windowed)
    return asked.until if complete else asked.since + overlap


def score(papers: Iterable[Paper], topics: Sequence[Topic]) -> tuple[Candidate, ...]:
    """Each paper with the evidence of its words and the score that follows from it."""
    matcher = Matcher(topics)
    found = ((paper, matcher.match(paper)) for paper in papers)
    return tuple(Candidate(paper, evidence, strength(evidence)) for paper, evidence in found)


def _batch_rules(config: Config) -> BatchRules:
    block = config.pull_request
    return BatchRules(
        one_each=block.mode == "paper",
        max_items=block.max_items,
        max_open=block.max_open,
        labels=block.labels,
        reviewers=block.reviewers,
        title=block.title,
    )
