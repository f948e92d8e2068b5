"""The base class and field types of the records that `--json` prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import AliasPath, BaseModel, BeforeValidator, ConfigDict, Field

from bot.core.escaping import to_json


def _text(value: object) -> str:
    """Returns the value as text; bytes of the list that are not UTF-8 become U+FFFD, since JSON can't hold them."""
    text = str(value)
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def is_none(value: object) -> bool:
    """Whether a field is None, and so omitted from the JSON."""
    return value is None


Text = Annotated[str, BeforeValidator(_text)]
Share = Annotated[float, BeforeValidator(lambda value: round(value, 4))]


def at(*path: str) -> Any:  # noqa: ANN401 (stands in the place of any field's default)
    """Declares a field that gets its value from the described object, by this path of attributes."""
    return Field(validation_alias=AliasPath(*path))


class JsonRecord(BaseModel):
    """A part of what `--json` prints."""

    model_config = ConfigDict(
        from_attributes=True, use_attribute_docstrings=True, frozen=True, extra="ignore"
    )


def as_json(records: JsonRecord | Sequence[JsonRecord]) -> str:
    """Returns the records as JSON that is safe to print."""
    return to_json(records)
