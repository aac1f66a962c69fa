"""OpenAPI tells the truth: a sample of what the soak asks of every operation, and what holds of all without asking."""

import ast
import json
from pathlib import Path

import pytest
from fastapi import HTTPException
from fastapi.testclient import TestClient

from app.http.openapi import FORMS, PROBLEM, api_routes
from app.http.reasons import EVERYWHERE, REASONS, REFUSED, SCHEMA, WITH_BODY, WITH_ROLE, WITH_STATE, WITH_WRITE
from app.main import create_app
from app.platform.errors import STATUS, AnzhiError, BadParameter
from app.platform.principals import Role
from risk_model.message import bilingual
from tests.contract import untruths

SAMPLE = {
    "GET /health", "GET /api/session", "POST /api/siting/check", "GET /api/zones", "POST /api/enterprises",
    "POST /api/rulebook/proposals/{number}/approve", "GET /tiles/{layer}/{z}/{x}/{y}.mvt",
}  # fmt: skip


@pytest.fixture
def app(deployment):
    return create_app(deployment, loopback=True)


@pytest.fixture
def bearer(token) -> dict[str, str]:
    return {"Authorization": f"Bearer {token(Role.ADMIN)}"}


def operations(app):
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_a_sample_of_the_description_is_true(app, bearer, surveyed):
    assert {name for name, _ in operations(app)} >= SAMPLE
    assert untruths(app, bearer, examples=3, only=SAMPLE.__contains__) == {}


def test_what_is_not_declared_is_found(app, bearer, undeclared):
    @app.get("/api/untrue")
    def untrue(asked: int = 0) -> dict[str, int]:
        raise HTTPException(418)

    @app.get("/api/narrow")
    def narrow(asked: int = 0) -> dict[str, int]:
        raise BadParameter(bilingual("本应写进格式说明", "what the schema should have said"))

    @app.get("/api/secretive")
    def secretive(asked: int = 0) -> dict[str, int]:
        raise BadParameter(bilingual("别处的理由", "a reason of another operation"), code="days")

    app.openapi_schema = None
    added = ("GET /api/untrue", "GET /api/narrow", "GET /api/secretive")
    found = untruths(app, bearer, examples=2, only=added.__contains__)
    assert "Undocumented status code" in found["GET /api/untrue"]
    assert "refused what the schema accepts" in found["GET /api/narrow"]
    assert '"days" is not one of' in found["GET /api/secretive"]
    undeclared.clear()


def test_whatever_else_a_test_is_about_an_undeclared_reason_is_found(app, bearer, undeclared):
    @app.get("/api/secretive")
    def secretive() -> None:
        raise BadParameter(bilingual("别处的理由", "a reason of another operation"), code="days")

    TestClient(app, headers=bearer).get("/api/secretive")
    assert undeclared == [("GET", "/api/secretive", 422, "days")]
    undeclared.clear()


def test_every_trouble_of_every_operation_is_a_problem_document(app):
    for name, operation in operations(app):
        troubles = {int(status): answer for status, answer in operation["responses"].items() if status >= "400"}
        assert {400, 403, 421, 422, 503} <= set(troubles), name
        besides = {"application/json"} if name == "GET /health" else set()
        assert all(set(answer["content"]) - besides == {PROBLEM} for answer in troubles.values()), name
        assert (401 in troubles) == (name not in ("GET /health", "POST /api/session/demo")), name


def test_no_form_is_said_to_take_null(app):
    schemas = app.openapi()["components"]["schemas"]
    forms = {name: schema for name, schema in schemas.items() if name.startswith(FORMS)}
    assert len(forms) > 2
    assert [name for name, schema in forms.items() if "null" in json.dumps(schema["properties"])] == []


def test_every_answer_that_is_not_empty_says_its_media_type(app):
    for name, operation in operations(app):
        for status, answer in operation["responses"].items():
            assert bool(answer.get("content")) == (status not in ("204", "304")), (name, status)


def test_every_reason_is_of_an_operation_there_is_and_is_told_with_its_code(app):
    there = {(method, route.path_format) for route in api_routes(app.routes) for method in route.methods}
    assert set(REFUSED) <= there
    used = {*EVERYWHERE, *WITH_BODY, *WITH_ROLE, *WITH_STATE, *WITH_WRITE, "window", "not-found"}
    assert used | {code for codes in REFUSED.values() for code in codes} == set(REASONS)
    for name, operation in operations(app):
        for told in operation["x-refusals"]:
            assert told["type"].endswith(f":{told['code']}"), name
            answer = operation["responses"][str(told["status"])]["content"][PROBLEM]["schema"]
            assert told["code"] in answer["allOf"][1]["properties"]["code"]["enum"], name


def kinds(of):
    return {of} | {one for below in of.__subclasses__() for one in kinds(below)}


def test_every_trouble_has_a_reason_of_its_own_status():
    for kind in kinds(AnzhiError) - {AnzhiError}:
        assert kind.code == SCHEMA or REASONS[kind.code].status == kind.status, kind
    for kind, (status, _, code) in STATUS.items():
        assert REASONS[code].status == status, kind


def test_every_reason_the_programs_give_is_known():
    given = {
        keyword.value.value
        for path in Path("app").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "code" and isinstance(keyword.value, ast.Constant)
    }
    assert given - {*REASONS, "disk-full"} == set()
    assert len(given) > 20


def test_every_whole_number_has_its_bounds(app):
    def unbounded(part):
        if isinstance(part, dict):
            if part.get("type") == "integer" and not {"maximum", "minimum"} <= set(part):
                yield part
            part = list(part.values())
        if isinstance(part, list):
            for inner in part:
                yield from unbounded(inner)

    assert list(unbounded(app.openapi())) == []
