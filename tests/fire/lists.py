"""Hostile lists of any size: functions from a number of characters to Markdown that goes below an ordinary list."""

from collections.abc import Callable

from tests import samples

ORDINARY = samples.LIST.partition("## Contributing")[0] + "### 2021\n"
_MARK = '<!-- arxiv-bot {"version": 1, "list": "README.md", "papers": ["2510.00001"]} -->\n- [x] <!-- 2510.00001 --> gone\n'


def of(unit: str, start: str = "", end: str = "\n") -> Callable[[int], str]:
    """Repeats a unit up to a size."""
    return lambda size: start + unit * (size // len(unit)) + end


def entries(size: int) -> str:
    line = "- [A Title of Paper {0}](https://arxiv.org/abs/24{1:02}.{2:05})\n"
    return "".join(line.format(n, n % 12 + 1, n % 99_999 + 1) for n in range(size // 60))


ENTRY = "- [Title of One](https://arxiv.org/abs/2401.00001) "
HOSTILE: dict[str, Callable[[int], str]] = {
    "many entries": entries,
    "our marks": of(_MARK),
    "one line": of("word ", ENTRY),
    "one line of links": of("[a](https://arxiv.org/abs/2401.00002) ", ENTRY),
    "one line of open brackets": of("[", ENTRY),
    "one line of open links": of("[a](", ENTRY),
    "one line of images": of("![a](", ENTRY),
    "one line of stars": of("*", ENTRY),
    "one line of stars and words": of("**a", ENTRY),
    "one line of underscores": of("_a ", ENTRY),
    "one line of backticks": of("`", ENTRY),
    "one line of angles": of("<a ", ENTRY),
    "one line of elements": of("<b>", ENTRY),
    "one line of details": of("<details>", ENTRY),
    "one line of anchors": of("arxiv:", ENTRY),
    "one line of DOIs": of("10.1000/", ENTRY),
    "one line of dates": of("2024-01-", ENTRY),
    "one line of backslashes": of("\\", ENTRY),
    "one line of dollars": of("$a", ENTRY),
    "one line of braces": of("{", ENTRY),
    "one line of commands": of("\\a{", ENTRY),
    "one line of spaces": of(" ", ENTRY, "x\n"),
    "one line of commas": of("A. B., ", ENTRY),
    "a line of spaces with a bar": of(" ", "a | b\n", "|x\n"),
    "a rule of bars": of("|-", "a | b\n"),
    "a row of bars": of("|", "| a | b |\n|---|---|\n| [T](https://arxiv.org/abs/2401.00001) "),
    "a row of details": of(
        "<details>", "| a | b |\n|---|---|\n| [T](https://arxiv.org/abs/2401.00001) | "
    ),
    "an HTML row of cells": of("<td>", "<table>\n<tr><td>[T](https://arxiv.org/abs/2401.00001)\n"),
    "blank lines": of("\n", ENTRY),
    "blank lines inside": of("\n", f"{ENTRY}\n", "  more\n"),
    "nested lists": lambda size: "".join(
        " " * (2 * n) + "- a\n" for n in range(2 * int(size**0.5))
    ),
    "nested quotes": of("> ", "", "a\n"),
    "headings": of("# a\n"),
    "deeper headings": of("# a\n## b\n### c\n"),
    "underlines": of("a\n=\n"),
    "fences": of("```\n"),
    "open comments": of("<!--\n"),
    "tables": of("a | b\n--|--\nc | d\n\n"),
    "open HTML tables": of("<table>\n"),
    "carriage returns": of("- [a](https://arxiv.org/abs/2401.00001)\r"),
    "zeros": of("\0"),
    "one entry again": of("- [The Same](https://arxiv.org/abs/2401.00001)\n"),
    "one title, other ids": lambda size: "".join(
        f"- [The Same Title of All](https://arxiv.org/abs/2401.{n + 1:05})\n"
        for n in range(size // 60)
    ),
}
