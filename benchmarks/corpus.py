"""Reads the papers of the reference corpora. It imports no library that only some benchmarks need."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

from bot.core.arxiv_id import ArxivId
from bot.core.model import Paper


def read_corpus(*folders: Path) -> dict[str, Paper]:
    """The papers of corpora by id."""
    papers = {}
    for path in sorted(path for folder in folders for path in folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                papers[row["id"]] = Paper(
                    id=ArxivId.parse(row["id"]),
                    title=row["title"],
                    abstract=row["abstract"],
                    authors=tuple(row["authors"]),
                    categories=tuple(row["categories"]),
                    announced=date.fromisoformat(row["announced"]),
                    comment=row.get("comments") or "",
                )
    return papers
