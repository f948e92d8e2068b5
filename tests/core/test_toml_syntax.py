"""The messages for syntax errors in the configuration."""

import pytest

from bot.core.config import parse
from bot.core.errors import ConfigError

SLIPS = {
    "a word without quotation marks": ("a = cs.CL", "'cs.CL'", '"cs.CL"'),
    "in a list": ("a = [\n  cs.CL,\n]", "'cs.CL'", '"cs.CL"'),
    "yes": ("a = yes", "'yes'", "write true"),
    "a boolean in capitals": ("a = False", "'False'", "write false"),
    "curly quotation marks": ("a = “two words”", "'“two words”'", '"two words"'),
    "no value": ("a =", "no value after the =", "write one"),
    "a comma in a number": ("a = 0,03", "'a = 0,03'", "write a = 0.03"),
    "no digit before the point": ("a = .5", "'.5'", "write 0.5"),
    "a number with a zero": ("a = 01", "'a = 01'", "write a = 1"),
    "a colon": ('name: "x"', "no = after the key", 'write name = "value"'),
    "a missing comma": ('a = ["x" "y"]', "not closed", "put a comma between its items"),
    "a missing bracket": ('a = ["x", "y"\n[topics]', "not closed", "a ] at its end"),
    "a missing quotation mark": ('a = "x', "quotation mark is missing", "close the text"),
    "a missing single one": ("a = 'x", "quotation mark is missing", "close the text"),
    "values without brackets": ('a = "x", "y"', "text after the value", 'a = ["x", "y"]'),
    "a quotation mark inside": ('a = "x"y"', "text after the value", '\\"'),
    "one bracket of two": ("[[topics]\nname = 1", "not closed", "]]"),
    "twice": ("a = 1\na = 2", "defined twice", "write it once"),
    "a table and an array": ("[topics]\n[[topics]]", "defined twice", "[[topics]]"),
    "a backslash": ('a = "C:\\x"', "backslash", "\\\\"),
}


@pytest.mark.parametrize(("text", "what", "fix"), SLIPS.values(), ids=SLIPS)
def test_an_error_names_its_line_the_text_there_and_what_was_meant(text: str, what: str, fix: str):
    with pytest.raises(ConfigError) as caught:
        parse(f"# a configuration\n{text}\n", where="keywords.toml")

    error = caught.value
    assert error.where.startswith("keywords.toml, line ")
    assert int(error.where.rpartition(" ")[2]) in {2, 3}
    assert what in error.message
    assert fix in error.fix


@pytest.mark.parametrize(
    "text", ["", "\n", "= 1", "é = 1", "[a", "a", "\x00", '"""', "a = {b = 1", "a=[[["]
)
def test_any_syntax_error_has_a_line_and_a_fix(text: str):
    with pytest.raises(ConfigError) as caught:
        parse(f'name = 1\n{text}\n"', where="keywords.toml")

    assert " line " in caught.value.where
    assert caught.value.fix
