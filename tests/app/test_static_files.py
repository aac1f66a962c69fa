"""Files of pages: kept for good where their address changes with them, and the sources where nothing newer was made of them."""

import json
import re

import pytest
from fastapi.testclient import TestClient

from app.http import static_files
from app.http.static_files import MANIFEST, Assets, asset, digest_of_sources, preloads, sheets_of, styles

FOR_GOOD = "public, max-age=31536000, immutable"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Give a folder of files in the place of ours, and forget what was read of the other."""
    for name in ("js/pages", "css", "built/js", "vendor/it"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "bundles.json").write_text('{"frame": ["tokens", "base"]}')
    (tmp_path / "build.mjs").write_text("made of")
    for name in ("css/tokens.css", "css/base.css", "css/text.css", "js/pages/kpi.js", "vendor/it/it.js"):
        (tmp_path / name).write_text(f"/* {name} */")
    caches = [static_files._built, static_files._bundles, static_files._packed]
    monkeypatch.setattr(static_files, "STATIC", tmp_path)
    for one in caches:
        one.cache_clear()
    yield tmp_path
    for one in caches:
        one.cache_clear()


def make(folder) -> None:
    files = {"css/frame": "built/frame-1.css", "js/pages/kpi.js": "built/js/kpi-2.js"}
    along = {"js/pages/kpi.js": ["built/js/kpi-2.js", "built/js/part-3.js"]}
    (folder / MANIFEST).write_text(json.dumps({"sources": digest_of_sources(), "files": files, "along": along}))


def hrefs(links: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', links)


def test_an_address_changes_with_the_file(folder):
    before = asset("css/text.css")
    assert re.fullmatch(r"/static/css/text\.css\?v=[0-9a-f]{16}", before)
    (folder / "css/text.css").write_text("p { color: red; }")
    assert asset("css/text.css") != before


def test_a_module_of_the_sources_has_one_address_alone(folder):
    assert asset("js/pages/kpi.js") == "/static/js/pages/kpi.js"
    assert preloads("js/pages/kpi.js") == ""


def test_pages_load_what_was_made_of_the_present_sources_alone(folder):
    make(folder)
    assert hrefs(styles("frame"))[0] == "/static/built/frame-1.css"
    assert hrefs(styles("text"))[0].startswith("/static/css/text.css?v=")
    assert asset("js/pages/kpi.js") == "/static/built/js/kpi-2.js"
    assert hrefs(preloads("js/pages/kpi.js")) == ["/static/built/js/kpi-2.js", "/static/built/js/part-3.js"]
    (folder / "js/pages/kpi.js").write_text("changed")
    static_files._built.cache_clear()
    assert asset("js/pages/kpi.js") == "/static/js/pages/kpi.js"
    assert [one.partition("?")[0] for one in hrefs(styles("frame"))] == [
        f"/static/css/{name}.css" for name in sheets_of("frame")
    ]


def test_what_has_its_own_address_is_kept_for_good_and_the_rest_asked_again(client):
    for path in ("css/tokens.css", "js/appearance.js", "vendor/leaflet/leaflet.js", "icon.svg"):
        answer = client.get(asset(path))
        assert (answer.status_code, answer.headers["cache-control"]) == (200, FOR_GOOD), path
    for address in ("/static/css/tokens.css", "/static/css/tokens.css?v=other", "/static/js/map.js"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache"), address
        again = client.get(address, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("accepted", "packing", "sent"),
    [
        ("br", "br", b"packed the one way"),
        ("gzip, deflate, br;q=0.5", "br", b"packed the one way"),
        ("gzip", "gzip", b"packed the other"),
        ("identity", None, b"/* vendor/it/it.js */"),
    ],
)
def test_a_file_packed_ahead_is_sent_as_it_lies(folder, accepted, packing, sent):
    (folder / "vendor/it/it.js.br").write_bytes(b"packed the one way")
    (folder / "vendor/it/it.js.gz").write_bytes(b"packed the other")
    visitor = TestClient(Assets(directory=folder))
    with visitor.stream("GET", "/vendor/it/it.js", headers={"Accept-Encoding": accepted}) as answer:
        assert b"".join(answer.iter_raw()) == sent
    assert answer.headers.get("content-encoding") == packing
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["vary"] == "Accept-Encoding"
