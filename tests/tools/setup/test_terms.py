import pytest

from bot.tools.setup.terms import opening, spellings, terms_of


def written(title: str) -> set[str]:
    return {" ".join(term) for term in terms_of(title)}


def test_a_title_is_split_into_phrases_that_a_person_would_choose():
    assert {
        "reward",
        "reward model",
        "reward hacking",
        "hacking",
    } == written("Reward Models, and Reward Hacking")


@pytest.mark.parametrize(
    ("title", "held", "not_held"),
    [
        ("RLAIF: Scaling Up", {"rlaif", "scaling"}, {"rlaif scaling"}),
        ("Chains of Thought", {"chain of thought"}, {"chain of", "of thought"}),
        ("A Virtual Try-On Model", {"virtual try on"}, {"virtual try", "try", "on model"}),
        ("In-Context Learning", {"in context learning"}, {"context learning", "context"}),
        ("Vision-and-Language Navigation", {"vision and language navigation"}, {"navigation of"}),
        ("Reasoning in Large Language Models", {"reasoning"}, {"reasoning in large language"}),
        ("Towards a Novel Framework", set(), {"novel", "framework", "novel framework"}),
        ("Gemini 2.5 in 3D", set(), {"2", "5", "3"}),
        ("$L_2$ {B}ayes \\emph{Nets}", {"baye"}, set()),
    ],
)
def test_no_phrase_splits_a_hyphenated_word(title: str, held: set[str], not_held: set[str]):
    assert held <= written(title)
    assert not not_held & written(title)


def test_a_phrase_gets_its_most_frequent_spelling():
    texts = ["We use NeRF. A neural radiance field (NeRF)", "neural radiance fields", "NERF"]

    assert {
        ("nerf",): "NeRF",
        ("neural", "radiance", "field"): "neural radiance fields",
    } == spellings({("nerf",), ("neural", "radiance", "field"), ("absent",)}, texts)


def test_the_first_words_of_a_title_and_of_its_second_half_are_found():
    assert ["aligning", "learning"] == list(opening("Aligning Models: Learning from Feedback"))
