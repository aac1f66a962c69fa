"""Names of signs alone: what people write where they do not know a name, or may not say it."""

import geopandas as gpd
import pytest
import shapely
from shapely.affinity import translate

from gis_layers.crs import STORAGE_SRID
from gis_layers.spelling import search_key, spell
from gis_layers.stores import gazetteer_search, places
from gis_layers.stores.gazetteer import refresh_names
from gis_layers.stores.town import append_register
from tests.gis_layers.test_gazetteer_search import METRIC, point

SIGNS = ("***", "×××", "（）", "？", "😀", "<!-- -->", "%", "_", "\\", "——", "' --", "∶", "\u200b")


@pytest.fixture
def session(sessions):
    with sessions() as opened:
        yield opened


@pytest.mark.parametrize("name", SIGNS)
def test_a_name_of_signs_alone_is_spelt_by_its_signs(name):
    spelling = spell(name)
    assert spelling.words.split()[0] == search_key(name)
    assert all(line.strip() for line in (spelling.words, spelling.pinyin, spelling.initials))


@pytest.mark.parametrize("name", ["", " ", "\u3000", "\xa0\n"])
def test_only_space_is_no_name(name):
    assert search_key(name) == ""
    assert spell(name).words.strip() == ""


@pytest.mark.parametrize("register", ["groups", "stations", "enterprises", "facilities", "forces"])
def test_every_register_takes_names_of_signs_and_each_is_found_by_its_own(session, register):
    more = {"stations": {"kind": "fire"}, "enterprises": {"sector": "other"}, "facilities": {"kind": "school"},
            "forces": {"kind": "fire", "state": "ready"}}.get(register, {})  # fmt: skip
    for name in (*SIGNS, "\u3000", "祁连门市部"):
        append_register(session, register, point(name=name, **more))
    refresh_names(session, METRIC)
    if register == "forces":
        return
    for name in SIGNS:
        found, _ = gazetteer_search.search_names(session, name, limit=100)
        assert name in [place.name for place in found], name
        assert name in [place.name for place in gazetteer_search.places_called(session, name)], name
    plain, total = gazetteer_search.search_names(session, "祁连", limit=100)
    assert (total, [place.name for place in plain]) == (1, ["祁连门市部"])


def test_villages_roads_and_waters_may_be_called_so_too(session):
    ground = shapely.box(99.7, 39.2, 99.8, 39.3)
    for number, name in enumerate(SIGNS):
        frame = _frame(shapely.MultiPolygon([translate(ground, number * 0.001)]))
        places.append_places(session, "villages", frame.assign(name=name, code=f"62072410221{number:02d}"))
        line = _frame(shapely.LineString([(99.7, 39.2 + number * 0.01), (99.8, 39.2 + number * 0.01)]))
        places.append_places(session, "roads", line.assign(name=name, road_class="village"))
    refresh_names(session, METRIC)
    for name in SIGNS:
        kinds = {place.kind for place in gazetteer_search.places_called(session, name)}
        assert {"village", "road"} <= kinds, name


def _frame(shape):
    return gpd.GeoDataFrame(geometry=[shape], crs=STORAGE_SRID)
