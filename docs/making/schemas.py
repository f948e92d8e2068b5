"""JSON Schemas of what `--json` prints, made from the records that the commands print.

python -m docs.making.schemas      writes them to docs/schemas/
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bot.reports.records import AnswerRecord, ExplanationRecord, RunRecord
from bot.reports.refresh import RefreshRecord
from bot.tools.check.findings import CheckRecord
from bot.tools.doctor.findings import DoctorRecord
from bot.tools.evaluation.render import EvaluationRecord

OUTPUTS: Mapping[str, tuple[tuple[str, ...], Any]] = {
    "run": (("run", "propose", "backfill"), RunRecord),
    "check": (("check",), CheckRecord),
    "decisions": (("decisions",), list[AnswerRecord]),
    "doctor": (("doctor",), DoctorRecord),
    "evaluate": (("evaluate",), EvaluationRecord),
    "explain": (("explain",), list[ExplanationRecord]),
    "refresh": (("refresh",), RefreshRecord),
}
"""The schemas: for each the commands that print such data, and its type."""

FOLDER = Path(__file__).resolve().parent.parent / "schemas"


def schema(name: str, *, strict: bool = False) -> dict[str, Any]:
    """The schema of an output; a strict one refuses fields that it does not describe."""
    commands, shape = OUTPUTS[name]
    made = TypeAdapter(shape).json_schema(mode="serialization")
    if strict:
        for part in (made, *made["$defs"].values()):
            if part["type"] == "object":
                part["additionalProperties"] = False
    printing = " or ".join(f"`arxiv-bot {command} --json`" for command in commands)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_untitled(made),
        "title": f"What {printing} prints",
    }


def _untitled(part: dict[str, Any]) -> dict[str, Any]:
    """The schema without the titles that pydantic makes of names."""
    kept = {key: value for key, value in part.items() if key != "title"}
    for group in ("properties", "$defs"):
        if group in part:
            kept[group] = {name: _untitled(value) for name, value in part[group].items()}
    return kept


def render(name: str) -> str:
    """A schema as its file has it."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for one in OUTPUTS:
        (FOLDER / f"{one}.json").write_text(render(one), encoding="utf-8")
