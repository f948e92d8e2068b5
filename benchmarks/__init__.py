"""Measures of the bot, each a command of its own: `python -m benchmarks.NAME`."""
