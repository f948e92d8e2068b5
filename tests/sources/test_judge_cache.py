"""The cache of verdicts: it is read back as written, bounded in size, and harmless if broken."""

from pathlib import Path

import pytest

from bot.core.arxiv_id import ArxivId
from bot.relevance.judge.memory import CachedVerdict
from bot.sources.judge_cache import read_cache, write_cache

VERDICT = CachedVerdict("yn", "A Title", "An abstract.")


def test_answers_are_read_back_only_under_their_version(tmp_path: Path):
    write_cache(tmp_path / "judge", "abc", {ArxivId("2510.00001"): VERDICT})

    assert {ArxivId("2510.00001"): VERDICT} == read_cache(tmp_path / "judge", "abc")
    assert {} == read_cache(tmp_path / "judge", "abd")


def test_the_newest_papers_are_kept(tmp_path: Path):
    many = {ArxivId(f"2510.{n:05}"): VERDICT for n in range(1, 2100)}
    write_cache(tmp_path, "abc", many)

    found = read_cache(tmp_path, "abc")

    assert 2000 == len(found)
    assert ArxivId("2510.02099") in found


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"x": {"code": "y", "title": "", "abstract": ""}}',
        b'{"2510.00001": 1}',
        b"\xff",
    ],
)
def test_a_broken_file_is_read_as_empty(tmp_path: Path, content: bytes):
    (tmp_path / "abc.json").write_bytes(content)

    assert {} == read_cache(tmp_path, "abc")


def test_invalid_verdicts_are_left_out(tmp_path: Path):
    odd = CachedVerdict("<script>", "", "")
    write_cache(tmp_path, "abc", {ArxivId("2510.00001"): odd, ArxivId("2510.00002"): VERDICT})

    assert {ArxivId("2510.00002"): VERDICT} == read_cache(tmp_path, "abc")
