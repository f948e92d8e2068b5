"""Builds reports of any size that contain everything a report can have."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.core.arxiv_id import ArxivId
from bot.core.model import (
    Candidate,
    Coverage,
    Decision,
    Kind,
    Neighbour,
    Outcome,
    OutcomeKind,
    Paper,
    Reason,
    RunReport,
    Topic,
    Verdict,
    Window,
)
from bot.refresh.model import ChangeState, Findings, RefreshReport, ReportedChange
from bot.relevance.phrases import Matcher

SINCE, UNTIL = datetime(2025, 9, 1, tzinfo=UTC), datetime(2025, 10, 20, tzinfo=UTC)
TOPICS = (
    Topic("AI feedback", ("RLAIF", "AI feedback + reward", "critic")),
    Topic("Judges", ("LLM judge", "constitution"), excludes=("galaxy",)),
)
_MATCHER = Matcher(TOPICS)
SUBJECTS = ("robots", "théorèmes", "speech", "images", "law", "proteins")
DIFF = """\
--- a/README.md
+++ b/README.md
@@ -1,2 +1,3 @@
 # A list
+- [RLAIF for robots](https://arxiv.org/abs/2510.00001)
-- an old line
"""


def make_paper(n: int, title: str, abstract: str) -> Paper:
    return Paper(
        ArxivId(f"2510.{n:05}"),
        title,
        abstract,
        ("Ada Lovelace", "Alan Turing", *(f"Person {k}" for k in range(n % 12))),
        ("cs.CL", "cs.LG"),
        submitted=UNTIL - timedelta(days=n % 48, hours=1),
        comment="12 pages",
    )


def decide(
    paper: Paper, score: float, reason: Reason, verdict: Verdict, detail: str = ""
) -> Decision:
    near = Neighbour("An Entry of the List, about Critics", 0.41, 12)
    evidence = _MATCHER.match(paper)
    candidate = Candidate(paper, evidence, score, nearest=(near,))
    if verdict is Verdict.PROPOSE:
        candidate = replace(candidate, speaks_for=("reward", "judge"), speaks_against=("galaxy",))
    return Decision(candidate, verdict, reason, detail)


def make_decisions(left_out: int) -> list[Decision]:
    """Eight proposed papers, two held back, three known, two below the threshold, and the given number without a phrase."""
    made = []
    for n in range(8):
        title = f"RLAIF for {SUBJECTS[n % 6]}: an LLM judge, part {n}"
        text = f"We train a critic by AI feedback. The reward is a model's, in experiment {n}. " * 6
        kinds = (Kind.SURVEY,) if n == 1 else ()
        item = decide(
            make_paper(n + 1, title, text), 0.97 - n / 10, Reason.RELEVANT, Verdict.PROPOSE
        )
        like = (Neighbour("RLAIF for Speech", 0.93, 40),) if n == 2 else ()
        made.append(
            Decision(
                item.candidate,
                item.verdict,
                item.reason,
                sections=("Papers / 2025", "Papers / Judges"),
                kinds=kinds,
                looks_like=like,
            )
        )
    plain = "Words of another kind altogether."
    alike = make_paper(9, "Models that grade models", "Grading, and what it is good for.")
    made.append(decide(alike, 0.44, Reason.ALIKE, Verdict.PROPOSE))
    groups = (
        (2, Reason.BATCHES_OPEN, Verdict.HOLD, "at most 2 at a time", "A critic of"),
        (3, Reason.LISTED, Verdict.REJECT, "line 7", "RLAIF and"),
        (2, Reason.LOW_SCORE, Verdict.REJECT, "0.01 < 0.03", "A constitution for"),
    )
    number = 10
    for many, reason, verdict, detail, words in groups:
        for n in range(many):
            paper = make_paper(number, f"{words} {SUBJECTS[n]} {number}", plain)
            score = 0.01 if reason is Reason.LOW_SCORE else 0.3 - number / 100
            made.append(decide(paper, score, reason, verdict, detail))
            number += 1
    for n in range(left_out):
        paper = make_paper(number + n, f"A study of {SUBJECTS[n % 6]}, number {n}", plain)
        score = 0.2 * (1 - n / left_out) ** 8
        made.append(decide(paper, score, Reason.NO_PHRASE, Verdict.REJECT, f"{score:.2f} < 0.30"))
    return made


def make_run(left_out: int = 300) -> RunReport:
    window = Window(SINCE, UNTIL)
    decisions = make_decisions(left_out)
    proposed = tuple(decision.candidate.paper.id for decision in decisions[:9])
    return RunReport(
        version="0.1.0",
        started=datetime(2025, 10, 20, 6, 23, tzinfo=UTC),
        place="curator/list",
        list_path="README.md",
        window=window,
        coverage=(
            Coverage("search", "export.arxiv.org", 'ti:"RLAIF"', 40, 40, 1, window),
            Coverage(
                "announcements",
                "rss.arxiv.org",
                "cs.CL",
                failure="no answer from arXiv (timed out)",
            ),
        ),
        decisions=tuple(decisions),
        outcomes=(
            Outcome(
                OutcomeKind.CREATED,
                "Add 9 papers from arXiv",
                12,
                "https://github.com/curator/list/pull/12",
                proposed,
                diff=DIFF,
            ),
            Outcome(OutcomeKind.FAILED, "Add a label", 11, failure="GitHub answered 403"),
        ),
        topics=TOPICS,
        threshold=0.03,
    )


def make_refresh(found: Findings) -> RefreshReport:
    """The report of a refresh that proposes every change it found."""
    return RefreshReport(
        version="0.1.0",
        started=datetime(2025, 10, 20, 6, 23, tzinfo=UTC),
        place="curator/list",
        list_path="README.md",
        coverage=Coverage("look-up", "arXiv", "8 ids", read=8, matched=8),
        unknown=(),
        changes=tuple(
            ReportedChange(change, ChangeState.PROPOSED, "#12") for change in found.changes
        ),
        notes=found.notes,
        outcomes=(Outcome(OutcomeKind.CREATED, "Refresh the list from arXiv: 1 change", 12),),
    )
