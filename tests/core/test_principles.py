"""The file of principles, and the messages for one that is wrong."""

from pathlib import Path

import pytest

from bot.core.errors import ConfigError
from bot.core.judgement import Side
from bot.core.principles import load_principles, parse_principles
from tests.conftest import ROOT
from tests.judging import PRINCIPLES

ONE = '[[principles]]\nid = "a"\nquestion = "Is it about rewards?"\n'


def test_the_files_of_this_list_can_be_read():
    found = load_principles(ROOT / "config" / "keywords.toml")

    assert 5 <= len(found.items) <= 9
    assert {Side.FOR, Side.AGAINST} == {item.side for item in found.items}


def test_the_version_depends_on_the_questions_their_order_and_the_model():
    changed = parse_principles(ONE.replace("rewards", "reward"), where="")
    versions = {
        PRINCIPLES.version("m"),
        PRINCIPLES.version("n"),
        parse_principles(ONE, where="").version("m"),
        changed.version("m"),
    }

    assert 4 == len(versions)
    assert PRINCIPLES.version("m") == PRINCIPLES.version("m")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "principles"),
        ("principles = 1", "principles"),
        ("[[principles", "principles.toml, line 1: the heading is not closed"),
        (ONE + "speaks = against", "principles.toml, line 4: 'against' is not a value"),
        ("x = " + "[" * 5000, "nested too deeply"),
        (ONE + 'speaks = "maybe"\n', 'line 4: principles[1].speaks: "maybe" is not allowed'),
        (
            ONE.replace("?", ""),
            'line 3: principles[1].question: "Is it about rewards" is not a question',
        ),
        (ONE.replace('"a"', '"Not an id"'), 'line 2: principles[1].id: "Not an id" is not an id'),
        (ONE + "[[principles]]\n" + 'id = "b"\n', "line 4: principles[2].question"),
        (ONE + ONE, "two principles have the id 'a'"),
        (ONE + "extra = 1\n", "line 4: principles[1].extra"),
        ("".join(ONE.replace('"a"', f'"a{n}"') for n in range(10)), "at most 9"),
    ],
)
def test_a_mistake_is_reported_with_its_place(text: str, says: str):
    with pytest.raises(ConfigError) as caught:
        parse_principles(text, where="principles.toml")

    assert says in str(caught.value)
    assert "principles.toml" in str(caught.value)


def test_a_missing_file_says_how_to_get_one(tmp_path: Path):
    with pytest.raises(ConfigError, match="init --judge"):
        load_principles(tmp_path / "keywords.toml")
