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
from bot.listing.paper_list import PaperList
from bot.proposals.answers import read_refreshes
from bot.proposals.batch_updates import Cause, upkeep
from bot.proposals.batching import BatchRules, share_out
from bot.proposals.body import Origin
from bot.proposals.items import Fact
from bot.proposals.marker import Contents
from bot.publishing import dressed, examined, left_alone
from bot.refresh.find_changes import Older, find_changes, listed_in, other_titles
from bot.refresh.model import Findings
from bot.refresh.propose import MOST, Desk, Settled, plan
from bot.refresh.report import RefreshReport, ReportedChange
from bot.sources.protocol import LookUp, Versions

_OLDER = 9  # versions that are looked up beside the newest


def refresh(
    config: Config,
    *,
    source: LookUp,
    of: str,
    forge: Forge,
    now: datetime,
    run_url: str = "",
) -> RefreshReport:
    """Runs one refresh.

    Args:
        config: the configuration.
        source: where to look papers up.
        of: the name of that source, for people.
        forge: where the list lives; a preview forge makes this a dry run.
        now: the time of the run, UTC.
        run_url: the address of this run's log, which the pull request links.

    Raises:
        SourceError: the papers could not be looked up.
        ForgeError, ListError, ConfigError: nothing could be done, and nothing was.
    """
    state = forge.read()
    listing = PaperList.parse(state.base.content, config.list.heading)
    listed = listed_in(listing)
    ids = [one.ids[0] for one in listed]
    papers = {one.id: one for one in source.look_up(ids)}
    older = _older(source, listed, papers)
    found = find_changes(listing, papers, older, config.list.template)
    desk = Desk(
        state=state,
        listing=listing,
        due={one.id: one for one in found.changes},
        notes=found.notes,
        coverage=Coverage("look-up", of, f"{len(ids):,} ids", read=len(papers), matched=len(ids)),
        unknown=tuple(one for one in ids if one not in papers),
        rules=replace(
            BatchRules.of(config.pull_request), one_each=False, max_items=MOST, max_open=1
        ),
        origin=Origin(__version__, run_url),
        now=now,
    )
    unsure = () if isinstance(source, Versions) else (Fact.TITLE,)
    settled = Settled(desk.due, desk.unknown, unsure)
    return _published(found, settled, desk, forge)


def _published(found: Findings, settled: Settled, desk: Desk, forge: Forge) -> RefreshReport:
    """Updates the pull request and reports the refresh."""
    refreshes = read_refreshes(desk.state, desk.due, desk.now)
    new = [one for one in found.changes if one.id not in refreshes.known]
    batches = upkeep(refreshes.open, desk.state.base, settled, Cause.SETTLED)
    looked_at = tuple(examined(batches, len(new), desk.rules, forge))
    jobs, waiting = share_out(new, looked_at, desk.rules)
    planned = plan(jobs, len(waiting), desk)
    outcomes = chain(
        (left_alone(one) for one in looked_at if one.frozen and one.causes),
        planned.stuck,
        dressed(desk.state, desk.rules, Contents.CHANGES, forge),
        (forge.close(closing) for closing in planned.closings),
        (forge.ensure(proposal) for proposal in planned.proposals),
    )
    return RefreshReport(
        version=__version__,
        started=desk.now,
        place=desk.state.place,
        list_path=desk.state.base.path,
        coverage=desk.coverage,
        unknown=desk.unknown,
        changes=tuple(
            ReportedChange.of(one, refreshes.known.get(one.id), waits=one in waiting)
            for one in found.changes
        ),
        notes=found.notes,
        outcomes=tuple(outcomes),
    )


def _older(source: LookUp, listed: Sequence[Listed], papers: Mapping[ArxivId, Paper]) -> Older:
    """Earlier titles of the papers that are listed under another title; empty if the source has no versions."""
    if not isinstance(source, Versions):
        return {}
    wanted = [
        ArxivId(one.id.value, version)
        for one in other_titles(listed, papers)
        for version in range(max(1, (one.id.version or 1) - _OLDER), one.id.version or 1)
    ]
    titles: dict[ArxivId, list[str]] = {}
    for paper in source.versions(wanted):
        titles.setdefault(paper.id, []).append(paper.title)
    return titles
