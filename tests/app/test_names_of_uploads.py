"""What is said of a file that was handed in says it by the name its sender gave it, made harmless."""

import unicodedata

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from app.main import create_app
from app.platform.principals import Role
from app.worker.loop import work_once
from gis_layers.exchange import name_of, suffix_of

NAME = "河道管理范围（第二版）"
BROKEN = b'{"type": "FeatureCollection", "features": 7}'
DOORS = (("/api/siting/outline/file", {}), ("/api/unit-sets", {"name": "片区"}))


@pytest.fixture
def officer(deployment, token) -> TestClient:
    headers = {"Authorization": f"Bearer {token(Role.OFFICER)}"}
    return TestClient(create_app(deployment, loopback=True), headers=headers)


@pytest.mark.parametrize(("door", "form"), DOORS)
def test_a_refusal_names_the_file_as_its_sender_does(officer, door, form):
    refused = officer.post(door, files={"file": (f"{NAME}.geojson", BROKEN)}, data=form)
    assert refused.status_code == 422
    assert f"{NAME}.geojson" in refused.text


def test_a_job_does_too(officer, deployment):
    files = {"file": (f"{NAME}.geojson", BROKEN)}
    ordered = officer.post("/api/siting/batch", files=files, data={"project_class": "K4"}).json()
    assert work_once(deployment)
    assert f"{NAME}.geojson" in officer.get(ordered["links"]["self"]).json()["error"]


@pytest.mark.parametrize(
    ("sent", "called"),
    [
        ("C:\\资料\\红线.GeoJSON", "红线.geojson"),
        ("../../etc/passwd", "passwd"),
        ("a.vrt.geojson", "a_vrt.geojson"),
        ("<script>alert(1)</script>.csv", "script.csv"),
        ("a\u202egnp.csv", "a_gnp.csv"),
        ("..", "sites"),
        ("\0.csv", "sites.csv"),
        ("长" * 300 + ".xlsx", "长" * 40 + ".xlsx"),
    ],
)
def test_whatever_a_name_could_do_it_does_not(sent, called):
    assert name_of(sent, "sites") == called


@given(st.text(max_size=300), st.sampled_from(["", ".csv", ".GPKG", ".zip", ".vrt", ".exe"]))
def test_a_name_is_short_plain_and_one_of_no_other_format(text, suffix):
    called = name_of(text + suffix, "sites")
    assert called.count(".") == bool(suffix_of(called))
    assert suffix_of(called) == suffix_of(text + suffix)
    assert 0 < len(called) <= 40 + len(suffix_of(called))
    assert not {unicodedata.category(sign)[0] for sign in called} & {"C", "M"}
    assert not set(called) & set("/\\<>&\"'%{}$`|:*?~")
