"""Runs the bot as a long-running process on a cron schedule, for servers without GitHub Actions."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable
from datetime import datetime
from queue import SimpleQueue
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from bot.core.errors import UsageError

_FIELDS = ("minute", "hour", "day", "month", "day_of_week")


def parse_cron(expression: str, time_zone: str) -> CronTrigger:
    """Parses a five-field cron expression, such as `23 6 * * mon-fri`, in an IANA time zone.

    Days of the week must be names. Numbers are refused because 0 is Sunday for cron but Monday for the scheduler
    (https://apscheduler.readthedocs.io/en/3.x/modules/triggers/cron.html).

    Raises:
        UsageError: the expression or the time zone is wrong.
    """
    parts = expression.split()
    example = 'write five fields, for example "23 6 * * mon-fri"'
    if len(parts) != len(_FIELDS):
        raise UsageError(f"{expression!r} does not have five fields", where="--cron", fix=example)
    if any(char.isdigit() for char in parts[4]):
        fix = "name the days (mon-fri, sat,sun): numbered days differ between cron programs"
        raise UsageError(
            f"{parts[4]!r} has numbers for the days of the week", where="--cron", fix=fix
        )
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        fix = 'write an IANA name, for example "UTC" or "Europe/Berlin"'
        raise UsageError(
            f"there is no time zone {time_zone!r}", where="--time-zone", fix=fix
        ) from None
    try:
        return CronTrigger(**dict(zip(_FIELDS, parts, strict=True)), timezone=zone)
    except ValueError as error:
        raise UsageError(f"{expression!r}: {error}", where="--cron", fix=example) from None


class Schedule:
    """Runs a job at the trigger's times, one run at a time, until stopped.

    Runs that are missed, because another run takes long or the machine sleeps, are replaced by a single late run.
    A failed run is logged, and the schedule continues.
    """

    def __init__(self, trigger: CronTrigger, job: Callable[[], None], log: logging.Logger) -> None:
        self._log = log
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=trigger.timezone,
        )
        self._scheduler.add_listener(self._failed, EVENT_JOB_ERROR)
        self._job = self._scheduler.add_job(job, trigger)

    def _failed(self, event: JobExecutionEvent) -> None:
        self._log.error("this run failed: %s; the schedule continues", event.exception)

    @property
    def next_run(self) -> datetime | None:
        """When the next run is due; None before the start, or if the schedule has no further runs."""
        return getattr(self._job, "next_run_time", None)

    def start(self) -> None:
        """Starts the schedule in its own thread."""
        self._scheduler.start()

    def stop(self) -> None:
        """Lets the current run finish, and starts no other."""
        self._scheduler.shutdown(wait=True)


def serve(schedule: Schedule, announce: Callable[[str], None]) -> None:
    """Runs the schedule until SIGTERM or SIGINT, and then finishes the current run.

    Raises:
        UsageError: the schedule never comes due.
    """
    # Blocking the signals and calling sigwait would not work: numpy's threads would get them and end the process.
    stops: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _: stops.put(received))
    schedule.start()
    if schedule.next_run is None:
        schedule.stop()
        fix = "check the day and the month"
        raise UsageError("this schedule never comes due", where="--cron", fix=fix)
    announce(f"next run: {schedule.next_run:%a %Y-%m-%d %H:%M %Z}; stop with Ctrl-C or SIGTERM")
    announce(f"{signal.Signals(stops.get()).name}: stopping after the current run")
    schedule.stop()
