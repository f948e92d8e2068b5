"""Brings a folder of daily papers up to date: today's from the announcements, missed days from OAI-PMH.

A complete day is never requested again. A killed harvest leaves only complete files, and running it again gives the
same files as an uninterrupted harvest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.core.arxiv_id import ArxivId
from bot.core.errors import SourceError, UsageError
from bot.core.model import Paper, Window
from bot.sources.announcements import Announcements
from bot.sources.calendar import announcement_day, working_days
from bot.sources.days import DayFolder, HarvestedDay, Manifest
from bot.sources.oai import OaiPmh, is_new
from bot.sources.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Harvested:
    """The result of a harvest: the new manifest, the days written, the number of requests, and what failed."""

    manifest: Manifest
    written: tuple[date, ...]
    requests: int
    failures: tuple[str, ...]


class Harvester:
    """Harvests papers into a folder.

    Args:
        folder: where the files are.
        announcements: the source of today's papers.
        oai: the source of missed days.
        categories: the categories to harvest.
        days: how many days up to today to keep.
    """

    def __init__(
        self,
        folder: DayFolder,
        announcements: Announcements,
        oai: OaiPmh,
        *,
        categories: Sequence[str],
        days: int,
    ) -> None:
        self._folder = folder
        self._announcements = announcements
        self._oai = oai
        self._categories = tuple(categories)
        self._kept = days

    def run(self, now: datetime) -> Harvested:
        """Harvests the days that are missing; `now` is the time (UTC).

        Raises:
            UsageError: the folder holds papers of other categories.
            SourceError: the folder's manifest can't be read.
        """
        today = announcement_day(now)
        days = self._known(today)
        before = set(days)
        requests, failures = 0, []
        wanted = [
            day
            for day in working_days(today - timedelta(days=self._kept - 1), today)
            if day not in days
        ]
        if today in wanted:
            found = self._announcements.collect((), Window(now, now))
            requests += found.coverage.requests
            todays = [paper for paper in found.papers if paper.announced == today]
            if found.coverage.complete and todays:
                self._write(days, today, todays, now)
                wanted.remove(today)
            elif found.coverage.failure:
                failures.append(f"announcements: {found.coverage.failure}")
        if wanted:
            sent, failure = self._fill(days, wanted, now)
            requests += sent
            failures += [f"oai: {failure}"] if failure else []
        manifest = self._write_manifest(days)
        return Harvested(manifest, tuple(sorted(set(days) - before)), requests, tuple(failures))

    def _known(self, today: date) -> dict[date, HarvestedDay]:
        """Returns the days that need no harvest: still kept, complete, and with an undamaged file."""
        manifest = self._folder.manifest() or Manifest(categories=self._categories)
        if manifest.days and set(manifest.categories) != set(self._categories):
            raise UsageError(
                f"the folder holds papers of other categories: {', '.join(manifest.categories)}",
                where=f"--output {self._folder.path}",
                fix="harvest the same categories, or choose another folder",
            )
        first = today - timedelta(days=self._kept - 1)
        return {
            day.day: day
            for day in manifest.days
            if first <= day.day <= today and day.complete and self._folder.is_whole(day)
        }

    def _fill(
        self, days: dict[date, HarvestedDay], wanted: Sequence[date], now: datetime
    ) -> tuple[int, str]:
        """Writes the wanted days from OAI-PMH; returns the number of requests, and the failure or ""."""
        window = Window(datetime.combine(wanted[0], time(), UTC), now)
        known = self._ids(days)
        before = self._oai.requests
        by_day: dict[date, dict[ArxivId, Paper]] = defaultdict(dict)
        try:
            for change in self._oai.changes(wanted[0]):
                if change.paper.id not in known and is_new(change.paper, window):
                    for others in by_day.values():
                        others.pop(change.paper.id, None)
                    by_day[_day_of(change.day, wanted)][change.paper.id] = change.paper
        except SourceError as error:
            return self._oai.requests - before, error.message
        for day in wanted:
            papers = [replace(paper, announced=day) for paper in by_day[day].values()]
            if papers or day < announcement_day(now):  # today's papers may still be announced
                self._write(days, day, papers, now)
        return self._oai.requests - before, ""

    def _ids(self, days: Mapping[date, HarvestedDay]) -> set[ArxivId]:
        files = [self._folder.path / day.file for day in days.values()]
        return {paper.id for file in files for paper in Snapshot(file, self._categories).papers()}

    def _write(
        self, days: dict[date, HarvestedDay], day: date, papers: Sequence[Paper], now: datetime
    ) -> None:
        days[day] = self._folder.write_day(day, papers, complete=True, now=now)
        self._write_manifest(days)

    def _write_manifest(self, days: Mapping[date, HarvestedDay]) -> Manifest:
        ordered = tuple(days[day] for day in sorted(days))
        manifest = Manifest(categories=self._categories, days=ordered)
        self._folder.write_manifest(manifest)
        return manifest


def _day_of(changed: date, wanted: Sequence[date]) -> date:
    """Returns the last wanted day up to the record's change, as the day of the paper's announcement."""
    return max((day for day in wanted if day <= changed), default=wanted[0])
