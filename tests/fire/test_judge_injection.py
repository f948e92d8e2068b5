"""Abstracts that instruct the judge: even if it obeys, one paper moves within the two tiers, and that is all."""

from collections.abc import Iterator

import pytest

from bot.core.model import Decision, Reason, Verdict
from bot.listing.document import Document
from bot.listing.index import ListIndex
from bot.relevance.judge.judge import Room
from tests.conftest import thinned
from tests.factories import candidate, paper
from tests.fire.judge_attacks import RIVAL, Attack, attacks
from tests.judging import client_of, judge_of
from tests.servers.http import Server
from tests.servers.judge import Asked, JudgeEndpoint, says

ATTACKS = tuple(attacks())
INDEX = ListIndex.build(Document.parse(b""))
THRESHOLD = 0.4
HOSTILE = "2510.00001"
TIERS = {Verdict.PROPOSE, Verdict.PERHAPS}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(JudgeEndpoint()) as running:
        yield running


def test_there_are_two_hundred_attacks():
    assert 200 == len({attack.abstract for attack in ATTACKS})


def decided(number: int, score: float, abstract: str = "We study rewards.") -> Decision:
    found = candidate(
        paper(id=f"2510.{number:05}", title=f"Rewards, Part {number}", abstract=abstract),
        score=score,
    )
    if score >= THRESHOLD:
        return Decision(found, Verdict.PROPOSE, Reason.RELEVANT)
    return Decision(found, Verdict.PERHAPS, Reason.UNSURE)


@pytest.mark.parametrize("hostile_score", [0.2, 0.6])
@pytest.mark.parametrize("number", thinned(range(len(ATTACKS)), every=7))
def test_an_obeyed_attack_only_moves_its_paper_within_the_tiers(
    server: Server, number: int, hostile_score: float
):
    attack: Attack = ATTACKS[number]
    others = [decided(n, score) for n, score in enumerate((0.9, 0.5, 0.41, 0.39, 0.1), 2)]

    def obey(asked: Asked) -> object:
        if asked.paper == HOSTILE:
            return attack.answer(asked.paper, asked.abstract)
        return says("unclear")(asked)

    server.application.script = obey  # type: ignore[attr-defined]
    judge = judge_of(client_of(server.url))  # type: ignore[arg-type]
    before = [decided(1, hostile_score, attack.abstract), *others]
    found = judge.decide(before, INDEX, THRESHOLD, Room(15, perhaps_alone=True))

    after = {str(decision.candidate.paper.id): decision for decision in found}
    assert after[HOSTILE].verdict in TIERS
    assert len(before) == len(after)
    for other in others:
        now = after[str(other.candidate.paper.id)]
        assert (other.verdict, other.reason, other.candidate.score) == (
            now.verdict,
            now.reason,
            now.candidate.score,
        )
    assert RIVAL in after


@pytest.mark.parametrize("kind", range(8))
def test_with_little_room_no_other_paper_is_pushed_out(server: Server, kind: int):
    """Each paper is hostile and obeyed; none leaves the tiers, though there is no room under "Perhaps"."""
    attack = Attack(ATTACKS[0].abstract, kind)

    def obey(asked: Asked) -> object:
        return attack.answer(asked.paper, asked.abstract)

    server.application.script = obey  # type: ignore[attr-defined]
    judge = judge_of(client_of(server.url))  # type: ignore[arg-type]
    before = [decided(n, 0.1 * n, attack.abstract) for n in range(1, 10)]
    found = judge.decide(before, INDEX, THRESHOLD, Room(2, perhaps_alone=False))

    assert {decision.candidate.paper.id for decision in before} == {
        decision.candidate.paper.id for decision in found
    }
    assert all(decision.verdict in TIERS for decision in found)
    assert any(decision.verdict is Verdict.PROPOSE for decision in found)
    perhaps = sum(decision.verdict is Verdict.PERHAPS for decision in before)
    assert sum(decision.verdict is Verdict.PERHAPS for decision in found) <= max(2, perhaps)
