"""Starts the command line, for `python -m bot` and for the installed command."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Runs the command that the arguments name, and exits with its code."""
    # The matrices are small: more threads only wait for each other, at the cost of 0.1 s of CPU.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from bot.commands.main import main as run_cli  # noqa: PLC0415 (an interrupt while importing is an interrupt all the same)

    sys.exit(run_cli(sys.argv[1:]))


if __name__ == "__main__":
    main()
