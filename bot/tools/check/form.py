"""Shows a list's self-test: how many of its newest entries the bot would have written, and what differs."""

from __future__ import annotations

from bot.core.english import count
from bot.core.escaping import printable
from bot.listing.self_test import SelfTest, Trial

_SHOWN = 5


def render_self_test(result: SelfTest) -> str:
    """The result in a sentence, and the first entries that need an edit: the list's text above the bot's."""
    wrong = [trial for trial in result.trials if trial.differs]
    blocks = [f"{result}\n", *map(_compared, wrong[:_SHOWN])]
    if len(wrong) > _SHOWN:
        blocks.append(f"{count(len(wrong) - _SHOWN, 'more entry')} would need an edit\n")
    return "\n".join(blocks)


def _compared(trial: Trial) -> str:
    mine = trial.mine or "nothing: the form is not understood\n"
    return (
        f"line {trial.line}, {trial.paper_id}: {', '.join(trial.differs)}\n"
        f"{_indented('list', trial.theirs)}{_indented('bot', mine)}"
    )


def _indented(name: str, text: str) -> str:
    lines = printable(text.replace("\r\n", "\n").rstrip("\n"), newlines=True).split("\n")
    return "".join(f"  {name if not n else '':5}{line}\n" for n, line in enumerate(lines))
