"""Reads the configuration file, `config/keywords.toml`, and explains its errors.

The models below are the only description of the file: validation, the JSON Schema for editors, and the reference in
the documentation are all derived from them. An unknown key is refused with the most similar key as a suggestion.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from bot.core.categories import doubt
from bot.core.check_rules import CheckRule
from bot.core.judge_config import JudgeBlock
from bot.core.model import Topic, phrase_parts
from bot.core.toml_model import TomlFile

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
    def _have_words(cls, phrases: tuple[str, ...]) -> tuple[str, ...]:
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
    todo: bool = False
    """Whether to write `TODO` into the fields of a new entry that other entries fill and only you can."""
    inbox: str = ""
    """A heading for entries whose section is uncertain. Empty: they go to the likeliest section."""
    inbox_below: Annotated[float, Field(ge=0, le=1)] = 0.4
    """An entry goes to the inbox if its likeliest section has a probability below this, from 0 to 1."""

    @field_validator("path")
    @classmethod
    def _is_in_the_repository(cls, path: str) -> str:
        plain = posixpath.normpath(path)
        if path.startswith("/") or plain.startswith(".."):
            raise ValueError(
                f"{path!r} is outside the repository; write a path from its top folder"
            )
        if path != plain:
            raise ValueError(f"write {plain!r} in place of {path!r}")
        return path


class FurtherListBlock(ListBlock):
    """Another file of the list. Its papers count as listed, and it gets the papers of its topics."""

    path: Text
    """The path of the file in the repository."""
    topics: tuple[Text, ...] = ()
    """The names of the topics whose papers go to this file; all other papers go to `list.path`."""
    archive: bool = False
    """Whether the bot reads the file and never changes it, as for an archive of past months."""

    @model_validator(mode="after")
    def _has_a_purpose(self) -> Self:
        if self.archive and self.topics:
            raise ValueError(
                "an archive is never changed, so no topics go to it; delete one of the two keys"
            )
        if not (self.archive or self.topics):
            raise ValueError("name the topics whose papers go to this file, or set archive = true")
        return self


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
    """The score, from 0 to 1, that a paper needs to be added to a pull request; the next best go under "Perhaps"."""

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
    lists: tuple[FurtherListBlock, ...] = ()
    """The other files of a list that is several files."""
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

    @model_validator(mode="after")
    def _distinct_files(self) -> Self:
        paths = [self.list.path, *(block.path for block in self.lists)]
        routed = [name for block in self.lists for name in block.topics]
        for what, names in (("lists have the path", paths), ("lists get the topic", routed)):
            if repeated := {name for name in names if names.count(name) > 1}:
                raise ValueError(f"two {what} {min(repeated)!r}; name it once")
        if unknown := {*routed} - {topic.name for topic in self.topics}:
            raise ValueError(f"no topic is named {min(unknown)!r}, which lists.topics names")
        return self

    def paths(self, named: str = "") -> tuple[str, ...]:
        """The paths of the list's files, `list.path` first; if an option names a file, only that file."""
        return (named,) if named else (self.list.path, *(block.path for block in self.lists))

    @property
    def archives(self) -> frozenset[str]:
        """The paths of the files that the bot only reads."""
        return frozenset(block.path for block in self.lists if block.archive)

    def file(self, path: str) -> ListBlock:
        """The settings of a file of the list; `[list]` for a path that no `[[lists]]` has."""
        return next((block for block in self.lists if block.path == path), self.list)

    def owner(self, topics: Iterable[str]) -> str:
        """The path of the file that gets a paper of these topics, by the first topic; "" for `[list]`."""
        first = next(iter(topics), "")
        return next((block.path for block in self.lists if first in block.topics), "")

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


_FILE = TomlFile(
    Config,
    if_missing="name the file with --config, or let `arxiv-bot init` write one",
    advice={
        "categories": 'is not an arXiv category; write one such as "cs.CL" or "cs.*"',
        "reviewers": 'is not a login; write "user" or "organisation/team", without @',
    },
)


def load(path: Path) -> Config:
    """Reads the configuration file.

    Raises:
        ConfigError: the file can't be read, is not TOML, or has wrong values; the message lists all errors.
    """
    return _FILE.load(path)


def parse(text: str, *, where: str) -> Config:
    """Reads a configuration from its text; `where` names the file in messages.

    Raises:
        ConfigError: the text is not TOML, or has wrong values.
    """
    return _FILE.parse(text, where=where)


def json_schema() -> str:
    """The JSON Schema of the file, which is shipped next to it for editors."""
    schema = Config.model_json_schema()
    schema["title"] = "arxiv-bot: keywords.toml"
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
