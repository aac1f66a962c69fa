"""OpenAPI tells the truth: a sample of what the soak asks of every operation, and what holds of all without asking."""

import pytest
from fastapi import HTTPException

from app.http.openapi import PROBLEM, REFUSALS, REFUSED, api_routes
from app.main import create_app
from app.security import Role
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


def test_what_is_not_declared_is_found(app, bearer):
    @app.get("/api/untrue")
    def untrue(asked: int = 0) -> dict[str, int]:
        raise HTTPException(418)

    @app.get("/api/narrow")
    def narrow(asked: int = 0) -> dict[str, int]:
        raise HTTPException(422)

    app.openapi_schema = None
    found = untruths(app, bearer, examples=2, only=lambda name: name in ("GET /api/untrue", "GET /api/narrow"))
    assert "Undocumented status code" in found["GET /api/untrue"]
    assert "refused what the schema accepts" in found["GET /api/narrow"]


def test_every_trouble_of_every_operation_is_a_problem_document(app):
    for name, operation in operations(app):
        troubles = {int(status): answer for status, answer in operation["responses"].items() if status >= "400"}
        assert {400, 403, 421, 422, 503} <= set(troubles), name
        assert all(set(answer["content"]) == {PROBLEM} for answer in troubles.values()), name
        assert (401 in troubles) == (name != "GET /health"), name


def test_every_answer_that_is_not_empty_says_its_media_type(app):
    for name, operation in operations(app):
        for status, answer in operation["responses"].items():
            assert bool(answer.get("content")) == (status not in ("204", "304")), (name, status)


def test_every_refusal_is_of_an_operation_there_is_and_has_its_reason(app):
    there = {(method, route.path_format) for route in api_routes(app.routes) for method in route.methods}
    assert set(REFUSED) <= there
    assert {reason for reasons in REFUSED.values() for reason in reasons} <= set(REFUSALS)


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
