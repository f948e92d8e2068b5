"""Caches a judge's verdicts on papers that no pull request shows; losing the file costs only new requests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.core.arxiv_id import ArxivId
from bot.core.files import read_plain, write_own
from bot.relevance.judge.memory import CachedVerdict, is_code

_MOST = 2_000  # papers; the newest are kept
_LARGEST = 32 * 2**20  # bytes
_SHAPE = TypeAdapter(dict[str, CachedVerdict])


def read_cache(folder: Path, version: str) -> dict[ArxivId, CachedVerdict]:
    """Reads the verdicts for a version of the principles; returns none if the file is missing or unreadable."""
    try:
        stored = _SHAPE.validate_json(read_plain(_file(folder, version), _LARGEST))
        found = {ArxivId.parse(paper): verdict for paper, verdict in stored.items()}
    except (OSError, ValidationError, ValueError):
        return {}
    return {paper: verdict for paper, verdict in found.items() if is_code(verdict.code)}


def write_cache(folder: Path, version: str, verdicts: Mapping[ArxivId, CachedVerdict]) -> None:
    """Writes the verdicts of the newest papers.

    Raises:
        UsageError: the file can't be written.
    """
    newest = sorted(verdicts, key=lambda paper: paper.order)[-_MOST:]
    stored = {str(paper): verdicts[paper] for paper in newest}
    text = json.dumps(_SHAPE.dump_python(stored))
    write_own(_file(folder, version), text.encode(), str(folder))


def _file(folder: Path, version: str) -> Path:
    return folder / f"{version}.json"
