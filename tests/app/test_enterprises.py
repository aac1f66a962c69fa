"""Enterprises and hidden dangers over HTTP, as pages, as a workbook, and as files in and out."""

import io
import json
from pathlib import Path

import pytest
import shapely
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from app.enterprises.exposure import read_exposures
from app.exchange.enterprises import import_enterprises, import_hidden_dangers
from app.exchange.exports import read_layer
from app.judgement.enterprise_grades import regrade, regrade_by_other_rules
from app.main import create_app
from app.platform.principals import Role
from app.platform.rulebooks import RulebookCache
from app.platform.work import Work
from gis_layers.exchange import ReadingOptions, write_layer
from gis_layers.stores import enterprises as store
from risk_model.rulebook import load_rulebook, packaged_rules
from tests.app.visitors import audited
from tests.saying import tells

HERE = {"type": "Point", "coordinates": [99.80, 39.33]}
PLANT = shapely.box(99.80, 39.33, 99.803, 39.332)
POINT = {"name": "罐区", "method": "lec", "figures": {"likelihood": 3, "exposure": 6, "consequence": 15}}
MILD = {"name": "库房", "method": "matrix", "figures": {"likelihood": 1, "severity": 2}}
LITTLE = [{"substance": "氨", "tonnes": 0.1}]
NEW = {"name": "试验厂", "sector": "chemical", "geometry": PLANT.__geo_interface__, "risk_points": [MILD]}
DANGER = {"channel": "department", "state": "confirmed", "found_on": "2026-05-01", "confirmed_on": "2026-05-02"}


@pytest.fixture
def officer(deployment, token) -> TestClient:
    app = create_app(deployment, loopback=False)
    headers = {"Authorization": f"Bearer {token(Role.OFFICER)}"}
    return TestClient(app, headers=headers, raise_server_exceptions=False)


def register(officer: TestClient, **more) -> dict:
    answer = officer.post("/api/enterprises", json={**NEW, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def table(folder: Path, *lines: str) -> Path:
    path = folder / "table.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_an_enterprise_is_registered_graded_audited_and_found(officer, deployment):
    answer = officer.post("/api/enterprises", json={**NEW, "risk_points": [MILD, POINT]})
    made = answer.json()
    assert answer.headers["location"] == f"/api/enterprises/{made['id']}"
    assert (made["base_grade"], made["effective_grade"], made["grade"], made["grade_rank"]) == (
        "orange",
        "orange",
        "较大",
        2,
    )
    assert made["grade_scheme"] == "enterprise4"
    assert "D = L×E×C = 3×6×15 = 270" in made["reason"]
    assert [one["cause"] for one in made["history"]] == ["created"]
    assert made["history"][0]["rulebook"]["fingerprint"] == deployment.books.packaged.fingerprint
    assert ("register enterprise") in [action for _, action in audited(deployment)]
    listed = officer.get("/api/enterprises", params={"colour": "orange", "q": "试验"}).json()
    assert [item["id"] for item in listed["items"]] == [made["id"]]
    assert officer.get("/api/enterprises", params={"colour": "blue"}).json()["total"] == 0
    assert officer.get("/api/enterprises", params={"colour": "green"}).status_code == 422
    assert officer.get("/api/places", params={"q": "试验厂"}).json()["items"]


def test_a_confirmed_danger_makes_it_red_and_the_base_is_kept(officer):
    number = register(officer)["id"]
    danger = officer.post("/api/hidden-dangers", json={**DANGER, "enterprise_id": number})
    assert danger.status_code == 201, danger.text
    assert (danger.json()["state"], danger.json()["level"], danger.json()["enterprise"]) == (
        "confirmed",
        "major",
        "试验厂",
    )
    after = officer.get(f"/api/enterprises/{number}").json()
    assert (after["base_grade"], after["overlay_grade"], after["effective_grade"]) == ("blue", "red", "red")
    assert danger.json()["code"] in after["reason"]
    assert [one["cause"] for one in after["history"]] == ["danger_recorded", "created"]
    assert after["open_dangers"] == 1


def test_a_danger_that_is_only_registered_changes_no_colour(officer):
    number = register(officer, inventory=LITTLE)["id"]
    reported = {"channel": "report", "found_on": "2026-05-01", "enterprise_id": number, "code": "R-1"}
    assert officer.post("/api/hidden-dangers", json=reported).json()["level"] is None
    after = officer.get(f"/api/enterprises/{number}").json()
    assert after["effective_grade"] == "blue"
    assert after["reasons"][-1]["kind"] == "danger_unverified"
    assert officer.post("/api/hidden-dangers", json=reported).status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"confirmed_on": None},
        {"confirmed_on": "2026-04-01"},
        {"found_on": "2999-01-01", "confirmed_on": "2999-01-02"},
        {"state": "registered"},
        {"state": "closed"},
        {"enterprise_id": 999},
        {"geometry": None},
        {"channel": "rumour"},
        {"geometry": {"type": "Point", "coordinates": [39.33, 99.80]}},
    ],
)
def test_a_danger_that_contradicts_itself_is_refused(officer, wrong):
    answer = officer.post("/api/hidden-dangers", json={**DANGER, "geometry": HERE, **wrong})
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert officer.get("/api/hidden-dangers").json()["total"] == 0


def test_dangers_are_listed_by_state_enterprise_and_deadline(officer):
    number = register(officer)["id"]
    officer.post("/api/hidden-dangers", json={**DANGER, "enterprise_id": number, "deadline": "2026-06-01"})
    officer.post(
        "/api/hidden-dangers", json={"channel": "self", "found_on": "2026-05-09", "geometry": HERE, "place": "渠边"}
    )
    asked = lambda **query: officer.get("/api/hidden-dangers", params=query).json()["total"]  # noqa: E731
    assert [asked(), asked(state="confirmed"), asked(enterprise=number), asked(open=True), asked(open=False)] == [2, 1, 1, 2, 0]  # fmt: skip
    assert [asked(overdue=True), asked(bbox="99.79,39.32,99.81,39.34")] == [1, 2]
    late = officer.get("/api/hidden-dangers", params={"overdue": True}).json()["items"][0]
    assert late["overdue_days"] > 0
    one = officer.get(f"/api/hidden-dangers/{late['id']}")
    assert (one.json()["code"], one.headers["etag"]) == (late["code"], '"1"')
    assert officer.get("/api/hidden-dangers/999").status_code == 404


def test_a_danger_tells_what_may_follow_by_what_the_register_keeps_of_it(officer):
    number = register(officer)["id"]
    late = {**DANGER, "enterprise_id": number, "deadline": "2026-06-01"}
    made = officer.post("/api/hidden-dangers", json=late).json()
    one = officer.get(f"/api/hidden-dangers/{made['id']}").json()
    assert one["next_steps"] == made["next_steps"]
    (step,) = one["next_steps"]
    assert (step["step"], step["to"], step["roles"], step["awaited"]) == ("assign", "assigned", ["officer"], True)
    assert step["missing"] == ["measures", "responsible_person", "funds", "emergency_plan"]
    assert (step["deadline"], step["overdue_days"]) == ("2026-06-01", one["overdue_days"])
    assert one["overdue_days"] > 0
    unproven = {"channel": "self", "found_on": "2026-05-09", "geometry": HERE, "state": "verifying"}
    told = officer.post("/api/hidden-dangers", json=unproven).json()
    steps = told["next_steps"]
    assert [(one["step"], one["state"]) for one in told["acts"]] == [
        ("register", "registered"),
        ("verify", "verifying"),
    ]
    assert {one["step"]: one["missing"] for one in steps} == {"confirm": [], "transfer": [], "dismiss": []}
    assert {one["step"]: one["never"] for one in steps}["dismiss"] == ["token:test"]
    assert {one["deadline"] for one in steps} == {None}


def test_a_change_says_which_state_it_saw_and_the_grade_follows(officer, deployment):
    made = officer.post("/api/enterprises", json=NEW)
    address, tag = made.headers["location"], made.headers["etag"]
    assert officer.patch(address, json={"staff": 5}).status_code == 428
    stock = [{"substance": "氯", "tonnes": 8.0}, {"substance": "魔法粉", "tonnes": 1.0}]
    changed = officer.patch(address, json={"inventory": stock, "staff": 5}, headers={"If-Match": tag})
    assert changed.status_code == 200, changed.text
    told = changed.json()
    assert (told["staff"], told["name"], told["effective_grade"]) == (5, "试验厂", "orange")
    major = told["major_hazard"]
    assert (major["status"], major["s"], major["level"], major["residents"]) == ("major", 1.6, 3, None)
    assert (major["alpha"], major["at_least"]) == (2.0, True)
    assert {"residents_unknown", "substance_unknown:魔法粉"} <= set(told["data_gaps"])
    assert officer.patch(address, json={"staff": 6}, headers={"If-Match": tag}).status_code == 412
    moved = {"geometry": HERE, "risk_points": [POINT], "criteria": "mining-2022-88", "sector": "mining"}
    again = officer.patch(address, json=moved, headers={"If-Match": changed.headers["etag"]}).json()
    assert (again["geometry"]["type"], again["criteria"][0]["id"]) == ("Point", "mining-2022-88")
    assert "outline_missing" in again["data_gaps"]
    assert [action for _, action in audited(deployment)].count("change enterprise") == 2
    assert officer.patch("/api/enterprises/999", json={}, headers={"If-Match": "*"}).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"risk_points": [{**POINT, "figures": {"likelihood": 4, "exposure": 6, "consequence": 15}}]},
        {"risk_points": [{**POINT, "method": "guess"}]},
        {"inventory": [{"substance": "粗品", "tonnes": 1, "classes": ["W99"]}]},
        {"inventory": [{"substance": "氯", "tonnes": -1}]},
        {"credit_code": "91350100M000100Y44"},
        {"criteria": "moon"},
        {"geometry": {"type": "LineString", "coordinates": [[99.8, 39.3], [99.9, 39.3]]}},
        {"geometry": {"type": "Polygon", "coordinates": [[[99.8, 39.3], [99.81, 39.31], [99.81, 39.3], [99.8, 39.31], [99.8, 39.3]]]}},
        {"surprise": 1},
        {"name": " "},
    ],
)  # fmt: skip
def test_a_wrong_enterprise_is_refused_and_nothing_is_kept(officer, wrong):
    answer = officer.post("/api/enterprises", json={**NEW, **wrong})
    assert answer.status_code == 422, answer.text
    assert officer.get("/api/enterprises").json()["total"] == 0


def test_who_is_registered_is_not_registered_again(officer):
    made = register(officer, credit_code="91350100M000100Y43")
    assert made["credit_code"] == "91350100M000100Y43"
    again = officer.post("/api/enterprises", json={**NEW, "staff": 99})
    assert (again.status_code, again.json()["existing"]) == (409, made["id"])
    assert officer.get(f"/api/enterprises/{made['id']}").json()["staff"] is None


def test_a_plant_without_its_inventory_is_not_assessed_instead_of_blue(officer):
    made = register(officer)
    assert (made["base_grade"], made["effective_grade"], made["grade"]) == ("blue", None, None)
    assert tells(made["reason"], "重大危险源辨识资料不足，不能评为低风险")
    assert officer.get("/api/enterprises", params={"colour": "unassessed"}).json()["total"] == 1
    assert officer.get("/api/enterprises", params={"colour": "blue"}).json()["total"] == 0


def test_inspections_move_the_next_due_day(officer):
    address = f"/api/enterprises/{register(officer, inventory=LITTLE)['id']}"
    before = officer.get(address).json()
    assert (before["last_inspection"], before["next_inspection"], before["overdue"]) == (None, None, True)
    told = officer.post(f"{address}/inspections", json={"day": "2026-05-31", "department": "镇应急办"}).json()
    assert (told["last_inspection"], told["next_inspection"], told["inspection_months"]) == (
        "2026-05-31",
        "2027-05-31",
        12,
    )
    assert told["inspections"] == [{"day": "2026-05-31", "department": "镇应急办", "result": None}]
    for day, status, code in (("2026-05-31", 409, "taken"), ("2999-01-01", 422, "days")):
        told = officer.post(f"{address}/inspections", json={"day": day, "department": "镇应急办"})
        assert (told.status_code, told.json()["code"]) == (status, code)
    assert officer.post("/api/enterprises/999/inspections", json={"day": "2026-05-31", "department": "x"}).status_code == 404  # fmt: skip


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PLANNER, Role.DISPATCHER, Role.APPROVER])
def test_only_officers_write(deployment, token, role):
    client = TestClient(create_app(deployment, loopback=False), headers={"Authorization": f"Bearer {token(role)}"})
    assert client.post("/api/enterprises", json=NEW).status_code == 403
    assert client.post("/api/hidden-dangers", json={**DANGER, "geometry": HERE}).status_code == 403
    assert client.patch("/api/enterprises/1", json={}).status_code == 403
    assert (
        client.post("/api/enterprises/1/inspections", json={"day": "2026-05-31", "department": "x"}).status_code == 403
    )


def test_the_ground_of_a_plant_is_laid_over_published_zones_and_gaps_are_named(officer, publish, deployment):
    publish("flood", shapely.box(99.79, 39.32, 99.81, 39.34), grade=("高", 2, "flood4"))
    number = register(officer)["id"]
    told = {one["theme"]: one for one in officer.get(f"/api/enterprises/{number}").json()["exposure"]}
    assert told["flood"]["status"] == "concerned"
    (zone,) = told["flood"]["zones"]
    assert (zone["grade"], zone["grade_rank"], zone["overlap_share"]) == ("高", 2, pytest.approx(1.0))
    assert told["fault"]["status"] == "no_data"
    publish("flash_flood", shapely.box(99.79, 39.32, 99.81, 39.34), grade=("危险", 3, "flash3"))
    (item,) = officer.get("/api/enterprises").json()["items"]
    assert {one["theme"]: one["status"] for one in item["exposure"]}["flash_flood"] == "concerned"


def test_an_import_grades_updates_and_says_what_it_left_out(officer, deployment, tmp_path):
    path = table(
        tmp_path,
        "name,sector,risk_points,diagnosis_score,direct_red,inventory,base_grade,criteria,lon,lat",
        "甲,危化,罐区:LEC 6*6*15,80,,液氯:8,,,99.80,39.33",
        "乙,工贸,罐区:LEC 4*6*15,,,,,moon,99.81,39.33",
        "丙,工贸,,95,undesigned_plant,,,,99.82,39.33",
        "丁,工贸,,120,,,黄,,99.83,39.33",
    )
    with deployment.sessions.begin() as session:
        report = import_enterprises(Work(session, deployment), path, ReadingOptions(), author="officer").report
    told = " ".join(problem.problem for problem in report.problems)
    assert all(word in told for word in ("不能取 4", "moon", "0 到 100"))
    colours = {item["name"]: item["effective_grade"] for item in officer.get("/api/enterprises").json()["items"]}
    assert colours == {"甲": "red", "乙": None, "丙": "red", "丁": "yellow"}
    with deployment.sessions.begin() as session:
        again = import_enterprises(Work(session, deployment), path, ReadingOptions(), author="officer").report
    assert tells(again.problems[0].problem, "{n} 家企业已登记，按新内容更新", n=4)
    assert officer.get("/api/enterprises").json()["total"] == 4
    with deployment.sessions.begin() as session:
        assert regrade(Work(session, deployment), cause="reckoned_again", actor="officer") == 0


def test_a_ledger_finds_its_enterprises_and_is_loaded_once(officer, deployment, tmp_path):
    number = register(officer)["id"]
    path = table(
        tmp_path, "隐患编号,状态,发现日期,确认日期,整改期限,单位名称,经度,纬度", "Y-1,整改中,2026-05-01,2026-05-02,2026-06-01,试验厂,99.8,39.33",
        "Y-2,登记,2026-05-01,,,月球厂,99.8,39.33",
    )  # fmt: skip
    with deployment.sessions.begin() as session:
        report = import_hidden_dangers(Work(session, deployment), path, ReadingOptions(), author="officer").report
    assert (report.layer, report.features_loaded) == ("hidden-dangers", 2)
    assert any("月球厂" in problem.problem for problem in report.problems)
    assert officer.get(f"/api/enterprises/{number}").json()["effective_grade"] == "red"
    with deployment.sessions.begin() as session:
        again = import_hidden_dangers(Work(session, deployment), path, ReadingOptions(), author="officer").report
    assert (again.features_read, again.features_loaded, again.features_refused) == (2, 0, 2)


def test_what_is_exported_comes_back_through_the_gate_and_names_nobody(officer, deployment, tmp_path):
    stock = [
        {"substance": "液氯", "tonnes": 8.0, "unit": "罐区"},
        {"substance": "粗品", "tonnes": 3.0, "classes": ["W5.1"]},
    ]
    points = [
        POINT,
        MILD,
        {"name": "诊断分级", "method": "diagnosis", "figures": {"score": 80}, "conditions": ["undesigned_plant"]},
    ]
    before = register(officer, inventory=stock, risk_points=points)
    officer.post("/api/hidden-dangers", json={**DANGER, "enterprise_id": before["id"], "code": "Y-9"})
    with deployment.sessions() as session:
        for layer in ("enterprises", "hidden-dangers"):
            frame = read_layer(session, layer)
            assert not [name for name in frame.columns if name.startswith("contact")]
            write_layer(frame, tmp_path / f"{layer}.csv", layer_name=layer)
    with deployment.sessions.begin() as session:
        forget = (
            "SET LOCAL session_replication_role = replica; DELETE FROM hidden_danger_acts; DELETE FROM hidden_dangers"
        )
        session.connection().exec_driver_sql(f"{forget}; SET LOCAL session_replication_role = origin")
        session.connection().exec_driver_sql("DELETE FROM enterprises")
        for layer, load in (("enterprises", import_enterprises), ("hidden-dangers", import_hidden_dangers)):
            report = load(
                Work(session, deployment), tmp_path / f"{layer}.csv", ReadingOptions(), author="officer"
            ).report
            assert report.features_loaded == 1, report
    (after,) = officer.get("/api/enterprises").json()["items"]
    assert (after["base_grade"], after["effective_grade"]) == ("red", "red")
    assert after["major_hazard"]["s"] == pytest.approx(before["major_hazard"]["s"])
    assert [one["point"]["name"] for one in after["risk_points"]] == ["罐区", "库房", "诊断分级"]
    assert [unit["unit"] for unit in after["major_hazard"]["units"]] == ["罐区", ""]


def test_other_rules_grade_anew_once_and_the_page_says_so_until_then(officer, deployment, monkeypatch):
    number = register(officer, inventory=LITTLE)["id"]
    texts = packaged_rules()
    stricter = load_rulebook(
        {**texts, "enterprises.toml": texts["enterprises.toml"].replace("yellow = 9 }", "yellow = 2 }", 1)}
    )
    for told in ("in_force", "likely", "hold"):
        monkeypatch.setattr(RulebookCache, told, lambda *_: stricter)
    stale = officer.get(f"/api/enterprises/{number}").json()
    assert (stale["effective_grade"], stale["rules_changed"]) == ("blue", True)
    with deployment.sessions.begin() as session:
        assert regrade_by_other_rules(Work(session, deployment), actor="test") == 1
        assert regrade_by_other_rules(Work(session, deployment), actor="test") == 0
    after = officer.get(f"/api/enterprises/{number}").json()
    assert (after["effective_grade"], after["rules_changed"]) == ("yellow", False)
    assert [one["cause"] for one in after["history"]] == ["rules_changed", "created"]


@pytest.fixture
def two(officer) -> tuple[int, int]:
    """A red one whose name a spreadsheet would take for a formula, and one nobody assessed."""
    red = register(officer, name="=1+1<b>厂", sector="food", risk_points=[{**POINT, "figures": {"likelihood": 6, "exposure": 6, "consequence": 15}}])  # fmt: skip
    unknown = register(officer, name="无名店", risk_points=[], geometry=HERE, sector="commerce")
    return red["id"], unknown["id"]


def test_the_page_lists_counts_and_filters(client, two):
    page = client.get("/enterprises").text
    assert "&lt;b&gt;厂" in page
    assert "<b>厂" not in page
    assert 'id="count-red" class="count">1<' in page
    assert 'id="count-unassessed" class="count">1<' in page
    found = client.get("/enterprises/table", params={"colour": "unassessed"}).text
    assert "无名店" in found
    assert "1+1" not in found
    assert "hx-swap-oob" in found
    assert tells(found, "没有任何评估；未评估不等于低风险")
    assert tells(client.get("/enterprises/table", params={"q": "月球"}).text, "没有符合条件的企业。")
    assert "1+1" in client.get("/enterprises/table", params={"sector": "food", "village": "", "q": ""}).text


def test_one_enterprise_is_a_drawer_where_asked_and_a_page_of_its_own(client, two):
    drawer = client.get(f"/enterprises/{two[0]}", headers={"HX-Request": "true"}).text
    assert "<html" not in drawer
    assert "6×6×15 = 540" in drawer
    assert "作业条件危险性分析" in drawer
    in_english = client.get(f"/enterprises/{two[0]}", params={"lang": "en"}).text
    assert "Hazard of working conditions D=L×E×C" in in_english
    assert "作业条件危险性分析" not in in_english
    page = client.get(f"/enterprises/{two[1]}", params={"lang": "en"}).text
    assert "<html" in page
    assert "Nothing was assessed; not assessed is not low" in page
    assert client.get("/enterprises/999").status_code == 404


def test_the_dynamic_list_is_a_workbook_without_formulas_that_says_what_it_rests_on(client, two, deployment):
    answer = client.get("/enterprises/list.xlsx", params={"sector": "food"})
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    book = load_workbook(io.BytesIO(answer.content))
    lines = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(lines) == 2
    line = dict(zip(lines[0], lines[1], strict=True))
    assert line["单位名称"] == "'=1+1<b>厂"
    assert (line["现行等级"], line["基础等级"], line["检查间隔（月）"], line["是否逾期"]) == (
        "重大",
        "重大",
        1,
        "从未检查",
    )
    assert line["标准版本"] == "应急管理部令第10号"
    assert book.worksheets[0].cell(2, 2).data_type == "s"
    said = dict(book.worksheets[1].iter_rows(values_only=True))
    assert said["规则库指纹"] == deployment.books.packaged.fingerprint
    assert tells(said["性质"], "辅助研判的筛查意见，不替代法定评估")
    whole = load_workbook(io.BytesIO(client.get("/enterprises/list.xlsx?lang=en").content))
    assert [row[7] for row in whole.worksheets[0].iter_rows(min_row=2, values_only=True)] == ["Major", "Not assessed"]


def test_no_page_and_no_workbook_names_a_person_or_a_number(client, officer, deployment, two):
    with deployment.sessions.begin() as session:
        store.change_enterprise(session, two[0], {"contact_name": "甲某某", "contact_phone": "13800000000"})
    book = load_workbook(io.BytesIO(client.get("/enterprises/list.xlsx").content))
    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    said = [client.get("/enterprises").text, client.get(f"/enterprises/{two[0]}").text, *cells]
    assert not [text for text in said if "甲某某" in text or "13800000000" in text]


def test_exposures_are_looked_up_once_for_each_state_of_a_plant(officer, publish, deployment, monkeypatch):
    publish("flood", shapely.box(99.79, 39.32, 99.81, 39.34), grade=("高", 2, "flood4"))
    register(officer)
    asked = []
    monkeypatch.setattr("app.enterprises.exposure.check_sites", lambda *given, **_: asked.append(given))
    with deployment.sessions() as session:
        frame = store.read_enterprises(session)
        from app.platform.clock import today

        assert read_exposures(Work(session, deployment), frame, today())
    assert asked == []


def test_an_item_is_what_the_description_of_the_api_says(client, two):
    described = client.get("/openapi.json").json()["components"]["schemas"]["EnterpriseItem"]["properties"]
    item = client.get("/api/enterprises").json()["items"][0]
    assert set(item) == set(described)
    assert json.dumps(item)
