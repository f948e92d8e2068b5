"""An empty search is accepted only if nothing contradicts it."""

from datetime import UTC, datetime

from bot.core.arxiv_id import ArxivId
from bot.core.model import Announcement, Coverage, Harvest, Paper, Topic, Window
from bot.sources.collect import collect, missed_window
from bot.sources.contradictions import SearchSource, find_witnesses
from bot.sources.search import Search
from bot.tools.demo.bundled import BundledArxiv
from tests.factories import list_of_one_file, paper

TOPICS = (Topic("T", ("reward",), ("punishment",), ("cs.*",)),)
WINDOW = Window(datetime(2025, 9, 20, tzinfo=UTC), datetime(2025, 10, 20, tzinfo=UTC))
EMPTY = list_of_one_file(b"# A list\n")
LISTED = list_of_one_file(
    b"# A list\n\n- [Rewards](https://arxiv.org/abs/2510.00001)\n"
    b"- [Graphs](https://arxiv.org/abs/2510.00002)\n- [Rewards too](https://arxiv.org/abs/2509.00003)\n"
    b"- [Reward](https://example.org/paper)\n"
)


class Forgetful:
    """A search that finds nothing, or only the results of half a window; it knows some papers by id."""

    name = "search"
    categories = ("cs.CL",)

    def __init__(self, *known: Paper, by_half: tuple[Paper, ...] = ()) -> None:
        self.known, self.by_half = known, by_half
        self.asked: list[Window] = []

    def collect(self, topics: tuple[Topic, ...], window: Window) -> Harvest:
        self.asked.append(window)
        papers = self.by_half if window != WINDOW else ()
        return Harvest(papers, Coverage("search", "", "q", len(papers), window=window, requests=1))

    def look_up(self, ids: object) -> tuple[Paper, ...]:
        return self.known


class Feed:
    name = "announcements"

    def __init__(self, *papers: Paper) -> None:
        self.papers = papers

    def collect(self, topics: object, window: object) -> Harvest:
        return Harvest(self.papers, Coverage("announcements", "", "cs", len(self.papers)))


ANNOUNCED = paper(submitted=None, announcement=Announcement.NEW)


def test_arxivs_search_is_a_search_source():
    assert isinstance(Search(BundledArxiv(), ("cs.CL",)), SearchSource)


def test_witnesses_match_a_phrase_in_a_category_and_are_new():
    papers = [
        ANNOUNCED,
        paper(id="2510.00005", announcement=Announcement.REPLACE),
        paper(id="2510.00006", announcement=Announcement.NEW, title="Graphs", abstract=""),
        paper(id="2510.00007", announcement=Announcement.NEW, categories=("math.AG",)),
        paper(id="2510.00008", announcement=Announcement.NEW, title="Reward and punishment"),
    ]

    assert (ArxivId("2510.00001"),) == find_witnesses(TOPICS, WINDOW, papers, EMPTY)


def test_listed_papers_of_the_windows_months_are_witnesses():
    assert (ArxivId("2510.00001"),) == find_witnesses(TOPICS, WINDOW, (), LISTED)


def test_without_a_witness_nothing_is_asked_again():
    search = Forgetful()
    (harvest, _) = collect((search, Feed()), TOPICS, WINDOW, EMPTY)

    assert harvest.coverage.complete
    assert [WINDOW] == search.asked


def test_papers_of_the_repeated_search_count():
    search = Forgetful(by_half=(ANNOUNCED,))
    (harvest, _) = collect((search, Feed(ANNOUNCED)), TOPICS, WINDOW, EMPTY)

    assert (ANNOUNCED,) == harvest.papers
    assert (True, 3, 1) == (
        harvest.coverage.complete,
        harvest.coverage.requests,
        harvest.coverage.read,
    )
    assert "first claimed" in harvest.coverage.note


def test_a_contradiction_that_stays_is_a_failure():
    for listed, feed in ((EMPTY, Feed(ANNOUNCED)), (LISTED, Feed())):
        (harvest, _) = collect((Forgetful(), feed), TOPICS, WINDOW, listed)
        assert "claims to have no paper, but 1 paper should be there: 2510.00001" in (
            harvest.coverage.failure
        )


def test_a_search_that_lacks_only_todays_papers_is_late_but_complete():
    search = Forgetful(paper(id="2510.00001", submitted=datetime(2025, 1, 1, tzinfo=UTC)))
    (harvest, _) = collect((search, Feed(ANNOUNCED)), TOPICS, WINDOW, LISTED)

    assert harvest.coverage.complete
    assert "not in arXiv's search yet" in harvest.coverage.note


def test_a_search_that_knows_a_missing_paper_by_its_id_is_a_failure():
    (harvest, _) = collect((Forgetful(paper()), Feed(ANNOUNCED)), TOPICS, WINDOW, EMPTY)

    assert not harvest.coverage.complete


def announced(day: int) -> Harvest:
    return Feed(paper(announced=datetime(2025, 10, day, tzinfo=UTC).date())).collect((), WINDOW)


def at(day: int, hour: int = 6) -> datetime:
    return datetime(2025, 10, day, hour, 23, tzinfo=UTC)


def test_days_since_the_last_full_run_were_missed():
    assert missed_window([announced(17)], at(14), None, at(17)) == Window(
        datetime(2025, 10, 15, tzinfo=UTC), at(17)
    )


def test_nothing_was_missed_if_every_day_was_read():
    assert missed_window([announced(17)], at(16), None, at(17)) is None
    assert missed_window([announced(20)], at(17), None, at(20)) is None, (
        "no weekend has announcements"
    )
    assert missed_window([Feed().collect((), WINDOW)], at(17), None, at(19)) is None, "a Sunday"


def test_a_window_of_missed_days_begins_with_the_weekend_before_them():
    missed = missed_window([announced(21)], at(17), None, at(21))
    assert missed == Window(datetime(2025, 10, 18, tzinfo=UTC), at(21)), (
        "a few papers have a Saturday as the day of their announcement"
    )


def test_a_feed_that_is_empty_stale_or_broken_misses_its_own_day():
    today = Window(datetime(2025, 10, 17, tzinfo=UTC), at(17))
    assert today == missed_window([Feed().collect((), WINDOW)], at(16), None, at(17))
    assert today == missed_window([announced(16)], at(16), None, at(17))


def test_a_first_run_misses_its_own_day_at_most():
    assert missed_window([announced(17)], None, None, at(17)) is None
    assert missed_window([announced(16)], None, None, at(17)) == Window(
        datetime(2025, 10, 17, tzinfo=UTC), at(17)
    )


def test_nothing_is_missed_by_a_run_that_does_not_read_announcements():
    assert missed_window([], at(1), None, at(17)) is None


def test_years_are_left_to_a_backfill():
    missed = missed_window([announced(17)], datetime(2023, 1, 1, tzinfo=UTC), None, at(17))
    assert missed is not None
    assert 92 == (at(17) - missed.since).days


def test_held_back_papers_do_not_make_every_run_read_months():
    held_since = datetime(2025, 7, 1, tzinfo=UTC)

    assert missed_window([announced(17)], held_since, at(16), at(17)) == Window(
        datetime(2025, 10, 11, tzinfo=UTC), at(17)
    )
    assert missed_window([announced(17)], held_since, at(1), at(17)) == Window(
        datetime(2025, 10, 2, tzinfo=UTC), at(17)
    )
    assert missed_window([announced(17)], at(16), at(1), at(17)) is None


def test_a_run_that_reads_oai_pmh_anyway_misses_nothing():
    whole = Harvest((), Coverage("oai", "", "cs"))
    assert missed_window([announced(17), whole], at(1), None, at(17)) is None
