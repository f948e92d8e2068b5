"""Runs one refresh: reads the list, looks its papers up, finds changes, and updates the pull request.

Everything with an effect comes in as an argument, as in `bot.pipeline`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain

from bot.core.arxiv_id import ArxivId
from bot.core.config import Config
from bot.core.model import Coverage, Paper
from bot.core.version import __version__
from bot.forge.protocol import Forge
from bot.listing.index import Listed
from bot.proposals.answers import read_change_answers
from bot.proposals.batching import Cause, batch_updates, share_out
from bot.proposals.context import NO_LINKS, RunContext, RunLinks
from bot.proposals.items import ChangeId, Fact
from bot.proposals.marker import Contents
from bot.publishing import carry_out, examined
from bot.refresh.find_changes import Older, find_changes, listed_in, other_titles
from bot.refresh.model import EntryChange, Findings, Note, RefreshReport, ReportedChange
from bot.refresh.propose import MOST, propose_changes
from bot.sources.protocol import LookUp, Versions

_OLDER = 9  # versions that are looked up in addition to the newest


def refresh(
    config: Config,
    *,
    source: LookUp,
    of: str,
    forge: Forge,
    now: datetime,
    links: RunLinks = NO_LINKS,
) -> RefreshReport:
    """Runs one refresh; a preview forge makes it a dry run.

    `of` names the source in texts.

    Raises:
        SourceError: the papers could not be looked up.
        ForgeError, ListError, ConfigError: the refresh was not possible, and nothing was changed.
    """
    context = RunContext.of(config, forge.read(), now, links)
    listed = list(chain.from_iterable(map(listed_in, context.writable.values())))
    ids = list(dict.fromkeys(entry.ids[0] for entry in listed))
    papers = {paper.id: paper for paper in source.look_up(ids)}
    older = _older(source, listed, papers)
    findings = _find_changes(papers, older, context)
    coverage = Coverage("look-up", of, f"{len(ids):,} ids", read=len(papers), matched=len(ids))
    unknown = tuple(paper for paper in ids if paper not in papers)
    unsure = () if isinstance(source, Versions) else (Fact.TITLE,)
    due = {change.id for change in findings.changes}
    answers = read_change_answers(context.state, due, now)
    new = [change for change in findings.changes if change.id not in answers.known]
    rules = replace(context.rules, one_each=False, max_items=MOST, max_open=1, max_perhaps=0)
    # A change that the source can't confirm stays in its batch.
    settled = {
        change
        for batch in answers.open
        for change in batch.marker.named
        if change not in due and change.paper not in unknown and change.fact not in unsure
    }
    needed = batch_updates(answers.open, context.state.base, settled, Cause.SETTLED)
    updates = tuple(examined(needed, rules, forge, len(new)))
    shared = share_out(new, updates, rules)
    plan = propose_changes(shared.jobs, findings, coverage, len(shared.left), context)
    proposed = (forge.ensure(proposal) for proposal in plan.proposals)
    outcomes = carry_out(plan, proposed, updates, context, Contents.CHANGES, forge)
    return RefreshReport(
        version=__version__,
        started=now,
        place=context.state.place,
        list_path=context.state.base.path,
        coverage=coverage,
        unknown=unknown,
        changes=tuple(
            ReportedChange.of(change, answers.known.get(change.id), waits=change in shared.left)
            for change in findings.changes
        ),
        notes=findings.notes,
        outcomes=tuple(outcomes),
    )


def _find_changes(papers: Mapping[ArxivId, Paper], older: Older, context: RunContext) -> Findings:
    """The findings in all files that the bot may write; the same change in two files is one."""
    changes: dict[ChangeId, EntryChange] = {}
    notes: list[Note] = []
    for path, file in context.writable.items():
        found = find_changes(file, papers, older, context.settings(path).template)
        for change in found.changes:
            named = replace(change, listed=change.listed._replace(path=path))
            first = changes.get(change.id)
            changes[change.id] = replace(first, again=(*first.again, named)) if first else named
        notes += (replace(note, listed=note.listed._replace(path=path)) for note in found.notes)
    return Findings(tuple(changes.values()), tuple(notes))


def _older(source: LookUp, listed: Sequence[Listed], papers: Mapping[ArxivId, Paper]) -> Older:
    """Earlier titles of the papers that are listed under another title; empty if the source has no versions."""
    if not isinstance(source, Versions):
        return {}
    wanted = [
        ArxivId(paper.id.value, version)
        for paper in other_titles(listed, papers)
        for version in range(max(1, (paper.id.version or 1) - _OLDER), paper.id.version or 1)
    ]
    titles: dict[ArxivId, list[str]] = {}
    for paper in source.versions(wanted):
        titles.setdefault(paper.id, []).append(paper.title)
    return titles
