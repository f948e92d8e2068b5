"""Fills a form with the facts of a paper."""

from __future__ import annotations

import re

from bot.core import escaping, titles
from bot.core.model import Paper
from bot.listing.dates import render_date
from bot.listing.escape_at import escape_at
from bot.listing.fields import Slot, name_and_rest
from bot.listing.form import Form
from bot.listing.pieces import Piece

# Private characters, which `escaping.clean` removes from every text from arXiv.
_FILLED, _EMPTY = "\uf8fe", "\uf8ff"
_CODE = re.compile(r"github\.com/([A-Za-z0-9][\w.-]{0,80}/[\w.-]{0,99}\w)", re.IGNORECASE)


def code_repository(paper: Paper) -> str:
    """Returns the GitHub repository (owner/name) if the paper's comment and abstract name exactly one, else ""."""
    found = {
        name.removesuffix(".git") for name in _CODE.findall(f"{paper.comment} {paper.abstract}")
    }
    return found.pop() if len(found) == 1 else ""


_BANG = re.compile(r"!$")


def fill(form: Form, paper: Paper) -> str:
    """Fills the form, with line feeds as line endings; a line whose facts are all unknown is left out."""
    parts: list[str] = []
    for piece in form.pieces:
        value = _filled(piece, form, paper, "".join(parts))
        if parts and parts[-1].startswith(_FILLED):
            parts[-1], value = _beside(parts[-1], value)
        parts.append(value if piece.slot is None else f"{_FILLED if value else _EMPTY}{value}")
    lines = "".join(parts).rstrip("\n").split("\n")
    kept = (line for n, line in enumerate(lines) if not n or _EMPTY not in line or _FILLED in line)
    return "\n".join(kept).replace(_EMPTY, "").replace(_FILLED, "") + "\n"


def _beside(fact: str, value: str) -> tuple[str, str]:
    """A fact and the text after it, adjusted so that they don't form an image (`![`) or a second full stop."""
    if value.startswith("["):
        return _BANG.sub(r"\!", fact), value
    doubled = value.startswith(".") and fact.endswith((".", "?", "!"))
    return fact, value[1:] if doubled else value


def _filled(piece: Piece, form: Form, paper: Paper, before: str) -> str:
    match piece.slot:
        case None:
            return piece.text
        case Slot.ID:
            return str(paper.id)
        case Slot.DATE:
            return render_date(paper, piece.text)
        case Slot.REPOSITORY:
            return code_repository(paper)
        case Slot.REPOSITORY_NAME:
            return code_repository(paper).rpartition("/")[2]
        case Slot.ABSTRACT if piece.text == "html":
            return escaping.html(titles.plain_abstract(paper.abstract))
    text = _text(piece.slot, form, paper)
    return escape_at(
        before.replace(_EMPTY, "").replace(_FILLED, ""), text, table=piece.text == "table"
    )


def _text(slot: Slot, form: Form, paper: Paper) -> str:
    """The unescaped text for a slot of words."""
    title = _title(paper, tex=form.tex)
    name, rest = name_and_rest(title)
    values = {
        Slot.NAME: name or ("" if Slot.REST in form.slots else rest),
        Slot.REST: rest,
        Slot.AUTHORS: authors(paper, form),
        Slot.ABSTRACT: titles.plain_abstract(paper.abstract),
    }
    return values.get(slot, title)


def _title(paper: Paper, *, tex: bool) -> str:
    """The title without markup; with `tex` its math stays TeX, if GitHub shows it as math."""
    title = titles.without_markup(paper.title)
    shown = tex and "\\$" not in escaping.inline(title)
    return title if shown else titles.plain(title)


def authors(paper: Paper, form: Form) -> str:
    """Writes the authors as the list does: all of them, or the first few with "et al."."""
    names = [titles.plain(name) for name in paper.authors]
    if form.cut and len(names) > max(form.most, form.cut):
        return ", ".join(names[: form.cut]) + form.et_al
    return ", ".join(names)
