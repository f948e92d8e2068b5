"""The bot as a long-running process: a run at every time of a cron schedule, on a server without Actions."""

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
    """Reads a five-field cron expression, `23 6 * * mon-fri`, meant in the IANA time zone named.

    Days of the week are named: numbers mean one thing to cron (0 is Sunday) and another to the scheduler
    (0 is Monday; https://apscheduler.readthedocs.io/en/3.x/modules/triggers/cron.html), so they are refused.

    Raises:
        UsageError: the expression or the zone is wrong.
    """
    parts = expression.split()
    example = 'write five fields, for example "23 6 * * mon-fri"'
    if len(parts) != len(_FIELDS):
        raise UsageError(f"{expression!r} does not have five fields", where="--cron", fix=example)
    if any(char.isdigit() for char in parts[4]):
        fix = "name the days (mon-fri, sat,sun): numbered days differ between cron programs"
        raise UsageError(f"{parts[4]!r} numbers the days of the week", where="--cron", fix=fix)
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        fix = 'write an IANA name, for example "UTC" or "Europe/Berlin"'
        raise UsageError(f"no time zone {time_zone!r}", where="--time-zone", fix=fix) from None
    try:
        return CronTrigger(**dict(zip(_FIELDS, parts, strict=True)), timezone=zone)
    except ValueError as error:
        raise UsageError(f"{expression!r}: {error}", where="--cron", fix=example) from None


class Schedule:
    """Runs a job at the trigger's times, one run at a time, until stopped.

    A run that comes due while another is going, or while the machine sleeps, is made up for once, late;
    a run that fails is logged, and the next takes place all the same.
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
        self._log.error("this run failed: %s; the next takes place as planned", event.exception)

    @property
    def next_run(self) -> datetime | None:
        """When the next run is due; None before the start and when the schedule has no further time."""
        return getattr(self._job, "next_run_time", None)

    def start(self) -> None:
        """Starts waiting, in a thread of its own."""
        self._scheduler.start()

    def stop(self) -> None:
        """Lets a run that is going finish, and starts no other."""
        self._scheduler.shutdown(wait=True)


def serve(schedule: Schedule, announce: Callable[[str], None]) -> None:
    """Runs the schedule until SIGTERM or SIGINT; a run that is going is finished first.

    Raises:
        UsageError: the schedule never comes due.
    """
    # Not blocked and waited for: numpy's threads, which are there already, would get the signal and end the process.
    stops: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _: stops.put(received))
    schedule.start()
    if schedule.next_run is None:
        schedule.stop()
        fix = "check the day and the month"
        raise UsageError("this schedule never comes due", where="--cron", fix=fix)
    announce(f"next run: {schedule.next_run:%a %Y-%m-%d %H:%M %Z}; stop with Ctrl-C or SIGTERM")
    announce(f"{signal.Signals(stops.get()).name}: stopping; a run that is going is finished first")
    schedule.stop()
