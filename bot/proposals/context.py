"""The inputs that every run starts with: configuration, list, pull requests, and time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.core.config import Config, ListBlock
from bot.core.errors import UsageError
from bot.core.model import Topic
from bot.listing.paper_list import ListFiles, PaperList
from bot.listing.sections import Inbox
from bot.proposals.batching import BatchRules
from bot.proposals.model import ForgeState
from bot.proposals.text import Addresses


@dataclass(frozen=True, slots=True)
class RunLinks:
    """The URL of the run's log, and the path of the configuration in the list's repository; "" if there is none."""

    run_url: str = ""
    config_path: str = ""


NO_LINKS = RunLinks()


@dataclass(frozen=True, slots=True)
class RunContext:
    """What a run knows before it queries arXiv; it stays the same during the run.

    `now` is the time of the run (UTC); `links` are for the texts of pull requests.
    """

    config: Config
    state: ForgeState
    papers: ListFiles
    now: datetime
    links: RunLinks

    @classmethod
    def of(
        cls,
        config: Config,
        state: ForgeState,
        now: datetime,
        links: RunLinks,
    ) -> RunContext:
        """Parses the forge's list and returns the context of a run on it.

        Raises:
            ListError: the list lacks the heading that the configuration names.
            UsageError: an option names an archive as the file to write.
        """
        first = state.base.path
        if first in config.archives:
            fix = "name a file of the list that is no archive, or delete archive = true in the configuration"
            raise UsageError("the bot only reads this file: it is an archive", where=first, fix=fix)
        files = {
            path: PaperList.parse(content, config.file(path or first).heading, path)
            for path, content in {"": state.base.content, **state.base.others}.items()
        }
        return cls(config, state, ListFiles.of(files), now, links)

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The configured topics."""
        return tuple(block.topic() for block in self.config.topics)

    def owner(self, topics: Iterable[str]) -> str:
        """The path of the file that gets a paper of these topics; "" for the first."""
        path = self.config.owner(topics)
        return path if path in self.writable else ""

    @property
    def writable(self) -> dict[str, PaperList]:
        """The files that the bot may write, by path; "" is the first."""
        archives = self.config.archives
        return {path: file for path, file in self.papers.files.items() if path not in archives}

    def settings(self, path: str) -> ListBlock:
        """The settings of a file of the list; "" is the first."""
        return self.config.file(path or self.state.base.path)

    def inbox(self, path: str) -> Inbox | None:
        """The heading for entries whose section is uncertain; None if the configuration names none."""
        block = self.settings(path)
        return Inbox(block.inbox, block.inbox_below) if block.inbox else None

    @property
    def addresses(self) -> Addresses:
        """The URLs that texts of this run link to."""
        state = self.state
        return Addresses.of(
            repository=state.url,
            branch=state.base.branch,
            sha=state.base.sha,
            path=state.base.path,
            config_path=self.links.config_path,
            run=self.links.run_url,
        )

    @property
    def rules(self) -> BatchRules:
        """The configured limits of pull requests."""
        return BatchRules.of(self.config.pull_request)
