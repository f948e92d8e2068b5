"""Fills a maintainer's own template for entries, and escapes each value for its position in the entry."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.core import titles
from bot.core.errors import ConfigError
from bot.core.escaping import clean
from bot.core.model import Paper
from bot.listing.escape_at import escape_at
from bot.listing.render import code_repository

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.runtime import Context

_OPEN, _CLOSE = "\ue000", "\ue001"  # around a printed value; `clean` removes both from texts
_PRINTED = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
_LONGEST = 100_000
"""The most characters of an entry, and of any value in a template."""
_MOST = 1_000  # the most numbers of a `range` in a template
_WIDE = re.compile(r"\d{4}|%[^a-zA-Z%]*\*|:[^}]*\{")
"""Matches a format string with a width of four digits, or with an argument as the width."""
_WRONG = (ArithmeticError, AttributeError, LookupError, MemoryError, TypeError, ValueError)


def compile_template(source: str) -> Template:
    """Compiles a maintainer's Jinja template for an entry, in a sandbox with limits on time and size.

    Raises:
        ConfigError: the template is invalid; the error names the line.
    """
    from jinja2 import StrictUndefined, TemplateSyntaxError  # noqa: PLC0415 (loaded only for lists with a template)
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    class Bounded(ImmutableSandboxedEnvironment):
        intercepted_binops = frozenset({"*", "**", "%"})

        def call_binop(
            self, context: Context, operator: str, left: object, right: object
        ) -> object:
            if operator == "%" and isinstance(left, str):
                _check_widths(left)
            elif operator == "**" or _size(left) * _size(right) > _LONGEST:
                raise ValueError(f"{operator!r} makes more than {_LONGEST:,} characters")
            return super().call_binop(context, operator, left, right)

        def wrap_str_format(self, value: object) -> Callable[..., str] | None:
            if isinstance(pattern := getattr(value, "__self__", None), str):
                _check_widths(pattern)
            return super().wrap_str_format(value)

    environment = Bounded(
        undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True, finalize=_marked
    )
    environment.globals = {"range": _bounded_range}
    for name in ("center", "format", "indent", "wordwrap"):  # they can pad to any width
        del environment.filters[name]
    try:
        return environment.from_string(source)
    except TemplateSyntaxError as error:
        raise ConfigError(
            f"line {error.lineno} of the template: {error.message}",
            where="list.template",
            fix="correct the template, or leave it out to have the form learned from the list",
        ) from None


def _bounded_range(*bounds: int) -> range:
    numbers = range(*bounds)
    if len(numbers) > _MOST:
        raise ValueError(f"range() has more than {_MOST:,} numbers")
    return numbers


def _check_widths(pattern: str) -> None:
    """Refuses a format string that could pad a value to any length."""
    if _WIDE.search(pattern):
        raise ValueError(f"{pattern!r} pads to a width of more than 999 characters")


def _size(value: object) -> float:
    """The length of a value, or the absolute value of a number; at least 1."""
    if isinstance(value, int | float):
        return max(1.0, abs(value))
    return max(1, len(value)) if isinstance(value, str | list | tuple) else 1


def fill_template(template: Template, paper: Paper, *, table: bool = False) -> str:
    """Fills the template with the values `title authors id url year month date abstract code`.

    The output of `{{ … }}` is escaped for its position: Markdown, a table cell (in a row, or if `table` says that the
    list's entries are rows), HTML or an attribute. `id`, `url`, `date` and `code` need no escaping.

    Raises:
        ConfigError: the template uses an unknown value, or exceeds a limit.
    """
    from jinja2 import TemplateError  # noqa: PLC0415

    values = {
        "title": clean(titles.plain(paper.title)),
        "authors": [clean(titles.plain(name)) for name in paper.authors],
        "id": _Safe(str(paper.id)),
        "url": _Safe(paper.id.url),
        "year": paper.id.year,
        "month": paper.id.month,
        "date": _Safe(paper.submitted.date().isoformat() if paper.submitted else ""),
        "abstract": clean(titles.plain_abstract(paper.abstract)),
        "code": _Safe(f"https://github.com/{code}" if (code := code_repository(paper)) else ""),
    }
    known = ", ".join(values)
    try:
        text = _bounded(template, values)
    except TemplateError as error:
        raise ConfigError(str(error), where="list.template", fix=f"use only: {known}") from None
    except _WRONG as error:
        raise ConfigError(
            f"the template can't be filled: {error or type(error).__name__}",
            where="list.template",
            fix=f"correct the template; its values are: {known}",
        ) from None
    return _escaped(text, paper, table=table).rstrip("\n") + "\n"


class _Safe(str):
    """A value that needs no escaping, because it is made of validated parts."""

    __slots__ = ()


def _marked(value: object) -> object:
    """The output of an expression, between marks if it must be escaped."""
    if not isinstance(value, str) or isinstance(value, _Safe) or _OPEN in value:
        return value
    return f"{_OPEN}{value}{_CLOSE}"


def _bounded(template: Template, values: dict[str, object]) -> str:
    parts: list[str] = []
    size = 0
    for part in template.generate(values):
        size += len(part)
        if size > _LONGEST:
            raise ValueError(f"it writes more than {_LONGEST:,} characters")
        parts.append(part)
    return "".join(parts)


def _escaped(text: str, paper: Paper, *, table: bool) -> str:
    """The text with every marked value escaped for its position, except the paper's own address."""
    own = re.compile(rf"https://arxiv\.org/(?:abs|pdf|html)/{re.escape(str(paper.id))}(?:\.pdf)?")
    done, position = "", 0
    for match in _PRINTED.finditer(text):
        done += text[position : match.start()]
        done += _in_place(done, match[1], own, table=table)
        position = match.end()
    return (done + text[position:]).replace(_OPEN, "").replace(_CLOSE, "")


def _in_place(before: str, value: str, own: re.Pattern[str], *, table: bool) -> str:
    """The escaped value, with its surrounding white space unchanged."""
    bare = value.strip()
    escaped = bare if own.fullmatch(bare) else escape_at(before, bare, table=table)
    return value.replace(bare, escaped, 1) if bare else value
