"""How many papers the judge may put under "Perhaps"."""

from dataclasses import replace

from bot.core.arxiv_id import ArxivId
from bot.core.config import parse
from bot.proposals.answers import PaperAnswers
from bot.proposals.context import NO_LINKS, RunContext
from bot.proposals.marker import Marker
from bot.proposals.model import Base, Batch, ForgeState
from bot.proposals.verdicts import room_for_doubts
from tests import samples
from tests.factories import NOW

CONFIG = parse(samples.CONFIG + "\n[pull_request]\nmax_perhaps = 5\n", where="")


def batch(*perhaps: str) -> Batch[ArxivId]:
    marker = Marker((), "README.md", NOW, perhaps=tuple(map(ArxivId, perhaps)))
    return Batch("arxiv-bot/batch-1", "", marker)


def test_the_judge_has_the_room_that_all_open_batches_together_leave():
    base = Base("main", "sha", "README.md", samples.LIST.encode())
    context = RunContext.of(CONFIG, ForgeState("o/n", base, ()), NOW, NO_LINKS)
    answers = PaperAnswers({}, (batch("2510.00001", "2510.00002"), batch("2510.00003")), None)

    assert 2 == room_for_doubts(context, answers).perhaps
    crowded = replace(answers, open=3 * answers.open)
    assert 0 == room_for_doubts(context, crowded).perhaps
