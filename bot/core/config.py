"""Reads the configuration file, `config/keywords.toml`, and explains its errors.

The models below are the only description of the file: validation, the JSON Schema for editors, and the reference in
the documentation are all derived from them. An unknown key is refused with the most similar key as a suggestion.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails

from bot.core.categories import doubt
from bot.core.check_rules import CheckRule
from bot.core.english import count
from bot.core.errors import ConfigError
from bot.core.files import read_plain
from bot.core.judge_config import JudgeBlock
from bot.core.model import Topic, phrase_parts
from bot.core.toml_lines import TomlLines
from bot.core.toml_slips import explain_slip

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Category = Annotated[str, StringConstraints(pattern=r"^[a-z-]+(\.([A-Za-z-]{2,}|\*))?$")]
Login = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*(/[A-Za-z0-9_.-]+)?$")]


class Doubt(NamedTuple):
    """Something in the configuration that is allowed but probably a mistake: its key, the problem, and what to do."""

    where: str
    what: str
    fix: str


class _Block(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class TopicBlock(_Block):
    """A subject to look for."""

    name: Text
    """A short name, shown as the reason for a candidate."""
    phrases: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Words to find in title or abstract; case, hyphens and plurals don't matter. `a + b` needs both."""
    excludes: tuple[Text, ...] = ()
    """If one of these occurs in a paper, the topic does not match it."""
    categories: tuple[Category, ...] = ()
    """Limits the topic to papers in these arXiv categories; `cs.*` is a whole archive. Empty: all."""
    section: str = ""
    """The heading under which this topic's papers go. Empty: the bot finds the section from the list itself."""

    @field_validator("phrases", "excludes")
    @classmethod
    def _says_something(cls, phrases: tuple[str, ...]) -> tuple[str, ...]:
        for phrase in phrases:
            for part in phrase_parts(phrase) or ("",):
                if not re.search(r"\w{2}", part):
                    raise ValueError(f"{phrase!r} has no word of two or more letters")
        return phrases

    def topic(self) -> Topic:
        """Converts the block to the `Topic` that other modules use."""
        return Topic(self.name, self.phrases, self.excludes, self.categories, self.section)


class ListBlock(_Block):
    """The list to keep current."""

    path: Text = "README.md"
    """The path of the list's file in the repository."""
    heading: str = ""
    """The heading below which the papers are. Empty: the whole file."""
    template: str | None = None
    """A Jinja template for entries, in place of the form that the bot learns from the list."""
    inbox: str = ""
    """A heading for entries whose section is uncertain. Empty: they go to the likeliest section."""
    inbox_below: Annotated[float, Field(ge=0, le=1)] = 0.4
    """An entry goes to the inbox if its likeliest section has a probability below this, from 0 to 1."""


class ArxivBlock(_Block):
    """How the bot queries arXiv."""

    contact: Text
    """An e-mail address or web page by which arXiv's operators can contact you; it is sent with every request."""
    categories: Annotated[tuple[Category, ...], Field(min_length=1)]
    """The categories whose announcements are read and to which the search is limited."""
    overlap_days: Annotated[int, Field(ge=14, le=365)] = 21
    """How many days each run overlaps with the last: papers are announced up to two weeks after submission."""


class ScreeningBlock(_Block):
    """Which papers are proposed."""

    threshold: Annotated[float, Field(ge=0, le=1)] = 0.3
    """The score, from 0 to 1, from which the bot adds a paper to a pull request; others may be under "Perhaps"."""

    @model_validator(mode="before")
    @classmethod
    def _one_threshold(cls, values: object) -> object:
        if isinstance(values, dict) and "threshold_without_phrase" in values:
            raise ValueError(
                "threshold_without_phrase is no longer a key: one threshold decides for all papers, "
                "and the next best are under Perhaps (pull_request.max_perhaps); delete the line"
            )
        return values


class PullRequestBlock(_Block):
    """How papers are proposed."""

    mode: Literal["batch", "paper"] = "batch"
    """`batch`: one rolling pull request; `paper`: one for each paper."""
    max_items: Annotated[int, Field(ge=1, le=50)] = 10
    """The most papers in one batch."""
    max_perhaps: Annotated[int, Field(ge=0, le=50)] = 15
    """The most papers shown under "Perhaps", which a maintainer ticks to add."""
    perhaps_alone: bool = False
    """Whether a pull request may be opened that has only papers under "Perhaps"."""
    max_open: Annotated[int, Field(ge=1, le=20)] = 2
    """The most pull requests that the bot keeps open at a time."""
    labels: tuple[Text, ...] = ("arxiv-bot",)
    """Labels for the bot's pull requests; missing labels are created."""
    reviewers: tuple[Login, ...] = ()
    """Users, or teams as `organisation/team`, to request a review from."""
    title: Text = "Add {count} from arXiv"
    """The pull request's title; `{count}` becomes "3 papers", `{title}` the first paper's title."""

    @field_validator("title")
    @classmethod
    def _known_fields(cls, title: str) -> str:
        try:
            title.format(count="", title="")
        except (KeyError, IndexError, ValueError) as error:
            raise ValueError("only {count} and {title} can be filled in") from error
        return title


class CheckBlock(_Block):
    """The settings of `arxiv-bot check`."""

    off: tuple[CheckRule, ...] = ()
    """Rules to switch off, by the names that `arxiv-bot check` shows: `["version", "order"]`."""


class Config(_Block):
    """The whole of keywords.toml."""

    list: ListBlock = ListBlock()
    arxiv: ArxivBlock
    screening: ScreeningBlock = ScreeningBlock()
    pull_request: PullRequestBlock = PullRequestBlock()
    check: CheckBlock = CheckBlock()
    judge: JudgeBlock = JudgeBlock()
    topics: Annotated[tuple[TopicBlock, ...], Field(min_length=1)]
    """The subjects to look for; a paper that belongs to any of them is a candidate."""

    @field_validator("topics")
    @classmethod
    def _distinct_names(cls, topics: tuple[TopicBlock, ...]) -> tuple[TopicBlock, ...]:
        names = [topic.name for topic in topics]
        if repeated := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"two topics are named {min(repeated)!r}; give each its own name")
        return topics

    @property
    def doubts(self) -> Iterator[Doubt]:
        """Settings that are allowed but doubtful: categories that are not known to exist."""
        blocks = [("arxiv.categories", self.arxiv.categories)]
        blocks += [
            (f"topics[{number}].categories", topic.categories)
            for number, topic in enumerate(self.topics, start=1)
        ]
        for where, categories in blocks:
            for category in categories:
                if found := doubt(category):
                    yield Doubt(where, *found)


_LARGEST = 2**20  # bytes of a configuration


def load(path: Path) -> Config:
    """Reads the configuration file.

    Raises:
        ConfigError: the file can't be read, is not TOML, or has wrong values; the message lists all errors.
    """
    try:
        text = read_plain(path, _LARGEST).decode("utf-8")
    except FileNotFoundError:
        fix = "name the file with --config, or let `arxiv-bot init` write one"
        raise ConfigError("there is no such configuration file", where=str(path), fix=fix) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = (
            error.strerror if isinstance(error, OSError) else f"it is not UTF-8: {error.reason}"
        )
        raise ConfigError(
            f"can't read the configuration: {reason}", where=str(path), fix="check the file"
        ) from None
    return parse(text, where=str(path))


def parse(text: str, *, where: str) -> Config:
    """Reads a configuration from its text; `where` names the file in messages.

    Raises:
        ConfigError: the text is not TOML, or has wrong values.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        slip = explain_slip(text, str(error))
        raise ConfigError(slip.what, where=f"{where}, line {slip.line}", fix=slip.fix) from None
    except RecursionError:
        raise ConfigError(
            "its values are nested too deeply", where=where, fix="no key needs that"
        ) from None
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        lines = TomlLines(text)
        problems = [_explain(detail, lines) for detail in _without_echoes(error)]
        heading = count(len(problems), "error")
        raise ConfigError(heading + "".join(f"\n  - {p}" for p in problems), where=where) from None


def json_schema() -> str:
    """The JSON Schema of the file, which is shipped next to it for editors."""
    schema = Config.model_json_schema()
    schema["title"] = "arxiv-bot: keywords.toml"
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _without_echoes(error: ValidationError) -> Iterator[ErrorDetails]:
    """The errors, except for a list's "too short" if an item of that list has an error of its own."""
    details = error.errors(include_url=False)
    paths = [detail["loc"] for detail in details]
    for detail in details:
        path = detail["loc"]
        inside = any(len(other) > len(path) and other[: len(path)] == path for other in paths)
        if not (detail["type"] == "too_short" and inside):
            yield detail


def _explain(detail: ErrorDetails, lines: TomlLines) -> str:
    """Renders an error: line, key path, what is wrong with the value, and what to write instead."""
    path = detail["loc"]
    line = lines.of(path)
    place = f"line {line}: {_dotted(path)}" if line else _dotted(path)
    return f"{place}: {_problem(detail)}"


def _problem(detail: ErrorDetails) -> str:
    context: Mapping[str, Any] = detail.get("ctx", {})
    value = json.dumps(detail["input"], ensure_ascii=False, default=str)
    match detail["type"]:
        case "extra_forbidden":
            return f"there is no such key; {_nearest(detail['loc'])}"
        case "missing":
            return "is missing; add it"
        case "too_short":
            return "must not be empty; write at least one"
        case "string_too_short":
            return "must not be empty"
        case "literal_error" | "enum":
            return f"{value} is not allowed; write {context['expected']}"
        case "string_pattern_mismatch" if "categories" in detail["loc"]:
            return f'{value} is not an arXiv category; write one such as "cs.CL" or "cs.*"'
        case "string_pattern_mismatch":
            return f'{value} is not a login; write "user" or "organisation/team", without @'
        case "value_error":
            return f"{context['error']}"
        case _:
            return f"{value}: {detail['msg'][0].lower()}{detail['msg'][1:]}"


def _nearest(path: tuple[str | int, ...]) -> str:
    known = sorted(_keys_at(path[:-1]))
    near = difflib.get_close_matches(str(path[-1]), known, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else f"the keys here are {', '.join(known)}"


def _keys_at(path: tuple[str | int, ...]) -> Iterator[str]:
    """The keys that the block at `path` may have."""
    block: type[BaseModel] = Config
    for key in path:
        if isinstance(key, str):
            annotation = block.model_fields[key].annotation
            inner = [a for a in (annotation, *get_args(annotation)) if isinstance(a, type)]
            block = next(a for a in inner if issubclass(a, BaseModel))
    yield from block.model_fields


def _dotted(path: tuple[str | int, ...]) -> str:
    """The path as a person would write it, counted from 1: `topics[2].phrases[1]`."""
    text = ""
    for key in path:
        text += f"[{key + 1}]" if isinstance(key, int) else f".{key}" if text else key
    return text
