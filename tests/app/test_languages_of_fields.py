"""Fields that a schema refuses are told in the reader's language, whatever the schema's library calls the trouble."""

import re
from typing import get_args

import pytest
from fastapi.testclient import TestClient
from pydantic_core import PydanticKnownError, core_schema

from app.http.field_errors import SENTENCES, field_message
from app.http.i18n import catalogue, in_language
from app.main import create_app
from app.platform.principals import Role
from risk_model.message import msg
from tests.saying import CHINESE, says, untold

ENGLISH = {"Accept-Language": "en"}
KINDS = get_args(core_schema.ErrorType)
CONTEXT = {
    "error": "x", "expected": "'a', 'b' or 'c'", "expected_tags": "'a', 'b'", "expected_schemes": "'http' or 'https'",
    "discriminator": "kind", "tag": "t", "class_name": "Site", "gt": 1, "ge": 1, "lt": 1, "le": 1, "multiple_of": 2,
    "min_length": 1, "max_length": 2, "actual_length": 3, "field_type": "List", "pattern": "^a", "tz_expected": 1,
    "tz_actual": 2,
}  # fmt: skip
"""What the library may know of a trouble, by the names it has for it."""
OWN = {"type": "value_error", "msg": "Value error", "ctx": {"error": ValueError(msg("不能空着，也不能只有空格"))}}


def known(kind: str) -> PydanticKnownError:
    """The trouble as the library makes it, with all it takes."""
    try:
        return PydanticKnownError(kind, CONTEXT)
    except TypeError:  # it knows nothing of this kind but the name
        return PydanticKnownError(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_every_trouble_of_the_library_is_told_in_both_languages(kind):
    told = field_message({"type": kind, "msg": "?", "ctx": CONTEXT})
    assert untold([told]) == []
    assert CHINESE.search(told)
    assert not CHINESE.search(in_language(told, "en"))


def test_the_table_names_troubles_there_are_by_what_the_library_knows_of_them():
    assert set(KINDS) >= SENTENCES.keys()
    for kind, sentence in SENTENCES.items():
        places = set(re.findall(r"\{(\w+)\}", sentence))
        assert places <= (known(kind).context or {}).keys(), kind
        assert places == set(re.findall(r"\{(\w+)\}", catalogue("en")[sentence])), kind


def test_what_a_validator_of_ours_says_stands_as_it_was_said():
    assert field_message(OWN) == "不能空着，也不能只有空格"
    assert in_language(field_message(OWN), "en") == catalogue("en")["不能空着，也不能只有空格"]


@pytest.fixture
def officer(deployment, token) -> TestClient:
    headers = {"Authorization": f"Bearer {token(Role.OFFICER)}"}
    return TestClient(create_app(deployment, loopback=True), headers=headers, raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("method", "path", "body", "said"),
    [
        ("POST", "/api/runs", {"unit": "county"}, "应为其中之一：{expected}"),
        ("POST", "/api/runs", {"unit": "grid", "cell_m": 1}, "不能小于 {ge}"),
        ("POST", "/api/runs", {}, "缺少这一项"),
        ("POST", "/api/enterprises", {"name": 3}, "应为文字"),
        ("POST", "/api/enterprises", {"name": ""}, "太短，至少 {min_length} 个字"),
        ("GET", "/api/enterprises?limit=many", None, "应为整数"),
        ("GET", "/api/runs?unit=county", None, "应为其中之一：{expected}"),
    ],
)
def test_a_field_is_told_in_the_language_of_whoever_asks(officer, method, path, body, said):
    for headers, is_english in (({}, False), (ENGLISH, True)):
        told = officer.request(method, path, json=body, headers=headers).json()
        assert told["code"] == "schema"
        found = [error["message"] for error in told["errors"] if says(error["message"], said)]
        assert found, told
        assert bool(CHINESE.search(found[0])) is not is_english
        assert bool(CHINESE.search(told["title"] + told["detail"])) is not is_english


def test_a_body_that_is_no_json_quotes_the_parser_in_a_sentence_of_ours(officer):
    told = officer.post("/api/runs", content=b"{", headers={"Content-Type": "application/json"}).json()
    assert says(told["errors"][0]["message"], "不是正确的 JSON（{error}）")


def test_what_the_framework_refuses_is_told_in_both_languages(officer):
    chinese, english = (officer.get("/api/nothing-here", headers=headers).json() for headers in ({}, ENGLISH))
    assert CHINESE.search(chinese["detail"])
    assert not CHINESE.search(english["title"] + english["detail"])
    assert chinese["code"] == english["code"]


def test_the_words_that_may_stand_in_a_field_are_listed_in_the_readers_language():
    told = field_message({"type": "literal_error", "msg": "?", "ctx": CONTEXT})
    assert (told, in_language(told, "en")) == ("应为其中之一：a、b、c", "one of: a, b, c")
