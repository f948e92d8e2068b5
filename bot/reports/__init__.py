"""A run's report for people: on a terminal, in a job's summary, as a page. All pure: report in, text out."""

from bot.reports.decision import ANSWERS, render_answers, render_decision
from bot.reports.summary import render_summary
from bot.reports.terminal import render_terminal
from bot.reports.words import UNTOLD, counts, headline

__all__ = [
    "ANSWERS",
    "UNTOLD",
    "counts",
    "headline",
    "render_answers",
    "render_decision",
    "render_summary",
    "render_terminal",
]
