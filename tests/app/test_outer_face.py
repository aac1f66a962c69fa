"""The outer face of the service: names and shapes that clients and operators hold on to change only on purpose.

Where a change is meant, ``python -m pytest tests/house/test_outer_face.py`` fails once and writes what holds now
beside the file it names (``*.now``); that takes its place, and the difference is read like any other.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.cli import COMMANDS
from app.main import create_app

FACES = Path(__file__).parents[1] / "data" / "faces"
WORDS = {"description", "summary", "title"}
"""Prose, which may be put better at any time."""


def test_http_answers_to_the_names_and_shapes_that_clients_hold_on_to(deployment):
    assert_unchanged("http.txt", http_face(create_app(deployment, loopback=True).openapi()))


def test_the_console_answers_to_the_words_that_operators_hold_on_to():
    assert_unchanged("console.txt", console_face())


def test_a_changed_name_is_seen():
    document = {
        "paths": {"/a": {"get": {"responses": {"200": {}}}}},
        "components": {"schemas": {"A": {"type": "string"}}},
    }
    before = list(http_face(document))
    document["paths"]["/a"]["get"]["parameters"] = [{"name": "q", "in": "query", "schema": {"type": "string"}}]
    assert list(http_face(document)) != before


def assert_unchanged(name: str, lines: Iterator[str]) -> None:
    now = "".join(f"{line}\n" for line in lines)
    kept = (FACES / name).read_text("utf-8")
    if now != kept:
        (FACES / f"{name}.now").write_text(now, "utf-8")
        gone, come = set(kept.splitlines()) - set(now.splitlines()), set(now.splitlines()) - set(kept.splitlines())
        pytest.fail(f"tests/data/faces/{name} says otherwise.\ngone: {sorted(gone)}\ncome: {sorted(come)}")


def http_face(document: dict[str, Any]) -> Iterator[str]:
    """Every operation with its parameters, bodies and answers, then every schema with its fields; one line each."""
    for path, operations in sorted(document["paths"].items()):
        for method, operation in sorted(operations.items()):
            yield f"{method.upper()} {path}"
            for parameter in operation.get("parameters", []):
                needed = " required" if parameter.get("required") else ""
                yield f"  {parameter['in']} {parameter['name']}{needed} {_bare(parameter['schema'])}"
            for kind, body in operation.get("requestBody", {}).get("content", {}).items():
                yield f"  body {kind} {_bare(body.get('schema', {}))}"
            for status, answer in sorted(operation["responses"].items()):
                kinds = answer.get("content", {}).items()
                yield f"  {status} " + "; ".join(f"{kind} {_bare(told.get('schema', {}))}" for kind, told in kinds)
    for name, schema in sorted(document["components"]["schemas"].items()):
        fields = schema.get("properties", {})
        yield f"{name} {_bare({key: value for key, value in schema.items() if key != 'properties'})}"
        yield from (f"  {field} {_bare(fields[field])}" for field in sorted(fields))


def _bare(schema: Any) -> str:
    """A schema without its prose."""
    return json.dumps(_without_words(schema), ensure_ascii=False, sort_keys=True)


def _without_words(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_words(inner)
            for key, inner in value.items()
            if not (key in WORDS and isinstance(inner, str)) and key != "x-refusals"
        }
    return [_without_words(inner) for inner in value] if isinstance(value, list) else value


def console_face() -> Iterator[str]:
    """Every command with its arguments and options, their defaults and whether they are needed; one line each."""
    for command in COMMANDS:
        yield from _face_of(command.loaded(), f"anzhi {command.name}")


def _face_of(command: Any, called: str) -> Iterator[str]:
    yield called
    for parameter in command.params:
        names = " ".join([*parameter.opts, *parameter.secondary_opts])
        needed = " required" if parameter.required else ""
        many = " several" if parameter.multiple or parameter.nargs != 1 else ""
        flag = " flag" if getattr(parameter, "is_flag", False) else ""
        yield f"  {parameter.param_type_name} {names}{needed}{many}{flag}"
    for name, child in sorted(getattr(command, "commands", {}).items()):
        yield from _face_of(child, f"{called} {name}")
