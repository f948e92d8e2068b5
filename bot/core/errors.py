"""The errors that a user can see.

    BotError                the message says what happened; `where` and `fix` say where and what to do
    ├── UsageError          the command line is wrong (exit 2)
    ├── ConfigError         keywords.toml is wrong (exit 2)
    ├── ListError           the list can't be read, understood or safely edited (exit 2)
    ├── SourceError         arXiv, or a file used in its place, failed (exit 1)
    └── ForgeError          GitHub, or a directory used in its place, failed (exit 1)
        ├── ForgeSetupError a setting or a permission is missing, so a retry is useless (exit 1)
        └── MovedError      somebody else made a change in between; nothing was overwritten (the run does not fail)

Any other exception is a bug in the bot (exit 3).
"""

from __future__ import annotations

from typing import ClassVar

from bot.core.english import shorten

_SHOWN = 200  # characters of `where`


class BotError(Exception):
    """An error that the user can understand and act on.

    Args:
        message: what happened, in one sentence without a final full stop.
        where: the file, line, key path or URL where it happened; empty if there is none.
        fix: what to do next; empty only if the user can do nothing but wait.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, where: str = "", fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.fix = fix

    @property
    def on_one_line(self) -> str:
        """The message, and the fix in brackets, for a report that says elsewhere what failed."""
        return f"{self.message} ({self.fix})" if self.fix else self.message

    def __str__(self) -> str:
        where = shorten(self.where, _SHOWN)  # the URL of a look-up has up to a hundred ids
        text = f"{where}: {self.message}" if where else self.message
        return f"{text}\n  fix: {self.fix}" if self.fix else text


class UsageError(BotError):
    """The command line asks for something impossible or contradictory."""

    exit_code = 2


class ConfigError(BotError):
    """The configuration file is missing, unreadable or wrong."""

    exit_code = 2


class ListError(BotError):
    """The list can't be read, or can't be edited without risking damage to it."""

    exit_code = 2


class SourceError(BotError):
    """A source of papers failed, or its response can't be read."""


class ForgeError(BotError):
    """The place that stores the list failed or refused."""


class ForgeSetupError(ForgeError):
    """The forge refused for a reason that only a person can remove: a setting, a permission, a rule."""


class MovedError(ForgeError):
    """Somebody else changed a branch or a pull request after it was read; their change is kept."""
