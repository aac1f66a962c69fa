"""Answers held against the description: what an operation answers is what /openapi.json says of it, and nothing besides.

Objects whose fields are declared are closed here: a field nobody declared is as untrue as one of another kind.
"""

import copy
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any

import httpx
import orjson
from jsonschema_rs import Draft202012Validator

import app.main

AT_MOST = 200
"""So many items of a long list are looked at: its first ones, its last, and others evenly between."""
TOLD = 3
LISTS = ("items", "features")
WRITTEN = ("application/json", "application/geo+json", "application/problem+json")


class Description:
    """The description of a service, ready to hold answers against it."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.schemas = {name: closed(schema) for name, schema in document["components"]["schemas"].items()}
        self._validators: dict[tuple[str, str, str], Draft202012Validator] = {}
        self._addresses = [
            (re.compile(re.sub(r"\{\w+\}", "[^/]+", re.escape(path).replace(r"\{", "{").replace(r"\}", "}"))), path)
            for path in sorted(document["paths"], key=lambda path: path.count("{"))
        ]

    def operations(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for path, methods in self.document["paths"].items():
            for method, operation in methods.items():
                yield f"{method.upper()} {path}", operation

    def operation_of(self, request: httpx.Request) -> str | None:
        """The operation a request is for, where there is one."""
        for address, path in self._addresses:
            if address.fullmatch(request.url.path) and request.method.lower() in self.document["paths"][path]:
                return f"{request.method} {path}"
        return None

    def faults(self, answer: httpx.Response) -> list[tuple[str, int, str]]:
        """What is untrue of an answer: operation, status, and what. Failures of the service itself are not described."""
        name = self.operation_of(answer.request)
        if name is None:
            return []
        method, path = name.split()
        declared = self.document["paths"][path][method.lower()]["responses"].get(str(answer.status_code))
        if declared is None:
            return [] if answer.status_code >= 500 else [(name, answer.status_code, "a status nobody declared")]
        return [(name, answer.status_code, told) for told in self._untruths(name, answer, declared.get("content", {}))]

    def _untruths(self, name: str, answer: httpx.Response, content: dict[str, Any]) -> list[str]:
        media = answer.headers.get("content-type", "").partition(";")[0]
        if not answer.content and not content:
            return []
        content = {declared.partition(";")[0]: told for declared, told in content.items()}
        if media not in content:
            return [f"a media type nobody declared: {media or 'none'}"]
        schema = content[media].get("schema", {})
        if says_nothing(schema):
            return [f"no schema of {media}"]
        if media not in WRITTEN:
            return []
        key = (name, str(answer.status_code), media)
        if key not in self._validators:
            whole = {**closed(schema), "components": {"schemas": self.schemas}}
            self._validators[key] = Draft202012Validator(whole, validate_formats=True)
        found = self._validators[key].iter_errors(sampled(orjson.loads(answer.content)))
        return [f"{'.'.join(map(str, one.instance_path))}: {one.message[:400]}" for one in islice(found, TOLD)]


@cache
def description() -> Description:
    """The service as it describes itself, whatever its database holds."""
    return Description(app.main.description())


def says_nothing(schema: dict[str, Any]) -> bool:
    """Whether a schema accepts whatever there is, or any object."""
    told = {key: value for key, value in schema.items() if key not in ("title", "description")}
    return told in ({}, {"type": "object"}, {"type": "object", "additionalProperties": True})


def undeclared_answers(told: Description) -> Iterator[tuple[str, str]]:
    """Operations with a status and media type of which no schema says anything."""
    for name, operation in told.operations():
        for status, answer in operation["responses"].items():
            for media, content in answer.get("content", {}).items():
                if says_nothing(content.get("schema", {})):
                    yield name, f"{status} {media}"


def closed(schema: Any, *, part: bool = False) -> Any:
    """The schema with every object of declared fields closed; a ``part`` speaks of an object that another one closes."""
    if isinstance(schema, list):
        return [closed(one, part=part) for one in schema]
    if not isinstance(schema, dict):
        return copy.deepcopy(schema)
    told = {
        key: {name: closed(one) for name, one in value.items()}
        if key in ("properties", "$defs")
        else closed(value, part=key == "allOf")
        for key, value in schema.items()
        if key not in ("example", "examples", "default", "enum", "const")
    } | {key: schema[key] for key in ("enum", "const") if key in schema}
    if isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema and not part:
        told["unevaluatedProperties" if {"allOf", "anyOf", "oneOf"} & set(schema) else "additionalProperties"] = False
    return told


def sampled(answer: Any) -> Any:
    """The answer with at most ``AT_MOST`` items of a long list."""
    if not isinstance(answer, dict):
        return answer
    for name in LISTS:
        if isinstance(items := answer.get(name), list) and len(items) > AT_MOST:
            step = len(items) / AT_MOST
            answer = {**answer, name: [items[int(place * step)] for place in range(AT_MOST)] + items[-1:]}
    return answer
