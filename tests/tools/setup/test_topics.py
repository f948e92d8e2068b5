from bot.tools.setup.suggest_phrases import Phrase
from bot.tools.setup.topics import grouped, in_order


def phrase(text: str) -> Phrase:
    terms = tuple(tuple(part.casefold().split()) for part in text.split(" + "))
    return Phrase(text, terms, 3, 1.0)


def names(*texts: str) -> dict[str, list[str]]:
    groups = grouped([phrase(text) for text in texts], "the list")
    return {group.name: [each.text for each in group.phrases] for group in groups}


def test_phrases_that_share_a_word_form_a_topic_and_the_others_form_one_more():
    assert {
        "Reward models": ["reward models", "reward hacking"],
        "The list": ["RLHF", "critiques"],
    } == names("reward models", "RLHF", "reward hacking", "critiques")


def test_a_topic_is_named_after_the_shared_phrase():
    assert {"Reward": ["hacking + reward", "reward"]} == names("hacking + reward", "reward")
    assert {"Speech to text": ["speech to text", "text mining"]} == names(
        "speech to text", "text mining"
    )


def test_a_topic_of_one_phrase_is_named_after_it():
    assert {"RLHF": ["RLHF"]} == names("RLHF")


def test_common_words_do_not_form_a_topic():
    assert {"The list": ["language model", "reward model"]} == names(
        "language model", "reward model"
    )


def test_topics_have_different_names():
    groups = grouped(
        [phrase("a1 the list"), phrase("a1 b1"), phrase("c1"), phrase("d1")], "a1 the list"
    )

    assert len(groups) == len({group.name for group in groups})


def test_the_most_shared_part_comes_first():
    phrases = [phrase("wool + sheep"), phrase("sheep + grass"), phrase("goats")]

    assert ["sheep + wool", "sheep + grass", "goats"] == list(in_order(phrases))
