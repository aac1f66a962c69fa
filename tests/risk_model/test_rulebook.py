"""The rulebook: loaded, checked, fingerprinted, asked."""

import json
import pickle
import re
import tomllib

import pytest

from risk_model.errors import InvalidRule, UnknownGrade, UnknownHazard, UnknownScheme
from risk_model.rulebook import document_of, load_rulebook, packaged_rules
from risk_model.rulebook.grades import PATTERNS
from risk_model.rulebook.loader import texts_under
from risk_model.vocabulary import BasisKind, Product, ProjectClass
from tests.risk_model.ground import BOOK
from tests.saying import refusing

HAZARDS = [
    *("geological", "declared_geological", "flood", "flash_flood", "dam_break", "river_management", "fault"),
    *("earthquake", "wildfire", "meteorological", "hazmat_distance", "protection_corridor", "composite"),
]
SCHEMES = {
    "geo4": "极高 高 中 低",
    "flood4": "极高 高 中 低",
    "flash3": "极高危险 高危险 危险",
    "met4": "高 较高 较低 低",
    "met5": "高 较高 中 较低 低",
    "fire5": "高 中高 中 中低 低",
    "quake5": "高 中高 中 中低 低",
    "comp5": "高 中高 中 中低 低",
    "prev3": "重点 次重点 一般",
}


def changed(path, old, new):
    texts = packaged_rules()
    assert old in texts[path]
    return texts | {path: texts[path].replace(old, new, 1)}


def test_the_thirteen_hazards_are_there_in_theme_order():
    assert list(BOOK.hazards) == HAZARDS
    assert [hazard.order for hazard in BOOK.hazards.values()] == sorted({h.order for h in BOOK.hazards.values()})
    ungraded = {key for key, hazard in BOOK.hazards.items() if not hazard.graded}
    assert ungraded == {
        "declared_geological",
        "river_management",
        "hazmat_distance",
        "protection_corridor",
        "fault",
        "dam_break",
    }


@pytest.mark.parametrize("key", SCHEMES)
def test_schemes_name_their_grades_worst_first(key):
    assert [look.name for look in BOOK.scheme(key).grades] == SCHEMES[key].split()


@pytest.mark.parametrize("scheme", BOOK.schemes.values(), ids=BOOK.schemes)
def test_no_two_grades_of_a_scheme_look_alike_and_low_is_never_green(scheme):
    assert len({look.colour for look in scheme.grades}) == len({look.pattern for look in scheme.grades}) == len(scheme)
    for look in scheme.grades:
        red, green, blue = (int(look.colour[at : at + 2], 16) for at in (1, 3, 5))
        assert not (green > red and green > blue)
        assert look.pattern in PATTERNS
    assert scheme.grades[0].colour == "#c8372d"
    assert [look.fill_opacity for look in scheme.grades] == sorted(
        (look.fill_opacity for look in scheme.grades), reverse=True
    )


def test_a_default_scheme_stands_for_every_product_of_every_hazard():
    assert BOOK.default_scheme("meteorological", "hazard") == "met4"
    assert BOOK.default_scheme("meteorological", "risk_crop") == "met5"
    assert BOOK.default_scheme("geological", "zoning_prevention") == "prev3"
    assert BOOK.default_scheme("fault", "risk_gdp") == "quake5"
    for hazard in BOOK.hazards.values():
        assert all(BOOK.default_scheme(hazard.key, product) in hazard.schemes for product in Product)


@pytest.mark.parametrize(
    ("word", "scheme", "score"),
    [
        ("较高", "met4", 0.75),
        ("较高", "met5", 0.8),
        ("中高", "comp5", 0.8),
        ("极高", "geo4", 1.0),
        ("低", "geo4", 0.25),
    ],
)
def test_a_grade_word_scores_by_its_scheme(word, scheme, score):
    assert BOOK.score(BOOK.read_grade(scheme, word)) == pytest.approx(score)


@pytest.mark.parametrize(
    "word", ["Ⅰ", "Ⅰ级", "一级", "1", "１", "I级", "极高", "极高风险区", " 极高 易发区 ", "VH", "vh"]
)
def test_every_way_of_writing_the_worst_grade_is_understood(word):
    assert BOOK.read_grade("geo4", word).rank == 1


@pytest.mark.parametrize("word", ["H", "高风险", "高风险区", "1级", "Ｈ"])
def test_high_is_the_worst_of_composite_risk(word):
    assert BOOK.read_grade("comp5", word).rank == 1


def test_capitals_and_small_letters_are_both_in_the_words_of_a_scheme():
    words = BOOK.grade_words("geo4")
    assert words["H"] == words["h"] == BOOK.grade("geo4", 2)


def test_relatively_high_is_mid_high_only_where_there_are_five_grades():
    assert BOOK.read_grade("met5", "中高") == BOOK.read_grade("met5", "较高")
    assert BOOK.read_grade("fire5", "较低").name == "中低"
    for word in ("中高", "中低"):
        with refusing(UnknownGrade, match="met4"):
            BOOK.read_grade("met4", word)


@pytest.mark.parametrize("word", ["未评估", "", "  ", "资料不足", "-", "NULL"])
def test_words_for_not_assessed_are_no_grade(word):
    assert BOOK.read_grade("geo4", word) is None


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda: BOOK.read_grade("geo4", "非常高"), UnknownGrade),
        (lambda: BOOK.grade("geo4", 5), UnknownGrade),
        (lambda: BOOK.grade("geo4", 0), UnknownGrade),
        (lambda: BOOK.grade_words("geo9"), UnknownScheme),
        (lambda: BOOK.default_scheme("sinkhole", "hazard"), UnknownHazard),
    ],
)
def test_the_unknown_is_refused_by_name(ask, error):
    with pytest.raises(error):
        ask()


def test_the_fingerprint_is_blind_to_typing_and_file_order():
    texts = packaged_rules()
    shuffled = dict(reversed([(path, f"# a remark\n\n{text}\n") for path, text in texts.items()]))
    assert load_rulebook(shuffled).fingerprint == BOOK.fingerprint
    assert len(BOOK.fingerprint) == 64


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("siting.toml", "tolerance = 0.001", "tolerance = 0.002"),
        ("hazards/flood.toml", "valid_from = 2024-01-01", "valid_from = 2024-01-02"),
        ("grades.toml", "#c8372d", "#c8372e"),
    ],
)
def test_the_fingerprint_sees_every_change_of_content(path, old, new):
    assert load_rulebook(changed(path, old, new)).fingerprint != BOOK.fingerprint


def test_a_rulebook_travels_to_another_process_unchanged():
    copy = pickle.loads(pickle.dumps(BOOK))
    assert copy == BOOK
    assert hash(copy) == hash(BOOK)
    assert BOOK != "rulebook"


def test_a_rulebook_cannot_be_changed():
    with pytest.raises(AttributeError):
        BOOK.version = "x"
    with pytest.raises(TypeError):
        BOOK.hazards["flood"] = None


def test_the_document_tells_a_reviewer_what_every_rule_rests_on():
    document = json.loads(json.dumps(document_of(BOOK), ensure_ascii=False))
    assert document["fingerprint"] == BOOK.fingerprint
    assert {hazard["key"] for hazard in document["hazards"]} == set(HAZARDS)
    for rule in document["rules"]:
        assert rule["valid_from"]
        assert rule["products"]
        kinds = {cell["basis_kind"] for cell in rule["verdicts"].values()} - {None}
        grounds = {ground["basis_kind"] for ground in rule["grounds"]}
        assert kinds <= grounds <= set(BasisKind)
        assert all(g["basis"] and g["source"] and g["confidence"] and g["valid_from"] for g in rule["grounds"])
    assert "fault" in document["mandatory_themes"]["K4"]


def test_mandatory_themes_come_in_theme_order():
    for one in ProjectClass:
        mandatory = BOOK.mandatory_themes(one)
        assert list(mandatory) == sorted(mandatory, key=HAZARDS.index)
        assert {"geological", "declared_geological", "flood", "flash_flood"} <= set(mandatory)


def test_siting_reads_hazard_and_not_risk_where_people_live():
    assert BOOK.products_read("geological") == {"hazard", "susceptibility"}
    assert BOOK.products_read("composite") == {"hazard", "risk_all", "zoning_risk"}
    assert BOOK.products_read("earthquake") == frozenset()


def test_the_repealed_regulation_is_never_cited_without_its_last_day():
    cited = [ground for rule in BOOK.rules for ground in rule.grounds if "591号" in ground.basis]
    assert cited
    assert all(str(ground.valid_to) == "2026-04-30" for ground in cited)


WRONG = [
    ("siting.toml", 'K1 = "乙"', 'K1 = "戊"', "乙"),
    ("siting.toml", "shifts_m = [10, 20, 50]", "shifts_m = [20, 10]", "rising"),
    ("siting.toml", "shifts_m = [10, 20, 50]", "shifts_m = []", "rising"),
    ("siting.toml", "share = 0.001", "share = 1.5", "below 1"),
    ("siting.toml", "tolerance = 0.001", "tolerance = -1", "not below 0"),
    ("siting.toml", "tolerance = 0.001", "tolerance = true", "number"),
    ("siting.toml", "point_m = { K1 = 30", "point_m = { K1 = 0", "width"),
    ("siting.toml", '"dam_break", "fault"]', '"dam_brake"]', "dam_brake"),
    ("siting.toml", 'basis_kind = "default"', 'basis_kind = "habit"', "habit"),
    ("siting.toml", 'confidence = "medium"', 'certainty = "medium"', "confidence"),
    ("siting.toml", "valid_from = 2024-01-01", 'valid_from = "2024"', "date"),
    ("siting.toml", "[sliver]", "[sliver]\ncolour = 1", "colour"),
    ("siting.toml", 'name_zh = "学校', 'name = "学校', "name_zh"),
    ("grades.toml", "#c8372d", "red", "#c8372d"),
    ("grades.toml", 'pattern = "dots"', 'pattern = "stripes"', "stripes"),
    ("grades.toml", "fill_opacity = 0.56", "fill_opacity = 1.56", "between 0 and 1"),
    ("grades.toml", 'words = ["h"] }', 'words = ["h", "极高"] }', "one grade only"),
    ("grades.toml", 'look = "major"', 'look = "awful"', "awful"),
    ("grades.toml", 'suffixes = ["区"]', 'suffixes = "区"', "list of texts"),
    ("hazards/flood.toml", 'key = "flood"', 'key = "floods"', "hazards/floods.toml"),
    ("hazards/flood.toml", "graded = true", 'graded = "yes"', "true or false"),
    ("hazards/flood.toml", 'schemes = ["flood4"', 'schemes = ["flood5"', "flood5"),
    ("hazards/flood.toml", 'hazard = "flood4"', 'susceptibility2 = "flood4"', "susceptibility2"),
    ("hazards/fault.toml", 'hazard = "quake5"', 'zoning_risk = "quake5"', "product 'hazard'"),
    ("hazards/flood.toml", 'colour = "#2f6fa8"', 'colour = "blue"', "blue"),
    ("hazards/flood.toml", 'name_zh = "洪水"', "name_zh = 3", "text"),
    ("hazards/flood.toml", 'K1 = "F-D"', 'K1 = "F"', "F-L"),
    ("hazards/flood.toml", 'K6 = "A"', 'K6 = "A-D"', "F-L"),
    ("hazards/flood.toml", 'K1 = "F-D"', 'K1 = "F-S"', "nothing to cite"),
    ("hazards/flood.toml", "valid_to = 2026-04-30", "valid_to = 2026-04-29", "2026-04-30"),
    ("hazards/flood.toml", "valid_to = 2026-04-30", "valid_to = 2011-01-01", "before"),
    ("hazards/flood.toml", 'grades = { flood4 = ["极高"] }', 'grades = { flood4 = ["特大"] }', "特大"),
    ("hazards/flood.toml", 'grades = { flood4 = ["极高"] }', 'grades = { flood9 = ["极高"] }', "flood9"),
    ("hazards/flood.toml", 'products = ["hazard"', 'products = ["hazards"', "hazards"),
    ("hazards/flood.toml", 'relation = "intersects"', 'relation = "near"', "near"),
    ("hazards/flood.toml", "{grade}", "{colour}", "colour"),
    ("hazards/flood.toml", "{grade}", "{grade", "brace"),
    ("hazards/flood.toml", 'id = "FLD-HIGH"', 'id = "FLD-MED"', "its own"),
    ("hazards/dam_break.toml", 'operator = "at_most"', 'operator = "around"', "around"),
    ("hazards/dam_break.toml", 'attribute = "arrival_min"', 'attribute = "arrival"', "arrival"),
    ("hazards/dam_break.toml", "conditions = [{", "conditions = 3 #", "list of tables"),
    ("hazards/fault.toml", "intensity = 8\n", "intensity = 10\n", "rising order"),
    ("hazards/fault.toml", '"丁" = "none"', '"丁" = "never"', "never"),
    ("hazards/fault.toml", '"乙" = 200', '"乙" = -200', "not below 0"),
    ("hazards/flood.toml", "[default_schemes]", "[default_schemes", "no TOML"),
]


@pytest.mark.parametrize(("path", "old", "new", "told"), WRONG, ids=[f"{w[0]} {w[2]}" for w in WRONG])
def test_a_wrong_rule_file_is_refused_with_its_name_and_the_mend(path, old, new, told):
    with refusing(InvalidRule, match=re.escape(told)) as refusal:
        load_rulebook(changed(path, old, new))
    assert path in str(refusal.value)


def test_a_table_where_something_else_stands_is_refused():
    texts = packaged_rules()
    with refusing(InvalidRule, match="table"):
        load_rulebook(texts | {"siting.toml": "version = 'x'\nclasses = 3\nfootprint = 4\n"})
    with refusing(InvalidRule, match="2 to 5 grades"):
        load_rulebook(texts | {"grades.toml": texts["grades.toml"].split('  { name = "次重点"')[0] + "]\n"})
    with refusing(InvalidRule, match="list of tables"):
        load_rulebook(texts | {"hazards/earthquake.toml": "rules = 3\n" + texts["hazards/earthquake.toml"]})


def test_a_missing_file_is_named():
    texts = packaged_rules()
    del texts["siting.toml"]
    with refusing(InvalidRule, match=r"siting\.toml"):
        load_rulebook(texts)


def test_a_deployment_may_add_a_hazard_and_files_for_other_parts():
    dust = (
        packaged_rules()["hazards/earthquake.toml"]
        .replace('"earthquake"', '"dust"')
        .replace("order = 80", "order = 85")
    )
    book = load_rulebook(packaged_rules() | {"hazards/dust.toml": dust, "dispatch.toml": "turnout_s = 60"})
    assert list(book.hazards)[8] == "dust"
    assert book.documents["dispatch"] == {"turnout_s": 60}


def test_a_deployment_may_keep_files_beside_the_rules_that_are_no_rules(tmp_path):
    (tmp_path / "hazards").mkdir()
    (tmp_path / "hazards" / "flood.toml").write_text("x = 1", encoding="utf-8")
    (tmp_path / "README.md").write_text("read me", encoding="utf-8")
    assert dict(texts_under(tmp_path)) == {"hazards/flood.toml": "x = 1"}


def test_every_packaged_file_is_read():
    for path, text in packaged_rules().items():
        assert BOOK.documents[path.removesuffix(".toml")] == tomllib.loads(text)


def test_a_book_from_before_kinds_of_buildings_were_told_apart_is_read_on():
    """A deployment that judged by it is brought to this version, and what was judged by it is judged again."""
    texts = packaged_rules()
    before, kinds, after = re.split(r"(?ms)^(\[building_types\].*?)(?=^\[(?!building_types)|\Z)", texts["siting.toml"])
    assert "project_class" in kinds
    earlier = load_rulebook({**texts, "siting.toml": before + after})
    assert earlier.terms.building_types == {}
    assert earlier.fingerprint != BOOK.fingerprint
