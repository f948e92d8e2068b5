"""A list's self-test: its newest entries are removed and written again."""

from dataclasses import replace
from datetime import date

import pytest

from bot.core.arxiv_id import ArxivId
from bot.listing.paper_list import PaperList
from bot.listing.self_test import newest_ids, run_self_test
from tests.factories import paper

PAPERS = {
    ArxivId(f"2505.0{n}000"): paper(
        id=f"2505.0{n}000", title=f"A Long Title of Paper {n}", authors=("Ada Lovelace",)
    )
    for n in range(1, 9)
}


def entry(n: int, more: str = "") -> str:
    return f"- [A Long Title of Paper {n}](https://arxiv.org/abs/2505.0{n}000) (2025.05){more}"


def listing(*entries: str, blank: bool = False) -> PaperList:
    text = "# L\n\n## Papers\n\n" + ("\n\n" if blank else "\n").join(entries) + "\n\n## End\n"
    return PaperList.parse(text.encode(), "Papers")


def test_a_list_of_one_form_is_written_byte_for_byte():
    for blank in (False, True):
        papers = listing(*(entry(n) for n in range(8, 0, -1)), blank=blank)
        result = run_self_test(papers, PAPERS, heading="Papers")

        assert (4, 4, 4) == (len(result.trials), result.exact, result.right)
        assert "of the list's newest 4 entries the bot would have written 4 byte for byte" in str(
            result
        )


def test_what_only_the_curator_knows_is_no_difference_but_not_exact():
    entries = [entry(n, f" *Venue {n}*" if n == 8 else "") for n in range(8, 0, -1)]
    result = run_self_test(listing(*entries), PAPERS, heading="Papers")
    (newest,) = [trial for trial in result.trials if trial.paper_id == ArxivId("2505.08000")]

    assert (False, ()) == (newest.exact, newest.differs)
    assert entries[0] + "\n" == newest.theirs
    assert entry(8) + "\n" == newest.mine


@pytest.mark.parametrize("older", ["", "May 2024"])
def test_a_day_that_the_source_does_not_know_is_no_difference(older: str):
    days = [f"\n  - Date: May {n}, 2025" for n in range(8, 0, -1)]
    entries = [entry(8 - n).replace(" (2025.05)", day) for n, day in enumerate(days)]
    entries += [
        f"- [An Old Title of Paper {n}](https://arxiv.org/abs/2405.0{n}000)\n  - Date: {older}"
        for n in range(3, 0, -1)
        if older
    ]
    papers = {
        paper_id: replace(found, submitted=None, announced=date(2025, 5, 28))
        for paper_id, found in PAPERS.items()
    }
    result = run_self_test(listing(*entries), papers, heading="Papers")

    assert {()} == {trial.differs for trial in result.trials}
    assert (0, bool(older)) == (result.exact, "May 2025" in result.trials[0].mine)


def test_another_form_or_date_is_a_difference_and_another_position_in_order_is_none():
    entries = [entry(n) for n in range(8, 0, -1)]
    entries[0] = entries[0].replace("(2025.05)", "(2025.06)")
    entries[1] = entries[1].replace("- [", "- **[").replace(") (", ")** (")
    entries.append(entries.pop(2))
    result = run_self_test(listing(*entries), PAPERS, heading="Papers")
    differs = {str(trial.paper_id): trial.differs for trial in result.trials}

    assert "date" in differs["2505.08000"]
    assert ("form",) == differs["2505.07000"]
    assert () == differs["2505.06000"]


def test_only_papers_with_metadata_are_tried_newest_first():
    papers = listing(*(entry(n) for n in range(8, 0, -1)))
    known = {paper_id: PAPERS[paper_id] for paper_id in list(PAPERS)[:3]}

    assert ArxivId("2505.08000") == newest_ids(papers, 1)[0]
    assert [ArxivId(f"2505.0{n}000") for n in (3, 2, 1)] == [
        trial.paper_id for trial in run_self_test(papers, known, heading="Papers").trials
    ]
    assert "no metadata was found" in str(run_self_test(papers, {}, heading="Papers"))


def test_of_few_entries_the_forecast_is_near_that_of_other_lists():
    same = listing(*(entry(n) for n in range(8, 0, -1)))
    other = listing(*(f"{entry(n)[:30]}{'!' * n}{entry(n)[30:]}" for n in range(8, 0, -1)))
    all_right, none_right = (
        run_self_test(papers, PAPERS, heading="Papers") for papers in (same, other)
    )

    assert (4, 0) == (all_right.right, none_right.right)
    assert (0.68, 0.23) == (round(all_right.forecast, 2), round(none_right.forecast, 2))
    assert str(all_right).endswith("of ten new entries, expect about 7 to need none")
