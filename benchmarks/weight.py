"""Measures the installed size of each runtime dependency, alone and with the packages that only it needs.

    python -m benchmarks.weight

Prints the figures of docs/dependencies.md, in MB (2^20 bytes), for the versions installed here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent


def direct() -> list[str]:
    """The dependencies that pyproject.toml names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return sorted(
        canonicalize_name(Requirement(dependency).name) for dependency in project["dependencies"]
    )


def needs(name: str, extra: str = "") -> list[Requirement]:
    """What a distribution requires on this platform, with one of its extras or without."""
    wanted = (Requirement(text) for text in metadata.distribution(name).requires or ())
    return [
        item for item in wanted if item.marker is None or item.marker.evaluate({"extra": extra})
    ]


def closure(names: Iterable[str]) -> set[str]:
    """These packages and all that they require, directly or indirectly."""
    found: set[tuple[str, str]] = set()
    left = [(name, "") for name in names]
    while left:
        if (pop := left.pop()) not in found:
            found.add(pop)
            for wanted in needs(*pop):
                left += [(canonicalize_name(wanted.name), extra) for extra in ("", *wanted.extras)]
    return {name for name, _ in found}


def users(name: str, everything: Iterable[str]) -> list[str]:
    """The packages that require it, with any extra."""
    extras = ("", "crypto")
    return sorted(
        item
        for item in everything
        if any(canonicalize_name(w.name) == name for extra in extras for w in needs(item, extra))
    )


def size(name: str) -> float:
    """The installed files of a distribution, in MB; bytecode too, where it is written."""
    distribution = metadata.distribution(name)
    paths = (Path(str(distribution.locate_file(file))) for file in distribution.files or ())
    return sum(path.stat().st_size for path in paths if path.exists()) / 2**20


def pinned() -> dict[str, str]:
    """The versions that requirements.txt pins."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))


def main() -> None:
    """Prints a row for each dependency, then for each that comes with them."""
    names, versions = direct(), pinned()
    everything = closure(names)
    print("| dependency | version | MB | goes with it | MB in all |\n|---|---|--:|---|--:|")
    for name in names:
        alone = everything - closure(item for item in names if item != name)
        others = ", ".join(sorted(alone - {name})) if name in alone else "stays: others need it"
        total = sum(map(size, alone))
        print(f"| {name} | {versions[name]} | {size(name):.1f} | {others} | {total:.1f} |")
    print("\n| comes with them | version | MB | for |\n|---|---|--:|---|")
    for name in sorted(everything - set(names), key=size, reverse=True):
        print(
            f"| {name} | {versions[name]} | {size(name):.1f} | {', '.join(users(name, everything))} |"
        )
    print(f"\n{len(everything)} packages, {sum(map(size, everything)):.0f} MB")


if __name__ == "__main__":
    main()
