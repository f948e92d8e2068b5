"""JSON Schemas of what `--json` prints, made from the types that the code is checked against.

python -m docs.making.schemas      writes them to docs/schemas/
"""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
import types
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints, is_typeddict

from bot.refresh.report import RefreshRecord
from bot.reports.shapes import AnswerRecord, ExplanationRecord, RunRecord
from bot.tools.check.findings import CheckRecord
from bot.tools.doctor.findings import DoctorRecord
from bot.tools.evaluation.shapes import EvaluationRecord

OUTPUTS: Mapping[str, tuple[tuple[str, ...], type | types.GenericAlias]] = {
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
_SIMPLE = {str: "string", int: "integer", float: "number", bool: "boolean"}


def schema(name: str, *, strict: bool = False) -> dict[str, Any]:
    """The schema of an output; a strict one refuses fields that it does not describe."""
    commands, shape = OUTPUTS[name]
    found: dict[str, type] = {}
    top = _schema_of(shape, found)
    # The outermost shape first, then what it is made of, as they are met.
    shapes = {one.__name__.removesuffix("Record"): _object(one, found) for one in _all(found)}
    if strict:
        for one in shapes.values():
            one["additionalProperties"] = False
    said = " or ".join(f"`arxiv-bot {command} --json`" for command in commands)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"What {said} prints",
        **top,
        "$defs": shapes,
    }


def _all(found: dict[str, type]) -> list[type]:
    """Every shape that is met, those within shapes too."""
    done: list[type] = []
    while waiting := [one for one in found.values() if one not in done]:
        for one in waiting:
            _object(one, found)
            done.append(one)
    return done


def _object(shape: type, found: dict[str, type]) -> dict[str, Any]:
    meanings = _meanings(shape)
    fields = get_type_hints(shape, include_extras=True)
    return {
        "type": "object",
        "description": inspect.getdoc(shape),
        "properties": {
            name: {**_schema_of(kind, found), "description": meanings[name]}
            for name, kind in fields.items()
        },
        "required": list(fields),
    }


def _schema_of(kind: Any, found: dict[str, type]) -> dict[str, Any]:  # noqa: ANN401 (a type, of whatever form)
    if kind in _SIMPLE:
        return {"type": _SIMPLE[kind]}
    if is_typeddict(kind):
        found[kind.__name__] = kind
        return {"$ref": f"#/$defs/{kind.__name__.removesuffix('Record')}"}
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is list:
        return {"type": "array", "items": _schema_of(arguments[0], found)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _schema_of(arguments[1], found)}
    if origin is types.UnionType:
        (one,) = (part for part in arguments if part is not types.NoneType)
        return {"type": [_SIMPLE[one], "null"]}
    if origin is Annotated and issubclass(arguments[1], Enum):
        return {"type": "string", "enum": [one.value for one in arguments[1]]}
    raise TypeError(kind)


def _meanings(shape: type) -> dict[str, str]:
    """What a shape's fields mean: the text below each."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(shape))).body
    assert isinstance(definition, ast.ClassDef)
    meanings, name = {}, ""
    for part in definition.body:
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            name = part.target.id
        elif isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) and name:
            meanings[name] = str(part.value.value)
    return meanings


def render(name: str) -> str:
    """A schema as its file has it."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for one in OUTPUTS:
        (FOLDER / f"{one}.json").write_text(render(one), encoding="utf-8")
