"""From decisions to proposals: which papers go into which batch, and the whole text of each. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.arxiv_id import ArxivId
from bot.batches import History, Marker, branch_of
from bot.body import Item, Origin, render_body
from bot.document import Document, verify
from bot.entries import Draft, ListRules, Place, Refused, draft
from bot.escaping import words
from bot.index import ListIndex
from bot.model import Coverage, Decision, Proposal, Reason, Topic, Verdict
from bot.pulls import ForgeState
from bot.titles import plain

_TITLE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class BatchRules:
    """What the configuration says of pull requests."""

    one_each: bool
    max_items: int
    max_open: int
    labels: tuple[str, ...]
    reviewers: tuple[str, ...]
    title: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do: the proposals, and every decision with its final verdict, in the order given."""

    proposals: tuple[Proposal, ...]
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a proposal also tells of: coverage, the run, and from when the next run asks if nothing is held back."""

    coverage: tuple[Coverage, ...]
    origin: Origin
    resume: datetime


def plan(
    decisions: Sequence[Decision],
    *,
    state: ForgeState,
    history: History,
    index: ListIndex,
    document: Document,
    topics: Mapping[str, Topic],
    list_rules: ListRules,
    rules: BatchRules,
    circumstances: Circumstances,
) -> Plan:
    """Puts the accepted papers, best first, into batches within the limits; what finds no room is held back.

    Raises:
        ListError: the list can't be edited safely.
        ConfigError: a section or the template of the configuration is wrong.
    """
    room = max(0, rules.max_open - history.open_batches)
    accepted = [one for one in decisions if one.verdict is Verdict.PROPOSE]
    size, batches = (1, room) if rules.one_each else (rules.max_items, min(room, 1))
    chosen, held = accepted[: size * batches], _held(accepted[size * batches :], rules, room)
    wanted = [(one.candidate.paper, _section(one, topics)) for one in chosen]
    drafted = draft(document, index, wanted, list_rules) if chosen else ()
    held |= {
        one.paper.id: (Reason.NO_PLACE, one.why) for one in drafted if isinstance(one, Refused)
    }
    places = {one.paper.id: one.place for one in drafted if isinstance(one, Draft)}
    final = tuple(_with_place(_with_verdict(one, held), places) for one in decisions)
    by_id = {one.candidate.paper.id: one for one in final}
    items = [Item(by_id[one.paper.id], one) for one in drafted if isinstance(one, Draft)]
    groups = [[item] for item in items] if rules.one_each else [items] if items else []
    proposals = tuple(
        _proposal(
            group, final, state=state, document=document, rules=rules, circumstances=circumstances
        )
        for group in groups
    )
    return Plan(proposals, final)


def _held(
    rest: Sequence[Decision], rules: BatchRules, room: int
) -> dict[object, tuple[Reason, str]]:
    reason, detail = Reason.BATCH_FULL, f"at most {rules.max_items} papers"
    if rules.one_each or not room:
        reason, detail = Reason.BATCHES_OPEN, f"at most {rules.max_open} at a time"
    return {one.candidate.paper.id: (reason, detail) for one in rest}


def _with_verdict(one: Decision, held: Mapping[object, tuple[Reason, str]]) -> Decision:
    if one.verdict is not Verdict.PROPOSE or one.candidate.paper.id not in held:
        return one
    reason, detail = held[one.candidate.paper.id]
    return replace(one, verdict=Verdict.HOLD, reason=reason, detail=detail)


def _with_place(one: Decision, places: Mapping[ArxivId, Place]) -> Decision:
    place = places.get(one.candidate.paper.id)
    return replace(one, sections=(place.section, *place.alternatives)) if place else one


def _section(one: Decision, topics: Mapping[str, Topic]) -> str:
    """The section that the first matching topic names, if any does."""
    named = (topics[name].section for name in one.candidate.evidence.topics if name in topics)
    return next(filter(None, named), "")


def _proposal(
    items: Sequence[Item],
    decisions: Sequence[Decision],
    *,
    state: ForgeState,
    document: Document,
    rules: BatchRules,
    circumstances: Circumstances,
) -> Proposal:
    insertions = [item.draft.insertion for item in items]
    after = verify(document, insertions, added=len(items))
    ordered = sorted(items, key=lambda item: -item.decision.candidate.score)
    papers = tuple(item.draft.paper.id for item in ordered)
    held = [one for one in decisions if one.verdict is Verdict.HOLD]
    marker = Marker(papers, state.base.path, _resume(held, circumstances.resume))
    title = _title(rules.title, ordered)
    branch = branch_of(papers)
    return Proposal(
        branch=branch,
        base_branch=state.base.branch,
        base_sha=state.base.sha,
        path=state.base.path,
        before=state.base.content,
        content=after.content,
        message=_message(title, branch, ordered),
        title=title,
        body=render_body(marker, ordered, circumstances.coverage, held, circumstances.origin),
        labels=rules.labels,
        reviewers=rules.reviewers,
        papers=papers,
    )


def _resume(held: Sequence[Decision], otherwise: datetime) -> datetime:
    """The submission of the earliest paper held back, so that the next run finds it again (docs/decisions/0002)."""
    times = [one.candidate.paper.submitted for one in held]
    return min([moment for moment in times if moment] + [otherwise])


def _title(pattern: str, items: Sequence[Item]) -> str:
    count = "1 paper" if len(items) == 1 else f"{len(items)} papers"
    title = pattern.format(count=count, title=plain(items[0].draft.paper.title))
    title = words(title)
    return title if len(title) <= _TITLE_LIMIT else f"{title[: _TITLE_LIMIT - 1]}…"


def _message(title: str, branch: str, items: Sequence[Item]) -> str:
    """The commit's message; its trailers name the batch and its papers."""
    lines = [f"* {words(plain(item.draft.paper.title))} ({item.draft.paper.id})" for item in items]
    papers = " ".join(str(item.draft.paper.id) for item in items)
    trailers = f"Arxiv-Bot-Batch: {branch}\nArxiv-Bot-Papers: {papers}"
    return "\n\n".join([title, "\n".join(lines), trailers]) + "\n"
