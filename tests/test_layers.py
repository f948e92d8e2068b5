"""Imports run one way, effects stay at the edge, and units stay small."""

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

AVERAGE = 3.45
"""Cyclomatic complexity that functions have on average, at most."""

NETWORK = {"requests", "urllib", "urllib3", "http", "socket", "github", "ssl", "httpx"}
NETWORK_FILES = {
    "sources/session.py",
    "sources/judge_client.py",
    "forge/connection.py",
    "forge/failures.py",
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


@cache
def walk(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Every node of one of the modules; most tests here ask for them all."""
    return tuple(ast.walk(tree))


def imports(tree: ast.Module) -> Iterator[str]:
    for node in walk(tree):
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


def test_bot_has_few_top_level_folders():
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
    assert [] == wrong


def test_the_network_is_in_few_files():
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
        "forge/failures.py",
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
        for node in walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in {"time", "datetime", "date"}
        and node.attr in {"now", "utcnow", "today", "monotonic", "time", "sleep"}
    }

    assert readers <= {"commands"}


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for name, _, tree in modules():
        for node in walk(tree):
            if isinstance(node, ast.FunctionDef):
                yield name, node


def test_modules_and_functions_stay_small():
    for name, path, _ in modules():
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 350, name
    lengths = []
    for name, function in functions():
        body = [part for part in function.body if not _is_docstring(part)]
        length = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
        lengths.append(length)
        assert length <= 50, f"{name}: {function.name} has {length} lines"
    assert statistics.quantiles(lengths, n=10)[-1] <= 20


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def test_packages_hold_no_logic():
    for name, _, tree in modules():
        if name.endswith("/__init__.py"):
            assert all(_is_docstring(node) for node in tree.body), name


BRANCHES = (ast.If, ast.For, ast.While, ast.ExceptHandler, ast.IfExp, ast.BoolOp, ast.comprehension)


def complexity(function: ast.FunctionDef) -> int:
    """Cyclomatic complexity: 1, and 1 more for each branch, loop, handler, case, comprehension and chain of and/or."""
    branches = (*BRANCHES, ast.match_case)
    return 1 + sum(isinstance(node, branches) for node in ast.walk(function))


def test_functions_are_easy_to_follow():
    counted = [(complexity(function), name, function.name) for name, function in functions()]

    assert [] == [worst for worst in counted if worst[0] > 12]
    assert statistics.mean(number for number, _, _ in counted) <= AVERAGE


def test_variables_are_named_for_what_they_are():
    words = {"one", "some", "these", "it"}
    found = [
        f"{name}: {word}, line {line}"
        for name, _, tree in modules()
        for word, line in _variables(tree)
        if word in words
    ]

    assert [] == found


def _variables(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The variables and parameters of a module, with their lines."""
    for node in walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno


def test_no_class_name_has_two_meanings():
    named: dict[str, list[str]] = {}
    for name, _, tree in modules():
        for node in walk(tree):
            if isinstance(node, ast.ClassDef):
                named.setdefault(node.name, []).append(name)

    assert {} == {word: files for word, files in named.items() if len(files) > 1}


def test_no_module_imports_itself_over_others():
    """Cycles hide in imports inside functions too, so those count; imports for type checkers alone do not."""
    graph: dict[str, set[str]] = {}
    for name, _, tree in modules():
        here = f"bot.{name.removesuffix('.py').removesuffix('/__init__').replace('/', '.')}"
        graph[here] = set(_needed(tree))
    known = {here: {there for there in found if there in graph} for here, found in graph.items()}

    assert [] == [here for here in known if here in _reached(known, here)]


def _needed(tree: ast.AST) -> Iterator[str]:
    """Modules that an import asks for, inside functions too."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        else:
            yield from _needed(node)


def _reached(graph: dict[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    queue = list(graph[start])
    while queue:
        here = queue.pop()
        if here not in seen:
            seen.add(here)
            queue += graph[here]
    return seen


def test_no_module_has_a_catch_all_name():
    names = {path.stem for path in BOT.rglob("*.py")}

    assert not names & {"utils", "helpers", "common", "base", "misc"}


@pytest.mark.parametrize("word", ["dry_run"])
def test_only_commands_and_the_api_choose_a_dry_run(word: str):
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
        for node in walk(tree):
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
