"""Turns decisions into proposals: writes the entry of each paper and the text of each batch. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from bot.core.arxiv_id import ArxivId
from bot.core.english import count
from bot.core.escaping import unlinked
from bot.core.model import Candidate, Coverage, Decision, Paper, Reason, Verdict
from bot.core.titles import plain
from bot.listing.document import verify
from bot.listing.draft import Draft, Refused, draft
from bot.listing.paper_list import PaperList
from bot.proposals.batching import Allotment, BatchJob
from bot.proposals.body import render_closed, render_text
from bot.proposals.build import (
    BatchContent,
    ChangedFile,
    Plan,
    build_closings,
    build_proposal,
    not_found,
    stuck_batch,
)
from bot.proposals.context import RunContext
from bot.proposals.marker import Contents, Marker
from bot.proposals.model import Proposal
from bot.proposals.paper_text import PaperBatch, ProposedPaper
from bot.relevance.judge.memory import encode
from bot.relevance.screening import best_first

_TITLE_LIMIT = 200
_NOTHING_SURE = "Papers from arXiv that may belong here"

PaperJob = BatchJob[ArxivId, Decision]
"""A batch of papers to open or to change: the papers that it keeps, and the decisions that are new in it."""


PaperAllotment = Allotment[ArxivId, Decision]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a run read from arXiv; `resume` is the start of the next window if no paper is held back.

    `reached` is the time up to which earlier runs had read, if an option gave this run another start. The next window
    starts no earlier, even if older papers are held back.
    """

    coverage: tuple[Coverage, ...]
    resume: datetime
    reached: datetime | None = None

    def resume_with(self, waiting: Iterable[datetime]) -> datetime:
        """The start of a window that includes waiting papers submitted at these times."""
        earliest = min([self.resume, *waiting])
        return max(earliest, self.reached) if self.reached else earliest


@dataclass(frozen=True, slots=True)
class KnownPapers:
    """The papers in batches, with their scores, as far as they could be looked up; `failure` says why not all were."""

    candidates: Mapping[ArxivId, Candidate]
    failure: str = ""

    def titles(self, papers: Iterable[ArxivId]) -> dict[ArxivId, str]:
        """The titles of papers, as far as they are known."""
        return {
            paper: self.candidates[paper].paper.title
            for paper in papers
            if paper in self.candidates
        }

    def decision(self, paper: ArxivId, verdict: Verdict, reason: Reason) -> Decision:
        """A decision on a paper that is already in a batch, with the paper's current data and score."""
        return Decision(self.candidates[paper], verdict, reason)


@dataclass(frozen=True, slots=True)
class _Entries:
    """A batch's entries: those written, those refused, and why an open batch can't be rewritten."""

    job: PaperJob
    written: tuple[ProposedPaper, ...] = ()
    refused: tuple[Refused, ...] = ()
    stuck: str = ""

    @property
    def is_written(self) -> bool:
        """Whether there is something to propose."""
        shown = self.written or self.job.perhaps or self.job.new_perhaps
        return bool(shown) and not self.stuck


def propose_papers(
    decisions: Sequence[Decision],
    jobs: Sequence[PaperJob],
    held: Mapping[ArxivId, tuple[Reason, str]],
    known: KnownPapers,
    reading: Reading,
    context: RunContext,
) -> tuple[Plan, tuple[Decision, ...]]:
    """Writes the entries and texts of the batches.

    Args:
        decisions: all decisions of the run.
        jobs: the batches to open or to change.
        held: the papers for which there is no room now, with reason and detail.
        known: the papers in open batches.
        reading: what the run read from arXiv.
        context: what the run started from.

    Returns:
        what to do on the forge, and every decision with its final verdict, in the order given.

    Raises:
        ListError: the list can't be edited safely.
        ConfigError: a section or the template of the configuration is wrong.
    """
    drafted = [_draft(job, known, context) for job in jobs if not job.is_empty]
    written = [entries for entries in drafted if entries.is_written]
    final = _final(decisions, drafted, held)
    closed_text = partial(_closed_text, known=known, context=context)
    plan = Plan(
        tuple(_proposal(entries, final, known, reading, context) for entries in written),
        build_closings(jobs, context.now.date(), closed_text),
        tuple(stuck_batch(entries.job, entries.stuck) for entries in drafted if entries.stuck),
    )
    return plan, final


def _draft(job: PaperJob, known: KnownPapers, context: RunContext) -> _Entries:
    """Writes the entries of a batch, each in the section that the configuration names or the list suggests."""
    unknown = [paper for paper in (*job.keep, *job.perhaps) if paper not in known.candidates]
    if unknown:
        return _Entries(job, stuck=not_found(unknown, known.failure))
    decisions = (*_kept(job, known, context), *job.new)
    by_id = {decision.candidate.paper.id: decision for decision in decisions}
    written: list[ProposedPaper] = []
    refused: list[Refused] = []
    for path, file in context.writable.items():
        wanted = [
            (decision.candidate.paper, _section(decision, context, path))
            for decision in by_id.values()
            if context.owner(decision.candidate.evidence.topics) == path
        ]
        block, inbox = context.settings(path), context.inbox(path)
        for entry in draft(file, wanted, block.template, inbox, todo=block.todo) if wanted else ():
            if isinstance(entry, Refused):
                refused.append(entry)
            else:
                below = _below_title(entry, file)
                written.append(ProposedPaper(by_id[entry.paper.id], below, path))
    return _Entries(job, tuple(written), tuple(refused), _why_stuck(refused, job.keep))


def _why_stuck(refused: Iterable[Refused], keep: Sequence[ArxivId]) -> str:
    """Why a batch can't be rewritten: a paper that it must keep was refused; empty if none was."""
    lost = next((entry for entry in refused if entry.paper.id in keep), None)
    if lost is None:
        return ""
    return (
        "it can't be rewritten, because the list no longer has a place for one of its papers "
        f"({lost.paper.id}: {lost.why})"
    )


def _below_title(entry: Draft, file: PaperList) -> Draft:
    """Removes the list's own title from the start of the entry's section paths."""
    titles = {section.title for section in file.document.sections if section.level == 1}
    top = f"{titles.pop()} / " if len(titles) == 1 else ""
    destination = replace(
        entry.destination,
        section=entry.destination.section.removeprefix(top),
        alternatives=tuple(path.removeprefix(top) for path in entry.destination.alternatives),
    )
    return replace(entry, destination=destination)


def _kept(job: PaperJob, known: KnownPapers, context: RunContext) -> list[Decision]:
    """The decisions on the papers that a batch keeps, with their current data."""
    kept = [known.decision(paper, Verdict.PROPOSE, Reason.RELEVANT) for paper in job.keep]
    index = context.papers.index
    return [
        replace(decision, looks_like=index.looks_like(decision.candidate.paper))
        for decision in kept
    ]


def _section(decision: Decision, context: RunContext, path: str) -> str:
    """The section that a matching topic of this file names, the first topic first; empty if none does."""
    sections = {
        topic.name: topic.section for topic in context.topics if context.owner([topic.name]) == path
    }
    matching = decision.candidate.evidence.topics
    return next(filter(None, (sections.get(name) for name in matching)), "")


def _final(
    decisions: Iterable[Decision],
    drafted: Sequence[_Entries],
    held: Mapping[ArxivId, tuple[Reason, str]],
) -> tuple[Decision, ...]:
    """The final decisions: papers without room or section are held back, written papers get their section."""
    reasons = dict(held)
    places: dict[ArxivId, tuple[str, ...]] = {}
    for entries in drafted:
        reasons |= _no_place(entries)
        if entries.is_written:
            places |= {
                paper.id: (paper.section, *paper.draft.destination.alternatives)
                for paper in entries.written
            }
    return tuple(_with_place(_with_verdict(decision, reasons), places) for decision in decisions)


def _no_place(entries: _Entries) -> dict[ArxivId, tuple[Reason, str]]:
    """The papers of a batch for which no entry could be written, and why."""
    reasons = {refused.paper.id: (Reason.NO_PLACE, refused.why) for refused in entries.refused}
    if entries.stuck:
        for decision in (*entries.job.new, *entries.job.new_perhaps):
            reasons[decision.candidate.paper.id] = (Reason.NO_PLACE, entries.stuck)
    return reasons


def _with_verdict(decision: Decision, held: Mapping[ArxivId, tuple[Reason, str]]) -> Decision:
    accepted = decision.verdict in {Verdict.PROPOSE, Verdict.PERHAPS}
    if not accepted or decision.candidate.paper.id not in held:
        return decision
    reason, detail = held[decision.candidate.paper.id]
    return replace(decision, verdict=Verdict.HOLD, reason=reason, detail=detail)


def _with_place(decision: Decision, places: Mapping[ArxivId, tuple[str, ...]]) -> Decision:
    sections = places.get(decision.candidate.paper.id)
    if sections is None or decision.verdict is not Verdict.PROPOSE:
        return decision
    return replace(decision, sections=sections)


def _proposal(
    entries: _Entries,
    decisions: Sequence[Decision],
    known: KnownPapers,
    reading: Reading,
    context: RunContext,
) -> Proposal:
    job = entries.job
    held = [decision for decision in decisions if decision.verdict is Verdict.HOLD]
    ordered = sorted(entries.written, key=lambda paper: best_first(paper.decision))
    perhaps = _perhaps(job, known)
    batch = PaperBatch(
        papers=ordered,
        perhaps=tuple(perhaps.values()),
        titles=known.titles(job.declined),
        coverage=reading.coverage,
        held=held,
        threshold=context.config.screening.threshold,
        addresses=context.addresses,
    )
    shown = (*(paper.decision for paper in ordered), *perhaps.values())
    declined = (known.candidates[paper] for paper in job.declined if paper in known.candidates)
    judged = _judged((*(decision.candidate for decision in shown), *declined))
    content = BatchContent(
        items=tuple(paper.id for paper in ordered),
        changed=_changed(entries.written, context),
        title=_title(context.config.pull_request.title, ordered),
        lines=[commit_line(paper) for paper in ordered],
        text=lambda marker: render_text(marker, batch),
        perhaps=tuple(perhaps),
        noted=_noted(decisions, context),
        judged=tuple((paper, code) for paper, (code, _) in judged.items()),
        principles=next((version for _, version in judged.values()), ""),
    )
    resume = reading.resume_with(submission_time(decision.candidate.paper) for decision in held)
    return build_proposal(job, content, context, contents=Contents.PAPERS, resume=resume)


def _noted(decisions: Iterable[Decision], context: RunContext) -> tuple[ArxivId, ...]:
    """The papers of the lower tier if pull requests have one paper each, so that no text can ask about them."""
    if not context.rules.one_each:
        return ()
    unsure = (decision for decision in decisions if decision.verdict is Verdict.PERHAPS)
    return tuple(decision.candidate.paper.id for decision in unsure)


def _changed(papers: Sequence[ProposedPaper], context: RunContext) -> dict[str, ChangedFile]:
    """Each file that changes, by path, with the papers' entries in it."""
    changed = {}
    for path in dict.fromkeys(paper.path for paper in papers):
        edits = [paper.draft.insertion for paper in papers if paper.path == path]
        after = verify(context.papers.files[path].document, edits, added=len(edits))
        changed[path] = ChangedFile(after.content, edits)
    return changed


def _judged(candidates: Iterable[Candidate]) -> dict[ArxivId, tuple[str, str]]:
    """The judge's answers about the papers, and the version of its principles, which is the same for all."""
    return {
        candidate.paper.id: (encode(judgement.answers, candidate.paper), judgement.version)
        for candidate in candidates
        if (judgement := candidate.judgement)
    }


def _perhaps(job: PaperJob, known: KnownPapers) -> dict[ArxivId, Decision]:
    """The papers under "Perhaps", best first, with their current data."""
    shown = [known.decision(paper, Verdict.PERHAPS, Reason.UNSURE) for paper in job.perhaps]
    ordered = sorted((*shown, *job.new_perhaps), key=best_first)
    return {decision.candidate.paper.id: decision for decision in ordered}


def _closed_text(marker: Marker[ArxivId], known: KnownPapers, context: RunContext) -> str:
    return render_closed(marker, known.titles(marker.declined), context.addresses)


def commit_line(paper: ProposedPaper) -> str:
    """A paper's line in the commit message."""
    return f"* {unlinked(plain(paper.draft.paper.title))} ({paper.id})"


def submission_time(paper: Paper) -> datetime:
    """Returns the paper's submission time, or else the start of its id's month (UTC)."""
    return paper.submitted or datetime(paper.id.year, paper.id.month, 1, tzinfo=UTC)


def _title(pattern: str, papers: Sequence[ProposedPaper]) -> str:
    if not papers:
        return _NOTHING_SURE
    title = pattern.format(
        count=count(len(papers), "paper"), title=plain(papers[0].draft.paper.title)
    )
    title = unlinked(title)
    return title if len(title) <= _TITLE_LIMIT else f"{title[: _TITLE_LIMIT - 1]}…"
