"""A world whose list is several files: a README, a page for one topic, and an archive; and its scenarios."""

from dataclasses import replace
from datetime import timedelta

from tests.life.scenarios import ONE, Scenario
from tests.life.world import World, paper

JUDGES, ARCHIVE = "topics/judges.md", "archive/2025.md"
PAGE = """\
# Judges

| Paper | Date |
|---|---|
| [A Judge of Old](https://arxiv.org/abs/2402.00001) | 2024-02 |
| [A Judge of Yore](https://arxiv.org/abs/2401.00001) | 2024-01 |

The end.
"""
PAST = "# 2025\n\n- [RLAIF, Part 90](https://arxiv.org/abs/2510.00090)\n"
OTHERS = {JUDGES: PAGE, ARCHIVE: PAST}
FIVE, SIX = "2510.00005", "2510.00006"
BY_HAND = "| [By Hand](https://arxiv.org/abs/2510.09999) | 2025-10 |\n"


class SeveralWorld(World):
    """The whole world, with a list of three files."""

    more = f"""
[[topics]]
name = "Judges"
phrases = ["LLM judges"]

[[lists]]
path = "{JUDGES}"
topics = ["Judges"]

[[lists]]
path = "{ARCHIVE}"
archive = true
"""

    def announce_judges(self, *numbers: int) -> None:
        """Announces papers today whose entries go to the page on judges."""
        submitted = self.now - timedelta(days=3)
        self.arxiv.papers += [
            replace(
                paper(number, submitted=submitted),
                title=f"LLM Judges, Part {number}",
                abstract=f"Part {number} on LLM judges.",
            )
            for number in numbers
        ]

    def add_by_hand(self) -> None:
        """A person adds an entry where the bot adds its own, in the second file."""
        page = PAGE.replace("|---|---|\n", f"|---|---|\n{BY_HAND}")
        self.hub.push_base(page.encode(), path=JUDGES)


def _first(world: World) -> None:
    assert isinstance(world, SeveralWorld)
    world.announce(1, 2)
    world.announce_judges(5, 6)


def _unticked(world: World) -> None:
    _first(world)
    world.bot()
    world.hub.untick(1, ONE)
    world.hub.untick(1, FIVE)
    world.hub.untick(1, SIX)


def _conflicting(world: World) -> None:
    _first(world)
    world.bot()
    assert isinstance(world, SeveralWorld)
    world.add_by_hand()


def _unticked_too_late(world: World) -> None:
    _first(world)
    world.bot()
    world.hub.untick(1, ONE)
    world.hub.untick(1, FIVE)
    world.hub.merge(1)


SEVERAL = tuple(
    Scenario(f"several files, {name}", before, {}, kind=SeveralWorld, others=OTHERS)
    for name, before in (
        ("first", _first),
        ("boxes unticked", _unticked),
        ("conflict in the second", _conflicting),
        ("unticked too late", _unticked_too_late),
    )
)
