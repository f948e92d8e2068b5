from datetime import date

from bot.core.arxiv_id import ArxivId
from bot.listing.document import Document
from bot.listing.history import History, read_log
from bot.listing.index import ListIndex
from bot.listing.paper_list import PaperList
from bot.tools.evaluation.split import last_day, split
from tests.factories import paper

LOG = """\
\x011735689600
diff --git a/README.md b/README.md
--- /dev/null
+++ b/README.md
@@ -0,0 +1,2 @@
+- [One](https://arxiv.org/abs/2401.00001)
+- [Two](https://arxiv.org/abs/2401.00002v3)
\x011751328000
diff --git a/README.md b/README.md
@@ -1 +1 @@
-- [One](https://arxiv.org/abs/2401.00001)
+- [One, renamed](https://arxiv.org/abs/2401.00001) and [Three](https://arxiv.org/abs/2506.00003)
"""
LIST = """\
## 2025
- [A Title of Some Length](https://arxiv.org/abs/2506.00003)
- [A Paper without any Number](https://example.org/x)
## 2024
- [Another Title of Some Length](https://arxiv.org/abs/2401.00001)
- [An Older Paper without any Number](https://example.org/y)
"""


def parted(
    history: History, *papers: object, cut: date = date(2025, 6, 15)
) -> tuple[set[str], set[str]]:
    listing = PaperList.parse(LIST.encode())
    found = split(listing, history, papers, cut)  # type: ignore[arg-type]
    title = {item.entry: item.title for item in listing.listed}
    return {item.title for item in found.before}, {title[entry] for entry in found.later}


def test_a_paper_was_added_when_it_first_appeared():
    history = read_log(LOG.splitlines())

    assert date(2025, 1, 1) == history.first
    assert {
        ArxivId("2401.00001"): date(2025, 1, 1),
        ArxivId("2401.00002"): date(2025, 1, 1),
        ArxivId("2506.00003"): date(2025, 7, 1),
    } == history.days


def test_the_oldest_papers_of_a_shallow_checkout_have_no_day():
    history = read_log(LOG.replace("735689600", "735689600 grafted, HEAD -> main").splitlines())

    assert {ArxivId("2506.00003"): date(2025, 7, 1)} == history.days


def test_papers_of_the_oldest_version_get_its_day():
    history = read_log(LOG.splitlines())

    assert history.day(ArxivId("2401.00001"), cut=date(2025, 2, 1)) == date(2025, 1, 1)
    assert history.day(ArxivId("2401.00001"), cut=date(2024, 6, 1)) is None


def test_the_lists_history_takes_precedence():
    before, later = parted(History({ArxivId("2401.00001"): date(2025, 7, 1)}, date(2024, 1, 1)))

    assert "Another Title of Some Length" in later
    assert "An Older Paper without any Number" in before


def test_without_history_papers_are_dated_by_when_they_appeared():
    appeared = paper(id="2506.00003", title="A Title of Some Length", announced=date(2025, 6, 20))

    assert "A Title of Some Length" in parted(History(), appeared)[1]
    assert "A Title of Some Length" in parted(History())[0]  # its month began before the cut


def test_an_entry_without_an_id_is_dated_by_its_headings_year():
    assert {"A Title of Some Length", "A Paper without any Number"} == parted(
        History(), cut=date(2025, 1, 1)
    )[1]


def test_an_entry_without_any_date_counts_as_earlier():
    listing = PaperList.parse(LIST.replace("## 2025", "## New").encode())
    found = split(listing, History(), (), date(2025, 1, 1))

    assert "A Paper without any Number" in {item.title for item in found.before}


def test_a_list_without_ids_has_no_last_day():
    index = ListIndex.build(Document.parse(b"## Papers\nnothing yet\n"))

    assert last_day(index, History()) is None


def test_the_last_day_is_that_of_the_newest_id_or_of_the_history():
    index = ListIndex.build(Document.parse(LIST.encode()))

    assert last_day(index, History()) == date(2025, 6, 30)
    known = History({ArxivId("2401.00001"): date(2025, 9, 1)}, date(2024, 1, 1))
    assert last_day(index, known) == date(2025, 9, 1)


def test_a_list_written_in_one_go_is_no_newer_than_its_papers():
    index = ListIndex.build(Document.parse(LIST.encode()))
    ids = {item.ids[0] for item in index.listed if item.ids}

    late, early = date(2026, 3, 1), date(2025, 6, 10)
    assert last_day(index, History(dict.fromkeys(ids, late), late)) == date(2025, 6, 30)
    assert last_day(index, History(dict.fromkeys(ids, early), early)) == early
