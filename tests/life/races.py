"""Lets people or a second run act between two requests of a run, and checks the result two runs later."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.errors import BotError
from bot.core.model import RunReport
from bot.proposals.marker import AnyMarker, boxes, parse_marker, parse_removals
from tests.life.scenarios import TWO, UNSURE_TOO, Stage
from tests.servers.github import Pull
from tests.servers.http import Request, Server

Json = Any
LINE, NOTE, TITLE = "A line.", "A note of mine.", "A title of mine"
_NOTE_LOST = "the person's note is gone"
_TITLE_LOST = "the person's title is gone"
_TICK_LOST = "the person's tick is gone"
_CLOSED_TEXT = "the text of what a person closed was changed"
BY_ANOTHER = "- [By Another](https://arxiv.org/abs/2510.08888)\n"


@dataclass(frozen=True)
class Act:
    """Something that happens during a run; `do` returns a check to call later, which returns a complaint or "".

    `freezes` means that the bot leaves the pull request alone from then on. `member` is the part of a pull request
    that both the act and the bot may write, and `lost` the complaint if the bot overwrites it.
    """

    name: str
    do: Callable[[Stage], Callable[[], str]]
    freezes: bool = False
    member: str = ""
    lost: str = ""


Wrong = Callable[[Stage, Act], Iterator[str]]
"""Yields complaints about the state after an act."""


def _mine(stage: Stage) -> Pull:
    return stage.hub.pull(1)


def _push(stage: Stage, *, amend: bool = False) -> Callable[[], str]:
    pull, hub = _mine(stage), stage.hub
    content = hub.read(branch=pull.branch) + f"\n{LINE}\n".encode()
    if amend:
        hub.amend(1, content)
    else:
        hub.push(content, branch=pull.branch)
    sha = hub.tip(pull.branch)

    def check() -> str:
        if not hub.git.is_ancestor(sha, hub.tip(pull.branch)):
            return "the person's commit is gone"
        return "" if LINE.encode() in hub.read(branch=pull.branch) else "the person's line is gone"

    return check


def _amend(stage: Stage) -> Callable[[], str]:
    return _push(stage, amend=True)


def _note(stage: Stage) -> Callable[[], str]:
    stage.hub.edit_body(1, f"{_mine(stage).body}\n{NOTE}\n")
    return lambda: "" if NOTE in _mine(stage).body else _NOTE_LOST


def _retitle(stage: Stage) -> Callable[[], str]:
    stage.hub.edit_title(1, TITLE)
    return lambda: "" if TITLE == _mine(stage).title else _TITLE_LOST


def _click(paper: str) -> Callable[[Stage], Callable[[], str]]:
    """Clicks on a paper's box, which toggles it."""

    def do(stage: Stage) -> Callable[[], str]:
        unticked, ticked = (f"- [{mark}] <!-- {paper} -->" for mark in " x")
        body = _mine(stage).body
        old, new = (ticked, unticked) if ticked in body else (unticked, ticked)
        assert old in body
        stage.hub.edit_body(1, body.replace(old, new))
        return lambda: "" if new in _mine(stage).body else _TICK_LOST

    return do


def _close(stage: Stage) -> Callable[[], str]:
    before = _mine(stage).body
    stage.hub.close(1)

    def check() -> str:
        pull = _mine(stage)
        return (pull.state != "closed") * "it was opened again" or (
            pull.body != before
        ) * _CLOSED_TEXT

    return check


def _merge(stage: Stage) -> Callable[[], str]:
    pull = _mine(stage)
    merges = stage.hub.git.merge_tree(stage.hub.tip("main"), pull.head_sha) is not None
    if pull.state != "open" or not merges:
        return lambda: ""
    before, papers = pull.body, stage.world.new_in(1)
    stage.hub.merge(1)

    def check() -> str:
        missing = papers - set(stage.world.listed())
        return (
            f"merged, but not listed: {missing}" * bool(missing)
            or (_mine(stage).body != before) * "the text of what a person merged was changed"
        )

    return check


def _hold(stage: Stage) -> Callable[[], str]:
    stage.hub.label(1, "arxiv-bot:hold")
    return lambda: "" if "arxiv-bot:hold" in _mine(stage).labels else "the label is gone"


def _review(stage: Stage) -> Callable[[], str]:
    stage.hub.review(1, "CHANGES_REQUESTED")
    return lambda: ""


def _push_base(stage: Stage, old: str, new: str) -> Callable[[], str]:
    hub = stage.hub
    hub.push_base(hub.read().replace(old.encode(), new.encode()))
    sha = hub.tip("main")
    return lambda: "" if hub.git.is_ancestor(sha, hub.tip("main")) else "the person's push is gone"


def _push_elsewhere(stage: Stage) -> Callable[[], str]:
    return _push_base(stage, "Please do.", "Please do, soon.")


def _push_in_conflict(stage: Stage) -> Callable[[], str]:
    return _push_base(stage, "### 2025\n\n", f"### 2025\n\n{BY_ANOTHER}")


BY_PEOPLE = (
    Act("push to the branch", _push, freezes=True),
    Act("amend", _amend, freezes=True),
    Act("note in the text", _note, freezes=True, member="body", lost=_NOTE_LOST),
    Act("title", _retitle, member="title", lost=_TITLE_LOST),
    Act("click on a box", _click(TWO), member="body", lost=_TICK_LOST),
    Act("close", _close, member="state", lost=_CLOSED_TEXT),
    Act("merge", _merge),
    Act("hold", _hold, freezes=True),
    Act("review", _review, freezes=True),
    Act("push elsewhere in the list", _push_elsewhere),
    Act("push where the entries go", _push_in_conflict),
)

TICK_PERHAPS = Act("tick under Perhaps", _click(UNSURE_TOO), member="body", lost=_TICK_LOST)


def second_run(stage: Stage) -> None:
    """Does a whole run while a request of another run waits for its response."""
    world, hub = stage.world, stage.hub
    with Server(hub) as server:
        world.api, hub.api = server.url, server.url
        try:
            world.bot_now()
        finally:
            world.api = hub.api = stage.server.url


def _second(stage: Stage) -> Callable[[], str]:
    second_run(stage)
    return lambda: ""


def _second_with_more(stage: Stage) -> Callable[[], str]:
    stage.world.announce(9)
    return _second(stage)


BY_A_SECOND_RUN = (
    Act("second run", _second),
    Act("second run, with one more paper", _second_with_more),
)


def raced(stage: Stage, number: int, act: Act, wrong: Wrong) -> list[str]:
    """Lets an act happen right before request `number`, runs twice more, and returns the complaints."""
    stage.reset()
    first = len(stage.asked()) + number
    checks: list[Callable[[], str]] = []

    def interfere(request: Request) -> None:
        if request.number == first:
            checks.append(act.do(stage))

    stage.server.server.always = interfere
    _run(stage)
    stage.server.server.always = None
    if not checks:
        checks.append(act.do(stage))
    _run(stage)
    before = stage.hub.state()
    _run(stage)
    found = ["another run still changes something"] if before != stage.hub.state() else []
    found += [said for check in checks if (said := check())]
    return [*found, *wrong(stage, act)]


def raced_everywhere(
    stage: Stage,
    act: Act,
    requests: Sequence[Request],
    start: int = 1,
    wrong: Wrong | None = None,
) -> dict[int, list[str]]:
    """The complaints, by number, for an act before each request of a run and after its end; empty ones are left out."""
    numbers = range(start, len(requests) + 2)
    found = {number: raced(stage, number, act, wrong or _wrong) for number in numbers}
    return {number: said for number, said in found.items() if said}


def unguarded(act: Act, requests: Sequence[Request]) -> dict[int, list[str]]:
    """The complaints that can't be avoided.

    GitHub can't write a text on condition that it is unchanged. So an edit is overwritten if it happens between the
    bot's last read and its write. GitHub keeps that edit in the history of the text. A person who closes an empty
    batch just before the bot does finds the bot's text in it.
    """
    return {
        number: [act.lost]
        for number, request in enumerate(requests, 1)
        if request.method == "PATCH" and act.member and act.member in json.loads(request.body)
    }


def _run(stage: Stage) -> RunReport | None:
    try:
        return stage.run()
    except BotError:
        return None


def _wrong(stage: Stage, act: Act) -> Iterator[str]:
    """Papers that are lost, or in two open pull requests, or in a pull request whose text and branch differ."""
    world = stage.world
    listed = set(world.listed())
    is_open = [
        (pull, world.new_in(pull.number)) for pull in stage.hub.pulls if pull.state == "open"
    ]
    for paper in (str(known.id) for known in world.arxiv.papers):
        in_branches = [pull for pull, papers in is_open if paper in papers]
        in_texts = [pull for pull, _ in is_open if paper in _shown(pull)]
        if paper in listed:
            if in_texts and not act.freezes:
                yield f"{paper} is listed and proposed"
            if _is_merged_unticked(stage, paper) != _is_to_be_taken_out(stage, paper):
                yield f"{paper} is to be removed and was not unticked, or the other way round"
        elif len(in_branches) > 1 or len(in_texts) > 1:
            yield f"{paper} is in two open pull requests"
        elif not in_branches and not (act.freezes and in_texts) and not _is_declined(stage, paper):
            yield f"{paper} is lost"
        elif in_branches != in_texts and not act.freezes:
            yield f"{paper} is in {len(in_branches)} branches, but in {len(in_texts)} texts"
    opened = {pull.branch for pull in stage.hub.pulls}
    # Without GraphQL a branch can't be deleted on condition that it has not moved, so it stays.
    if stage.hub.has_graphql and (
        left := set(stage.hub.git.branches()) - opened - {stage.hub.branch}
    ):
        yield f"branches without a pull request: {sorted(left)}"
    made = stage.hub.pulls[stage.pulls_before :]
    removals = sum(pull.branch.startswith("arxiv-bot/removal-") for pull in made)
    if removals > 1:
        yield f"{removals} pull requests remove papers"
    needed = _batches_needed(stage, act) + removals
    if max(len(is_open), len(made)) > needed:
        yield f"{len(is_open)} batches are open, and {len(made)} were opened"


def _batches_needed(stage: Stage, act: Act) -> int:
    """The number of pull requests that the papers need, and one more if a batch was frozen."""
    rules = stage.world.config.pull_request
    size = 1 if rules.mode == "paper" else rules.max_items
    return math.ceil(len(stage.world.arxiv.papers) / size) + act.freezes


def _shown(pull: Pull) -> set[str]:
    """The papers with a ticked box in a text; none if the pull request removes entries."""
    if parse_removals(pull.body):
        return set()
    return {str(paper) for paper, tick in boxes(pull.body).items() if tick}


def _is_merged_unticked(stage: Stage, paper: str) -> bool:
    """Whether a pull request was merged in which a person had unticked the paper."""
    return any(
        pull.state == "merged"
        and parse_marker(pull.body) is not None
        and paper in {str(name) for name, tick in boxes(pull.body).items() if not tick}
        for pull in stage.hub.pulls
    )


def _is_to_be_taken_out(stage: Stage, paper: str) -> bool:
    """Whether an open pull request removes the paper's entry from the list."""
    return any(
        pull.state == "open"
        and (marker := parse_removals(pull.body)) is not None
        and paper in _named(marker)
        and paper not in stage.world.listed(pull.branch)
        for pull in stage.hub.pulls
    )


def _is_declined(stage: Stage, paper: str) -> bool:
    """Whether a person declined a paper: by unticking it, or by closing the pull request that names it."""
    for pull in stage.hub.pulls:
        marker = parse_marker(pull.body)
        ticks = {str(name): tick for name, tick in boxes(pull.body).items()}
        if not ticks.get(paper, True):
            return True
        if marker is None or marker.retired or pull.state != "closed":
            continue
        if paper in _named(marker) | set(ticks):
            return True
    return False


def _named(marker: AnyMarker) -> set[str]:
    return {str(paper) for paper in marker.items}
