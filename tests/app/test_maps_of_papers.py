"""The map of a paper, drawn from a database: it shows everything the opinion speaks of, and its key names what it shows."""

from datetime import UTC, datetime

import geopandas as gpd
import pytest
import shapely

from app.http.i18n import in_language
from app.platform.work import Work
from app.reports.imprint import Order, Profile, paper_of
from app.reports.picture import draw_picture, drawn_layers
from gis_layers.crs import STORAGE_SRID
from gis_layers.stores import town
from tests.app.conftest import site
from tests.app.test_constraints import WEST_HALF, lay  # noqa: F401 - a fixture
from tests.app.test_siting_check import HERE, check
from tests.saying import says, tells

NORTH = shapely.box(99.79, 39.3004, 99.81, 39.31)


@pytest.fixture
def school(deployment):
    near = shapely.box(*HERE.bounds).centroid
    frame = gpd.GeoDataFrame(
        {"kind": ["school"], "name": ["南岔小学"]}, geometry=[shapely.Point(near.x + 0.0004, near.y)], crs=STORAGE_SRID
    )
    with deployment.sessions.begin() as session:
        town.append_register(session, "facilities", frame.assign(synthetic=False))


def picture_for(deployment, answer, language="zh"):
    with deployment.sessions() as session:
        work = Work(session, deployment)
        order = Order(language, Profile.INTERNAL, datetime(2026, 11, 26, tzinfo=UTC))
        return paper_of(work, answer, rulebook=work.rulebook, order=order).picture


def test_a_map_shows_land_set_aside_objects_and_ground_without_data(client, deployment, surveyed, lay, school, publish):  # noqa: F811
    publish("flood", NORTH, grade=("低", 4, "flood4"), name="北沟")
    lay("farmland", WEST_HALF)
    answer = check(client, site(HERE, "K1"))
    found = {one["object"]["kind"] for theme in answer["themes"] for one in theme["findings"] if one["object"]}
    assert {"farmland", "facilities"} <= found
    drawn = picture_for(deployment, answer)
    names = [layer.name for layer in drawn_layers(drawn)]
    told = "\n".join(names)
    for word in ("永久基本农田", "重叠部分", "拟选址范围", "洪水"):
        assert word in told, names
    gaps = "\n".join(name for name in names if name.startswith("未调查"))
    rulebook = deployment.books.of(deployment.sessions(), answer["rulebook"]["fingerprint"])
    unknown = [theme["theme"] for theme in answer["themes"] if theme["status"] == "no_data"]
    assert "ecological_redline" in unknown
    for key in [*unknown, *answer["data_gaps"]]:
        assert in_language(rulebook.hazard_name(key), "zh") in gaps
    assert draw_picture(drawn).startswith(b"\x89PNG")


def test_what_was_surveyed_is_not_hatched(client, deployment, surveyed, lay):  # noqa: F811
    lay("farmland", shapely.box(99.70, 39.20, 99.71, 39.21))
    drawn = picture_for(deployment, check(client, site(HERE)))
    assert not [one.name for one in drawn_layers(drawn) if tells(one.name, "永久基本农田")]


def test_what_is_gone_from_a_register_is_not_drawn(client, deployment, surveyed, lay):  # noqa: F811
    lay("farmland", WEST_HALF)
    answer = check(client, site(HERE))
    for theme in answer["themes"]:
        for one in theme["findings"]:
            one["object"]["id"] = 9_999
    names = [one.name for one in drawn_layers(picture_for(deployment, answer))]
    assert not [one for one in names if tells(one, "重叠部分") or tells(one, "永久基本农田")]
    assert any(says(one, "拟选址范围") for one in names)
