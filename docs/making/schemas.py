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
    top = TypeAdapter(shape).json_schema(mode="serialization")
    shapes: dict[str, Any] = top.pop("$defs", {})
    if top["type"] == "object":
        shapes = {shape.__name__: top, **shapes}
        top = {"$ref": f"#/$defs/{shape.__name__}"}
    described = {
        key.removesuffix("Record"): _plain(value, shapes)
        for key, value in shapes.items()
        if value["type"] == "object"
    }
    if strict:
        for part in described.values():
            part["additionalProperties"] = False
    printing = " or ".join(f"`arxiv-bot {command} --json`" for command in commands)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"What {printing} prints",
        **_plain(top, shapes),
        "$defs": described,
    }


def _plain(part: Mapping[str, Any], shapes: Mapping[str, Any]) -> dict[str, Any]:
    """A part of pydantic's schema without titles, with enumerations and nulls written out."""
    found = {key: value for key, value in part.items() if key != "title"}
    if target := shapes.get(str(found.get("$ref", "")).removeprefix("#/$defs/")):
        if target["type"] == "object":
            name = str(found["$ref"]).removesuffix("Record")
            # pydantic leaves out a description that the shape itself has
            return {"description": target["description"], **found, "$ref": name}
        del found["$ref"]
        found |= {"type": target["type"], "enum": target.get("enum", [target.get("const")])}
    if found.get("default", "") is None:
        del found["default"]  # the field is then left out
    if choices := found.pop("anyOf", None):
        (known,) = (choice for choice in choices if choice.get("type") != "null")
        if "$ref" in known:
            shape = _plain(known, shapes)["$ref"]
            return {**found, "anyOf": [{"$ref": shape}, {"type": "null"}]}
        found |= {**known, "type": [known["type"], "null"]}
    if "items" in found:
        found["items"] = _plain(found["items"], shapes)
    if "properties" in found:
        fields = found["properties"].items()
        found["properties"] = {name: _plain(value, shapes) for name, value in fields}
    return found


def render(name: str) -> str:
    """A schema as its file has it."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for model in OUTPUTS:
        (FOLDER / f"{model}.json").write_text(render(model), encoding="utf-8")
