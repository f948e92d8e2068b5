"""Checks that no regular expression of the bot takes more than linear time.

    python -m benchmarks.regular_expressions [NAME]

For each pattern, the benchmark finds texts that its parts match (literals, one character of each class, a whole match
cut at any position). It repeats these texts, alone and in pairs, after nothing or after the start of a match, and
searches each string for the pattern. The slowest string is then measured at 16, 32 and 64 thousand characters, in a
process of its own with a limit on CPU time. Prints a row for each pattern: the growth for twice the text (2 is linear),
and microseconds per character.
"""

from __future__ import annotations

import ast
import importlib
import multiprocessing
import pkgutil
import re
import resource
import sys
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import bot

Parsed = Any
SIZES = (16_000, 32_000, 64_000)
SMALL = 1_000
LIMIT = 15  # seconds of CPU for one pattern at its worst
SLOW, STEEP = (
    3.0,
    3.0,
)  # a row is marked if it has at least these microseconds a character, and this growth for twice the text


def patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Every pattern of the package with its name: compiled ones, and those written in a call of `re`."""
    for info in pkgutil.walk_packages(bot.__path__, "bot."):
        if info.name == "bot.__main__":
            continue
        module = importlib.import_module(info.name)
        name = info.name.removeprefix("bot.")
        for key, value in vars(module).items():
            yield from ((f"{name}.{key}{n}", item) for n, item in _compiled(value, module, key))
        yield from ((f"{name}:{line}", item) for line, item in _inline(module))


def _compiled(value: object, module: ModuleType, key: str) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield "", value
    elif isinstance(value, tuple) and key.startswith("_"):
        flat = [part for item in value for part in (item if isinstance(item, tuple) else (item,))]
        found = [item for item in flat if isinstance(item, re.Pattern)]
        yield from ((f"[{n}]", item) for n, item in enumerate(found))
    del module


def _inline(module: ModuleType) -> Iterator[tuple[int, re.Pattern[Any]]]:
    for node in ast.walk(ast.parse(_source(module))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr not in {"compile", "escape"}
        ):
            code = compile(ast.Expression(node.args[0]), module.__name__, "eval")
            try:
                text = eval(code, vars(module))
            except NameError:  # patterns made from phrases, which were reviewed by hand
                continue
            yield node.lineno, re.compile(text)


def _source(module: ModuleType) -> str:
    return Path(str(module.__file__)).read_text(encoding="utf-8")


def atoms(pattern: re.Pattern[Any]) -> list[str]:
    """Texts that parts of the pattern match: single characters, runs of literals, and a whole match."""
    tree = re._parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)  # type: ignore[attr-defined]  # noqa: SLF001
    found: dict[str, None] = {}
    whole = _example(tree, found)
    for size in (len(whole), len(whole) // 2, 3 * len(whole) // 4):
        found[whole[:size]] = None
    ordered = [item for item in found if item]
    return [*ordered, " ", "\t", "\n", "a", "1", "."][:40]


def _example(tree: Parsed, found: dict[str, None]) -> str:
    """A text that the tree roughly matches; records what its parts match."""
    text = run = ""
    for op, arg in tree:
        kind = str(op)
        piece = ""
        if kind == "LITERAL":
            piece = chr(arg)
            run += piece
        else:
            found[run] = None
            run = ""
            piece = _part(kind, arg, found)
        found[piece] = None
        text += piece
    found[run] = None
    found[text] = None
    return text


def _part(kind: str, arg: Any, found: dict[str, None]) -> str:
    match kind:
        case "IN":
            for item in (members := _members(arg))[1:4]:
                found[item] = None
            return str(members[0])
        case "ANY":
            return "x"
        case "NOT_LITERAL":
            return "x" if arg != ord("x") else "y"
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            low, _, inner = arg
            return _example(inner, found) * int(max(low, 1))
        case "SUBPATTERN":
            return _example(arg[3], found)
        case "BRANCH":
            examples = [_example(element, found) for element in arg[1]]  # all are noted
            return examples[0]
        case "ATOMIC_GROUP":
            return _example(arg, found)
        case "ASSERT" | "ASSERT_NOT":
            _example(arg[1], found)
            return ""
        case _:
            return ""


def _members(arg: Any) -> list[str]:
    """Some characters of a class; of a negated one, some that it is likely to have."""
    negated = any(str(op) == "NEGATE" for op, _ in arg)
    out: list[str] = []
    for op, value in arg:
        kind = str(op)
        if kind == "LITERAL":
            out.append(chr(value))
        elif kind == "RANGE":
            out.append(chr(value[0]))
        elif kind == "CATEGORY":
            out.append({"DIGIT": "1", "SPACE": " ", "WORD": "a"}.get(str(value)[9:], "-"))
    if not negated:
        return out or ["x"]
    return [c for c in "x [(<*_ `-" if c not in out] or ["x"]


def pumps(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str, str]]:
    """Start, pump and end: the pump is repeated between the others."""
    parts = atoms(pattern)
    bodies = [*parts, *(a + b for a in parts[:14] for b in parts[:14] if a != b)]
    start = max(parts, key=len)
    for body in bodies:
        yield "", body, "\0"
        yield start, body, ""


def text_of(pump: tuple[str, str, str], size: int, pattern: re.Pattern[Any]) -> Any:
    start, body, end = pump
    text = (start + body * (size // len(body) + 1))[:size] + end
    return text.encode("utf-8", "replace") if isinstance(pattern.pattern, bytes) else text


def seconds(pattern: re.Pattern[Any], text: Any, *, everywhere: bool) -> float:
    """The least of three times on the wall clock: some systems report the CPU time of a forked process in ticks."""
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        if everywhere:
            deque(pattern.finditer(text), 0)
        else:
            pattern.match(text)
            pattern.fullmatch(text)
        taken.append(time.perf_counter() - start)
    return min(taken)


def is_searched(name: str) -> bool:
    """Whether the pattern is searched at more than one position of a text, according to its module's source."""
    module, _, key = name.rpartition(".")
    source = _source(importlib.import_module(f"bot.{module}")) if module else ""
    uses = re.findall(rf"\b{key.partition('[')[0]}\.(\w+)\(([^)]*)", source)
    return not uses or any(use not in {"match", "fullmatch"} or "," in given for use, given in uses)


def worst(pattern: re.Pattern[Any], *, everywhere: bool) -> tuple[str, str, str]:
    """The pump that takes longest, and grows most, on short strings."""
    best, most = ("", "x", ""), 0.0
    for pump in pumps(pattern):
        text = text_of(pump, SMALL, pattern)
        long = seconds(pattern, text, everywhere=everywhere)
        if long > 1.2 * most:
            best, most = pump, long
        if most > 0.5:
            break
    return best


def measure(name: str, pattern: re.Pattern[Any], out: Any) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT))
    everywhere = is_searched(name)
    pump = worst(pattern, everywhere=everywhere)
    taken = []
    for size in SIZES:
        taken.append(seconds(pattern, text_of(pump, size, pattern), everywhere=everywhere))
        out.put((name, pump, list(taken)))


def main(only: str = "") -> int:
    print(
        "| pattern | growth for twice the text | µs a character | worst pump |\n|---|--:|--:|---|"
    )
    bad = 0
    for name, pattern in patterns():
        if only not in name:
            continue
        out: Any = multiprocessing.SimpleQueue()
        child = multiprocessing.Process(target=measure, args=(name, pattern, out))
        child.start()
        child.join()
        last: tuple[str, tuple[str, str, str], list[float]] = (name, ("", "", ""), [])
        while not out.empty():
            last = out.get()
        _, pump, taken = last
        shown = " ".join(repr(part) for part in pump)
        if len(taken) < len(SIZES):
            growth, cost = float("inf"), float("inf")
        else:
            growth = (taken[-1] / taken[0]) ** 0.5 if taken[0] > 0.001 else 0.0
            cost = taken[-1] / SIZES[-1] * 1e6
        marked = (growth >= STEEP and cost > 0.1) or cost >= SLOW
        bad += marked
        print(
            f"| {name} | {growth:.1f} | {cost:.2f} | `{shown}` |{' <--' if marked else ''}",
            flush=True,
        )
    return bad


if __name__ == "__main__":
    sys.exit(1 if main(*sys.argv[1:]) else 0)
