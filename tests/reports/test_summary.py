"""The job's summary: pictures in characters, coverage always, as many papers as there is room for."""

from dataclasses import replace

from markdown_it import MarkdownIt

from bot.core.model import Verdict
from bot.reports.bars import LEGEND
from bot.reports.summary import render_summary
from tests.factories import decision, paper
from tests.reports.runs import make_run

RUN = make_run(300)


def test_the_pictures_are_code_that_github_leaves_alone():
    text = render_summary(RUN)
    blocks = [one.content for one in MarkdownIt("gfm-like").parse(text) if one.type == "fence"]

    assert f"{LEGEND}\n" == blocks[0]
    assert 4 == len(blocks)
    assert "2025-10-13  ██████ 6\n" in blocks[1]
    assert " ← threshold 0.03\n" in blocks[2]
    assert " ← threshold 0.30\n" in blocks[3]
    assert "| RLAIF | 11 | 8 | ████████▒▒▒ |" in text
    assert not {"<svg", "<img", "data:"} & set(text.split())


def test_phrases_beyond_the_table_are_counted():
    assert "1 phrase found nothing." in render_summary(replace(RUN, decisions=RUN.decisions[:9]))


def test_papers_are_cut_and_coverage_and_pictures_are_not():
    many = tuple(
        decision(paper(id=f"2510.{n:05}", title=f"{'words ' * 40}{n}"), verdict=Verdict.HOLD)
        for n in range(1, 3001)
    )
    text = render_summary(replace(RUN, decisions=many))

    assert 190_000 < len(text) < 201_000
    assert "…cut here; the run's report in JSON has everything." in text
    assert "### Pictures" in text
    assert "❌ announcements: read 0" in text


def test_a_run_that_read_nothing_has_no_pictures():
    text = render_summary(replace(RUN, decisions=(), outcomes=(), coverage=()))

    assert "Pictures" not in text
    assert "### Coverage" in text
