"""The description of the API: every answer an operation can give, found from what the operation asks for.

Pages are for people and stand outside of it; every status an operation can answer with trouble is declared here, from
one table, as a problem document (RFC 9457), so that a new route is described rightly by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from gis_layers.plain_text import LARGEST_WHOLE

PROBLEM = "application/problem+json"
READING = frozenset({"GET", "HEAD"})
TROUBLES = {
    400: "the request cannot be read at all: its body, or the host it is addressed to",
    401: "nobody is signed in, or what was shown for it does not stand",
    403: "the role does not reach, or a page of another origin sent the request",
    404: "there is no such thing",
    408: "the body came too slowly",
    409: "understood and not done, because of what is stored",
    412: "what is changed has moved on since it was read",
    413: "the body, or what it unpacks to, is larger than allowed",
    415: "the media type of the body is not read here",
    421: "the host name is not this service's",
    422: "fields are wrong; `errors` names them",
    428: "If-Match is missing",
    429: "too often, or more at a time than the quota allows; Retry-After says when to come back",
    503: "the database is away or the service is full; Retry-After says when to come back",
}
EVERYWHERE = (400, 403, 421, 422, 503)
"""Said at the entrance, by the admission gate, of words nothing can keep, and where the database is away."""

SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "What went wrong and what to do next, in the language of whoever asks.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}

REFUSALS: dict[str, str] = {
    "geometry": "a shape must lie where the deployment serves, close its rings and not cross itself: no schema says so",
    "words": "some words are known by the rulebook in force or a list of CRSs alone: hazard, article, rule, EPSG code",
    "file": "what a file holds, and whether it is what its name says",
    "figures": "which figures belong to which method of grading, and the check digit of a credit code",
    "moment": "a day in the future, or before what it follows",
    "state": "If-Match must name the state that is stored",
    "together": "fields that only make sense together, such as a grid and its cell size, or a proposal and its steps",
    "window": "west lies west of east and south lies south of north, on the globe",
    "storable": "NUL, half a character, a number that is none or beyond 2^53: nothing can keep them",
}
"""What is refused although the schema accepts it, and why no schema says so; ``storable`` holds everywhere."""

REFUSED: dict[tuple[str, str], tuple[str, ...]] = {
    ("POST", "/api/siting/check"): ("geometry", "words"),
    ("POST", "/api/siting/outline"): ("words",),
    ("POST", "/api/siting/outline/file"): ("file", "words"),
    ("POST", "/api/siting/batch"): ("file", "words"),
    ("POST", "/api/unit-sets"): ("file", "words"),
    ("POST", "/api/enterprises"): ("geometry", "words", "figures"),
    ("PATCH", "/api/enterprises/{number}"): ("geometry", "words", "figures"),
    ("POST", "/api/enterprises/{number}/inspections"): ("moment",),
    ("POST", "/api/hidden-dangers"): ("geometry", "words", "moment", "together"),
    ("POST", "/api/runs"): ("together",),
    ("POST", "/api/trials"): ("together",),
    ("POST", "/api/rulebook/proposals"): ("together", "words", "moment"),
    ("POST", "/api/places/aliases"): ("words",),
    ("POST", "/api/session/password"): ("words",),
}
"""Which of them an operation has; windows and states are found from what it asks for."""


def describe_answers(app: FastAPI) -> None:
    """Let ``app`` describe itself with every status of every operation; worked out when first asked for."""
    plain: Callable[[], dict[str, Any]] = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = plain()
            components = document.setdefault("components", {}).setdefault("schemas", {})
            components["Problem"] = SCHEMA
            for route in api_routes(app.routes):
                for method in (route.methods or set()) & {
                    name.upper() for name in document["paths"].get(route.path_format, {})
                }:
                    _declare(document["paths"][route.path_format][method.lower()], route, method)
            bound_whole_numbers(document)
            for unused in ("HTTPValidationError", "ValidationError"):
                components.pop(unused, None)
            document["x-refusals"] = REFUSALS
        assert app.openapi_schema is not None, "it was just described"
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def api_routes(routes: list[BaseRoute]) -> Iterator[APIRoute]:
    """Every described route. Routers are handed over route by route, so none is hidden in another."""
    yield from (route for route in routes if isinstance(route, APIRoute) and route.include_in_schema)


def troubles_of(route: APIRoute, method: str) -> set[int]:
    """Every status of trouble an operation can answer with, from what it asks for."""
    asked = list(_dependants(route))
    found = set(EVERYWHERE)
    role = next((one.call.role for one in asked if hasattr(one.call, "role")), None)
    found |= set() if role is None else {401}
    if any(one.path_params or one.query_params for one in asked) or route.body_field is not None:
        found |= {404}
    if method not in READING:
        found |= {409, 413, 429}
    if route.body_field is not None:
        found |= {408, 415}
    if _asks_for_a_state(asked):
        found |= {412, 428}
    return found


def refusals_of(route: APIRoute, method: str) -> list[str]:
    """The reasons of ``REFUSALS`` for which an operation refuses what its schema accepts."""
    asked = list(_dependants(route))
    found = list(REFUSED.get((method, route.path_format), ()))
    found += ["window"] if any(field.alias == "bbox" for one in asked for field in one.query_params) else []
    return found + (["state"] if _asks_for_a_state(asked) else [])


def bound_whole_numbers(part: Any) -> None:
    """Say of every whole number in a document how large it may be, where its own schema does not."""
    if isinstance(part, dict):
        if part.get("type") == "integer":
            part.setdefault("maximum", LARGEST_WHOLE)
            part.setdefault("minimum", -LARGEST_WHOLE)
        for inner in part.values():
            bound_whole_numbers(inner)
    elif isinstance(part, list):
        for inner in part:
            bound_whole_numbers(inner)


def _asks_for_a_state(asked: list[Any]) -> bool:
    return any(field.alias == "If-Match" for one in asked for field in one.header_params)


def _dependants(route: APIRoute) -> Iterator[Any]:
    waiting: list[Any] = [route.dependant]
    while waiting:
        one = waiting.pop()
        waiting += one.dependencies
        yield one


def _declare(operation: dict[str, Any], route: APIRoute, method: str) -> None:
    answers = operation["responses"]
    reasons = refusals_of(route, method)
    if reasons:
        operation["x-refusals"] = reasons
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "If-Match":
            parameter["required"] = True  # without it the answer is 428, which says more than a missing field would
    declared = {int(status) for status in answers if status >= "400"}
    for status in sorted(troubles_of(route, method) | declared):
        said = answers.get(str(status), {}).get("description")
        kept = said if said and status != 422 else TROUBLES[status]
        answers[str(status)] = {
            "description": kept,
            "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
