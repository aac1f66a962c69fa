"""A geometry that states its own coordinate system is read in it or refused: by check and by register alike."""

import pytest

from app.platform.principals import Role

HERE = {"type": "Point", "coordinates": [99.8, 39.3]}
DEEP: list = []
for _ in range(900):
    DEEP = [DEEP]


def named(words: str) -> dict:
    return {"type": "name", "properties": {"name": words}}


@pytest.mark.parametrize(
    ("member", "words"),
    [(None, "null"), (named("GCJ-02"), "GCJ-02"), (named("EPSG:4610"), "Xian 1980"), (named("EPSG:4542"), "4542"), ({"type": "link"}, "link"),
     (DEEP, "")],
)  # fmt: skip
def test_another_system_is_refused_with_its_name(client, token, member, words):
    client.headers["Authorization"] = f"Bearer {token(Role.OFFICER)}"
    geometry = HERE | {"crs": member}
    site = {"type": "Feature", "geometry": geometry, "properties": {"project_class": "K4"}}
    for answer in (
        client.post("/api/siting/check", json=site),
        client.post("/api/enterprises", json={"name": "甲", "geometry": geometry}),
    ):
        assert answer.status_code == 422, answer.text
        assert words in answer.text


@pytest.mark.parametrize("words", ["EPSG:4490", "urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"])
def test_the_system_it_is_read_in_is_no_trouble(client, token, words):
    client.headers["Authorization"] = f"Bearer {token(Role.OFFICER)}"
    geometry = HERE | {"crs": named(words)}
    site = {"type": "Feature", "geometry": geometry, "properties": {"project_class": "K4"}}
    assert client.post("/api/siting/check", json=site).status_code == 200
