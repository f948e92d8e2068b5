"""Generates random texts from everything that has an effect in Markdown, on GitHub, or in an entry."""

from random import Random

from tests.fire.attacks import FRAGMENTS

SHORT = (
    *(
        "=",
        "--",
        "---",
        "-- | --",
        ":-|-:",
        ":-",
        "|-|",
        "-|-",
        "0",
        "12",
        "1)",
        "x",
        "X",
        "[x",
        "[x]",
        "~",
        "__",
    ),
    *(
        "www",
        "www.",
        "www.x.y",
        "Wow!",
        "!",
        "foo@.bar",
        "a@b.c",
        "1http://x.y",
        "http",
        "http:",
        "://",
        "//e",
        "//x",
    ),
    *(
        "mailto:",
        "xmpp:",
        "ftp://a.b",
        "<img src=x>",
        "<a",
        "<b>",
        "</td>",
        "&lt;",
        "&#60;",
        "&",
        "\\<",
        "\\",
    ),
    *(
        "$x$",
        "$",
        "``",
        "[^1]",
        "[^1]:",
        "[a]:",
        "|",
        "a|b",
        ".",
        ")",
        "0123456789abcdef0123456789abcdef01234567",
    ),
    *(
        "me@0123456",
        "a/b@0123456789abcdef0123456789abcdef01234567",
        "@",
        "#1",
        "\u3164",
        "\u115f",
        "\u2800",
        "\ufe0f",
    ),
)
"""Complete texts that once had an effect, and texts similar to them."""
_PIECES = (*FRAGMENTS, *SHORT, *SHORT, *SHORT, " ", "  ", "\t", "é", "中")
_CHARACTERS = "ab1 _*~`$[]()<>!#@&;:/\\|-+=.\"'{}x0"


def text(random: Random) -> str:
    """A short text: one that once had an effect, or a mix of characters or pieces; never empty after cleaning."""
    kind = random.random()
    if kind < 0.15:
        made = random.choice(SHORT)
    elif kind < 0.4:
        made = "".join(random.choices(_CHARACTERS, k=random.randint(1, 12)))
    else:
        made = "".join(random.choices(_PIECES, k=random.randint(1, 6)))
    return made
