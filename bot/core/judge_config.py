"""The block `[judge]` of the configuration: which model is asked about candidates, and within which limits."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator


class JudgeBlock(BaseModel):
    """A model that answers the questions in `principles.toml`. Without `base_url` no model is asked."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    base_url: str = ""
    """The URL of an OpenAI-compatible endpoint, up to and including the version: `https://api.example.org/v1`."""
    model: Annotated[str, Field(max_length=200)] = ""
    """The model's name at that endpoint."""
    api_key_env: str = ""
    """The environment variable that holds the key. Empty: no key is sent."""
    max_papers: Annotated[int, Field(ge=1, le=200)] = 30
    """The most papers that a run asks about; each takes at most two requests."""
    budget_tokens: Annotated[int, Field(ge=1000, le=10_000_000)] = 100_000
    """The most tokens that a run may use."""

    @property
    def is_on(self) -> bool:
        """Whether a model is asked."""
        return bool(self.base_url)

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        if url and not re.fullmatch(r"https?://[^\s?#@/]+(/[^\s?#@]*)?", url):
            raise ValueError(f'{url!r} is not the URL of an endpoint; write "https://HOST/v1"')
        return url

    @field_validator("api_key_env")
    @classmethod
    def _is_variable(cls, name: str) -> str:
        if name and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
            raise ValueError("write the name of an environment variable here, never the key itself")
        return name

    @model_validator(mode="after")
    def _belong_together(self) -> JudgeBlock:
        if bool(self.base_url) != bool(self.model.strip()):
            raise ValueError("base_url and model are needed together; set both or neither")
        return self
