"""A site whose parts have a class of their own: one answer under one record, each thing told with its part."""
# ruff: noqa: F811 - fixtures of other files

import io
import json

import docx
import openpyxl
import pytest
import shapely

from app.platform.clock import now
from app.platform.principals import Role
from app.platform.work import Work
from app.siting.judged_anew import AnewOutcome, judge_anew
from tests.app.conftest import site
from tests.app.seeds import publish_zones, seeded_database
from tests.app.test_kept_papers import attached
from tests.app.test_rulebook_versions import as_  # noqa: F401
from tests.app.test_told_opinions import text_of_pdf
from tests.saying import tells

RIVER = shapely.box(99.780, 39.300, 99.790, 39.310)
OUTLINE = shapely.box(99.7890, 39.3040, 99.7910, 39.3050)
PARK, WARD = shapely.box(99.7890, 39.3040, 99.7901, 39.3050), shapely.box(99.7902, 39.3040, 99.7910, 39.3050)
BEYOND = shapely.box(99.7905, 39.3045, 99.7915, 39.3049)
GULLY, BY_GULLY = shapely.box(99.840, 39.300, 99.8495, 39.310), shapely.box(99.8490, 39.3040, 99.8510, 39.3050)
LAWN, STRETCH = shapely.box(99.8490, 39.3040, 99.8510, 39.3043), shapely.box(99.8490, 39.3043, 99.8510, 39.3047)
BOWTIE = shapely.Polygon([(99.7902, 39.3041), (99.7908, 39.3049), (99.7908, 39.3041), (99.7902, 39.3049)])
CHECK = "/api/siting/check"


def part(name, shape, project_class="K6", **told):
    return {"name": name, "project_class": project_class, "geometry": shape.__geo_interface__, **told}


def asked(*parts, project_class="K2", outline=OUTLINE, **told):
    return site(outline, project_class, parts=[*parts], **told)


@seeded_database("surveyed")
def flooded(deployment) -> None:
    publish_zones(deployment, "flood", RIVER, grade=("极高", 1, "flood4"), name="河滩")


@pytest.fixture
def planner(as_, flooded):
    return as_(Role.PLANNER)


@pytest.fixture
def told(planner):
    answer = planner.post(CHECK, json=asked(part("花园", PARK)))
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_park_may_lie_where_the_ward_may_not(planner, told):
    whole = planner.post(CHECK, json=site(OUTLINE, "K2")).json()
    alone = {None: planner.post(CHECK, json=site(OUTLINE.difference(PARK), "K2")).json()}
    alone["花园"] = planner.post(CHECK, json=site(PARK, "K6")).json()
    assert whole["verdict"] == "prohibited"
    assert {one["name"]: one["verdict"] for one in told["parts"]} == {
        name: one["verdict"] for name, one in alone.items()
    }
    assert told["verdict"] != "prohibited"
    for one in told["parts"]:
        own = alone[one["name"]]
        assert one["area_m2"] == pytest.approx(own["site"]["area_m2"], rel=1e-9)
        assert set(one["data_gaps"]) == set(own["data_gaps"])
    found = {(one["part"], one["rule"], one["verdict"]) for theme in told["themes"] for one in theme["findings"]}
    apart = {(name, one["rule"], one["verdict"]) for name, own in alone.items() for theme in own["themes"] for one in theme["findings"]}  # fmt: skip
    assert found == apart
    assert "by_class" not in told
    assert sum(one["area_m2"] for one in told["parts"]) == pytest.approx(told["site"]["area_m2"], rel=1e-9)


def test_a_site_without_parts_is_told_without_them(planner):
    for declared in ({}, {"parts": None}):
        answer = planner.post(CHECK, json=site(OUTLINE, "K2", **declared)).json()
        assert "parts" not in answer
        assert answer["by_class"]
        assert not any("part" in one for theme in answer["themes"] for one in [theme, *theme["findings"]])


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([], "parts"),
        ([part(f"第{n}区", WARD) for n in range(21)], "parts"),
        ([part("  ", WARD)], "name"),
        ([part("长" * 61, WARD)], "name"),
        ([part("病房", WARD, "K9")], "project_class"),
        ([part("病房", WARD, floors=3)], "floors"),
        ([part("病房", WARD), part("病房 ", PARK)], "两个分区都叫"),
        ([part("病房", BEYOND)], "“病房”超出拟选址范围"),
        ([part("花园", PARK), part("病房", OUTLINE)], "“花园”与“病房”重叠"),
        ([part("病房", BOWTIE)], "“病房”"),
        ([part("病房", WARD.boundary)], "“病房”"),
        ([part("病房", shapely.box(99.7902, 39.3041, 99.790201, 39.304101))], "“病房”"),
        ([part("病房", shapely.box(0, 0, 1, 1))], "“病房”"),
        ([part("病房", WARD, "K2", building_type="castle")], "“病房”"),
        ([{**part("病房", WARD), "geometry": {"type": "Polygon", "coordinates": "no"}}], "“病房”"),
        ([{**part("病房", WARD), "geometry": {"type": "Polygon", "coordinates": [[[1e400, 1], [2, 2], [3, 1]]]}}], ""),
        ("everything", "parts"),
    ],
)
def test_what_is_no_part_is_refused_and_named(planner, parts, words):
    before = planner.get("/api/siting/checks").json()["total"]
    feature = site(OUTLINE, "K2", parts=parts)
    answer = planner.post(CHECK, content=_json(feature), headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422), answer.text
    assert words in answer.text
    assert planner.get("/api/siting/checks").json()["total"] == before


def _json(feature):
    return json.dumps(feature).replace("Infinity", "1e400")


def test_a_point_or_a_line_has_no_parts(planner):
    for shape in (shapely.Point(99.7895, 39.3045), shapely.LineString([(99.789, 39.304), (99.791, 39.305)])):
        answer = planner.post(CHECK, json=asked(part("花园", PARK), outline=shape))
        assert answer.status_code == 422
        assert tells(answer.text, "只有面状的拟选址范围可以分区；请提交面，或去掉分区")


def test_the_papers_tell_each_part(planner, told, tmp_path):
    number = told["record"]["number"]
    report = f"/api/siting/checks/{number}/report"
    assert planner.get(f"/api/siting/checks/{number}").json()["verdict"] == "restricted"
    for language, words in (("zh", ("各分区的结论", "花园", "其余部分", "分 2 块判断")), ("en", ("The parts of the site", "花园", "the rest of the site", "Parts judged: 2"))):  # fmt: skip
        page = planner.get(f"/checks/{number}", params={"lang": language}).text
        html = planner.get(f"{report}.html", params={"lang": language}).text
        assert [word for word in words if word not in html or word not in page] == []
        for kind in ("docx", "xlsx", "pdf"):
            paper = planner.get(f"{report}.{kind}", params={"lang": language})
            assert paper.status_code == 200, paper.text
            text = {"docx": text_of_docx, "xlsx": text_of_xlsx, "pdf": text_of_pdf}[kind](paper.content)
            assert [word for word in words if _bare(word) not in _bare(text)] == [], kind
    evidence = attached(planner.get(f"{report}.pdf").content, tmp_path)
    places = json.loads(evidence["evidence.geojson"])
    parts = [one["properties"] for one in places["features"] if one["properties"]["role"] == "part"]
    assert [(one["name"], one["verdict"]) for one in parts] == [("花园", "restricted"), (None, "permitted")]
    assert json.loads(evidence["evidence.json"])["parts"] == told["parts"]


def _bare(words):
    return "".join(words.split())


def text_of_docx(content):
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "".join([*(one.text for one in document.paragraphs), *cells])


def text_of_xlsx(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return "".join(str(cell) for sheet in book for row in sheet.values for cell in row if cell is not None)


def test_a_file_of_sites_with_parts_is_told_and_not_read_as_whole(planner):
    plain = site(OUTLINE, "K2", name="无分区", parts=3)
    crowd = {"type": "FeatureCollection", "features": [asked(part("花园", PARK)), plain]}
    file = {"file": ("sites.geojson", json.dumps(crowd).encode())}
    read = planner.post("/api/siting/outline/file", files=file)
    assert read.status_code == 200, read.text
    assert [one["name"] for one in read.json()["features"]] == ["无分区"]
    assert tells(read.text, "写有分区；文件中的地块只按一个整体读入")


def test_parts_move_with_the_outline(planner):
    feature = asked(part("病房", WARD, "K2"), project_class="K2", outline=OUTLINE)
    compared = planner.post("/api/siting/alternatives", json={**feature, "within_m": 800, "count": 2})
    assert compared.status_code == 200, compared.text
    told, whole = compared.json(), planner.post(CHECK, json=feature).json()
    assert told["original"]["verdict"] == whole["verdict"] == "prohibited"
    assert told["smallest_cut"] is None
    assert told["no_cut_because"]
    assert told["alternatives"]
    place = told["alternatives"][0]
    moved = shapely.geometry.shape(place["geometry"])
    assert {one["part"] for theme in place["themes"] for one in theme["findings"]} <= {"病房", None}
    again = planner.post(CHECK, json=site(moved, "K2")).json()
    assert (again["verdict"], set(again["data_gaps"])) == (place["verdict"], set(place["data_gaps"]))


def test_a_place_a_move_and_a_cut_are_judged_with_the_parts_they_name(planner, deployment):
    publish_zones(deployment, "flash_flood", GULLY, grade=("极高", 1, "flash3"), name="冲沟")
    declared = {"病房": part("病房", STRETCH, "K2"), "花园": part("花园", LAWN, "K6")}
    feature = asked(*declared.values(), outline=BY_GULLY)
    answer = planner.post("/api/siting/alternatives", json={**feature, "within_m": 800, "count": 2})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["original"]["verdict"] == "prohibited"
    cut = told["smallest_cut"]
    assert {one["name"] for one in cut["parts"]} == {"病房", "花园", None}
    for place in (*told["alternatives"], told["smallest_move"], cut):
        parts = [{**declared[one["name"]], "geometry": one["geometry"]} for one in place["parts"] if one["name"]]
        outline = shapely.geometry.shape(place["geometry"])
        again = planner.post(CHECK, json=site(outline, "K2", parts=parts))
        assert again.status_code == 200, again.text
        assert again.json()["verdict"] == place["verdict"] != "prohibited"
        verdicts = {one["name"]: one["verdict"] for one in again.json()["parts"]}
        assert verdicts == {one["name"]: one["verdict"] for one in place["parts"]}
    lawn = next(one["geometry"] for one in cut["parts"] if one["name"] == "花园")
    assert shapely.geometry.shape(lawn).symmetric_difference(LAWN).area < 1e-12, "a park may lie in the gully"


def test_the_class_of_a_part_is_told_as_a_check_of_it_answers(planner, told):
    for one in told["parts"]:
        assert [each["project_class"] for each in one["by_class"]] == [f"K{n}" for n in range(1, 8)]
        for each in one["by_class"][:: 1 if one["name"] else 3]:
            kind = each["project_class"]
            feature = asked(part("花园", PARK, kind)) if one["name"] else asked(part("花园", PARK), project_class=kind)
            again = planner.post(CHECK, json=feature).json()
            mine = next(other for other in again["parts"] if other["name"] == one["name"])
            assert (again["verdict"], mine["verdict"]) == (each["site_verdict"], each["verdict"])
            assert mine["seismic_class"] == each["seismic_class"]
    assert len({each["site_verdict"] for each in told["parts"][0]["by_class"]}) > 1


def test_a_review_rests_on_the_parts_and_is_judged_anew_with_them(planner, deployment):
    feature = asked(part("花园", PARK), part("病房", WARD, "K2"), project_class="K4")
    opened = planner.post("/api/siting/reviews", json={**feature, "stage": "planning"})
    assert opened.status_code == 201, opened.text
    address = opened.headers["location"]
    review = opened.json()
    asked_of = [one["wording"] for one in review["conditions"]]
    assert any("（分区“花园”）" in one for one in asked_of)
    assert len(asked_of) == len(set(asked_of))
    english = planner.get(address, headers={"Accept-Language": "en"}).json()["conditions"]
    assert any("(part “花园”)" in one["wording_en"] for one in english if "wording_en" in one) or "part “花园”" in str(
        english
    )
    publish_zones(deployment, "flood", RIVER, shapely.union(RIVER, OUTLINE), grade=("极高", 1, "flood4"), name="新河滩")
    with deployment.sessions.begin() as session:
        number = int(address.rsplit("/", 1)[1])
        assert judge_anew(Work(session, deployment), number, now()) is AnewOutcome.CHANGED
    again = planner.get(address).json()
    assert again["verdict"] == "prohibited"
    lines = str(again["notices"]) if "notices" in again else planner.get(address).text
    assert "分区“病房”" in lines
