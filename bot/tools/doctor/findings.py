"""The doctor's findings, and their reports as text and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from pydantic import BeforeValidator

from bot.core.escaping import printable
from bot.reports.json_record import JsonRecord, Text, as_json


class Status(Enum):
    """The result of a check."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    UNKNOWN = "not checked"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One check: its name, status, what was found in a sentence, and what to do about it ("" for nothing)."""

    name: str
    status: Status
    found: str
    fix: str = ""


class DiagnosisRecord(JsonRecord):
    """The result of one check."""

    name: Text
    """What was checked."""
    status: Annotated[Text, BeforeValidator(lambda status: status.name.lower())]
    """`ok`, `warning`, `problem`, or `unknown` if it could not be checked."""
    found: Text
    """What was found, in a sentence."""
    fix: Text
    """What to do about it; empty if there is nothing to do."""


class DoctorRecord(JsonRecord):
    """What would keep a run from working."""

    problems: int
    """How many of the findings are problems."""
    findings: tuple[DiagnosisRecord, ...]
    """Everything that was checked."""


_SIGNS = {Status.OK: "✓", Status.WARNING: "!", Status.PROBLEM: "✗", Status.UNKNOWN: "?"}
_COUNTED = frozenset({Status.WARNING, Status.PROBLEM})


def render_text(findings: Sequence[Diagnosis]) -> str:
    """Renders the findings for a person: one line each, its fix below it, and the number of each status at the end."""
    return "\n".join([*_lines(findings), "", summary(findings), ""])


def _lines(findings: Sequence[Diagnosis]) -> Iterator[str]:
    width = max((len(found.name) for found in findings), default=0)
    for diagnosis in findings:
        first, *more = printable(diagnosis.found, newlines=True).splitlines() or [""]
        yield f"{_SIGNS[diagnosis.status]} {diagnosis.name:<{width}}  {first}"
        yield from (f"  {'':<{width}}  {line}" for line in more)
        for number, line in enumerate(printable(diagnosis.fix, newlines=True).splitlines()):
            yield f"  {'':<{width}}  {'fix: ' if number == 0 else '     '}{line}"


def summary(findings: Sequence[Diagnosis]) -> str:
    """Counts the findings of each status, in one line."""
    numbers = Counter(diagnosis.status for diagnosis in findings)
    return ", ".join(
        f"{numbers[status]} {status.value}{'s' if status in _COUNTED and numbers[status] > 1 else ''}"
        for status in Status
        if numbers[status]
    )


def render_json(findings: Sequence[Diagnosis]) -> str:
    """Renders the findings for machines."""
    problems = sum(diagnosis.status is Status.PROBLEM for diagnosis in findings)
    return as_json(DoctorRecord.model_validate({"problems": problems, "findings": findings}))
