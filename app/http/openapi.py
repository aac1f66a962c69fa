"""The description of the API: every answer an operation can give, found from what the operation asks for.

Pages are for people and stand outside of it; every status an operation can answer with trouble is declared here, from
one table, as a problem document (RFC 9457), so that a new route is described rightly by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from app.http.geojson import GEOJSON
from app.http.reasons import EVERYWHERE, REASONS, REFUSED, SCHEMA, TYPE, WITH_BODY, WITH_ROLE, WITH_STATE, WITH_WRITE
from app.middleware.origins import READING
from gis_layers.plain_text import LARGEST_WHOLE

PROBLEM = "application/problem+json"
COMPONENTS = "#/components/schemas/"
FORMS = "Body_"
"""What the framework calls the schemas of forms."""
SENT_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
"""Methods whose body is looked at even where the operation asks for none."""
Schema: TypeAlias = dict[str, Any]
"""A part of the description: OpenAPI, and JSON Schema in it."""
FAILING = {
    404: "there is no such thing",
    422: "fields are wrong; `errors` names them",
    413: "the body, or what it unpacks to, is larger than allowed",
}
"""What is said of a status where several reasons have it."""

PROBLEM_SCHEMA: Schema = {
    "title": "Problem",
    "description": "What went wrong and what to do next, in the language of whoever asks.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "pattern": f"^{TYPE}"},
        "code": {"type": "string", "description": "why, for programs: `schema`, or a key of `x-refusals`"},
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
        "location": {"type": ["array", "null"], "items": {"type": "number"}, "description": "where a shape is wrong"},
        "repair": {
            "type": "object",
            "required": ["geometry", "area_before_m2", "area_after_m2"],
            "properties": {
                "geometry": {"type": "object"},
                "area_before_m2": {"type": "number"},
                "area_after_m2": {"type": "number"},
            },
            "description": "of a shape that can be made valid",
        },
        "what": {"type": "string", "description": "of which a shape holds too many"},
        "found": {"type": "integer"},
        "most": {"type": "integer"},
        "layers": {"type": "array", "items": {"type": "string"}, "description": "of a file that has several"},
        "report": {"type": "object", "description": "of a file that was refused"},
        "used": {"type": "object", "description": "what an account keeps", "additionalProperties": {"type": "integer"}},
        "quota": {"type": "object", "description": "what it may keep", "additionalProperties": {"type": "integer"}},
        "existing": {"type": "integer", "description": "the number of what has the name already"},
        "taken": {
            "type": "object",
            "required": ["incident", "by", "at"],
            "properties": {
                "incident": {"type": "integer"},
                "by": {"type": "string"},
                "at": {"type": "string", "format": "date-time"},
            },
            "description": "who has the force that was asked for, since when and for which incident",
        },
        "rule": {"type": ["string", "null"], "description": "of a change of the rules that may not be made"},
        "field": {"type": ["string", "null"]},
        "why": {"type": "string"},
        "why_en": {"type": "string"},
        "state": {"type": "string", "description": "in which something decided stands now"},
        "allowed": {"type": "array", "items": {"type": "string"}, "description": "the steps that lead on from there"},
        "objections": {"type": "array", "items": {"type": "string"}, "description": "what speaks against the decision"},
        "seen": {"type": "string", "description": "the tag the request came with"},
        "present": {"type": "string", "description": "the tag of the present state"},
        "zone": {"type": ["string", "null"], "description": "the zone that may not be touched"},
        "conflicts": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["zone", "base", "mine", "theirs"],
                "properties": {
                    "zone": {"type": "string"},
                    "base": {"type": ["object", "null"]},
                    "mine": {"type": ["object", "null"]},
                    "theirs": {"type": ["object", "null"]},
                },
            },
            "description": "of zones somebody else changed too: what both began from, what is asked for, what stands now",
        },
    },
}
"""Whatever any trouble tells; what one refusal tells besides is declared here too."""


def describe_answers(app: FastAPI) -> None:
    """Let ``app`` describe itself with every status of every operation; worked out when first asked for."""
    plain: Callable[[], Schema] = app.openapi

    def described() -> Schema:
        if app.openapi_schema is None:
            document = plain()
            components = document.setdefault("components", {}).setdefault("schemas", {})
            components["Problem"] = PROBLEM_SCHEMA
            for route in api_routes(app.routes):
                for method in (route.methods or set()) & {
                    name.upper() for name in document["paths"].get(route.path_format, {})
                }:
                    _declare(document["paths"][route.path_format][method.lower()], route, method)
            describe_collections(document)
            bound_whole_numbers(document)
            forget_null_in_forms(components)
            for unused in ("HTTPValidationError", "ValidationError"):
                components.pop(unused, None)
            document["x-refusals"] = {code: vars_of(code) for code in REASONS}
        assert app.openapi_schema is not None, "it was just described"
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def api_routes(routes: list[BaseRoute]) -> Iterator[APIRoute]:
    """Every described route. Routers are handed over route by route, so none is hidden in another."""
    yield from (route for route in routes if isinstance(route, APIRoute) and route.include_in_schema)


def reasons_of(route: APIRoute, method: str) -> list[str]:
    """The codes of ``REASONS`` for which an operation refuses what its schema accepts, from what it asks for."""
    asked = list(_dependants(route))
    found = [*EVERYWHERE, *REFUSED.get((method, route.path_format), ())]
    if any(hasattr(one.call, "tells_who") for one in asked):
        found += WITH_ROLE
    if any(one.path_params for one in asked):
        found.append("not-found")
    if method not in READING:
        found += WITH_WRITE
    if route.body_field is not None or method in SENT_WITH_BODY:
        found += WITH_BODY
    if any(field.alias == "bbox" for one in asked for field in one.query_params):
        found.append("window")
    if any(field.alias == "If-Match" for one in asked for field in one.header_params):
        found += WITH_STATE
    return list(dict.fromkeys(found))


def codes_of(route: APIRoute, method: str) -> dict[int, list[str]]:
    """Every status of trouble of an operation with the codes a problem document of it may carry."""
    found: dict[int, list[str]] = {422: [SCHEMA]}
    for code in reasons_of(route, method):
        found.setdefault(REASONS[code].status, []).append(code)
    return dict(sorted(found.items()))


def vars_of(code: str) -> Schema:
    """A reason as the description tells it."""
    reason = REASONS[code]
    return {"code": code, "type": f"{TYPE}{code}", "status": reason.status, "reason": reason.why}


def bound_whole_numbers(part: object) -> None:
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


def describe_collections(document: Schema) -> None:
    """Say of each list that is also a FeatureCollection what its features hold: the fields of its items, geometry apart."""
    schemas = document["components"]["schemas"]
    for operation in (one for methods in document["paths"].values() for one in methods.values()):
        content = operation["responses"].get("200", {}).get("content", {})
        listed = content.get("application/json", {}).get("schema", {}).get("$ref")
        if listed is not None and GEOJSON in content:
            item = schemas[_named(schemas[_named(listed)]["properties"]["items"]["items"]["$ref"])]
            name = f"{item['title']}Features"
            schemas[name] = _features_of(item, name)
            content[GEOJSON]["schema"] = {"$ref": f"{COMPONENTS}{name}"}


def _named(reference: str) -> str:
    return reference.removeprefix(COMPONENTS)


def _features_of(item: Schema, name: str) -> Schema:
    shape = item["properties"]["geometry"]
    row = {key: value for key, value in item["properties"].items() if key != "geometry"}
    properties = {"type": "object", "required": [key for key in item["required"] if key in row], "properties": row}
    feature = {
        "type": "object",
        "required": ["type", "id", "properties", "geometry"],
        "properties": {
            "type": {"const": "Feature"},
            "id": item["properties"]["id"],
            "properties": properties,
            "geometry": shape,
        },
    }
    return {
        "title": name,
        "type": "object",
        "required": ["type", "features"],
        "properties": {"type": {"const": "FeatureCollection"}, "features": {"type": "array", "items": feature}},
    }


def forget_null_in_forms(components: Schema) -> None:
    """A field of a form is there with a text or a file, or it is not there: no form can say null."""
    for name, schema in components.items():
        if name.startswith(FORMS):
            for field, told in schema["properties"].items():
                kinds = [one for one in told.get("anyOf", ()) if one != {"type": "null"}]
                if len(kinds) == 1:
                    rest = {key: value for key, value in told.items() if key != "anyOf"}
                    schema["properties"][field] = {**kinds[0], **rest}


def _dependants(route: APIRoute) -> Iterator[Dependant]:
    waiting = [route.dependant]
    while waiting:
        one = waiting.pop()
        waiting += one.dependencies
        yield one


def _declare(operation: Schema, route: APIRoute, method: str) -> None:
    answers = operation["responses"]
    operation["x-refusals"] = [vars_of(code) for code in reasons_of(route, method)]
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "If-Match":
            parameter["required"] = True  # without it the answer is 428, which says more than a missing field would
    for status, codes in codes_of(route, method).items():
        said = answers.get(str(status), {}).get("description")
        kept = said if said and status != 422 else _described(status, codes)
        own = {} if status == 422 else answers.get(str(status), {}).get("content", {})
        answers[str(status)] = {"description": kept, "content": {**own, PROBLEM: {"schema": _problem_of(codes)}}}


def _described(status: int, codes: list[str]) -> str:
    return FAILING.get(status) or "; or: ".join(REASONS[code].why for code in codes)


def _problem_of(codes: list[str]) -> Schema:
    told = {"type": "object", "required": ["code"], "properties": {"code": {"enum": codes}}}
    return {"allOf": [{"$ref": "#/components/schemas/Problem"}, told]}
