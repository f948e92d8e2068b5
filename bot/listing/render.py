"""Fills a form, or a maintainer's own template, with what is known of a paper."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core import escaping, titles
from bot.core.errors import ConfigError
from bot.core.model import Paper
from bot.listing.dates import render_date
from bot.listing.fields import Slot, name_and_rest
from bot.listing.form import Form, Piece

if TYPE_CHECKING:
    from jinja2 import Template

_FILLED, _EMPTY = (
    "\uf8fe",
    "\uf8ff",
)  # private characters: no text from arXiv keeps any (escaping.clean)
_HTML_BLOCK = re.compile(
    r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?</?(?:center|dd|details|div|dl|dt|h[1-6]|li|ol|p|section|summary|table"
    r"|tbody|td|tfoot|th|thead|tr|ul)\b",
    re.IGNORECASE,
)  # of https://spec.commonmark.org/0.31.2/#html-blocks those that lists of papers have
_CODE = re.compile(r"github\.com/([A-Za-z0-9][\w.-]{0,80}/[\w.-]{0,99}\w)", re.IGNORECASE)


def code_repository(paper: Paper) -> str:
    """The repository on GitHub, as owner/name, where the paper's comment or abstract names exactly one; else empty."""
    found = {
        name.removesuffix(".git") for name in _CODE.findall(f"{paper.comment} {paper.abstract}")
    }
    return found.pop() if len(found) == 1 else ""


def fill(form: Form, paper: Paper) -> str:
    """The entry's text, with line feeds for line endings; a line for nothing but what is not known is left out."""
    parts: list[str] = []
    for piece in form.pieces:
        raw = piece.slot is not None and is_in_html("".join(parts))
        value = _filled(piece, form, paper, raw=raw)
        parts.append(value if piece.slot is None else f"{_FILLED if value else _EMPTY}{value}")
    lines = "".join(parts).rstrip("\n").split("\n")
    kept = (line for n, line in enumerate(lines) if not n or _EMPTY not in line or _FILLED in line)
    return "\n".join(kept).replace(_EMPTY, "").replace(_FILLED, "") + "\n"


def is_in_html(before: str) -> bool:
    """Whether Markdown is not read behind this text: a block of HTML goes on to the next blank line."""
    block = before.rpartition("\n\n")[2]
    return any(_HTML_BLOCK.match(line) for line in block.split("\n"))


def _filled(piece: Piece, form: Form, paper: Paper, *, raw: bool) -> str:
    match piece.slot:
        case None:
            return piece.text
        case Slot.ID:
            return str(paper.id)
        case Slot.DATE:
            return render_date(paper, piece.text)
        case Slot.REPOSITORY:
            return code_repository(paper)
        case Slot.ABSTRACT if piece.text == "html":
            return escaping.html(paper.abstract)
    text = _text(piece.slot, form, paper)
    return _in_html(text) if raw else escaping.inline(text, table=piece.text == "table")


def _text(slot: Slot, form: Form, paper: Paper) -> str:
    """What a slot for words holds, not escaped."""
    name, rest = name_and_rest(paper.title)
    match slot:
        case Slot.NAME:
            return name or ("" if Slot.REST in form.slots else rest)
        case Slot.REST:
            return rest
        case Slot.AUTHORS:
            return authors(paper, form)
        case Slot.ABSTRACT:
            return paper.abstract
        case _:
            return titles.plain(paper.title)


def _in_html(text: str) -> str:
    """Text for inside an element, or an attribute in double quotes."""
    return escaping.html(text).replace('"', "&quot;")


def authors(paper: Paper, form: Form) -> str:
    """The authors as the list writes them: all, or as many as it gives before "et al."."""
    names = [titles.plain(name) for name in paper.authors]
    if form.cut and len(names) > max(form.most, form.cut):
        return ", ".join(names[: form.cut]) + form.et_al
    return ", ".join(names)


def compile_template(source: str) -> Template:
    """A maintainer's Jinja template for an entry, in a sandbox.

    Raises:
        ConfigError: it is not a valid template; the line is named.
    """
    from jinja2 import StrictUndefined, TemplateSyntaxError  # noqa: PLC0415 (only lists with a template pay)
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True
    )
    try:
        return environment.from_string(source)
    except TemplateSyntaxError as error:
        raise ConfigError(
            f"line {error.lineno} of the template: {error.message}",
            where="list.template",
            fix="correct the template, or leave it out to have the form learned from the list",
        ) from None


def fill_template(template: Template, paper: Paper) -> str:
    """The entry's text by the template: `title authors id url year month date abstract code`, escaped for Markdown.

    Raises:
        ConfigError: the template asks for something that is not given.
    """
    from jinja2 import TemplateError  # noqa: PLC0415

    plain = titles.plain(paper.title)
    values = {
        "title": escaping.inline(plain),
        "authors": [escaping.inline(titles.plain(name)) for name in paper.authors],
        "id": str(paper.id),
        "url": paper.id.url,
        "year": paper.id.year,
        "month": paper.id.month,
        "date": paper.submitted.date().isoformat() if paper.submitted else "",
        "abstract": escaping.html(paper.abstract),
        "code": f"https://github.com/{code}" if (code := code_repository(paper)) else "",
    }
    try:
        return template.render(values).rstrip("\n") + "\n"
    except TemplateError as error:
        known = ", ".join(values)
        raise ConfigError(str(error), where="list.template", fix=f"use only: {known}") from None
