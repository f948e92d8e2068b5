"""What can go wrong, as the user sees it.

    BotError                the message says what happened; `where` and `fix` say the rest
    ├── UsageError          the command line is wrong (exit 2)
    ├── ConfigError         keywords.toml is wrong (exit 2)
    ├── ListError           the list can't be read, understood or safely edited (exit 2)
    ├── SourceError         arXiv, or a file standing in for it, failed (exit 1)
    └── ForgeError          GitHub, or a directory standing in for it, failed (exit 1)
        ├── ForgeSetupError a setting or a right is missing, so trying again is useless (exit 1)
        └── MovedError      somebody else changed it meanwhile; nothing was overwritten (no failure of a run)

Anything else that escapes is a bug in the bot (exit 3).
"""

from __future__ import annotations

from typing import ClassVar

from bot.core.english import shorten

_SHOWN = 200  # characters of a place


class BotError(Exception):
    """Something the user can understand and act upon.

    Args:
        message: what happened, one sentence without a final full stop needed.
        where: the file, line, key path or URL that it happened at; empty where there is none.
        fix: what to do next; empty only where there is nothing to do but wait.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, where: str = "", fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.fix = fix

    def __str__(self) -> str:
        where = shorten(self.where, _SHOWN)  # a look-up's URL names up to a hundred ids
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
    """A source of papers failed or answered with something that is not its papers."""


class ForgeError(BotError):
    """The place where the list lives failed or refused."""


class ForgeSetupError(ForgeError):
    """The forge refused for a reason that only a person can change: a setting, a right, a rule."""


class MovedError(ForgeError):
    """Somebody else changed a branch or a pull request after it was read; what they did stands."""
