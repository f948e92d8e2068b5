import json
import tomllib
from pathlib import Path

import jsonschema_rs
import pytest

from bot.core.config import json_schema, load, parse
from bot.core.errors import ConfigError
from tests.conftest import ROOT

SHIPPED = ROOT / "config" / "keywords.toml"
SMALL = """
[arxiv]
contact = "someone@example.org"
categories = ["cs.CL"]

[[topics]]
name = "one"
phrases = ["AI feedback"]
"""


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse(text, where="keywords.toml")
    assert caught.value.exit_code == 2
    return str(caught.value).splitlines()


def test_the_shipped_configuration_is_valid_and_covers_the_subject():
    config = load(SHIPPED)
    phrases = {phrase for topic in config.topics for phrase in topic.phrases}

    assert {"RLAIF", "constitutional AI", "self-rewarding"} <= phrases
    assert "README.md" == config.list.path


def test_a_small_configuration_gets_the_defaults():
    config = parse(SMALL, where="keywords.toml")

    assert (21, 10, 2, "batch") == (
        config.arxiv.overlap_days,
        config.pull_request.max_items,
        config.pull_request.max_open,
        config.pull_request.mode,
    )


def test_all_errors_are_reported_at_once_with_line_and_fix():
    text = """\
[arxiv]
contct = "x"
categories = ["cs CL"]
overlap_days = 3
[pull_request]
mode = "rolling"
title = "{n}"
reviewers = ["@me"]
[[topics]]
name = "a"
phrases = []
[[topics]]
name = "b"
phrase = ["x"]
phrases = ["-"]
"""
    assert [
        "keywords.toml: 10 errors",
        "  - line 1: arxiv.contact: is missing; add it",
        '  - line 3: arxiv.categories[1]: "cs CL" is not an arXiv category; write one such as "cs.CL" or "cs.*"',
        "  - line 4: arxiv.overlap_days: 3: input should be greater than or equal to 14",
        "  - line 2: arxiv.contct: there is no such key; did you mean 'contact'?",
        "  - line 6: pull_request.mode: \"rolling\" is not allowed; write 'batch' or 'paper'",
        '  - line 8: pull_request.reviewers[1]: "@me" is not a login; write "user" or "organisation/team", without @',
        "  - line 7: pull_request.title: only {count} and {title} can be filled in",
        "  - line 11: topics[1].phrases: must not be empty; write at least one",
        "  - line 15: topics[2].phrases: '-' has no word of two or more letters",
        "  - line 14: topics[2].phrase: there is no such key; did you mean 'phrases'?",
    ] == problems(text)


def test_an_unknown_key_without_a_similar_one_lists_all_keys():
    (_, line) = problems(SMALL + 'colour = "red"\n')

    assert line.endswith(
        "topics[1].colour: there is no such key; the keys here are categories, excludes, name, phrases, section"
    )


def test_two_topics_of_the_same_name_are_refused():
    (_, line) = problems(SMALL + '[[topics]]\nname = "one"\nphrases = ["xy"]\n')

    assert "two topics are named 'one'" in line


def test_a_syntax_error_names_the_line():
    (line, fix) = problems("[list\npath = 3")

    assert "line 1: the heading is not closed" in line
    assert "line 1" in line
    assert "fix:" in fix


def test_the_error_for_a_missing_file_says_what_to_do(tmp_path: Path):
    with pytest.raises(ConfigError, match="no such file") as caught:
        load(tmp_path / "nowhere.toml")

    assert "--config" in caught.value.fix


def test_a_file_that_is_not_text_is_reported(tmp_path: Path):
    path = tmp_path / "keywords.toml"
    path.write_bytes(b"\xff\xfe")

    with pytest.raises(ConfigError, match="not UTF-8"):
        load(path)


def test_the_shipped_schema_is_generated_from_the_models():
    shipped = (ROOT / "config" / "keywords.schema.json").read_text(encoding="utf-8")

    assert json_schema() == shipped, "run: make schema"


def test_the_schema_accepts_the_shipped_file_and_refuses_an_unknown_key():
    validator = jsonschema_rs.validator_for(json.loads(json_schema()))
    data = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))

    assert validator.is_valid(data)
    assert not validator.is_valid({**data, "colour": "red"})
    assert not validator.is_valid({key: value for key, value in data.items() if key != "topics"})


def test_an_unknown_rule_of_check_is_refused_with_a_list_of_all_rules():
    (_, line) = problems(SMALL + '\n[check]\noff = ["versions"]\n')

    assert "check.off" in line
    assert "'version'" in line


@pytest.mark.parametrize(
    ("lists", "what"),
    [
        ('path = "a.md"', "name the topics whose papers go to this file, or set archive = true"),
        (
            'path = "a.md"\ntopics = ["one"]\narchive = true',
            "an archive is never changed, so no topics go to it; delete one of the two keys",
        ),
        ('path = "a.md"\ntopics = "one"', 'lists[1].topics: "one" is not a list; write ["one"]'),
        ('path = "/a.md"\narchive = true', "lists[1].path: '/a.md' is outside the repository"),
        ('path = "../a.md"\narchive = true', "lists[1].path: '../a.md' is outside the repository"),
        ('path = "./a.md"\narchive = true', "lists[1].path: write 'a.md' in place of './a.md'"),
        ('path = "a.md"\narchive = "no idea"', '"no idea" is not true or false'),
        ('path = "a.md"\ntopics = ["two"]', "no topic is named 'two', which lists.topics names"),
        ('path = "README.md"\narchive = true', "two lists have the path 'README.md'; name it once"),
        (
            'path = "a.md"\ntopics = ["one"]\n[[lists]]\npath = "b.md"\ntopics = ["one"]',
            "two lists get the topic 'one'; name it once",
        ),
    ],
)
def test_a_further_file_without_a_clear_purpose_is_refused(lists: str, what: str):
    assert any(what in line for line in problems(f"{SMALL}\n[[lists]]\n{lists}\n"))


def test_a_table_in_the_place_of_repeated_tables_is_refused():
    assert any("may be repeated; write [[lists]]" in line for line in problems(f"{SMALL}[lists]\n"))


def test_the_first_topic_decides_which_file_gets_a_paper():
    more = """
[[topics]]
name = "two"
phrases = ["judges"]

[[lists]]
path = "two.md"
topics = ["two"]
"""
    config = parse(SMALL + more, where="keywords.toml")

    assert ("README.md", "two.md") == config.paths()
    assert ("x.md",) == config.paths("x.md")
    assert ["", "", "two.md"] == [
        config.owner(topics) for topics in ([], ["one", "two"], ["two", "one"])
    ]
