"""Fixtures and settings for every test."""

import gc
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

settings.register_profile("quick", deadline=None, derandomize=True, max_examples=25)
settings.register_profile("deep", deadline=None, derandomize=True, max_examples=150)
settings.load_profile("quick")


def pytest_collection_finish() -> None:
    """Takes all modules and tests out of the garbage collector's rounds, which else take a tenth of the time."""
    gc.collect()
    gc.freeze()


def thinned(cases: Iterable[Any], *, every: int) -> list[ParameterSet]:
    """Cases for `parametrize`: the first of each `every` runs with `make test`, the others with `make test-deep`."""
    thin = []
    for number, case in enumerate(cases):
        values = case if isinstance(case, tuple) else (case,)
        whole = case if isinstance(case, ParameterSet) else pytest.param(*values)
        marks = (*whole.marks, pytest.mark.deep) if number % every else whole.marks
        thin.append(pytest.param(*whole.values, marks=marks, id=whole.id))
    return thin


@pytest.fixture(autouse=True)
def _no_given_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text is wrapped to `COLUMNS` where that is set, as some test runners do; a test that means a width sets it."""
    monkeypatch.delenv("COLUMNS", raising=False)


NO_DATA = "needs the reference data, which is not beside this checkout"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data; tests that need it are skipped without it, but never under CI=true."""
    if not SHARED.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{SHARED.name}/ is not beside the checkout")
        pytest.skip(NO_DATA)
    return SHARED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints one line for each reason to skip, however many tests share it."""
    reports = terminalreporter.stats.get("skipped", [])
    reasons = Counter(str(report.longrepr[2]).removeprefix("Skipped: ") for report in reports)
    for reason, number in reasons.items():
        terminalreporter.write_line(f"{number} skipped: {reason}")
