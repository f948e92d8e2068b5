"""A run reads missed days from OAI-PMH, but only if it has room to propose papers."""

from datetime import date, timedelta

from bot.core.config import parse
from bot.core.model import Coverage, Harvest, RunReport, Topic, Window
from bot.pipeline import run
from tests.factories import paper
from tests.fire.arxiv_world import CONFIG, NOW, TODAY, Shelf

ONE_PLACE = f"{CONFIG}\n[pull_request]\nmax_items = 1\nmax_open = 1\n"


class Days:
    """A source with one paper, announced on the given day."""

    def __init__(self, name: str, number: int, day: date) -> None:
        self.name = name
        self.asked: list[Window] = []
        self._paper = paper(id=f"2510.{number:05}", title=f"RLAIF {number}", announced=day)

    def collect(self, topics: tuple[Topic, ...], window: Window) -> Harvest:
        self.asked.append(window)
        window_read = window if self.name == "oai" else None
        coverage = Coverage(self.name, "arXiv", "cs.CL", 1, window=window_read)
        return Harvest((self._paper,), coverage)


def do_run(
    shelf: Shelf, gaps: Days, feed_day: date, days: int = 0, text: str = CONFIG
) -> RunReport:
    feed = Days("announcements", 1, feed_day)
    now = NOW + timedelta(days=days)
    return run(parse(text, where="test"), sources=[feed], gaps=gaps, forge=shelf, now=now)


def test_a_feed_of_yesterday_makes_the_run_read_today_elsewhere():
    shelf, gaps = Shelf(), Days("oai", 2, TODAY)
    report = do_run(shelf, gaps, TODAY - timedelta(days=3))

    assert [TODAY] == [window.since.date() for window in gaps.asked]
    assert {"2510.00001", "2510.00002"} == shelf.proposed
    assert ["announcements", "oai"] == [item.source for item in report.coverage]


def test_a_feed_of_today_is_enough():
    gaps = Days("oai", 2, TODAY)
    report = do_run(Shelf(), gaps, TODAY)

    assert [] == gaps.asked
    assert ["announcements"] == [item.source for item in report.coverage]


def test_while_no_batch_has_room_nothing_is_read():
    shelf, gaps = Shelf(), Days("oai", 2, TODAY)
    do_run(shelf, gaps, TODAY, text=ONE_PLACE)
    assert 1 == len(shelf.proposed)
    do_run(shelf, gaps, TODAY - timedelta(days=3), days=1, text=ONE_PLACE)

    assert [] == gaps.asked
