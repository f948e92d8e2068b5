import logging
import signal
import threading
from datetime import UTC, datetime

import pytest

from bot.commands.scheduler import Schedule, parse_cron, serve
from bot.core.errors import UsageError


def test_a_cron_expression_means_what_it_says():
    trigger = parse_cron("23 6 * * mon-fri", "Europe/Berlin")
    friday = datetime(2025, 10, 17, 12, 0, tzinfo=UTC)

    assert datetime(2025, 10, 20, 4, 23, tzinfo=UTC) == trigger.get_next_fire_time(None, friday)


@pytest.mark.parametrize("expression", ["", "* * * *", "99 * * * *", "0 4 * * 1-5", "x * * * *"])
def test_a_wrong_expression_is_refused(expression: str):
    with pytest.raises(UsageError, match="--cron"):
        parse_cron(expression, "UTC")


def test_runs_do_not_overlap_and_missed_runs_are_replaced_by_one():
    schedule = Schedule(parse_cron("0 0 1 1 *", "UTC"), lambda: None, logging.getLogger("test"))
    schedule.start()
    rules = (schedule._job.coalesce, schedule._job.max_instances, schedule._job.misfire_grace_time)
    schedule.stop()

    assert (True, 1, None) == rules


def test_a_failed_run_is_logged_and_the_next_is_still_due(caplog: pytest.LogCaptureFixture):
    logged = threading.Event()

    def fail() -> None:
        raise ValueError("arXiv is down")

    class Log(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            del record
            logged.set()

    log = logging.getLogger("test-schedule")
    log.addHandler(Log())
    schedule = Schedule(parse_cron("0 0 1 1 *", "UTC"), fail, log)
    schedule.start()
    with caplog.at_level(logging.ERROR):
        schedule._job.modify(next_run_time=datetime.now(UTC))
        assert logged.wait(10)
    due = schedule.next_run
    schedule.stop()

    assert "this run failed: arXiv is down" in caplog.text
    assert due is not None


def test_a_schedule_that_never_comes_due_is_refused():
    old = signal.pthread_sigmask(signal.SIG_BLOCK, set())
    try:
        with pytest.raises(UsageError, match="never comes due"):
            serve(
                Schedule(
                    parse_cron("0 0 31 feb *", "UTC"), lambda: None, logging.getLogger("test")
                ),
                print,
            )
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)
