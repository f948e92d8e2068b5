"""Writes the reference from the code, so that both agree.

    python -m docs.making.reference      writes them to docs/reference/

docs/making/words.py explains what the code can't say, such as what a reason means to a maintainer. A value without an
explanation is an error.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

import yaml
from typer.main import get_command

import bot.api
import bot.forge.github_forge  # its errors are described too
from bot.commands.main import app
from bot.core.check_rules import CheckRule
from bot.core.config import Config
from bot.core.errors import BotError
from bot.core.model import OutcomeKind, Reason, Verdict
from bot.proposals.labels import STEERING
from docs.making import words
from docs.making.schemas import OUTPUTS, schema

BOT = Path(inspect.getfile(bot)).parent
FOLDER = Path(__file__).resolve().parent.parent / "reference"


def pages() -> Mapping[str, str]:
    """The pages, by the names of their files."""
    made = {
        "commands": commands,
        "configuration": configuration,
        "action": action,
        "decisions": decisions,
        "exit-codes": exit_codes,
        "labels": labels,
        "json": outputs,
        "python": python,
    }
    return {f"{name}.md": _page(make()) for name, make in made.items()}


def _page(lines: Iterator[str]) -> str:
    text = re.sub(r"[ \t]+\n", "\n", "\n".join(lines).strip())
    return re.sub(r"\n{3,}", "\n\n", text) + "\n"


def commands() -> Iterator[str]:
    """Every command with its options."""
    yield "# Commands\n"
    yield "Results go to standard output, everything else to standard error."
    yield "`arxiv-bot --help` and `arxiv-bot COMMAND --help` show the same as this page.\n"
    top: Any = get_command(app)
    yield from _options(top.params)
    for name, command in top.commands.items():
        arguments = " ".join(p.metavar for p in command.params if p.param_type_name == "argument")
        yield f"\n## {name}\n\n{command.help}\n"
        yield f"```text\narxiv-bot {name} [OPTIONS]{' ' if arguments else ''}{arguments}\n```\n"
        yield from _options(command.params)


def _options(params: Any) -> Iterator[str]:  # noqa: ANN401 (typer's own)
    for param in params:
        shown = param.metavar or ("" if getattr(param, "is_flag", True) else _values(param))
        name = (
            param.metavar
            if param.param_type_name == "argument"
            else f"{param.opts[0]} {shown}".strip()
        )
        notes = [param.help or ""]
        if param.required and param.param_type_name != "argument":
            notes.append("Required.")
        if getattr(param, "multiple", False):
            if param.default:
                notes.append(f"Default: {' and '.join(f'`{part}`' for part in param.default)}.")
        elif param.default not in {None, "", False} and not param.required:
            default = param.default.value if isinstance(param.default, Enum) else param.default
            notes.append(f"Default: `{default}`.")
        yield f"`{name}`\n:   {' '.join(notes)}\n"


def _values(option: Any) -> str:  # noqa: ANN401 (typer's own)
    kind = option.type_descriptor.annotation
    return "|".join(item.value for item in kind) if isinstance(kind, type(Enum)) else "TEXT"


def configuration() -> Iterator[str]:
    """Every key of keywords.toml."""
    data = Config.model_json_schema()
    yield "# Configuration\n"
    yield "`config/keywords.toml` is TOML. A key that is not described here is refused, with the nearest that is;"
    yield "`arxiv-bot check` reports what is wrong, with the line."
    yield "An editor that knows [the schema](../../config/keywords.schema.json) completes the keys:"
    yield "put `#:schema keywords.schema.json` in the first line.\n"
    for name, field in data["properties"].items():
        many = "items" in field
        block = data["$defs"][(field["items"] if many else field)["$ref"].split("/")[-1]]
        yield f"\n## {'[[' if many else '['}{name}{']]' if many else ']'}\n"
        least = "; at least one" if field.get("minItems") else ""
        yield f"{block['description']}{f' Repeatable{least}.' if many else ''}\n"
        for key, described in block["properties"].items():
            kind = _kind(described, required=key in block.get("required", ()))
            yield f"`{key}`\n:   {described['description']} {kind}\n"
    yield "\n## Templates\n"
    yield words.TEMPLATES


def _kind(described: Mapping[str, Any], *, required: bool) -> str:
    parts = [words.KINDS[described["type"]]] if "type" in described else []
    if "enum" in described:
        parts = [" or ".join(f"`{json.dumps(message)}`" for message in described["enum"])]
    if "minimum" in described or "exclusiveMinimum" in described:
        least = described.get("minimum", described.get("exclusiveMinimum"))
        above = "above " if "exclusiveMinimum" in described else ""
        parts.append(f"from {above}{least} to {described['maximum']}")
    if described.get("default") not in (None, "", [], ()):
        parts.append(f"default `{json.dumps(described['default'], ensure_ascii=False)}`")
    parts += ["required"] * required
    return f"*({', '.join(parts)})*" if parts else ""


def action() -> Iterator[str]:
    """The action for other repositories' workflows."""
    text = (BOT.parent / "action.yml").read_text(encoding="utf-8")
    described = yaml.safe_load(text)
    shown = "\n".join(
        line.removeprefix("#     ") for line in text.splitlines() if line.startswith("#     ")
    )
    yield "# The action\n"
    yield "One step of a workflow runs the bot; the list's repository needs no copy of it."
    yield "`arxiv-bot init` writes the [whole workflow](../tutorial.md).\n"
    yield f"```yaml\n{shown}\n```\n"
    yield "The job needs the permissions `contents: write` and `pull-requests: write`."
    yield "With `statuses: write` the bot also shows whether the branch reflects the answers.\n"
    yield "## Inputs\n"
    for name, message in described["inputs"].items():
        yield f"`{name}`\n:   {' '.join(message['description'].split())} Default: `{message['default']}`.\n"
    yield "## Outputs\n"
    for name, message in described["outputs"].items():
        yield f"`{name}`\n:   {' '.join(message['description'].split())}\n"


def decisions() -> Iterator[str]:
    """Verdicts, reasons, outcomes, and what `check` finds."""
    yield "# Reasons and outcomes\n"
    yield "Every paper that a run reads gets one verdict and one reason."
    yield "The texts are those of reports, pull requests and [JSON](json.md);"
    yield "`arxiv-bot explain ID` says what would change them.\n"
    yield "## Verdicts\n"
    yield from _terms(Verdict, words.VERDICTS)
    yield "\n## Reasons\n"
    yield from _terms(Reason, words.REASONS)
    yield "\n## Outcomes\n\nWhat the bot did with a pull request.\n"
    yield from _terms(OutcomeKind, words.OUTCOMES)
    yield "\n## Rules\n\nWhat `arxiv-bot check` finds.\n"
    yield from _terms(CheckRule, words.RULES)


def _terms(kind: type[Enum], meanings: Mapping[Any, str]) -> Iterator[str]:
    for item in kind:
        yield f"**{item.value}**\n:   {meanings[item]}\n"


def exit_codes() -> Iterator[str]:
    """Exit codes, and the environment's variables."""
    yield "# Exit codes and environment\n"
    yield "| code | when |\n|--:|---|"
    for code, meaning in words.EXIT_CODES.items():
        yield f"| {code} | {meaning} |"
    yield "\nWhich error has which code:\n\n| error | code | what it is |\n|---|--:|---|"
    for error in _errors(BotError):
        yield f"| `{error.__name__}` | {error.exit_code} | {inspect.getdoc(error)} |"
    yield "\n## Environment\n"
    for name in sorted(_variables()):
        yield f"`{name}`\n:   {words.VARIABLES[name]}\n"


def _errors(error: type[BotError]) -> Iterator[type[BotError]]:
    for subclass in error.__subclasses__():
        yield subclass
        yield from _errors(subclass)


def _variables() -> set[str]:
    """The variables that the code reads."""
    texts = [path.read_text(encoding="utf-8") for path in BOT.rglob("*.py")]
    named = {match for text in texts for match in re.findall(r'environ\.get\("(\w+)"', text)}
    tested = {
        match for text in texts for match in re.findall(r'"(\w+)" (?:not )?in os\.environ', text)
    }
    keys = next(
        re.findall(r'\(\s*"(SERVER_URL)", "(REPOSITORY)", "(RUN_ID)"', t)
        for t in texts
        if "SERVER_URL" in t
    )
    return named | tested | {f"GITHUB_{key}" for key in keys[0]}


def labels() -> Iterator[str]:
    """The labels that control the bot."""
    yield "# Labels\n"
    yield "Add one of these labels to a pull request of the bot to control the bot. The bot does not create them:"
    yield "create them once, with the commands that `arxiv-bot doctor --repo OWNER/NAME` prints."
    yield "GitHub decides who may add labels. The labels that the bot adds to its own pull requests are"
    yield "`labels` in [the configuration](configuration.md#pull_request).\n"
    yield "| label | what it does |\n|---|---|"
    for item in STEERING:
        yield f"| `{item.name}` | {item.meaning}. |"
    yield "\n[Answer a pull request](../how-to/answer.md) explains when to use which."


def outputs() -> Iterator[str]:
    """What `--json` prints."""
    yield "# JSON\n"
    yield "`--json` prints one document on standard output, in the shape that a schema describes (JSON Schema 2020-12)."
    yield "New fields may be added; what is there keeps its name and meaning within a major version."
    for name, (printers, _) in OUTPUTS.items():
        described = schema(name)
        said = ", ".join(f"`arxiv-bot {command} --json`" for command in printers)
        yield f"\n## {name}\n\n{said} · [{name}.json](../schemas/{name}.json)\n"
        if described.get("type") == "array":
            yield f"A list of [{_name(described['items'])}](#{name}-{_name(described['items']).lower()}).\n"
        for shape, block in described["$defs"].items():
            yield f"\n### {name}: {shape}\n\n{block['description']}\n"
            for key, field in block["properties"].items():
                yield f"`{key}`\n:   {field['description']} *({_shape(field, name)})*\n"


def _name(field: Mapping[str, Any]) -> str:
    return str(field["$ref"]).rsplit("/", maxsplit=1)[-1]


def _shape(field: Mapping[str, Any], page: str) -> str:
    if "anyOf" in field:
        return " or ".join(_shape(choice, page) for choice in field["anyOf"])
    if "$ref" in field:
        return f"[{_name(field)}](#{page}-{_name(field).lower()})"
    if field["type"] == "array":
        return f"list of {_shape(field['items'], page)}"
    if field["type"] == "object":
        return f"object of {_shape(field['additionalProperties'], page)}"
    if "enum" in field:
        return (
            "one of [these](decisions.md)"
            if len(field["enum"]) > 5
            else " or ".join(f"“{item}”" for item in field["enum"])
        )
    kinds = field["type"] if isinstance(field["type"], list) else [field["type"]]
    return " or ".join(kinds)


def python() -> Iterator[str]:
    """The functions of the package."""
    yield "# Python\n"
    yield "`import bot` loads nothing else; `bot.run` and `bot.check` are loaded when they are first used."
    yield "Both are typed (`py.typed`). Other names in the package may change in any version.\n"
    yield f"```python\n{_example()}\n```\n"
    for function in (bot.api.run, bot.api.check):
        name = function.__name__
        signature = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(inspect.signature(function)))
        signature = re.sub(r"<function \w+ at \w+>", "silent", signature)
        described = (
            signature.replace("(", "(\n    ", 1)
            .replace(", *, ", ",\n    *,\n    ")
            .replace(") ->", ",\n) ->")
        )
        described = re.sub(r", (?=\w+: )", ",\n    ", described)
        yield f"\n## bot.{name}\n\n```python\nbot.{name}{described}\n```\n"
        yield from _documented(inspect.getdoc(function) or "")


def _example() -> str:
    text = inspect.getdoc(bot.api) or ""
    return inspect.cleandoc("\n".join(re.findall(r"(?m)^(?: {4}.*|)$", text))).strip()


def _documented(text: str) -> Iterator[str]:
    """A docstring in Google's form as Markdown."""
    for line in text.splitlines():
        if re.fullmatch(r"(Args|Returns|Raises):", line):
            yield f"\n**{line[:-1]}**\n"
        elif found := re.match(r" {4}([\w.]+): (.*)", line):
            yield f"\n`{found[1]}`\n:   {found[2]}"
        else:
            yield f"    {line.strip()}" if line.startswith("        ") else line.strip()


if __name__ == "__main__":
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
