"""What every run starts from: the configuration, the list and the pull requests as they stand, and the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.config import Config
from bot.core.model import Topic
from bot.listing.paper_list import PaperList
from bot.proposals.batching import BatchRules
from bot.proposals.model import ForgeState


@dataclass(frozen=True, slots=True)
class RunContext:
    """What a run knows before it asks arXiv; it does not change while the run goes on.

    `now` is the time of the run (UTC), `run_url` the address of its log, empty where it has none.
    """

    config: Config
    state: ForgeState
    papers: PaperList
    now: datetime
    run_url: str = ""

    @classmethod
    def of(cls, config: Config, state: ForgeState, now: datetime, run_url: str = "") -> RunContext:
        """The context of a run on the list that the forge has.

        Raises:
            ListError: the list has not the heading that the configuration names.
        """
        papers = PaperList.parse(state.base.content, config.list.heading)
        return cls(config, state, papers, now, run_url)

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The configured topics."""
        return tuple(block.topic() for block in self.config.topics)

    @property
    def rules(self) -> BatchRules:
        """The configured limits of pull requests."""
        return BatchRules.of(self.config.pull_request)
