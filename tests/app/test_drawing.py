"""Layers as they are drawn: no finer than a screen shows, sent once, while whoever wants the shapes gets them as they are."""

import json
from io import BytesIO

import numpy as np
import pytest
import shapely
from PIL import Image

from app.main import create_app
from gis_layers.raster import light_webp, write_png
from gis_layers.stores.pictures import save_picture
from tests.app.visitors import add_account, browser, sign_in

WAVY = shapely.Polygon(
    [(99.80 + i * 1e-4, 39.30 + (i % 2) * 1e-7) for i in range(101)] + [(99.81, 39.31234567), (99.80, 39.31)]
)
GEOJSON = {"Accept": "application/geo+json"}
ZONES = "/api/zones?hazard=geological"


def corners(answer) -> np.ndarray:
    shapes = [shapely.from_geojson(json.dumps(one["geometry"])) for one in answer.json()["features"]]
    return shapely.get_coordinates(shapes)


def test_a_drawn_layer_is_as_fine_as_it_is_drawn_and_the_shapes_themselves_are_whole(client, publish):
    publish("geological", WAVY, grade=("高", 2, "geo4"))
    drawn = client.get(f"{ZONES}&decimals=5", headers=GEOJSON)
    whole = client.get(ZONES, headers=GEOJSON)
    assert np.abs(corners(drawn) - np.round(corners(drawn), 5)).max() == 0
    assert len(corners(drawn)) < 10
    assert len(corners(whole)) > 100
    assert 39.31234567 in corners(whole)
    thinned, kept = shapely.Polygon(corners(drawn)), shapely.Polygon(corners(whole))
    assert shapely.hausdorff_distance(thinned, kept) < 2e-5
    for wrong in ("3", "8", "x"):
        assert client.get(f"{ZONES}&decimals={wrong}").status_code == 422


@pytest.mark.parametrize("address", [f"{ZONES}&decimals=5", "/api/villages?decimals=5", "/api/projects?decimals=6"])
def test_whoever_has_a_drawn_layer_is_not_sent_it_again_until_it_changes(client, publish, address):
    publish("geological", WAVY, grade=("高", 2, "geo4"))
    first = client.get(address, headers=GEOJSON)
    tag = first.headers["etag"]
    again = client.get(address, headers={**GEOJSON, "If-None-Match": tag})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert first.headers["cache-control"] == again.headers["cache-control"] == "private, no-cache"
    # The same address as a list is another answer.
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_another_edition_is_sent(client, publish):
    publish("geological", WAVY, grade=("高", 2, "geo4"))
    tag = client.get(f"{ZONES}&decimals=5", headers=GEOJSON).headers["etag"]
    publish("geological", shapely.box(99.80, 39.30, 99.81, 39.31), grade=("中", 3, "geo4"))
    assert client.get(f"{ZONES}&decimals=5", headers={**GEOJSON, "If-None-Match": tag}).status_code == 200


def test_only_what_is_drawn_may_stay_in_the_browser_of_somebody_signed_in(deployment):
    add_account(deployment)
    visitor = browser(create_app(deployment, loopback=True))
    sign_in(visitor)
    assert visitor.get("/api/zones").headers["cache-control"] == "no-store"
    assert visitor.get("/api/zones?decimals=5").headers["cache-control"] == "private, no-cache"


def test_the_relief_is_light_and_kept_for_good_under_its_mark(client, deployment):
    chance = np.random.default_rng(7)
    png = write_png(chance.integers(0, 255, (700, 900, 3), dtype=np.uint8))
    with deployment.sessions.begin() as session:
        save_picture(session, "hillshade", png, bounds=(99.7, 39.2, 99.9, 39.4), size=(900, 700), synthetic=True)
    mark = client.get("/api/basemap/hillshade").json()["url"].partition("?v=")[2]
    answer = client.get(f"/api/basemap/hillshade.webp?v={mark}")
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert 10_000 < len(answer.content) <= 120_000
    width, height = Image.open(BytesIO(answer.content)).size
    assert width / height == pytest.approx(900 / 700, rel=0.02)
    other = client.get("/api/basemap/hillshade.webp?v=other")
    assert other.headers["cache-control"] == "private, no-cache"
    assert client.get("/api/basemap/hillshade.png").content == png


def test_a_smooth_picture_keeps_its_size_and_what_is_none_is_left_alone():
    smooth = np.tile(np.linspace(0, 255, 400, dtype=np.uint8)[None, :, None], (300, 1, 3))
    light = light_webp(write_png(smooth), most_bytes=120_000)
    assert Image.open(BytesIO(light)).size == (400, 300)
    assert light_webp(b"no picture", most_bytes=120_000) is None
