"""arxiv-bot keeps a curated list of arXiv papers current.

Python code calls `bot.run` and `bot.check`, which are imported when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.core.version import __version__

if TYPE_CHECKING:
    from bot.api import check, run

__all__ = ["__version__", "check", "run"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 (whatever the name stands for)
    if name not in {"check", "run"}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from bot import api  # noqa: PLC0415 (importing bot stays light)

    return getattr(api, name)
