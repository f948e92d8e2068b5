"""Principles are drafted for any list, and the draft can be read back."""

import json

import pytest

from bot.core.judgement import Side
from bot.core.principles import parse_principles
from bot.tools.setup.draft_principles import draft_principles
from bot.tools.setup.find_list import find

ENTRY = "- [{}](https://arxiv.org/abs/25{:02}.{:05})\n"


def drafted(text: str, name: str = "reward models") -> str:
    return draft_principles(find({"README.md": text.encode()}), name)


def entries(number: int, start: int = 1, title: str = "Reward Hacking of Judges") -> str:
    return "".join(ENTRY.format(f"{title}, Part {n}", 1, n) for n in range(start, start + number))


LIST = f"""\
# Awesome Reward Models

Papers on models that give rewards to other models, since 2022.

## Process Rewards
{entries(4)}
## Generative Rewards
{entries(6, 10)}
## Others
{entries(9, 30)}
## 2024
{entries(3, 60)}
"""


def test_title_introduction_headings_and_entries_are_used():
    text = drafted(LIST)
    found = parse_principles(text, where="draft").items

    questions = [item.question for item in found]
    assert "Is reward models a main subject of the paper?" == questions[0]
    assert "Is the paper about Generative Rewards?" == questions[1]
    assert "Is the paper about Process Rewards?" == questions[2]
    assert "Is the paper about reward hacking in general, without reward models?" in questions
    assert not any("2024" in question or "Others" in question for question in questions)
    assert "#   Papers on models that give rewards to other models, since 2022." in text
    assert {Side.FOR, Side.AGAINST} == {item.side for item in found}
    assert "DRAFT" in text


@pytest.mark.parametrize(
    "heading",
    [
        "Plain",
        '"Quoted" \\ and `code` **bold** [link](https://x.example)',
        "x" * 300,
        "\x07bell \x7f \u202e",
        "问题",
        "'''\"\"\"",
        "Ends with a question?",
        "# [[principles]]",
    ],
)
def test_any_heading_gives_a_file_that_can_be_read(heading: str):
    text = drafted(f"# List\n\n## {heading}\n{entries(3)}", name=heading)

    assert 5 <= len(parse_principles(text, where="draft").items) <= 9


def test_many_headings_give_nine_questions_at_most():
    sections = "".join(f"## Subject {n}X\n{entries(2, 10 * n)}" for n in range(1, 15))

    assert 9 == len(parse_principles(drafted(f"# List\n\n{sections}"), where="draft").items)
    assert json.dumps("subject") in drafted(f"# List\n\n{sections}")
