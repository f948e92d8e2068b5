"""Shared stylesheet and the autoescaping Jinja environment of the HTML pages."""

from __future__ import annotations

from importlib import resources

import jinja2


def stylesheet(package: str, name: str) -> str:
    """Returns the stylesheet that all pages share, followed by the package's own."""
    return _read("bot.reports", "looks.css") + "\n" + _read(package, name)


def template(package: str, name: str) -> jinja2.Template:
    """Returns a package's template, which escapes every value by default."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda wanted: _read(package, wanted)),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template(name)


def _read(package: str, name: str) -> str:
    return resources.files(package).joinpath(name).read_text("utf-8")
