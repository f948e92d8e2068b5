"""The command line's help: grouped commands, and for each command two examples, a docs page and common options."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from bot.commands.progress import Verbosity, set_verbosity
from bot.core.version import DOCS

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter

GROUPS = {
    "Daily": ("run", "explain", "propose", "decisions", "check", "refresh"),
    "Set up": ("demo", "init", "doctor", "schedule"),
    "Tune": ("evaluate", "backfill"),
    "Publish": ("site",),
    "Many lists": ("harvest", "fleet"),
}

EXAMPLES = {
    "run": ("--dry-run", "--repo OWNER/NAME --report report.html", "tutorial/"),
    "demo": ("", "--output build/demo --full", "tutorial/"),
    "check": ("", "--fix", "how-to/check/"),
    "explain": (
        "2309.00267 2510.15514",
        "papers.jsonl --source snapshot:papers.jsonl",
        "explanation/relevance/",
    ),
    "propose": ("2309.00267 --dry-run", "2309.00267 --repo OWNER/NAME", "how-to/answer/"),
    "decisions": ("--repo OWNER/NAME", "--repo OWNER/NAME --json", "how-to/answer/"),
    "evaluate": (
        "--source snapshot:papers.jsonl",
        "--source search --cut 2025-07-01",
        "explanation/relevance/",
    ),
    "backfill": (
        "--since 2022-01 --dry-run",
        "--since 2022-01 --repo OWNER/NAME",
        "how-to/another-list/",
    ),
    "refresh": ("--dry-run", "--repo OWNER/NAME", "how-to/refresh/"),
    "site": (
        "",
        "--source search --repo OWNER/NAME --url https://OWNER.github.io/NAME/",
        "how-to/site/",
    ),
    "harvest": (
        "--output harvest",
        "--output harvest --category 'cs.*' --category stat.ML --contact me@example.org",
        "how-to/several-lists/",
    ),
    "fleet": ("plan", "run --shard 1/20 --report shard-1.json", "how-to/several-lists/"),
    "init": ("", "../my-list --phrase 'reward model'", "how-to/another-list/"),
    "doctor": ("", "--repo OWNER/NAME", "how-to/tokens/"),
    "schedule": (
        "--repo OWNER/NAME",
        "--cron '0 7 * * mon-fri' --time-zone Europe/Berlin --repo OWNER/NAME",
        "how-to/server/",
    ),
}
"""For each command, the arguments of two examples, and its docs page."""


_TYPE = re.compile(r" <(?:str|path|int range|list\[(?:str|[Pp]ath)\])>")
_CHOICE = re.compile(r"<([a-z]+(?:\|[a-z]+)+)>")


class PlainCommand(TyperCommand):
    """A command whose help shows placeholders for values, without Python's types."""

    def get_help(self, ctx: Context) -> str:
        """Returns the help without types; the columns stay aligned."""
        text = _TYPE.sub(lambda match: " " * len(match[0]), super().get_help(ctx))
        return _CHOICE.sub(r"\1  ", text)


class CommandGroup(TyperGroup):
    """The top-level command; its help lists the commands in groups."""

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Writes a section of commands for each group, without truncating lines."""
        for name, commands in GROUPS.items():
            with formatter.section(name):
                found = ((command, self.get_command(ctx, command)) for command in commands)
                formatter.write_dl(
                    [(name, found.get_short_help_str(500)) for name, found in found if found]
                )


def epilog(name: str) -> str:
    """Returns the text below a command's help: examples and the docs page."""
    *examples, page = EXAMPLES[name]
    lines = "\n".join(f"  arxiv-bot {name} {example}".rstrip() for example in examples)
    return f"\b\nExamples:\n{lines}\n\n\b\nDocs: {DOCS}{page}"


Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print the result and errors, nothing else.")
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Print every step as it happens.")]


def with_verbosity(command: Callable[..., None]) -> Callable[..., None]:
    """Adds --quiet and --verbose to a command."""
    signature = inspect.signature(command, eval_str=True)
    extra = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=False, annotation=kind)
        for name, kind in (("quiet", Quiet), ("verbose", Verbose))
    ]

    @functools.wraps(command)
    def run(*, quiet: bool, verbose: bool, **arguments: Any) -> None:  # noqa: ANN401 (the command's own)
        set_verbosity(Verbosity.QUIET if quiet else Verbosity.ALL if verbose else Verbosity.USUAL)
        command(**arguments)

    parameters = [*signature.parameters.values(), *extra]
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    del run.__wrapped__
    return run
