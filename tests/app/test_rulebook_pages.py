"""The rulebook as anybody reads it: every rule with its basis, in both languages, found, contested, changed by forms."""

import re

import pytest

from app.main import create_app
from app.platform.principals import Role
from app.rulebook.rule_view import RuleFilter, read_articles
from risk_model.rulebook import load_rulebook
from tests.app.test_rulebook_versions import BACKING, WIDER, as_, forest, put_in_force  # noqa: F401
from tests.app.visitors import add_account, browser, sign_in
from tests.risk_model.ground import ON
from tests.saying import tells

CHINESE = re.compile(r"[\u4e00-\u9fff]")
BOOK = load_rulebook()
EVERYTHING = read_articles(BOOK, ON)


def shown(page: str) -> set[str]:
    return set(re.findall(r'class="rule" id="([^"]+)"', page))


def asked(**fields) -> set[str]:
    return {one.id for one in EVERYTHING if RuleFilter(**fields).speaks(one)}


def test_every_rule_and_every_threshold_stands_on_the_page_with_its_basis(client):
    page = client.get("/rulebook").text
    assert shown(page) == {one.id for one in EVERYTHING}
    tables = {f"{name}.{key}" for name in ("siting", "grading", "grades") for key in BOOK.documents[name]}
    assert {one.id for one in EVERYTHING} >= {rule.id for rule in BOOK.rules} | {
        t for t in tables if "version" not in t
    }
    for rule in BOOK.rules:
        for ground in rule.grounds:
            assert ground.basis in page
    for words in ("50 m", "国务院令第394号", "可信度高", "2004-03-01", "本系统默认", "法律法规"):
        assert words in page


def test_a_folded_table_asks_for_its_numbers_and_an_open_one_has_them(client):
    folded = client.get("/rulebook?lang=zh").text
    asked_for = re.findall(r'hx-get="(/rulebook/rules/([^"/]+)/values)" hx-trigger="toggle', folded)
    assert {mark for _, mark in asked_for} == {
        one.id for one in EVERYTHING if one.numbers("zh") or one.id == "grades.schemes"
    }
    assert "<table" not in folded
    for address, mark in asked_for[::9]:
        fragment = client.get(f"{address}?lang=zh").text
        assert ("<table" in fragment, "<html" in fragment) == (True, False), mark
        assert fragment.strip() in client.get("/rulebook", params={"q": mark, "lang": "zh"}).text
    assert client.get("/rulebook/rules/NO-SUCH/values").status_code == 404


def test_the_old_address_leads_to_the_new_one_and_keeps_what_was_asked(client):
    answer = client.get("/rules?hazard=flood&rank=1", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, "/rulebook?hazard=flood&rank=1")


def test_rules_are_found_by_the_zone_they_read(client):
    page = client.get(
        "/rulebook", params={"hazard": "flood", "product": "hazard", "scheme": "flood4", "rank": "1"}
    ).text
    assert shown(page) == {"FLD-EXTREME"}
    assert tells(
        client.get("/rulebook", params={"hazard": "flood", "product": "risk_gdp"}).text,
        "没有规则读取这类区划：不因此限制，但筛查仍会列出全部重叠。",
    )
    assert "<script>x" not in client.get("/rulebook", params={"product": "<script>x", "q": "<script>x"}).text


def test_htmx_is_answered_with_the_list_alone(client):
    fragment = client.get("/rulebook?kind=law", headers={"HX-Request": "true"}).text
    assert "<html" not in fragment
    assert shown(fragment) == asked(kind="law")


def test_a_search_narrows_by_kind_confidence_class_and_words():
    assert "RIV-SCOPE" in asked(kind="law") - asked(kind="default")
    assert asked(kind="local") == set()
    assert asked(confidence="low") >= {"FLT-CHEM", "grading.weights"}
    assert "GEO-LOW" in asked(project_class="K1") - asked(project_class="K2")
    assert asked(project_class="K1") >= {"siting.mandatory", "siting.footprint"}
    assert asked(q="防洪法") == {"RIV-SCOPE", "RIV-WORKS", "regional_assessments.flood"} <= asked(q="Flood Control Law")
    assert asked(q="no such words") == set()
    assert asked(rank="not a number") == asked()
    assert asked(hazard="no-such") == set()
    of_any = next(rule for rule in BOOK.rules if rule.grades is None)
    assert of_any.id in asked(hazard=of_any.hazard, scheme="geo4", rank="3")


def test_every_part_of_the_rulebook_is_called_by_a_name(client):
    contents = client.get("/rulebook?lang=zh").text.partition('class="contents"')[2].partition("</nav>")[0]
    assert contents
    assert re.findall(r">([a-z_]+)</a>", contents) == []


def test_a_rule_not_yet_in_force_is_not_shown():
    early = read_articles(BOOK, ON.replace(year=1990))
    assert not [one for one in early if one.rule]


def test_english_pages_are_english_but_for_the_titles_of_laws(client):
    for path in (
        "/rulebook",
        "/rulebook/rules/FLD-HIGH",
        "/rulebook/rules/OBJ-PLACE-TRUNK",
        "/rulebook/rules/siting.mandatory",
        "/rulebook/versions/1",
    ):
        page = client.get(f"{path}?lang=en").text
        body = re.sub(r"<script.*?</script>", "", page[page.index("<main") :], flags=re.DOTALL)
        left = {
            text.strip()
            for text in re.findall(r">([^<]+)<", body)
            if CHINESE.search(re.sub(r"（[^）]*）|\([^)]*\)|[甲乙丙丁]", "", text))
        }
        words = set(BOOK.documents["grading"]["fragility"]["words"]) | names_of_lists()
        spoken = {word for scheme in BOOK.schemes.values() for look in scheme.grades for word in (look.name,)}
        assert {text for text in left if not any(known in text for known in words | spoken | SPELLINGS)} == set(), path


def names_of_lists() -> set[str]:
    """What chemicals, documents and words of warnings are called stays as it is called, like the titles of laws."""
    found: set[str] = set()

    def gather(value: object) -> None:
        if isinstance(value, str):
            found.update(part for part in (value, *value.split("、")) if CHINESE.search(part))
        elif isinstance(value, dict):
            for key, inner in value.items():
                if key not in {"basis", "source"}:
                    gather(inner)
        elif isinstance(value, list | tuple):
            for inner in value:
                gather(inner)

    for name in ("hazardous_chemicals", "enterprises", "chains", "guidance"):
        gather(BOOK.documents[name])
    gather(list(BOOK.documents["grading"]["people"]["not_lived_in"]))
    return found


SPELLINGS = {"未评估", "未评价", "一级", "1级", "区", "危险", "风险", "防治"}
"""Words deliveries use for grades stay as they are spelt."""


def test_each_packaged_rule_says_everything_in_english():
    for rule in BOOK.rules:
        assert bool(rule.message) == bool(rule.message_en)
        assert bool(rule.note) == bool(rule.note_en)
        assert len(rule.procedure) == len(rule.procedure_en)
        assert all(ground.basis_en and ground.source_en for ground in rule.grounds)
        assert rule.avoidance is None or (rule.avoidance.study_message_en and rule.avoidance.study_basis_en)
        placed = [re.findall(r"\{(\w+)", text) for text in (rule.message, rule.message_en)]
        assert set(placed[1]) <= set(placed[0])
    for scheme in BOOK.schemes.values():
        assert all(look.name_en for look in scheme.grades)
    for article in EVERYTHING:
        assert bool(article.backing.get("basis")) == bool(article.backing.get("basis_en")), article.id


def test_a_rule_has_an_address_that_tells_what_it_decides(client, as_, forest):  # noqa: F811
    page = client.get("/rulebook/rules/FIR-NEAR").text
    assert tells(page, "没有登记项目触发这条规则。")
    assert tells(page, "本部署从未改动。")
    put_in_force(as_, WIDER)
    page = client.get("/rulebook/rules/FIR-NEAR").text
    assert "&lt;b&gt;林边小学" in page
    assert "<b>林边小学" not in page
    assert tells(page, "起决定作用")
    assert BACKING["basis"] in page
    assert "<del>50</del> → <b>80</b>" in page
    assert 'href="/rulebook/versions/2"' in page
    companion = client.get("/rulebook/rules/FIR-NEAR-LOCAL", follow_redirects=False)
    assert companion.headers["location"] == "/rulebook/rules/FIR-NEAR"
    assert client.get("/rulebook/rules/NO-SUCH").status_code == 404
    assert "FIR-NEAR" in shown(client.get("/rulebook?kind=local").text)


@pytest.fixture
def desk(deployment):
    """Browsers of an officer and of an approver, signed in."""
    app, visitors = create_app(deployment, loopback=True), {}
    for name, role in (("wang", Role.OFFICER), ("zhao", Role.APPROVER)):
        add_account(deployment, name, role)
        visitors[name] = browser(app)
        visitors[name].csrf = sign_in(visitors[name], name).json()["csrf"]
        del visitors[name].headers["X-CSRF-Token"]
    return visitors


def typed(**fields) -> dict[str, str]:
    return {"reason": "林缘加宽", "field": "metres", "value": "80", **BACKING, **fields}


def test_a_change_goes_through_the_forms_of_two_people(desk, deployment, forest):  # noqa: F811
    officer, approver = desk["wang"], desk["zhao"]
    assert 'name="value"' in officer.get("/rulebook/rules/FIR-NEAR/propose").text
    assert approver.get("/rulebook/rules/FIR-NEAR/propose").status_code == 403
    assert officer.post("/rulebook/rules/FIR-NEAR/propose", data=typed()).status_code == 403
    fragment = officer.post("/rulebook/rules/FIR-NEAR/preview", data=typed(csrf=officer.csrf)).text
    assert tells(
        fragment, "按同一套筛查函数，用现行区划重新判断全部 %(count)s 个登记项目：%(flipped)s 个结论改变。", flipped=1
    )
    assert not tells(officer.get("/rulebook/proposals").text, "第 %(number)s 号", number=1)
    made = officer.post("/rulebook/rules/FIR-NEAR/propose", data=typed(csrf=officer.csrf))
    assert (made.status_code, made.headers["location"]) == (303, "/rulebook/proposals/1")
    page = approver.get("/rulebook/proposals/1").text
    assert tells(page, "批准并发布为新版本")
    assert not tells(officer.get("/rulebook/proposals/1").text, "批准并发布为新版本")
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1].replace("&#34;", '"')
    stale = approver.post("/rulebook/proposals/1/approve", data={"csrf": approver.csrf, "seen": '"old"'})
    assert stale.status_code == 412
    assert tells(stale.text, "这件事在您查看之后已经变化；请重新查看后再决定")
    done = approver.post("/rulebook/proposals/1/approve", data={"csrf": approver.csrf, "seen": seen})
    assert done.headers["location"] == "/rulebook/versions/2"
    version = officer.get("/rulebook/versions/2").text
    assert "wang → zhao" in version
    assert "<del>50</del>" in version
    undone = officer.post("/rulebook/rules/FIR-NEAR/undo", data={"csrf": officer.csrf, "field": "metres"})
    assert undone.headers["location"] == "/rulebook/proposals/2"
    back = officer.post("/rulebook/versions/1/restore", data={"csrf": officer.csrf, "reason": "恢复"})
    assert back.headers["location"] == "/rulebook/proposals/3"
    assert tells(approver.get("/rulebook/proposals/3").text, "恢复到第 %(number)s 版", number=1)
    again = officer.post("/rulebook/versions/2/restore", data={"csrf": officer.csrf, "reason": "恢复"})
    assert again.status_code == 409
    assert tells(again.text, "提议与现行规则库没有差别；请检查新值")


def test_a_refused_change_comes_back_with_the_reason_and_what_was_typed(desk):
    officer = desk["wang"]
    answer = officer.post(
        "/rulebook/rules/RIV-SCOPE/propose", data=typed(csrf=officer.csrf, field="verdicts.K4", value="论")
    )
    assert answer.status_code == 422
    assert "RIV-SCOPE" in answer.text
    assert tells(answer.text, "“{name}”以法律法规为据，本地只能收紧，不能放宽")
    assert BACKING["basis"] in answer.text
    english = officer.post(
        "/rulebook/rules/RIV-SCOPE/propose?lang=en", data=typed(csrf=officer.csrf, field="verdicts.K4", value="A")
    )
    assert "never milder" in english.text
    empty = officer.post("/rulebook/rules/FIR-NEAR/propose", data=typed(csrf=officer.csrf, basis=""))
    assert empty.status_code == 422
    assert "basis" in empty.text
    for wrong in ("metres2", ""):
        answer = officer.post("/rulebook/rules/FIR-NEAR/propose", data=typed(csrf=officer.csrf, field=wrong))
        assert answer.status_code == 422


def test_returning_and_withdrawing_by_forms(desk):
    officer, approver = desk["wang"], desk["zhao"]
    for number in (1, 2):
        officer.post("/rulebook/rules/FIR-NEAR/propose", data=typed(csrf=officer.csrf))
        seen = re.search(r'"seen" value="([^"]+)"', officer.get(f"/rulebook/proposals/{number}").text)[1]
        seen = seen.replace("&#34;", '"')
        if number == 1:
            silent = {"csrf": approver.csrf, "seen": seen}
            assert approver.post("/rulebook/proposals/1/return", data=silent).status_code == 422
            approver.post("/rulebook/proposals/1/return", data={**silent, "comment": "<i>请附纪要</i>"})
            assert "&lt;i&gt;请附纪要" in officer.get("/rulebook/proposals/1").text
        else:
            officer.post("/rulebook/proposals/2/withdraw", data={"csrf": officer.csrf, "seen": seen})
            assert tells(officer.get("/rulebook/proposals/2").text, "已撤回")


def test_a_local_rule_is_proposed_by_its_form(desk, as_, forest):  # noqa: F811
    officer = desk["wang"]
    assert "LOC-" in officer.get("/rulebook/add-rule").text
    form = {
        "csrf": officer.csrf, "id": "loc-school", "hazard": "wildfire", "relation": "within_m", "metres": "60",
        "products": ["hazard"], "grades": ["fire5/高"], "K2": "F", "message": "距林缘不足", "procedure": "踏勘、论证",
        "reason": "校园安全", **BACKING,
    }  # fmt: skip
    refused = officer.post("/rulebook/add-rule", data={**form, "products": ["risk_gdp"]})
    assert refused.status_code == 422
    assert tells(refused.text, "只能读取该灾种规则已读取的成果；多读一种成果会把它的范围也算作已调查")
    made = officer.post("/rulebook/add-rule", data=form)
    assert made.status_code == 303
    page = officer.get(made.headers["location"]).text
    assert "LOC-SCHOOL" in page
    assert tells(
        page, "按同一套筛查函数，用现行区划重新判断全部 %(count)s 个登记项目：%(flipped)s 个结论改变。", flipped=1
    )


@pytest.mark.parametrize(
    ("mark", "path", "text", "read"),
    [
        ("FLD-HIGH", "verdicts.K1", "禁", "F"),
        ("FLD-HIGH", "verdicts.K1", "a", "A"),
        ("FLD-HIGH", "procedure", "一、二，三\n四", ["一", "二", "三", "四"]),
        ("FIR-NEAR", "metres", " 80.5 ", 80.5),
        ("FIR-NEAR", "metres", "八十", "八十"),
        ("siting.sensitivity", "shifts_m", "10、20、50、80", [10, 20, 50, 80]),
        ("grading.hazards", "flood.mandatory", "否", False),
        ("grading.hazards", "flood.mandatory", "也许", "也许"),
        ("FLT-AVOID", "avoidance.rows.8.distances.丁", "100", 100),
        ("FLT-AVOID", "avoidance.rows.8.distances.丁", "study", "study"),
    ],
)
def test_values_are_read_in_the_kind_of_the_old_one(mark, path, text, read):
    from app.rulebook.forms import value_typed
    from risk_model.rulebook import articles_of, packaged_rules, read_documents

    assert value_typed(articles_of(read_documents(packaged_rules()))[mark], path, text) == read
