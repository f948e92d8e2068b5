"""Papers and a list for tests, made up for them."""

from datetime import UTC, date, datetime, timedelta

from tests.servers.arxiv import Record

DAY = date(2025, 10, 20)

LIST = """\
# Awesome RLAIF

## Papers
### 2023
- [RLAIF: Scaling Reinforcement Learning from Human Feedback with AI Feedback](https://arxiv.org/abs/2309.00267)
  - Authors: Harrison Lee, Samrat Phatale, Hassan Mansoor
  - <details> <summary>Abstract (click me)</summary> Labels by a model. </details>

### 2022
- [Constitutional AI: Harmlessness from AI Feedback](https://arxiv.org/abs/2212.08073)
  - Authors: Yuntao Bai, Saurav Kadavath, et al.
  - <details> <summary>Abstract (click me)</summary> Principles. </details>
  - Links: [dataset](https://github.com/anthropics/ConstitutionalHarmlessnessPaper)

## Contributing
Please do.
"""

CONFIG = """\
[list]
heading = "Papers"

[arxiv]
contact = "someone@example.org"
categories = ["cs.CL", "cs.LG"]

[[topics]]
name = "RLAIF"
phrases = ["RLAIF", "AI feedback"]
excludes = ["classroom"]
"""


def record(number: int, title: str, abstract: str = "Nothing.", **changes: object) -> Record:
    values: dict[str, object] = {
        "id": f"2510.{number:05}",
        "title": title,
        "abstract": abstract,
        "authors": ("Ada Lovelace", "Alan Turing"),
        "categories": ("cs.CL",),
        "submitted": datetime(2025, 10, 17, 12, number % 60, tzinfo=UTC),
        "announced": DAY,
    }
    return Record(**{**values, **changes})  # type: ignore[arg-type]


PAPERS = [
    record(1, "RLAIF for Everyone", "We use AI feedback."),
    record(2, "Judging Answers", "Rewards come from AI feedback."),
    record(3, "AI Feedback in the Classroom", "Students write essays."),
    record(4, "An Unrelated Paper about Graphs"),
    record(
        5,
        "RLAIF: Scaling Reinforcement Learning from Human Feedback with AI Feedback",
        "The same title under another id.",
    ),
    record(
        6,
        "RLAIF Taken Back",
        comment="This paper has been withdrawn by the authors",
        announced=DAY - timedelta(days=3),
    ),
]
