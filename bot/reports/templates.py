"""Opens Jinja templates, and the stylesheet that all HTML pages share."""

from __future__ import annotations

from functools import cache
from importlib import resources

import jinja2


def stylesheet(package: str, name: str) -> str:
    """Returns the stylesheet that all pages share, followed by the package's own."""
    return _read("bot.reports", "shared.css") + "\n" + _read(package, name)


@cache
def template(package: str, name: str) -> jinja2.Template:
    """Returns a package's template, which escapes every value for HTML and XML, but not those of a TOML file."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda wanted: _read(package, wanted)),
        autoescape=jinja2.select_autoescape(disabled_extensions=("toml.jinja",), default=True),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template(name)


def _read(package: str, name: str) -> str:
    return resources.files(package).joinpath(name).read_text("utf-8")
