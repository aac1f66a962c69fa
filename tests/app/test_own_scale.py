"""How sure a verdict is: the answer of a check names what decides it where borders move, and the page and every paper say it."""

import pytest
import shapely

from app.http.i18n import in_language
from app.reports.findings import Sources
from app.reports.firmness import tell_firmness
from risk_model.rulebook import load_rulebook
from tests.app.conftest import site
from tests.app.opinions import full_answer
from tests.app.test_siting_check import in_degrees, in_metres
from tests.app.test_told_opinions import text_of

INSIDE = shapely.box(99.8000, 39.3000, 99.8010, 39.3008)
EXTREME = ("极高", 1, "flood4")
RULES = Sources(load_rulebook(), {}).rulebook


def strip(away_m, width_m=60.0):
    """Ground so far east of the site."""
    _, south, east, north = in_metres(INSIDE).bounds
    return in_degrees(shapely.box(east + away_m, south, east + away_m + width_m, north))


@pytest.fixture
def told(client, surveyed, publish):
    """The answer of a check of the site beside flooded ground that was surveyed at some scale."""

    def ask(*grounds, **of_zones):
        publish("flood", *grounds, grade=EXTREME, name="北沟", **of_zones)
        return client.post("/api/siting/check", json=site(INSIDE, "K4")).json()

    return ask


def words_of(answer, language="zh"):
    return [in_language(words, language) for words in tell_firmness(answer, RULES).told]


def test_a_check_names_the_zone_that_decides_where_its_borders_lie_elsewhere(told, client):
    answer = told(strip(12.0), scale=50_000)
    assert answer["verdict"] == "permitted"
    shifts = {one["shift_m"]: one for one in answer["sensitivity"]}
    assert {shift for shift, one in shifts.items() if "deciders" in one} == {20.0, 50.0}
    (decider,) = shifts[20.0]["deciders"]
    assert (decider["theme"], decider["name"], decider["verdict"]) == ("flood", "北沟", "prohibited")
    assert decider["distance_m"] == pytest.approx(12.0, abs=1e-3)
    own, mark = answer["own_scale"], f"{decider['zone']} v1"
    assert (own["outward"]["verdict"], own["inward"]["verdict"]) == ("prohibited", "permitted")
    assert own["outward"]["deciders"] == [decider]
    assert [(one["zone"], one["scale"], one["error_m"]) for one in own["errors"]] == [(decider["zone"], 50_000, 25.0)]
    number = answer["record"]["number"]
    for language, sentences in {
        "zh": [
            f"若边界外移 20 m、50 m：北沟（{mark}，洪水） → 触发禁止性规则",
            "区划自身误差按图上 0.5 毫米计：1:50,000 为 25 m",
        ],
        "en": [f"Borders 20 m, 50 m further out: 北沟 ({mark}, Flood) → Prohibitive rule triggered"],
    }.items():
        assert [one for one in sentences if one not in words_of(answer, language)] == []
        page = "".join(text_of(client.get(f"/api/siting/checks/{number}/report.html?lang={language}").text).split())
        assert [one for one in words_of(answer, language) if "".join(one.split()) not in page] == []


def test_a_zones_own_scale_goes_before_that_of_its_layer(told):
    answer = told(strip(12.0), scale=50_000, attributes={"scale": 10_000})
    assert answer["own_scale"]["outward"]["verdict"] == "permitted"
    assert [one["error_m"] for one in answer["own_scale"]["errors"]] == []
    assert words_of(answer)[-1] == "各区划按自身误差移动，结论不变"


@pytest.mark.parametrize("of_zones", [{}, {"scale": 250_000}])
def test_a_scale_nobody_told_or_too_coarse_a_one_makes_no_verdict_firm(told, of_zones):
    answer = told(strip(12.0), **of_zones)
    own = answer["own_scale"]
    assert (own["outward"]["verdict"], own["inward"]["verdict"]) == (None, "permitted")
    (unscaled,) = own["unscaled"]
    mark = f"北沟（{unscaled['zone']} v1，洪水）"
    assert words_of(answer)[-2:] == ["按自身误差外移的结论不能确定", f"比例尺未注明或粗于 1:100,000：{mark}"]
    far = answer | {"sensitivity": [one for one in answer["sensitivity"] if "deciders" not in one]}
    assert in_language(tell_firmness(far, RULES).words, "zh") == "有区划比例尺不明，结论是否稳定不能确定"


def test_more_deciders_than_are_named_are_counted(told):
    answer = told(*(strip(12.0 + n, 0.8) for n in range(7)), scale=10_000)
    shift = next(one for one in answer["sensitivity"] if one["shift_m"] == 20.0)
    assert [round(one["distance_m"]) for one in shift["deciders"]] == [12, 13, 14, 15, 16]
    assert shift["deciders_more"] == 2
    assert words_of(answer)[0].count("北沟") == 5


def test_a_check_from_before_is_told_as_it_was():
    older = full_answer()
    older.pop("own_scale", None)
    older["sensitivity"] = [{key: one[key] for key in ("shift_m", "verdict")} for one in older["sensitivity"]]
    assert tell_firmness(older, RULES).told == ()
