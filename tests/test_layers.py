"""Imports run one way, effects stay at the edge, and units stay small (design: the house)."""

import ast
import re
import statistics
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

BOT = ROOT / "bot"
LAYERS: dict[str, int] = {
    name: level
    for level, names in enumerate(
        (
            ("core",),
            ("listing",),
            ("relevance",),
            ("sources", "proposals"),
            ("forge",),
            ("publishing",),
            ("pipeline", "refresh"),
            ("reports",),
            ("tools",),
            ("commands",),
            ("api",),
            ("__main__",),
        )
    )
    for name in names
}
"""Modules and packages directly in `bot/`, the lowest first: each imports only what stands in an earlier row."""

STILL_WRONG: set[str] = set()

NETWORK = {"requests", "urllib", "urllib3", "http", "socket", "github", "ssl", "httpx"}
NETWORK_FILES = {
    "sources/session.py",
    "forge/connection.py",
    "forge/git_database.py",
    "forge/github_api.py",
}
EFFECTS = NETWORK | {
    "subprocess",
    "random",
    "time",
    "threading",
    "signal",
    "sqlite3",
    "shutil",
    "tempfile",
}


@cache
def modules() -> tuple[tuple[str, Path, ast.Module], ...]:
    """Every module of `bot/`: its name from there, its path and its syntax tree."""
    return tuple(
        (path.relative_to(BOT).as_posix(), path, ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(BOT.rglob("*.py"))
    )


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "bot":
                yield from (f"bot.{alias.name}" for alias in node.names)
            else:
                yield node.module


def unit(name: str) -> str:
    return name.removesuffix(".py").split("/")[0]


def test_every_unit_has_a_layer():
    assert {unit(name) for name, _, _ in modules()} - {"__init__"} <= set(LAYERS)


def test_few_rooms_open_off_the_hall():
    files = {path.stem for path in BOT.glob("*.py")} - {"__init__"}
    folders = {path.parent.name for path in BOT.glob("*/__init__.py")}

    assert len(files) <= 4, files
    assert len(folders) <= 10, folders


def test_imports_run_from_higher_to_lower():
    wrong = []
    for name, _, tree in modules():
        here = unit(name)
        for imported in imports(tree):
            parts = imported.split(".")
            if parts[0] != "bot" or len(parts) == 1 or here == "__init__":
                continue
            there = parts[1]
            if there.startswith("__") or there == here:
                continue
            if LAYERS[there] >= LAYERS[here]:
                wrong.append(f"{name} imports {imported}")
    assert STILL_WRONG == set(wrong)


def test_the_network_is_in_three_files():
    users = {
        name
        for name, _, tree in modules()
        for imported in imports(tree)
        if imported.split(".")[0] in NETWORK and imported != "urllib.parse"
    }

    assert users <= NETWORK_FILES


def test_each_service_package_is_known_in_one_place():
    def importers(package: str) -> set[str]:
        return {
            name
            for name, _, tree in modules()
            if package in {i.split(".")[0] for i in imports(tree)}
        }

    assert importers("github") <= {
        "forge/connection.py",
        "forge/git_database.py",
        "forge/github_api.py",
    }
    assert importers("arxiv") <= {"sources/search.py", "sources/search_page.py"}
    assert importers("feedparser") <= {"sources/announcements.py"}
    assert importers("apscheduler") <= {"commands/scheduler.py"}


def test_most_modules_have_no_effect():
    free = [
        not {i.split(".")[0] for i in imports(tree) if i != "urllib.parse"} & EFFECTS
        for _, _, tree in modules()
    ]

    assert sum(free) / len(free) >= 0.65


def test_the_clock_is_read_at_the_edge():
    readers = {
        unit(name)
        for name, _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in {"time", "datetime", "date"}
        and node.attr in {"now", "utcnow", "today", "monotonic", "time", "sleep"}
    }

    assert readers <= {"commands"}


def test_modules_and_functions_stay_small():
    lengths = []
    for name, path, tree in modules():
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 350, name
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                body = [part for part in node.body if not _is_docstring(part)]
                if body:
                    length = (body[-1].end_lineno or 0) - body[0].lineno + 1
                    lengths.append(length)
                    assert length <= 50, f"{name}: {node.name} has {length} lines"
    assert statistics.quantiles(lengths, n=10)[-1] <= 20


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def test_packages_hold_no_logic():
    for name, _, tree in modules():
        if name.endswith("/__init__.py"):
            assert all(_is_docstring(node) for node in tree.body), name


def test_no_drawer_for_odds_and_ends():
    names = {path.stem for path in BOT.rglob("*.py")}

    assert not names & {"utils", "helpers", "common", "base", "misc"}


@pytest.mark.parametrize("word", ["dry_run"])
def test_dry_run_is_chosen_once(word: str):
    users = {unit(name) for name, path, _ in modules() if word in path.read_text(encoding="utf-8")}

    assert users <= {"api", "commands"}


FORBIDDEN_IMPORTS = {
    "subprocess",
    "pickle",
    "marshal",
    "shelve",
    "dill",
    "joblib",
    "ctypes",
    "webbrowser",
    "multiprocessing",
    "pty",
    "code",
    "runpy",
    "zipfile",
    "tarfile",
}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__", "input", "breakpoint"}
STARTING = re.compile(r"system|popen|startfile|fork\w*|exec[lv]\w*|spawn\w*|posix_spawn\w*")


STARTERS = {("listing/history.py", "subprocess")}
"""The one program that is started: git, to read the history of the user's own list."""


def test_nothing_is_executed_unpacked_or_opened_with_another_program():
    wrong = []
    for name, _, tree in modules():
        wrong += [
            f"{name}: {imported}"
            for imported in imports(tree)
            if imported.split(".")[0] in FORBIDDEN_IMPORTS and (name, imported) not in STARTERS
        ]
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                wrong += [f"{name}: {node.func.id}"] if node.func.id in FORBIDDEN_CALLS else []
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                starts = node.value.id == "os" and STARTING.fullmatch(node.attr)
                wrong += [f"{name}: os.{node.attr}"] if starts else []
            if isinstance(node, ast.ImportFrom) and node.module == "os":
                wrong += [f"{name}: os.{a.name}" for a in node.names if STARTING.fullmatch(a.name)]
            if isinstance(node, ast.keyword) and node.arg == "shell":
                wrong.append(f"{name}: shell=")
    assert [] == wrong
