"""Reads the maintainer's yes/no questions for the judge from `principles.toml`, next to the configuration."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from bot.core.judgement import Principle, Side
from bot.core.toml_model import TomlFile

FILE = "principles.toml"
MOST = 9

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

    @field_validator("principles")
    @classmethod
    def _distinct(cls, blocks: tuple[_PrincipleBlock, ...]) -> tuple[_PrincipleBlock, ...]:
        names = [block.id for block in blocks]
        if repeated := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"two principles have the id {min(repeated)!r}")
        return blocks


_TOML = TomlFile(
    _PrinciplesFile,
    if_missing="let `arxiv-bot init --judge` draft it, or delete the block [judge]",
    advice={
        "id": "is not an id; write lower-case letters, digits and hyphens, 40 characters at most",
        "question": "is not a question; write 10 to 400 characters that end with a question mark",
    },
)


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
    return _principles(_TOML.load(config.with_name(FILE)))


def parse_principles(text: str, *, where: str) -> Principles:
    """Reads principles from their text; `where` names the file in messages.

    Raises:
        ConfigError: the text is not TOML, or has wrong values.
    """
    return _principles(_TOML.parse(text, where=where))


def _principles(file: _PrinciplesFile) -> Principles:
    return Principles(
        tuple(Principle(block.id, block.question, Side(block.speaks)) for block in file.principles)
    )
