"""Judges for tests: principles, and a model in this process that answers as scripted."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.core.arxiv_id import ArxivId
from bot.core.principles import Principles, parse_principles
from bot.relevance.judge.ask import ModelReply
from bot.relevance.judge.judge import Judge, JudgeLimits
from bot.relevance.judge.memory import CachedVerdict
from bot.relevance.judge.question import Question
from bot.sources.judge_client import JudgeClient
from bot.sources.session import Timing, silent
from tests.factories import NOW
from tests.servers.judge import MODEL, reply_text

PRINCIPLES = parse_principles(
    """\
[[principles]]
id = "by-a-model"
question = "Does the feedback come from a model?"

[[principles]]
id = "trained-on"
question = "Is a policy trained on the feedback?"

[[principles]]
id = "evaluation-only"
question = "Does a model judge for evaluation only?"
speaks = "against"
""",
    where="test",
)
VERSION = PRINCIPLES.version(MODEL)
FOR = {"c1": "yes", "c2": "yes", "c3": "no"}
AGAINST = {"c1": "no", "c2": "no", "c3": "yes"}


class Model:
    """Answers each paper by its id, both passes alike; a yes quotes the title."""

    def __init__(self, answers: Mapping[str, Mapping[str, str]], other: Mapping[str, str]) -> None:
        self.answers = answers
        self.other = other
        self.asked: list[str] = []

    @property
    def requests(self) -> int:
        return len(self.asked)

    def ask(self, question: Question) -> ModelReply:
        paper = question.schema["properties"]["paper"]["enum"][0]
        self.asked.append(paper)
        title = question.messages[1][1].split("\nTitle: ")[1].split("\n")[0]
        said = self.answers.get(paper, self.other)
        answers = {label: (say, title if say == "yes" else "") for label, say in said.items()}
        return ModelReply(reply_text(paper, answers), 500)


def judge_of(
    model: Model,
    *,
    principles: Principles = PRINCIPLES,
    papers: int = 30,
    tokens: int = 100_000,
    cached: Mapping[ArxivId, CachedVerdict] | None = None,
) -> Judge:
    return Judge(principles, MODEL, model, JudgeLimits(papers, tokens), cached or {})


def client_of(
    url: str,
    *,
    most: int = 60,
    key: str = "",
    slept: Callable[[float], object] = lambda _: None,
    monotonic: Callable[[], float] = lambda: 0.0,
) -> JudgeClient:
    def sleep(seconds: float) -> None:
        slept(seconds)

    timing = Timing(sleep, monotonic, lambda: 0.5, lambda: NOW)
    return JudgeClient(f"{url}/v1", MODEL, key, most, timing, silent)
