"""A list of any length, whose entries have everything that entries can have."""

from datetime import date, timedelta

from bot.core.arxiv_id import ArxivId
from bot.core.model import Topic

SUBJECTS = ("Preferences", "Critiques", "Reward models", "Self-rewarding", "Evaluation")
PEOPLE = ("Ada Lovelace", "Alan Turing", "Émilie du Châtelet", "Grace Hopper", "Jürgen Müller")
NOUNS = ("judges", "feedback", "rewards", "critics", "principles", "policies", "preferences")
VERBS = ("Learning", "Scaling", "Measuring", "Questioning", "Trusting", "Distilling")
TOPICS = (Topic("AI feedback", ("feedback",)), Topic("Constitutional AI", ("principles",)))
UPDATED = date(2025, 12, 31)
_SENTENCE = (
    "We ask what {verb} from {noun} does to {other}, and find in experiment {n} that it helps. "
)


def _id(n: int) -> ArxivId:
    month = n // 9 % 48
    return ArxivId(f"{25 - month // 12:02}{12 - month % 12:02}.{n + 1:05}")


ADDED = {_id(n): UPDATED - timedelta(days=n) for n in range(100)}


def make_list(papers: int) -> bytes:
    """A list of so many papers; the first has "xylophone" in its abstract and nowhere else."""
    lines = ["# Awesome Judges", "", "A list of papers on models that judge other models.", ""]
    for place, subject in enumerate(SUBJECTS):
        lines.append(f"\n## {subject}")
        for n in range(place, papers, len(SUBJECTS)):
            lines += _entry(n)
    return "\n".join(lines).encode() + b"\n"


def _entry(n: int) -> list[str]:
    noun, other = NOUNS[n % len(NOUNS)], NOUNS[(n + 3) % len(NOUNS)]
    verb = VERBS[n % len(VERBS)]
    authors = [PEOPLE[(n + k) % len(PEOPLE)] for k in range(n % 4 + 1)] + [f"Person Number{n}son"]
    sentence = _SENTENCE.format(verb=verb.lower(), noun=noun, other=other, n=n)
    abstract = sentence * 6 + ("There is a xylophone in it. " if n == 0 else "") + sentence * 3
    return [
        f"- [{verb} from {noun} and {other}: study {n}]({_id(n).url})",
        f"  - Authors: {', '.join(authors)}",
        f"  - <details> <summary>Abstract (click me)</summary> {abstract}</details>",
        f"  - Links: [code](https://github.com/example/study-{n})",
    ]
