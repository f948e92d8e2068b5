"""Steps 6 and 7 of a run: what the open batches need and what is new becomes proposals, and these are carried out.

The forge is asked about an open batch only where something would change in it, and arXiv about its papers only then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from bot.core.arxiv_id import ArxivId
from bot.core.errors import SourceError
from bot.core.model import Candidate, Decision, Outcome, OutcomeKind, Paper, Reason, Topic, Verdict
from bot.forge.protocol import Forge
from bot.listing.paper_list import PaperList
from bot.proposals.answers import History
from bot.proposals.batch_updates import Upkeep, upkeep
from bot.proposals.batching import BatchRules, room_in
from bot.proposals.items import Item, papers_among
from bot.proposals.marker import Contents
from bot.proposals.model import ForgeState, Proposal, PullState, describe
from bot.proposals.propose import Assignment, Circumstances, Desk, Plan, assign, plan, when
from bot.sources.protocol import LookUp

_SAME = frozenset({Reason.LISTED, Reason.SAME_TITLE})
_WELL = frozenset({OutcomeKind.CREATED, OutcomeKind.UPDATED, OutcomeKind.PREVIEWED})


@dataclass(frozen=True, slots=True)
class Setting:
    """What does not change while a run's results are published.

    `score` makes candidates of papers, `lookups` are asked for papers of open batches that this run has not met.
    """

    state: ForgeState
    papers: PaperList
    history: History
    topics: Mapping[str, Topic]
    template: str | None
    rules: BatchRules
    circumstances: Circumstances
    lookups: Sequence[LookUp]
    score: Callable[[Iterable[Paper]], Sequence[Candidate]]


def publish(
    decisions: Sequence[Decision], setting: Setting, forge: Forge
) -> tuple[tuple[Decision, ...], tuple[Outcome, ...]]:
    """Brings the open batches up to date, and proposes what is accepted.

    Returns:
        the decisions with their final verdicts, in the order given, and what was done.

    Raises:
        ListError, ConfigError: nothing could be written, and nothing was.
    """
    same = {one.candidate.paper.id for one in decisions if one.reason in _SAME}
    open_batches = upkeep(setting.history.open, setting.state.base, _Listed(setting.papers, same))
    waiting = sum(one.verdict is Verdict.PROPOSE for one in decisions)
    looked_at = tuple(examined(open_batches, waiting, setting.rules, forge))
    assignment = assign(decisions, looked_at, setting.rules)
    planned = _planned(decisions, assignment, setting)
    frozen = (left_alone(one) for one in looked_at if one.frozen and one.causes)
    done = chain(
        frozen,
        planned.stuck,
        dressed(setting.state, setting.rules, Contents.PAPERS, forge),
        (forge.close(closing) for closing in planned.closings),
        _carried_out(planned, setting.circumstances, forge),
    )
    return planned.decisions, tuple(done)


class _Listed:
    """The papers in the list: by the index, and those that this run found there under another link."""

    def __init__(self, papers: PaperList, same: frozenset[ArxivId] | set[ArxivId]) -> None:
        self._index = papers.index
        self._same = same

    def __contains__(self, paper: object) -> bool:
        return isinstance(paper, ArxivId) and (
            paper in self._same or self._index.find_id(paper) is not None
        )


def examined(
    open_batches: Sequence[Upkeep[Item]], waiting: int, rules: BatchRules, forge: Forge
) -> Iterator[Upkeep[Item]]:
    """The open batches, while so many items wait for room; those that would change as a close look shows them."""
    for one in open_batches:
        grows = waiting > 0 and room_in(one, rules) > 0
        seen = one
        if not one.frozen and (one.causes or grows):
            seen = one.after(forge.examine(one.batch, conflicts=one.only_a_conflict))
        waiting -= min(waiting, room_in(seen, rules))
        yield seen


def _planned(decisions: Sequence[Decision], assignment: Assignment, setting: Setting) -> Plan:
    met = {one.candidate.paper.id: one.candidate for one in decisions}
    missing = [one for one in assignment.named if one not in met]
    found, failure = _looked_up(missing, setting.lookups)
    desk = Desk(
        state=setting.state,
        papers=setting.papers,
        topics=setting.topics,
        known=met | {one.paper.id: one for one in setting.score(found)},
        template=setting.template,
        rules=setting.rules,
        circumstances=setting.circumstances,
        failure=failure,
    )
    return plan(decisions, assignment, desk)


def _looked_up(papers: Sequence[ArxivId], lookups: Sequence[LookUp]) -> tuple[list[Paper], str]:
    """The papers, and why some are missing, if a source says so."""
    found: dict[ArxivId, Paper] = {}
    failure = ""
    for source in lookups:
        missing = [one for one in papers if one not in found]
        if not missing:
            break
        try:
            found |= {one.id: one for one in source.look_up(missing)}
        except SourceError as error:
            failure = error.message
    return list(found.values()), failure


def left_alone(one: Upkeep[Item]) -> Outcome:
    """That an open batch is a person's now, and what would change in it else."""
    causes = ", ".join(cause.value for cause in one.causes)
    title, number, url = describe(one.batch.pull, one.batch.branch)
    detail = f"{one.frozen} (else it would change, as {causes})"
    return Outcome(
        OutcomeKind.FROZEN, title, number, url, papers_among(one.batch.marker.items), detail=detail
    )


def dressed(
    state: ForgeState, rules: BatchRules, contents: Contents, forge: Forge
) -> Iterator[Outcome]:
    """Gives the bot's open pull requests the labels that they lack: a run may have died before they got them."""
    for pull in state.pulls:
        own = pull.own
        ours = own is not None and (own.path, own.contents) == (state.base.path, contents)
        lacks = not all(pull.has(label) for label in rules.labels)
        if pull.state is PullState.OPEN and ours and lacks:
            outcome = forge.label_and_request_review(pull, rules.labels, rules.reviewers)
            if outcome is not None:
                yield outcome


def _carried_out(planned: Plan, circumstances: Circumstances, forge: Forge) -> Iterator[Outcome]:
    """One proposal after the other; each records that the papers of those not done yet must be asked for again."""
    submitted = {one.candidate.paper.id: when(one.candidate.paper) for one in planned.decisions}
    failed: list[Proposal] = []
    for number, proposal in enumerate(planned.proposals):
        undone = [*failed, *planned.proposals[number + 1 :]]
        times = [submitted[paper] for one in undone for paper in one.papers if paper in submitted]
        resume = min(proposal.marker.resume, circumstances.resume_with(times))
        outcome = forge.ensure(replace(proposal, marker=replace(proposal.marker, resume=resume)))
        if outcome.kind not in _WELL:
            failed.append(proposal)
        yield outcome
