"""Converts titles to plain text, and to keys that are equal if two titles name the same paper.

arXiv's services write the same title in different notations (TeX accents, braces, font commands, Unicode), and lists
add Markdown and HTML. pylatexenc decodes TeX. Math becomes text if Unicode has all of its characters; otherwise it is
unchanged.
"""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from typing import Any

from rapidfuzz import fuzz

_MATH = re.compile(r"(?<!\\)(\$[^$]{1,400}\$)")
_FORMULA = re.compile(  # not the space or the digit of "$5 and $10"
    r"(?<!\\)\$(?=\S)([^$]{1,400})(?<=[^\s\\])\$(?!\d)"
)
_NOT_EQUAL = re.compile(r"\\ne(?![A-Za-z])")  # pylatexenc only knows its other name
_FONT = re.compile(
    r"\\(?:math(?:bf|cal|frak|it|rm|sf|tt)|text(?:bf|it|normal|rm|sc|sf|tt)?|boldsymbol|bm|emph|underline)\s*\{([^{}]*)\}"
)
_SCRIPT = re.compile(r"([\^_])\s*(?:\{([^{}]*)\}|(\\[A-Za-z]+|[^\s\\{}]))")
_SUPERSCRIPTS = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW∘′*∗",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ°′**",
        strict=True,
    )
)
_SUBSCRIPTS = dict(
    zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)
)
_TEX = re.compile(r"\\|[{}~]|--|''|``")
_TAG = re.compile(
    r"</?(?:a|b|br|big|center|code|del|div|em|font|i|img|ins|kbd|p|small|span|strong|sub|sup|u)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
_STRONG = re.compile(r"(\*{1,3}|_{2,3}|~~)(?=\S)([^*~]{1,1000}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<!\w)_(?=\S)([^_]{1,1000})(?<=\S)_(?!\w)")
_CODE = re.compile(r"(`{1,2})([^`]+)\1")
_MARKDOWN_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_FONT_SWITCH = re.compile(r"\\(?:it|bf|rm|tt|sc|em|sl)\b\s*")
_MARKUP = re.compile(r"[<&`*_~\\{}$^]|--|''")
_POWER = re.compile(r"(?<=[^\W_])\^\{?(?=\w)")
_SCRIPTS = frozenset((*_SUPERSCRIPTS.values(), *_SUBSCRIPTS.values()))
LABELS = frozenset(
    "paper pdf arxiv code link links project page website homepage github url abs html here official data dataset "
    "demo model models blog video poster slides openreview bibtex".split()
)
"""Words that lists use as the text of links next to a title; none of them alone is a title."""
_SIMILAR = 60.0  # from 0 to 100, by rapidfuzz
_WORDS_ONLY = {code: " " for code in range(128) if not chr(code).isalnum()}
_LIGATURES = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i"})
_GREEK = str.maketrans(
    {char: unicodedata.name(char).split()[-1].lower() for char in "αβγδεζηθικλμνξοπρστυφχψω"}
)


def plain(text: str) -> str:
    """Removes TeX, Markdown and HTML markup, and puts the text on one line; `R$^2$` is "R²".

    Math keeps its `$` and its TeX if Unicode lacks one of its characters.
    """
    return _without_math(without_markup(_without_math(text)))


def plain_abstract(text: str) -> str:
    """Removes TeX from an abstract, in which "~" before a word means "about"; it has no Markdown or HTML."""
    text = _without_math(re.sub(r"(?<!\S)~", "\ue001", text))
    return " ".join(_without_tex(text).replace("\ue001", "~").split())


def without_markup(text: str) -> str:
    """Removes TeX outside of math, Markdown and HTML markup, and puts the text on one line."""
    if _MARKUP.search(text):
        text = _CODE.sub(r"\2", html.unescape(_TAG.sub(" ", text)))
        text = _EMPHASIS.sub(r"\1", _STRONG.sub(r"\2", _STRONG.sub(r"\2", text)))
        text = _without_tex(text)
    return " ".join(text.split())


def writes_tex(text: str) -> bool:
    """Whether a text has TeX math that `plain` can write in Unicode."""
    return text != _without_math(text)


def writes_unicode(text: str) -> bool:
    """Whether a text has characters that other titles write as TeX math: superscripts, Greek letters, arrows."""
    return any(
        char in _SCRIPTS or "GREEK" in (name := unicodedata.name(char, "")) or "ARROW" in name
        for char in text
        if not char.isascii()
    )


def _without_math(text: str) -> str:
    return (
        _FORMULA.sub(lambda formula: _in_unicode(formula[1]) or formula[0], text)
        if "$" in text
        else text
    )


@functools.lru_cache(maxsize=1_000)
def _in_unicode(formula: str) -> str:
    """A formula (without its `$`) in Unicode; empty if Unicode lacks one of its characters."""
    before, formula = "", _NOT_EQUAL.sub(r"\\neq", formula)
    while before != formula:
        before, formula = formula, _FONT.sub(r"\1", formula)
    found = _decode_tex(_SCRIPT.sub(_script, formula)).replace("∗", "*")
    return "" if re.search(r"[\\^_{}$]", found) else found.strip()


def _script(match: re.Match[str]) -> str:
    """A superscript or subscript in Unicode; unchanged if Unicode lacks one of its characters."""
    signs = _decode_tex(match[2] or match[3]).replace(" ", "")
    table = _SUPERSCRIPTS if match[1] == "^" else _SUBSCRIPTS
    found = [table.get(sign, "") for sign in signs]
    return "".join(found) if found and all(found) else match[0]


def _without_tex(text: str) -> str:
    if not _TEX.search(text):
        return text
    parts = _MATH.split(text)
    return "".join(part if n % 2 else _decode_tex(part) for n, part in enumerate(parts))


@functools.lru_cache(maxsize=20_000)
def key(text: str) -> str:
    """A key that is equal for titles which differ only in case, accents, markup, punctuation and spacing."""
    if text.isascii() and not _MARKUP.search(text):
        return " ".join(text.lower().translate(_WORDS_ONLY).split())
    bare = _POWER.sub("", plain(text).replace("$", "")).translate(_LIGATURES)
    folded = unicodedata.normalize("NFKD", bare).casefold()
    words = re.findall(
        r"[^\W_]+", "".join(c for c in folded if not unicodedata.combining(c)).translate(_GREEK)
    )
    return " ".join(words)


def may_be(listed: str, title: str) -> bool:
    """Whether `listed` may be a title of the paper called `title`; if not, the entry's link is probably a mistake.

    True if it is a part of that title, or similar to it: at least 60 of 100 by rapidfuzz's `partial_ratio`.
    """
    ours, theirs = key(listed), key(title)
    return bool(ours) and (ours in theirs or fuzz.partial_ratio(ours, theirs) >= _SIMILAR)


def _decode_tex(text: str) -> str:
    """Converts TeX to Unicode; characters with a meaning in TeX (`&`, `%`, a lone `$`) are kept as they are."""
    if "\\" not in text and "{" not in text and "}" not in text:
        for tex, char in (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("~", " ")):
            text = text.replace(tex, char)
        return text
    text = _FONT_SWITCH.sub("", text)
    guarded = re.sub(r"(?<!\\)([&%#^_$])", r"\\\1", _MARKDOWN_ESCAPE.sub(_keep_tex_accent, text))
    return _from_tex(guarded.replace("\\^", "\ue000")).replace("\ue000", "^")


def _keep_tex_accent(match: re.Match[str]) -> str:
    """Removes the backslash of a Markdown escape, unless it may be a TeX accent, which looks the same."""
    return match[0] if match[1] in "'`^\"~=.{}&%#_$-" else match[1]


def _from_tex(text: str) -> str:
    """Replaces TeX commands by what they print; invalid TeX stays unchanged."""
    if text.count("{") != text.count("}"):
        return text
    try:
        return str(_converter().latex_to_text(text, tolerant_parsing=True))
    except (IndexError, AttributeError, TypeError, ValueError):  # a command without its arguments
        return text


@functools.cache
def _converter() -> Any:  # noqa: ANN401 (pylatexenc has no types)
    """pylatexenc, configured to keep the name of an unknown command instead of dropping it."""
    from pylatexenc.latex2text import (  # noqa: PLC0415 (costs 30 ms, needed for few titles)
        LatexNodes2Text,
        MacroTextSpec,
        get_default_latex_context_db,
    )

    context = get_default_latex_context_db()
    unknown = MacroTextSpec("", simplify_repl=lambda node: node.latex_verbatim())
    context.set_unknown_macro_spec(unknown)
    return LatexNodes2Text(
        latex_context=context,
        math_mode="verbatim",
        keep_comments=True,
        strict_latex_spaces=False,
    )
