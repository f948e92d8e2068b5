"""Steps 6 and 7 of a run: turns changes to open batches and newly accepted papers into proposals, and publishes them.

The forge inspects an open batch, and arXiv looks up its papers, only if the batch would change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import chain

from bot.core.arxiv_id import ArxivId
from bot.core.english import count
from bot.core.model import Candidate, Decision, Outcome, OutcomeKind, Paper, Reason, Verdict
from bot.forge.protocol import Forge
from bot.listing.index import ListIndex
from bot.proposals.answers import PaperAnswers, read_removal_answers
from bot.proposals.batching import BatchRules, BatchUpdate, Cause, batch_updates, share_out
from bot.proposals.build import Plan
from bot.proposals.context import RunContext
from bot.proposals.items import Item, papers_among
from bot.proposals.marker import Contents, read_ticks
from bot.proposals.model import Batch, Proposal, PullState, describe
from bot.proposals.propose import (
    KnownPapers,
    PaperJob,
    Reading,
    propose_papers,
    submission_time,
)
from bot.proposals.removals import MOST as REMOVALS
from bot.proposals.removals import propose_removals, unapplied
from bot.sources.collect import look_up
from bot.sources.protocol import LookUp

_PERHAPS_WAIT = timedelta(days=30)
_IN_LIST = frozenset({Reason.LISTED, Reason.SAME_TITLE})
_DONE = frozenset({OutcomeKind.CREATED, OutcomeKind.UPDATED, OutcomeKind.PREVIEWED})


def publish(
    decisions: Sequence[Decision],
    answers: PaperAnswers,
    reading: Reading,
    context: RunContext,
    *,
    forge: Forge,
    lookups: Sequence[LookUp],
    score: Callable[[Iterable[Paper]], Sequence[Candidate]],
) -> tuple[tuple[Decision, ...], tuple[Outcome, ...]]:
    """Updates the open batches, and proposes the accepted papers.

    Args:
        decisions: the run's decisions, in the order in which papers go into batches.
        answers: people's answers, and the open batches.
        reading: what the run read from arXiv.
        context: what the run started from.
        forge: publishes the proposals.
        lookups: sources that look up papers of open batches which this run has not read.
        score: turns papers into candidates.

    Returns:
        the decisions with their final verdicts, in the order given, and what was done.

    Raises:
        ListError, ConfigError: nothing could be published, and nothing was.
    """
    accepted = [decision for decision in decisions if decision.verdict is Verdict.PROPOSE]
    unsure = [decision for decision in decisions if decision.verdict is Verdict.PERHAPS]
    listed = _ListedPapers(context.papers.index, decisions)
    needed = tuple(batch_updates(answers.open, context.state.base, listed))
    room = context.rules.free_perhaps(sum(len(update.perhaps) for update in needed))
    unsure, too_many = unsure[:room], unsure[room:]
    updates = tuple(examined(needed, context.rules, forge, len(accepted), len(unsure)))
    shared = share_out(accepted, updates, context.rules, unsure)
    known = _known_papers(shared.jobs, decisions, lookups, score)
    held = _no_room(shared.left, (*shared.left_perhaps, *too_many), context)
    plan, final = propose_papers(decisions, shared.jobs, held, known, reading, context)
    proposed = _propose_in_turn(plan, final, reading, forge)
    done = carry_out(plan, proposed, updates, context, Contents.PAPERS, forge)
    return final, (*done, *propose_late_removals(context, forge))


def propose_late_removals(context: RunContext, forge: Forge) -> tuple[Outcome, ...]:
    """Proposes to remove the papers that a person unticked too late, just before their pull request was merged.

    Raises:
        ListError: the list can't be edited safely.
    """
    found = unapplied(context.state, context.papers.index)
    due = {paper: late for paper, late in found.items() if late.listed.path in context.writable}
    answers = read_removal_answers(context.state, due, context.now)
    new = [paper for paper in due if paper not in answers.known]
    rules = BatchRules(one_each=False, max_items=REMOVALS, max_open=1)
    settled = {paper for batch in answers.open for paper in batch.marker.named if paper not in due}
    needed = batch_updates(answers.open, context.state.base, settled, Cause.SETTLED)
    updates = tuple(examined(needed, rules, forge, len(new)))
    plan = propose_removals(share_out(new, updates, rules).jobs, due, context)
    proposed = (forge.ensure(proposal) for proposal in plan.proposals)
    return tuple(carry_out(plan, proposed, updates, context, Contents.REMOVALS, forge))


def mark_answered(batches: Iterable[Batch[Item]], forge: Forge) -> None:
    """Marks the open batches whose boxes a person ticked or unticked, because their branches do not reflect it yet.

    Reading arXiv takes a run minutes, and nobody should merge during that time.
    """
    for batch in batches:
        ticks = read_ticks(batch.marker, batch.pull.body if batch.pull else "")
        if set(ticks.wanted) != set(batch.marker.items):
            forge.mark_waiting(batch)


class _ListedPapers:
    """The papers in the list: those in the index, and those that this run recognised there by their title."""

    def __init__(self, index: ListIndex, decisions: Iterable[Decision]) -> None:
        self._index = index
        self._found = {
            decision.candidate.paper.id for decision in decisions if decision.reason in _IN_LIST
        }

    def __contains__(self, paper: object) -> bool:
        return isinstance(paper, ArxivId) and (
            paper in self._found or self._index.find_id(paper) is not None
        )


def examined(
    updates: Iterable[BatchUpdate[Item]],
    rules: BatchRules,
    forge: Forge,
    waiting: int,
    unsure: int = 0,
) -> Iterator[BatchUpdate[Item]]:
    """Adds the forge's inspection to the update of each batch that would change.

    `waiting` is the number of new items for the branches, `unsure` the number for "Perhaps".
    """
    for update in updates:
        grows = min(waiting, update.room(rules)) + min(unsure, update.room_for_perhaps(rules))
        inspected = update
        if not update.frozen and (update.causes or grows):
            inspected = update.after(forge.examine(update.batch, conflicts=update.only_a_conflict))
        waiting -= min(waiting, inspected.room(rules))
        unsure -= min(unsure, inspected.room_for_perhaps(rules))
        yield inspected


def _no_room(
    accepted: Iterable[Decision], unsure: Iterable[Decision], context: RunContext
) -> dict[ArxivId, tuple[Reason, str]]:
    """The papers that no batch has room for, with the reason.

    Papers for "Perhaps" wait for 30 days; older ones are left out here and no longer held back.
    """
    rules = context.rules
    each = "" if rules.one_each else f", with at most {count(rules.max_items, 'paper')} each"
    full = (Reason.BATCHES_OPEN, f"at most {count(rules.max_open, 'pull request')} at a time{each}")
    waits = (Reason.WAITS, f"at most {rules.max_perhaps} at a time")
    recent = [
        paper
        for paper in (decision.candidate.paper for decision in unsure)
        if rules.max_perhaps and context.now - submission_time(paper) <= _PERHAPS_WAIT
    ]
    return {decision.candidate.paper.id: full for decision in accepted} | {
        paper.id: waits for paper in recent
    }


def _known_papers(
    jobs: Sequence[PaperJob],
    decisions: Sequence[Decision],
    lookups: Sequence[LookUp],
    score: Callable[[Iterable[Paper]], Sequence[Candidate]],
) -> KnownPapers:
    """Looks up the papers that are already in batches, which is needed to rewrite those batches."""
    known = {decision.candidate.paper.id: decision.candidate for decision in decisions}
    named = dict.fromkeys(
        paper for job in jobs for paper in (*job.keep, *job.perhaps, *job.declined)
    )
    found, failure = look_up([paper for paper in named if paper not in known], lookups)
    scored = {candidate.paper.id: candidate for candidate in score(found.values())}
    return KnownPapers(known | scored, failure)


def _propose_in_turn(
    plan: Plan, decisions: Sequence[Decision], reading: Reading, forge: Forge
) -> Iterator[Outcome]:
    """Publishes the batches in order. The `resume` of each covers papers of batches that are not published yet.

    If the run dies in between, the next run finds those papers again.
    """
    submitted = {
        decision.candidate.paper.id: submission_time(decision.candidate.paper)
        for decision in decisions
    }
    failed: list[Proposal] = []
    for number, proposal in enumerate(plan.proposals):
        undone = [*failed, *plan.proposals[number + 1 :]]
        times = [
            submitted[paper] for later in undone for paper in later.papers if paper in submitted
        ]
        resume = min(proposal.marker.resume, reading.resume_with(times))
        outcome = forge.ensure(replace(proposal, marker=replace(proposal.marker, resume=resume)))
        if outcome.kind not in _DONE:
            failed.append(proposal)
        yield outcome


def carry_out(
    plan: Plan,
    proposed: Iterable[Outcome],
    updates: Iterable[BatchUpdate[Item]],
    context: RunContext,
    contents: Contents,
    forge: Forge,
) -> Iterator[Outcome]:
    """Carries out a plan and yields the outcomes: batches left alone, stuck batches, labels, closings, proposals."""
    return chain(
        (_left_alone(update) for update in updates if update.frozen and update.causes),
        plan.stuck,
        _label(context, contents, forge),
        (forge.close(closing) for closing in plan.closings),
        proposed,
    )


def _left_alone(update: BatchUpdate[Item]) -> Outcome:
    """Reports a batch that should change but that the bot leaves alone."""
    causes = ", ".join(cause.value for cause in update.causes)
    title, number, url = describe(update.batch.pull, update.batch.branch)
    papers = papers_among(update.batch.marker.items)
    detail = f"{update.frozen} (otherwise it would change: {causes})"
    return Outcome(OutcomeKind.FROZEN, title, number, url, papers, detail=detail)


def _label(context: RunContext, contents: Contents, forge: Forge) -> Iterator[Outcome]:
    """Adds missing labels to the bot's open pull requests, in case a run died before it added them."""
    block = context.config.pull_request
    for pull in context.state.pulls:
        own = pull.own
        ours = own is not None and own.contents is contents and own.path in context.state.base.files
        lacks = not all(pull.has(label) for label in block.labels)
        if pull.state is PullState.OPEN and ours and lacks:
            outcome = forge.label_and_request_review(pull, block.labels, block.reviewers)
            if outcome is not None:
                yield outcome
