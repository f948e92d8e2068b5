"""Reports a list's self-test: how many of its newest entries the bot would write the same, and what differs."""

from __future__ import annotations

from bot.core.english import count
from bot.core.escaping import printable
from bot.listing.self_test import SelfTest, Trial

_SHOWN = 5
_OFTEN = (
    0.5  # share of the entries with another form than the list's from which a template is suggested
)


def render_self_test(result: SelfTest, shown: int = _SHOWN) -> str:
    """Renders the result in a sentence, and the first entries that differ: the list's text, then the bot's."""
    wrong = [trial for trial in result.trials if trial.differs]
    blocks = [f"{result}\n", *map(_compared, wrong[:shown])]
    if len(wrong) > shown:
        blocks.append(f"{count(len(wrong) - shown, 'more entry')} would need an edit\n")
    odd = sum("form" in trial.differs or "refused" in trial.differs for trial in wrong)
    if odd and odd >= _OFTEN * len(result.trials):
        blocks.append(
            f"{odd} of them differ in form: a template of your own (list.template) may fit the list better\n"
        )
    return "\n".join(blocks)


def _compared(trial: Trial) -> str:
    mine = trial.mine or "nothing, since the bot does not understand the entry's form\n"
    return (
        f"line {trial.line}, {trial.paper_id}: {', '.join(trial.differs)}\n"
        f"{_indented('list', trial.theirs)}{_indented('bot', mine)}"
    )


def _indented(name: str, text: str) -> str:
    lines = printable(text.replace("\r\n", "\n").rstrip("\n"), newlines=True).split("\n")
    return "".join(f"  {name if not n else '':5}{line}\n" for n, line in enumerate(lines))
