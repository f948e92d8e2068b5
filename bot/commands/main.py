"""The command line: parses the arguments, runs a command, and turns every error into a message and an exit code.

Results go to standard output, everything else to standard error.
Exit codes: 0 done; 1 something outside failed; 2 the command or the configuration is wrong; 3 a bug; 130 interrupted.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.exceptions import TyperException

from bot.commands.backfill import backfill
from bot.commands.check import check
from bot.commands.decisions import decisions
from bot.commands.demo import demo
from bot.commands.doctor import doctor
from bot.commands.evaluate import evaluate
from bot.commands.explain import explain
from bot.commands.fleet import fleet
from bot.commands.harvest import harvest
from bot.commands.help import CommandGroup, PlainCommand, epilog, with_verbosity
from bot.commands.init import init
from bot.commands.progress import Verbosity, set_verbosity
from bot.commands.propose import propose
from bot.commands.refresh import refresh
from bot.commands.run import run, schedule
from bot.commands.site import site
from bot.core.errors import BotError
from bot.core.escaping import printable
from bot.core.version import DOCS, __version__

_INTERRUPTED = 130

app = typer.Typer(
    name="arxiv-bot",
    cls=CommandGroup,
    help="Keeps a curated list of arXiv papers current: finds papers, and proposes entries in pull requests.",
    epilog=f"\b\nStart with `arxiv-bot demo`.\nDocs: {DOCS}",
    context_settings={"help_option_names": ["-h", "--help"]},
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(*, value: bool) -> None:
    if value:
        typer.echo(f"arxiv-bot {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Declares the options that come before any command."""


for _function in (
    run,
    demo,
    check,
    explain,
    propose,
    decisions,
    evaluate,
    backfill,
    refresh,
    site,
    init,
    doctor,
    schedule,
    harvest,
    fleet,
):
    app.command(cls=PlainCommand, epilog=epilog(_function.__name__))(with_verbosity(_function))

_command = typer.main.get_command(app)


def main(arguments: Sequence[str]) -> int:
    """Runs one command and returns its exit code; every error becomes a message and an exit code here."""
    try:
        arguments = list(arguments) or ["--help"]
        result = _command(args=arguments, prog_name="arxiv-bot", standalone_mode=False)
    except (typer.Abort, KeyboardInterrupt):
        typer.echo("interrupted", err=True)
        return _INTERRUPTED
    except Exception as error:  # noqa: BLE001 (the one place where a bug becomes a report)
        return _failure(error)
    finally:
        set_verbosity(Verbosity.USUAL)
    code = int(result or 0)
    if code == _INTERRUPTED:  # typer turns an interrupt into this code
        typer.echo("interrupted", err=True)
    return code


def _failure(error: Exception) -> int:
    """Prints an error with its fix, or an unexpected one as a bug; returns the exit code."""
    if isinstance(error, TyperException):
        context = getattr(error, "ctx", None)  # has the command, if the arguments name one
        command = context.command_path if context else "arxiv-bot"
        message = error.format_message().replace(": Value error, ", ": ")
        _say(f"error: {message}\n  fix: see {command} --help")
        return 2
    if isinstance(error, BotError):
        _say(f"error: {error}")
        return error.exit_code
    if isinstance(error, OSError) and error.filename is not None:
        _say(f"error: {error.filename}: {error.strerror}\n  fix: check the path")
        return 2
    return _report_bug()


def _say(text: str) -> None:
    """Prints a failure, with the token removed in case it was given in the wrong place."""
    if token := os.environ.get("GITHUB_TOKEN"):
        text = text.replace(token, "***")
    typer.echo(printable(text, newlines=True), err=True)


def _report_bug() -> int:
    """Prints a bug report with everything that an issue about it needs."""
    import platform
    import traceback

    _say(
        "This is a bug in arxiv-bot. Please report it with the following text.\n\n"
        f"arxiv-bot {__version__}, Python {platform.python_version()}, {platform.system()}\n\n"
        f"```\n{traceback.format_exc()}```"
    )
    return 3
