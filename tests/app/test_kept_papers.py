"""A PDF carries its evidence word for word, is kept as it left, and is known with all that is in it; one byte altered is told."""
# ruff: noqa: F811 - fixtures of other files

import contextlib
import datetime
import json
import re
import subprocess
import zlib
from dataclasses import replace

import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.archive.issued import verify_issued
from app.judgement.logbook import find_answer
from app.platform.principals import Role
from app.platform.work import Work
from app.reports import evidence
from app.reports.files import write_paper
from app.reports.imprint import Order, Profile, paper_of
from app.reports.kept import imprint_of
from gis_layers.canonical import digest_of_bytes
from gis_layers.stores.checks import find_check
from gis_layers.stores.papers import NewPaper, keep_paper
from tests.app.conftest import site
from tests.app.seeds import publish_zones
from tests.app.test_constraints import WEST_HALF, lay  # noqa: F401 - a fixture
from tests.app.test_rulebook_versions import as_  # noqa: F401
from tests.app.test_told_opinions import text_of_pdf
from tests.saying import tells

HERE = shapely.box(99.8000, 39.3000, 99.8020, 39.3010)
WET = shapely.box(99.799, 39.2995, 99.801, 39.3005)
NAMES = {"evidence.json", "evidence.geojson"}


@pytest.fixture
def planner(as_, surveyed, publish):
    publish("flood", WET, grade=("极高", 1, "flood4"), name="北沟")
    return as_(Role.PLANNER)


@pytest.fixture
def number(planner):
    return planner.post("/api/siting/check", json=site(HERE, "K1")).json()["record"]["number"]


@pytest.fixture
def printed(deployment):
    """The paper of a check, not yet laid out."""

    def do(number, profile=Profile.INTERNAL, at=datetime.datetime(2026, 11, 28, tzinfo=datetime.UTC), **more):
        settings = deployment.settings.model_copy(update={"map_approval_number": "GS(2026)1"})
        asked = deployment if profile is Profile.INTERNAL else replace(deployment, settings=settings)
        with asked.sessions() as session:
            work = Work(session, asked)
            answer = {**find_answer(session, find_check(session, number)), **more}
            return paper_of(work, answer, rulebook=work.rulebook, order=Order("zh", profile, at))

    return do


@pytest.fixture
def verified(deployment, tmp_path):
    def do(content: bytes, name: str = "a"):
        path = tmp_path / name
        path.write_bytes(content)
        with deployment.sessions() as session:
            return verify_issued(Work(session, deployment), path)

    return do


def attached(content: bytes, folder) -> dict[str, bytes]:
    """The files within a PDF, taken out by another program."""
    path, out = folder / "paper.pdf", folder / "out"
    path.write_bytes(content)
    out.mkdir(exist_ok=True)
    subprocess.run(["pdfdetach", "-saveall", "-o", str(out), str(path)], capture_output=True, check=True)
    return {one.name: one.read_bytes() for one in out.iterdir()}


def inflated(content: bytes) -> bytes:
    """A PDF with what is packed in it unpacked."""
    unpacked = [content]
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, flags=re.DOTALL):
        with contextlib.suppress(zlib.error):
            unpacked.append(zlib.decompress(packed))
    return b"\n".join(unpacked)


def paper_at(client, number: str, asked: str = "") -> bytes:
    answer = client.get(f"/api/siting/checks/{number}/report.pdf{asked}")
    assert answer.status_code == 200, answer.text
    return answer.content


def test_a_pdf_carries_the_answer_on_record_byte_for_byte_and_the_ground_it_speaks_of(
    planner, lay, deployment, tmp_path
):
    lay("farmland", WEST_HALF)
    answer = planner.post("/api/siting/check", json=site(HERE, "K1")).json()
    content = paper_at(planner, answer["record"]["number"])
    files = attached(content, tmp_path)
    assert set(files) == NAMES
    digest = answer["record"]["result_digest"]
    with deployment.sessions() as session:
        kept = session.scalar(text("SELECT answer FROM check_answers WHERE digest = :digest"), {"digest": digest})
        zones = dict(session.execute(text("SELECT zone_id::text, ST_AsGeoJSON(geom, 15) FROM zone_versions")).all())
    whole = inflated(content)
    assert re.search(rb"part>3<|part=\"3\"", whole)
    assert re.search(rb"conformance>U<|conformance=\"U\"", whole)
    assert whole.count(b"/AFRelationship /Data") == len(NAMES)
    assert whole.count(b"/application#2fjson") == whole.count(b"/application#2fgeo+json") == 1
    assert files["evidence.json"] == kept.encode()
    assert digest_of_bytes(files["evidence.json"]) == digest
    told = text_of_pdf(content)
    assert digest in told
    assert digest_of_bytes(files["evidence.geojson"]) in told
    places = json.loads(files["evidence.geojson"])
    assert places["result_digest"] == digest
    by_role = {}
    for one in places["features"]:
        by_role.setdefault(one["properties"]["role"], []).append(one)
    assert [one["geometry"] for one in by_role["site"]] == [answer["site"]["geometry"]]
    met = {one["zone"] for theme in answer["themes"] for one in theme["findings"] if one["zone"]}
    assert {one["properties"]["zone"] for one in by_role["zone"]} == met
    for one in by_role["zone"]:
        same = shapely.geometry.shape(json.loads(zones[one["properties"]["zone"]]))
        assert shapely.equals_exact(shapely.geometry.shape(one["geometry"]), same, 1e-12)
    assert {one["properties"]["kind"] for one in by_role["object"]} == {"farmland"}
    stated = [(theme["theme"], one["rule"], one["overlap_m2"]) for theme in answer["themes"] for one in theme["findings"]]  # fmt: skip
    found = [(one["theme"], one["rule"], one["overlap_m2"]) for feature in places["features"] for one in feature["properties"].get("findings", ())]  # fmt: skip
    assert sorted(map(str, found)) == sorted(map(str, stated))


def test_ground_too_large_to_send_is_left_out_and_the_paper_says_so(number, printed, monkeypatch):
    monkeypatch.setattr(evidence, "LARGEST_PLACES", 10)
    paper = printed(number)
    assert [one.name for one in paper.evidence.files] == ["evidence.json"]
    assert tells(paper.evidence.words, "{answer}（其 SHA-256 即结果摘要）；{places} 太大，未附")
    assert paper.evidence.words in [words for _, words in paper.provenance]


def test_nothing_is_attached_to_a_public_paper_or_to_one_on_no_record(number, printed):
    for paper in (printed(number, Profile.PUBLIC), printed(number, record=None)):
        assert paper.evidence.files == ()
        assert "evidence.json" not in " ".join(words for _, words in paper.provenance)


def test_a_pdf_is_kept_as_it_left_and_replayed_byte_for_byte_whatever_was_published_since(
    planner, number, deployment, printed
):
    first = paper_at(planner, number)
    publish_zones(deployment, "flood", shapely.box(99.80, 39.30, 99.81, 39.31), grade=("低", 4, "flood4"), name="南沟")
    publish_zones(deployment, "wildfire", HERE, grade=("高", 2, "fire5"), name="西坡")
    assert paper_at(planner, number) == first
    with deployment.sessions() as session:
        kept = session.execute(text("SELECT printed_at, content FROM kept_papers")).one()
    assert bytes(kept.content) == first
    assert write_paper(printed(number, at=kept.printed_at), "pdf") == first


def test_a_paper_is_kept_once_for_each_way_it_is_asked_for_and_never_changed(number, deployment):
    at = datetime.datetime(2026, 11, 28, tzinfo=datetime.UTC)
    with deployment.sessions() as session:
        work = Work(session, deployment)
        orders = [Order(language, profile, at, visits) for language in ("zh", "en") for profile in Profile for visits in (False, True)]  # fmt: skip
        imprints = {order: imprint_of(work, order) for order in orders}
        assert len(set(imprints.values())) == len(orders) - 2, "no public paper holds visits"
        assert imprints[orders[0]] == imprint_of(work, replace(orders[0], at=at + datetime.timedelta(days=9)))
        for content in (b"%PDF-first", b"%PDF-second"):
            assert (
                keep_paper(session, NewPaper(number, imprints[orders[0]], at, None, content)).content == b"%PDF-first"
            )
        for change in ("UPDATE kept_papers SET imprint = 'x'", "DELETE FROM kept_papers"):
            with pytest.raises(DBAPIError), session.begin_nested():
                session.execute(text(change))


def test_a_pdf_and_what_is_attached_to_it_are_known_altered_by_one_byte_and_superseded_together(
    planner, number, verified, tmp_path, deployment
):
    content = paper_at(planner, number)
    files = attached(content, tmp_path)
    for name, whole in {"paper.pdf": content, **files}.items():
        found = verified(whole, name)
        assert (found.status, found.check, found.by) == ("unchanged", number, "token:planner"), name
        for place in (0, len(whole) // 3, len(whole) // 2, len(whole) - 1):
            altered = bytearray(whole)
            altered[place] ^= 1
            assert verified(bytes(altered), f"altered-{name}").status == "altered", (name, place)
    told = files["evidence.json"]
    assert verified(told.replace(b'"verdict":"prohibited"', b'"verdict":"permitted"')).status == "altered"
    twice = b'{"verdict":"permitted",' + told[1:]
    assert json.loads(twice) == json.loads(told)
    assert verified(twice).status == "altered"
    publish_zones(deployment, "flood", shapely.box(99.79, 39.29, 99.81, 39.31), grade=("中", 3, "flood4"))
    for whole in (content, *files.values()):
        found = verified(whole)
        assert (found.status, found.check, len(found.since)) == ("superseded", number, 1)


def test_a_public_paper_tells_nothing_of_the_forces_that_come(number, printed):
    told = {"unknown": "no_roads", "away_m": None, "responders": []}
    assert printed(number, response=told).opinion.response
    public = printed(number, Profile.PUBLIC, response=told).opinion
    assert public.response == ()
    assert public.record.maker != printed(number).opinion.record.maker
