import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from bot.core.arxiv_id import ArxivId
from bot.core.errors import UsageError
from bot.sources.snapshot import Snapshot
from bot.tools.setup.survey import Survey, SurveyRequest, survey

NOW = datetime(2025, 12, 1, tzinfo=UTC)


def look(folder: Path, **changes: object) -> Survey:
    rows = [
        {"id": f"2510.{n:05}", "announced": f"2025-{month}-{day}", "categories": [category]}
        for n, (month, day, category) in enumerate(
            [
                ("07", "01", "cs.CV"),
                ("09", "25", "cs.CV"),
                ("10", "20", "cs.CL"),
                ("10", "19", "cs.CV"),
            ],
            start=1,
        )
    ]
    text = "".join(f"{json.dumps({**row, 'title': 'T', 'abstract': 'a'})}\n" for row in rows)
    (folder / "papers.jsonl").write_text(text)
    values: dict[str, object] = {
        "listed": (ArxivId("2510.00001"), ArxivId("2001.00001")),
        "categories": (),
        "since": None,
        "until": None,
        "now": NOW,
    }
    wanted = SurveyRequest(**{**values, **changes})  # type: ignore[arg-type]
    return survey(partial(Snapshot, folder), wanted)


def test_a_snapshot_is_surveyed_for_its_last_thirty_days(tmp_path: Path):
    seen = look(tmp_path)

    assert ["2510.00001"] == [str(item.id) for item in seen.known]
    assert ("cs.CV",) == seen.categories
    assert "the listed papers (1 of 1 looked up)" in seen.reason
    assert (datetime(2025, 9, 20, tzinfo=UTC), datetime(2025, 10, 20, tzinfo=UTC)) == (
        seen.window.since,
        seen.window.until,
    )
    assert ["2510.00002", "2510.00004"] == [str(paper.id) for paper in seen.harvest.papers]


def test_given_values_are_used(tmp_path: Path):
    until = datetime(2025, 10, 1, tzinfo=UTC)
    seen = look(tmp_path, categories=("cs.*",), until=until)

    assert (("cs.*",), "As given with --category.") == (seen.categories, seen.reason)
    assert ["2510.00002"] == [str(paper.id) for paper in seen.harvest.papers]


def test_a_guess_is_called_a_guess(tmp_path: Path):
    seen = look(tmp_path, listed=(ArxivId("2001.00001"),))

    assert ("cs.AI", "cs.CL", "cs.CV", "cs.LG") == seen.categories
    assert "A guess, with the categories of most lists: 0 of the listed" in seen.reason


def test_a_truncated_file_is_reported(tmp_path: Path):
    (tmp_path / "broken.jsonl").write_text("{\n")
    seen = look(tmp_path)

    assert "A guess, the categories of most lists: the listed papers could not" in seen.reason
    assert "broken.jsonl" in seen.harvest.coverage.failure


def test_an_empty_window_is_refused(tmp_path: Path):
    with pytest.raises(UsageError, match="the period to search is empty"):
        look(tmp_path, since=NOW)
