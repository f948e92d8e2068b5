from datetime import date

import pytest

from bot.relevance.examples import Example
from bot.tools.setup.suggest_phrases import BackgroundPapers, measured, own_names, propose
from tests.factories import paper

DAY = date(2025, 10, 1)


def background(*examples: tuple[str, str, int]) -> BackgroundPapers:
    """Four weeks of papers: the given number of each title and abstract, and 200 on other subjects."""
    rows = [(title, text) for title, text, times in examples for _ in range(times)]
    rows += [
        (f"Sheep Number {n}", "We count sheep in a meadow of language models.") for n in range(200)
    ]
    return BackgroundPapers(
        [
            paper(id=f"2510.{n:05}", title=title, abstract=text)
            for n, (title, text) in enumerate(rows, start=1)
        ],
        4,
    )


def listed(*titles: str) -> list[Example]:
    return [Example(title, date=DAY) for title in titles]


def texts(entries: list[Example], usual: BackgroundPapers, *about: str) -> list[str]:
    return [entry.text for entry in propose(entries, about, usual)]


REWARDS = listed(
    "Reward Models for All",
    "Better Reward Models",
    "What Reward Models Know",
    "Counting with Language Models",
)


def test_phrases_that_distinguish_the_titles_are_proposed_with_their_counts():
    usual = background(("On Rewards", "A reward model is trained.", 2))
    (found,) = propose(REWARDS, (), usual)

    assert ("reward model", 3, 0.5) == (found.text, found.entries, found.weekly)


def test_phrases_that_are_as_frequent_elsewhere_are_not_proposed():
    entries = listed("Counting with Sheep", "Language Models with Sheep", "Sheep, Sleep")

    assert [] == texts(entries, background())


def test_phrases_in_neither_the_background_nor_the_description_are_no_subject():
    entries = listed("Nothing but PyTorch Code", "More PyTorch Code", "PyTorch Code Again")

    assert [] == texts(entries, background())
    assert ["PyTorch code"] == texts(entries, background(), "A list of PyTorch code")


def test_the_curators_description_helps_a_short_list():
    entries = listed("RLAIF against RLHF", "Wool")
    usual = background(("Feedback", "We use RLAIF.", 1))

    assert [] == texts(entries, usual)
    assert ["RLAIF"] == texts(entries, usual, "Awesome RLAIF")


def test_phrases_that_are_too_common_alone_are_combined():
    entries = listed(*["On Reasoning by Rewards"] * 9, "On Reasoning", "Rewards")
    usual = background(
        ("On Reasoning", "On reasoning.", 40),
        ("Rewards", "On rewards.", 40),
        ("Both", "Not by reasoning without rewards.", 1),
    )

    assert ["reasoning + rewards"] == texts(entries, usual)


def test_a_part_of_a_longer_phrase_is_not_proposed_beside_it():
    entries = listed("Vision Language Action", "A Vision Language Action Policy", "Wool")
    usual = background(("Robots", "A vision language action policy", 1))

    assert ["vision language action"] == texts(entries, usual)


def test_verbs_that_open_titles_are_no_subjects():
    entries = listed("Aligning Wool", "Aligning Cloth", "Aligning Yarn")

    assert [] == texts(entries, background(("Aligning Wolves", "By aligning.", 2)))


def test_all_phrases_together_find_at_most_a_twentieth_of_the_background():
    usual = background(*(("Study", f"A subject{n} and no other.", 1) for n in range(20)))
    entries = listed(*(f"Subject{n} {m}" for n in range(20) for m in "abc"))
    found = propose(entries, (), usual)

    assert 0 < sum(item.weekly for item in found) * 4 <= len(usual.papers) / 20


def test_a_list_that_is_a_large_part_of_the_background_may_cost_more():
    usual = background(("Cloth", "Of wool.", 20))
    entries = listed(*(f"Wool {n}" for n in "abc"), *"defg")
    much = BackgroundPapers(usual.papers, usual.weeks, listed=10)

    assert [] == texts(entries, usual)
    assert ["wool"] == texts(entries, much)


def test_newer_entries_count_more():
    old = [Example(f"Wool {n}", date=date(2024, 1, 1)) for n in "abc"]
    new = [Example(f"Silk {n}", date=DAY) for n in "abc"]
    usual = background(("Wool", "Wool", 1), ("Silk", "Silk", 1))

    assert ["Silk", "Wool"] == texts([*old, *new], usual)


def test_given_phrases_are_measured():
    usual = background(("On Rewards", "Of sheep.", 2))
    found = measured(["reward models", "rewards + sheep"], REWARDS, usual)

    assert [("reward models", 3, 0.0), ("rewards + sheep", 0, 0.5)] == [
        (item.text, item.entries, item.weekly) for item in found
    ]


def test_the_same_list_and_background_give_the_same_phrases():
    entries = [*REWARDS, *listed("Silk a", "Silk b", "Wool a", "Wool b")]
    usual = background(("Wool", "Wool", 1), ("Silk", "Silk", 1), ("Reward Models", "x", 2))

    assert texts(entries, usual) == texts(entries, BackgroundPapers(usual.papers[::-1], 4))


def test_the_lists_name_is_a_phrase_if_only_it_finds_some_papers():
    entries = listed("On Lamb-as-a-Judge", "Lamb as a judge, again", "Wool")
    usual = background(("Other", "Something else.", 9))

    (own,) = own_names("Lamb as a judge", (), entries, usual)
    assert ("Lamb as a judge", 2) == (own.text, own.entries)
    seen = measured(("judge",), entries, usual)
    assert () == own_names("Lamb as a judge", seen, entries, usual)
    assert () == own_names("Lamb as a judge", (), entries[2:], usual)


def test_an_acronym_in_the_lists_name_is_a_phrase_unless_it_is_short_or_common():
    entries = listed("Spurious Rewards in RLVR", "An LLM That Reasons", "RL for LLMs")
    usual = background(("Other", "Something else.", 9), ("An LLM", "On an LLM.", 40))

    assert [("RLVR", 1)] == [
        (own.text, own.entries) for own in own_names("RL LLM-RLVR", (), entries, usual)
    ]


def test_a_name_that_finds_most_papers_is_no_phrase():
    entries = listed("On LLM Reasoning", "LLM Memory", "LLM Tools")

    assert () == own_names("LLM", (), entries, background(("An LLM", "On an LLM.", 40)))


@pytest.mark.parametrize("name", ["Tsinghua", "Google", "Microsoft"])
def test_an_institution_is_no_phrase(name: str):
    entries = listed(f"{name} Wool", f"Cloth of {name}", f"{name} University Yarn")

    assert [] == texts(entries, background(("Other", f"From {name}.", 1)))


def test_one_common_word_is_no_phrase():
    entries = listed(*["On Audio of Sheep", "Audio and Wool", "The Audio of Yarn"] * 4)
    rare = background(("Sounds", "Audio of whales.", 1), ("Other", "Words.", 400))
    common = background(("Sounds", "Audio of whales.", 8), ("Other", "Words.", 400))

    assert ["Audio"] == texts(entries, rare)
    assert "Audio" not in texts(entries, common)
