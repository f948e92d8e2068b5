"""Reads the maintainer's yes/no questions for the judge from `principles.toml`, next to the configuration."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.core.errors import ConfigError
from bot.core.files import read_plain
from bot.core.judgement import Principle, Side
from bot.core.toml_lines import TomlLines
from bot.core.toml_slips import explain_slip

FILE = "principles.toml"
MOST = 9
_LARGEST = 2**16  # bytes
_FIX = "correct it; `arxiv-bot init --judge` drafts such a file"

_Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
_Question = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=10, max_length=400, pattern=r"\?$")
]


class _PrincipleBlock(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: _Id
    question: _Question
    speaks: Literal["for", "against"] = "for"


class _PrinciplesFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    principles: Annotated[tuple[_PrincipleBlock, ...], Field(min_length=1, max_length=MOST)]


@dataclass(frozen=True, slots=True)
class Principles:
    """The principles, in the order of the file."""

    items: tuple[Principle, ...]

    def version(self, model: str) -> str:
        """A hash of these principles and the model; answers of another version are not used."""
        said = [(item.id, item.question, item.side.value) for item in self.items]
        text = json.dumps([model, said], ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()[:8]


def load_principles(config: Path) -> Principles:
    """Reads the principles next to a configuration file.

    Raises:
        ConfigError: the file can't be read, is not TOML, or has wrong values.
    """
    path = config.with_name(FILE)
    try:
        text = read_plain(path, _LARGEST).decode("utf-8")
    except FileNotFoundError:
        fix = "let `arxiv-bot init --judge` draft it, or delete the block [judge]"
        what = "there is no such file, but the judge needs principles"
        raise ConfigError(what, where=str(path), fix=fix) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        message = f"can't read the principles: {reason}"
        raise ConfigError(message, where=str(path), fix=_FIX) from None
    return parse_principles(text, where=str(path))


def parse_principles(text: str, *, where: str) -> Principles:
    """Reads principles from their text; `where` names the file in messages.

    Raises:
        ConfigError: the text is not TOML, or has wrong values.
    """
    try:
        found = _PrinciplesFile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        slip = explain_slip(text, str(error))
        raise ConfigError(slip.what, where=f"{where}, line {slip.line}", fix=slip.fix) from None
    except RecursionError:
        raise ConfigError("its values are nested too deeply", where=where, fix=_FIX) from None
    except ValidationError as error:
        detail = error.errors(include_url=False, include_input=False)[0]
        place = _place(where, text, detail["loc"])
        raise ConfigError(_problem(detail["loc"], detail["msg"]), where=place, fix=_FIX) from None
    names = [block.id for block in found.principles]
    for number, name in enumerate(names):
        if name in names[:number]:
            place = _place(where, text, ("principles", number, "id"))
            raise ConfigError(f"two principles have the id {name!r}", where=place, fix=_FIX)
    return Principles(
        tuple(Principle(block.id, block.question, Side(block.speaks)) for block in found.principles)
    )


def _place(where: str, text: str, path: tuple[str | int, ...]) -> str:
    """The file, and the line of a key in it; without a line if neither the key nor its table is in the text."""
    line = TomlLines(text).of(path)
    return f"{where}, line {line}" if line else where


def _problem(path: tuple[str | int, ...], message: str) -> str:
    """The key path as a person would write it, counted from 1, and what is wrong there."""
    if path[-1:] == ("question",):
        message = "a question has 10 to 400 characters and ends with a question mark"
    elif path[-1:] == ("id",):
        message = "an id has lower-case letters, digits and hyphens, 40 characters at most"
    place = "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in path)
    return f"{place.lstrip('.')}: {message}"
