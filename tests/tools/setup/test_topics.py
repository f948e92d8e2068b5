from bot.tools.setup.suggest_phrases import Phrase
from bot.tools.setup.topics import grouped, in_order


def phrase(text: str) -> Phrase:
    terms = tuple(tuple(part.casefold().split()) for part in text.split(" + "))
    return Phrase(text, terms, 3, 1.0)


def names(*texts: str) -> dict[str, list[str]]:
    groups = grouped([phrase(text) for text in texts], "the list")
    return {group.name: [each.text for each in group.phrases] for group in groups}


def test_phrases_that_share_a_word_are_a_topic_and_the_rest_is_one():
    assert {
        "Reward models": ["reward models", "reward hacking"],
        "The list": ["RLHF", "critiques"],
    } == names("reward models", "RLHF", "reward hacking", "critiques")


def test_a_topic_is_called_by_what_its_phrases_share_if_that_is_one_of_them():
    assert {"Reward": ["hacking + reward", "reward"]} == names("hacking + reward", "reward")
    assert {"Speech to text": ["speech to text", "text mining"]} == names(
        "speech to text", "text mining"
    )


def test_one_phrase_alone_is_called_by_itself():
    assert {"RLHF": ["RLHF"]} == names("RLHF")


def test_words_of_every_subject_hold_nothing_together():
    assert {"The list": ["language model", "reward model"]} == names(
        "language model", "reward model"
    )


def test_no_two_topics_have_one_name():
    groups = grouped(
        [phrase("a1 the list"), phrase("a1 b1"), phrase("c1"), phrase("d1")], "a1 the list"
    )

    assert len(groups) == len({group.name for group in groups})


def test_the_part_that_others_share_stands_first():
    phrases = [phrase("wool + sheep"), phrase("sheep + grass"), phrase("goats")]

    assert ["sheep + wool", "sheep + grass", "goats"] == list(in_order(phrases))
