"""Answers as they travel: compressed, not sent again to whoever has them, and files received no larger than allowed."""

import gzip
import io

import pytest
import shapely
from fastapi import UploadFile
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from app.http.uploads import received_file
from app.main import create_app
from app.middleware.compression import compressing
from app.platform.deployment import connect
from app.platform.errors import BadParameter
from app.platform.once import Once
from app.platform.settings import Settings
from app.tiles import routes as tiles
from gis_layers.stores.pictures import save_picture

TILE = "/tiles/zones/10/795/390.mvt"
SQUARE = shapely.box(99.80, 39.30, 99.81, 39.31)
PACKS = {"Accept-Encoding": "gzip"}


def raw(client, address: str, **headers: str):
    """The answer and its bytes as they travel."""
    with client.stream("GET", address, headers=headers) as answer:
        return answer, b"".join(answer.iter_raw())


@pytest.mark.parametrize("address", ["/", "/api/rulebook", "/static/css/tokens.css", "/openapi.json"])
def test_text_is_compressed_for_whoever_unpacks_it(client, address):
    packed, content = raw(client, address, **PACKS)
    plain, whole = raw(client, address, **{"Accept-Encoding": "identity"})
    assert (packed.status_code, packed.headers["content-encoding"]) == (200, "gzip")
    assert "accept-encoding" in packed.headers["vary"].lower()
    assert "content-encoding" not in plain.headers
    assert len(content) < len(whole) / 2


@pytest.mark.parametrize("size", [1_001, 999_999, 1_000_000, 3_000_000])
def test_what_is_packed_is_what_was_told_however_large(size):
    told = (b"[99.7146,39.2431]," * (size // 18 + 1))[:size]
    app = Starlette(routes=[Route("/", lambda _: Response(told, media_type="application/json"))])
    with TestClient(compressing(app)) as visitor:
        answer, content = raw(visitor, "/", **PACKS)
    assert gzip.decompress(content) == told
    assert int(answer.headers["content-length"]) == len(content) < size / 10


def test_pictures_and_files_that_are_packed_already_are_left_alone(client, deployment):
    with deployment.sessions.begin() as session:
        save_picture(session, "hillshade", bytes(5000), bounds=(99.7, 39.2, 99.9, 39.4), size=(1, 1), synthetic=True)
    for address in ("/api/basemap/hillshade.png", "/downloads/enterprises.xlsx"):
        answer, _ = raw(client, address, **PACKS)
        assert (answer.status_code, "content-encoding" in answer.headers) == (200, False)


def test_a_tile_travels_packed_once(client, publish):
    publish("geological", SQUARE, grade=("高", 2, "geo4"))
    answer, content = raw(client, TILE, **PACKS)
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(content) == client.get(TILE, headers={"Accept-Encoding": "identity"}).content


@pytest.mark.parametrize("known", ["{tag}", "W/{tag}", '"other", {tag}', 'W/"other" , W/{tag}', "*"])
def test_whoever_has_the_answer_is_not_sent_it_again(client, publish, deployment, known):
    """A proxy that packs answers weakens their tags, and a client may know several."""
    publish("geological", SQUARE, grade=("高", 2, "geo4"))
    with deployment.sessions.begin() as session:
        save_picture(session, "hillshade", b"\x89PNG", bounds=(99.7, 39.2, 99.9, 39.4), size=(1, 1), synthetic=True)
    for address in (TILE, "/api/basemap/hillshade.png"):
        tag = client.get(address).headers["etag"]
        again = client.get(address, headers={"If-None-Match": known.format(tag=tag)})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_deployment_sees_no_tile_of_another(deployment, client, token, publish, monkeypatch):
    """Two deployments may publish the same edition; what lies in their tables differs all the same."""
    publish("geological", SQUARE, grade=("高", 2, "geo4"))
    other = connect(Settings(), f"{deployment.url}&application_name=other")
    cut = iter([b"ours", b"theirs"])
    monkeypatch.setattr(tiles, "cut_tile", lambda *_: next(cut))
    try:
        with TestClient(create_app(other, loopback=True), headers=client.headers) as theirs:
            assert (client.get(TILE).content, theirs.get(TILE).content) == (b"ours", b"theirs")
            assert (client.get(TILE).content, theirs.get(TILE).content) == (b"ours", b"theirs")
    finally:
        other.engine.dispose()


def test_empty_tiles_are_not_kept_without_end():
    kept, computed = Once[int, bytes](3 * tiles.KEPT_BESIDE, size_of=tiles.weight_of), []
    for key in (1, 2, 3, 4, 1):
        kept.get(key, lambda key=key: computed.append(key) or b"")
    assert computed == [1, 2, 3, 4, 1], "the first was forgotten for the fourth"


def handed_in(content: bytes, name: str = "地块.csv") -> UploadFile:
    return UploadFile(io.BytesIO(content), filename=name)


def test_a_file_is_received_up_to_the_limit_and_gone_afterwards():
    with received_file(handed_in(b"12345"), most_bytes=5, too_large="too large", stem="sites") as path:
        assert (path.name, path.read_bytes()) == ("地块.csv", b"12345")
    assert not path.parent.exists()


def test_of_a_file_beyond_the_limit_no_more_is_read_than_tells_so():
    file = handed_in(bytes(5_000_000))
    with pytest.raises(BadParameter, match="too large"):
        received_file(file, most_bytes=10, too_large="too large", stem="sites").__enter__()
    assert file.file.tell() == 11


def test_a_name_that_leads_elsewhere_stays_in_the_folder():
    with received_file(handed_in(b"1", "../../etc/passwd.csv"), most_bytes=5, too_large="", stem="sites") as path:
        assert path.parent.name.startswith("anzhi-sites-")
