"""The map of a paper, drawn from a database: it shows everything the opinion speaks of, and its key names what it shows."""

import io
from dataclasses import replace
from datetime import UTC, datetime

import docx
import geopandas as gpd
import pytest
import shapely

from app.http.i18n import in_language
from app.platform.work import Work
from app.reports.files import write_paper
from app.reports.finding_maps import MOST_MAPS
from app.reports.imprint import Order, Profile, paper_of
from app.reports.picture import draw_picture, drawn_layers
from app.reports.picture_sheet import SMALL
from gis_layers.crs import STORAGE_SRID
from gis_layers.stores import town
from risk_model.codes import code_name
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


def test_every_finding_of_a_rule_has_a_map_of_its_own_whose_key_names_what_it_shows(
    client,
    deployment,
    surveyed,
    lay,  # noqa: F811
    school,
    publish,
):
    publish("flood", NORTH, grade=("极高", 1, "flood4"), name="<i>北沟")
    lay("farmland", WEST_HALF)
    answer = check(client, site(HERE, "K1"))
    ruled = {
        (one["object"] or {}).get("kind") or one["zone"] for theme in answer["themes"] for one in theme["findings"] if one["rule"]
    }  # fmt: skip
    whole = picture_for(deployment, answer)
    assert len(whole.details) == min(len(ruled), MOST_MAPS) >= 2
    for detail in whole.details:
        names = [layer.name for layer in drawn_layers(detail.picture)]
        assert any(says(one, "拟选址范围") for one in names)
        shared = [one for one in names if tells(one, "重叠部分")]
        assert bool(shared) != bool(detail.picture.distances)
        wide, high = (
            detail.picture.frame[2] - detail.picture.frame[0],
            detail.picture.frame[3] - detail.picture.frame[1],
        )
        assert wide <= whole.frame[2] - whole.frame[0]
        assert high <= whole.frame[3] - whole.frame[1]
        drawn = draw_picture(detail.picture, SMALL)
        assert drawn == draw_picture(detail.picture, SMALL)
        assert drawn.startswith(b"\x89PNG")
    worst = max(theme["findings"][0]["verdict"] == "prohibited" for theme in answer["themes"] if theme["findings"])
    assert worst == (in_language(code_name("verdict", "prohibited"), "zh") in whole.details[0].words)
    order = Order("zh", Profile.INTERNAL, datetime(2026, 11, 26, tzinfo=UTC))
    with deployment.sessions() as session:
        work = Work(session, deployment)
        paper = paper_of(work, answer, rulebook=work.rulebook, order=order)
    page = write_paper(paper, "html").decode()
    assert page.count("data:image/png") == 1 + len(whole.details)
    assert "<i>北沟" not in page
    word = docx.Document(io.BytesIO(write_paper(paper, "docx")))
    assert all(detail.words in [one.text for one in word.paragraphs] for detail in whole.details)


def test_a_public_paper_carries_the_coarse_map_alone(client, deployment, surveyed, publish):
    publish("flood", NORTH, grade=("极高", 1, "flood4"), name="北沟")
    answer = check(client, site(HERE, "K1"))
    settings = deployment.settings.model_copy(update={"map_approval_number": "GS(2026)1"})
    with deployment.sessions() as session:
        work = Work(session, replace(deployment, settings=settings))
        order = Order("zh", Profile.PUBLIC, datetime(2026, 11, 26, tzinfo=UTC))
        assert paper_of(work, answer, rulebook=work.rulebook, order=order).picture.details == ()


def test_what_a_line_meets_is_shown_where_it_is_met(client, deployment, surveyed, publish):
    publish("flood", NORTH, grade=("极高", 1, "flood4"), name="北沟")
    west, south, east, north = HERE.bounds
    answer = check(client, site(shapely.LineString([(west - 0.05, south), (east + 0.05, north)]), "K7"))
    whole = picture_for(deployment, answer)
    assert whole.details
    for detail in whole.details:
        frame = shapely.box(*detail.picture.frame)
        shared = [one.geometry for one in detail.picture.layers if tells(one.name, "重叠部分")]
        shown = [*shared, *(one.line for one in detail.picture.distances)]
        assert all(shapely.covers(frame, one) for one in shown)
        assert frame.area < shapely.box(*whole.frame).area / 4
