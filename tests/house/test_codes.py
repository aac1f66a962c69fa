"""Codes: one file says what every enumerated word is called; a second table of them anywhere fails here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import get_args

import pytest

from app.accounts.schemas import DemoRole
from app.dispatch.assignment_schemas import Addressee, AssignmentState, Step, Verb
from app.dispatch.connectivity_schemas import ConnectivityCode
from app.dispatch.contact_schemas import ContactRole
from app.dispatch.coverage_schemas import Standard
from app.dispatch.incident_schemas import IncidentLevel, IncidentState, LogAct, ShiftedSystem
from app.dispatch.planning_schemas import ForceKind, LossOf, Objection
from app.dispatch.report_schemas import ReportKind
from app.dispatch.schemas import Condition, Incident, IncidentPlaceWord, Level, PassedOver, TimeWord, Unreachable
from app.dispatch.shelter_schemas import ShelterPassedOver, ShelterTerm
from app.enterprises.schemas import Sector
from app.hidden_dangers.schemas import Channel, FirstState, Supervision
from app.judgement.response_schemas import ResponseUnknown
from app.places.schemas import Kind as PlaceKind
from app.platform.principals import Role
from app.reports.deliveries import State as DeliveryState
from app.trials.schemas import UnitWord
from app.zones.draft_schemas import DraftState, EditOp, ZoneChange
from app.zones.renewal_schemas import LocalEditState, Side
from gis_layers.exchange import Secrecy
from gis_layers.stores.jobs import JobState
from gis_layers.stores.runs import GradingProduct, UnitKind
from risk_model import conditions, incidents, vocabulary
from risk_model.codes import code_name, enumeration, enumerations, folded, read_enumeration
from risk_model.decisions import APPROVAL, HIDDEN_DANGER, life_of
from risk_model.dispatch import Access
from risk_model.editing.authority import DocumentKind, DraftStanding, GovernmentLevel, GroundKind, GroundStanding
from risk_model.editing.comparing import DifferenceState
from risk_model.editing.fixes import FixWay
from risk_model.editing.problems import ProblemKind, ProblemLevel
from risk_model.editing.renewal import ChangedPart
from risk_model.enterprises.colours import METHODS
from risk_model.operators import COMPARISONS
from risk_model.reviews import vocabulary as review_words
from risk_model.rulebook import load_rulebook
from risk_model.rulebook.chains import PROBABILITIES
from risk_model.rulebook.entries import CONFIDENCES
from risk_model.rulebook.fields import Direction
from risk_model.rulebook.loader import packaged_rules
from risk_model.rulebook.rules import ATTRIBUTES, MESSAGE_WORDS, RELATIONS
from risk_model.siting.cuts import NoCut

ROOT = Path(__file__).parents[2]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SENTENCE = re.compile(r"\{|%\(|[。；，]")
"""What is put together with values, or has a full stop, is a sentence and names no code."""

ENUMS: dict[type[StrEnum], str] = {
    vocabulary.Verdict: "verdict",
    vocabulary.ThemeStatus: "theme_status",
    vocabulary.BasisKind: "basis_kind",
    vocabulary.Product: "product",
    vocabulary.ProjectClass: "project_class",
    vocabulary.SeismicClass: "seismic_class",
    vocabulary.Colour: "colour",
    vocabulary.CorridorKind: "corridor_kind",
    vocabulary.DangerState: "danger_state",
    review_words.ReviewStage: "review_stage",
    review_words.ReviewRoute: "review_route",
    review_words.ReviewDepartment: "review_department",
    review_words.DepartmentStanding: "department_standing",
    review_words.ReviewState: "review_state",
    review_words.ReviewObjection: "review_objection",
    NoCut: "no_cut",
    review_words.ReviewDocumentKind: "review_document",
    review_words.ReviewNoticeState: "review_notice_state",
    incidents.IncidentKind: "incident_kind",
    incidents.RescueLevel: "rescue_level",
    incidents.IncidentPlace: "incident_place",
    incidents.TimeOfDay: "time_of_day",
    incidents.Capability: "capability",
    incidents.RoadClass: "road_class",
    conditions.Bearing: "bearing",
    Role: "role",
    Secrecy: "secrecy",
    Direction: "direction",
}
LISTS = {
    "sector": get_args(Sector),
    "draft_state": get_args(DraftState),
    "zone_change": get_args(ZoneChange),
    "zone_edit": get_args(EditOp),
    "danger_channel": get_args(Channel),
    "supervision": get_args(Supervision),
    "place_kind": get_args(PlaceKind),
    "grading_unit": get_args(UnitKind),
    "grading_product": get_args(GradingProduct),
    "delivery_state": get_args(DeliveryState),
    "confidence": CONFIDENCES,
    "probability": PROBABILITIES,
    "relation": RELATIONS,
    "zone_attribute": ATTRIBUTES,
    "message_value": MESSAGE_WORDS,
    "comparison": COMPARISONS,
    "risk_method": METHODS,
    "job_state": get_args(JobState),
    "incident_kind": get_args(Incident),
    "driving_condition": get_args(Condition),
    "rescue_level": get_args(Level),
    "incident_place": get_args(IncidentPlaceWord),
    "time_of_day": get_args(TimeWord),
    "passed_over": get_args(PassedOver),
    "coverage_standard": get_args(Standard),
    "force_kind": get_args(ForceKind),
    "loss_of": get_args(LossOf),
    "site_objection": get_args(Objection),
    "shelter_term": get_args(ShelterTerm),
    "shelter_passed_over": get_args(ShelterPassedOver),
    "unreachable": get_args(Unreachable),
    "site_access": get_args(Access),
    "response_unknown": get_args(ResponseUnknown),
    "assignment_state": get_args(AssignmentState),
    "authority": get_args(Verb),
    "addressee": get_args(Addressee),
    "incident_level": get_args(IncidentLevel),
    "incident_state": get_args(IncidentState),
    "dispatch_act": get_args(LogAct),
    "shifted_system": get_args(ShiftedSystem),
    "connectivity": get_args(ConnectivityCode),
    "contact_role": get_args(ContactRole),
    "report_kind": get_args(ReportKind),
    "ground_kind": get_args(GroundKind),
    "government_level": get_args(GovernmentLevel),
    "document_kind": get_args(DocumentKind),
    "draft_standing": get_args(DraftStanding),
    "ground_standing": get_args(GroundStanding),
    "zone_problem": get_args(ProblemKind),
    "problem_level": get_args(ProblemLevel),
    "zone_difference": get_args(DifferenceState),
    "changed_part": get_args(ChangedPart),
    "local_edit": get_args(LocalEditState),
    "delivery_side": get_args(Side),
    "zone_fix": get_args(FixWay),
}
"""Lists of codes that stand in the code for the type checker, by the enumeration they repeat."""
PARTS = {
    "assignment_state": get_args(Step),
    "role": get_args(DemoRole),
    "danger_state": get_args(FirstState),
    "grading_unit": get_args(UnitWord),
}

NOT_CODES = {
    "app/exchange/import_columns.py",
    "gis_layers/exchange/text/usual_headings.py",
    "risk_model/siting/neighbours.py",
}
"""Headings of columns, ours and other offices', which happen to be spelt as codes; and the words of opinions, which are judged again to
the byte and must not follow a renamed code."""


def tables_of(tree: ast.AST) -> Iterator[tuple[int, set[str]]]:
    """Line and keys of every table of a module that says words of its keys, or keys of its words."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            pairs = [(key, value) for key, value in zip(node.keys, node.values, strict=True) if key is not None]
            yield node.lineno, {code for key, value in pairs if _is_name(value) for code in _codes(key)}
            yield node.lineno, {code for key, value in pairs if _is_name(key) for code in _codes(value)}
        elif isinstance(node, ast.Tuple | ast.List):
            rows = [row.elts for row in node.elts if isinstance(row, ast.Tuple) and len(row.elts) > 1]
            yield node.lineno, {code for row in rows if any(map(_is_name, row[1:])) for code in _codes(row[0])}
        elif isinstance(node, ast.Call):
            yield node.lineno, {word.arg for word in node.keywords if word.arg and _is_name(word.value)}


def _codes(node: ast.AST) -> set[str]:
    """What a key may be as a code: a text, or a member of an enumeration."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    return {node.attr, node.attr.lower()} if isinstance(node, ast.Attribute) else set()


def _is_name(node: ast.AST) -> bool:
    """Whether a value is a name: a short Chinese text, also inside of a call such as ``msg`` or the first of a pair."""
    if isinstance(node, ast.Call):
        return any(isinstance(part, ast.Constant) and _is_name(part) for part in node.args)
    if isinstance(node, ast.Tuple):
        return any(isinstance(part, ast.Constant) and _is_name(part) for part in node.elts)
    text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
    return bool(CHINESE.search(text)) and not SENTENCE.search(text)


TOKEN = re.compile(
    r"""(?P<open>\{)|(?P<close>\})|(?P<key>[\w-]+|"[^"\n]*"|'[^'\n]*')\s*:(?!:)|(?P<text>"[^"\n]*"|'[^'\n]*')"""
)


ROW = re.compile(r"""[\[(]\s*["']([\w-]+)["'],\s*(?:_\()?["']([^"'\n]*)["']""")
"""A row of a table that begins with a code."""


def objects_in(text: str) -> Iterator[tuple[int, set[str]]]:
    """Line and keys of every object literal of a script or template that says words of its keys."""
    stack: list[tuple[int, dict[str, bool], str]] = []
    for token in TOKEN.finditer(text):
        if token["open"]:
            stack.append((text.count("\n", 0, token.start()) + 1, {}, ""))
        elif not stack:
            continue
        elif token["close"]:
            line, said, _ = stack.pop()
            yield line, {key for key, named in said.items() if named}
            if stack and any(said.values()):
                stack[-1][1][stack[-1][2]] = True
        elif token["key"]:
            stack[-1] = (*stack[-1][:2], token["key"].strip("\"'"))
        elif CHINESE.search(token["text"]) and not SENTENCE.search(token["text"]):
            stack[-1][1].setdefault(stack[-1][2], True)
    yield 1, {code for code, name in ROW.findall(text) if CHINESE.search(name) and not SENTENCE.search(name)}


def second_tables(file: str, found: Iterator[tuple[int, set[str]]]) -> set[str]:
    """Every table in ``file`` that names two or more codes of one enumeration."""
    return {
        f"{file}:{line} names codes of [{key}]"
        for line, keys in found
        for key, codes in enumerations().items()
        if len(keys & set(codes)) > 1 and file not in NOT_CODES
    }


def test_no_second_table_says_what_codes_are_called():
    told: set[str] = set()
    for room in ("app", "gis_layers", "risk_model"):
        for path in sorted((ROOT / room).rglob("*.py")):
            file = str(path.relative_to(ROOT))
            if not file.startswith(("gis_layers/migrations/", "gis_layers/demo/")):
                told |= second_tables(file, tables_of(ast.parse(path.read_text("utf-8"))))
    for folder, kind in (("static/js", "*.js"), ("app/templates", "*.html")):
        paths = sorted((ROOT / folder).rglob(kind))
        assert paths
        for path in paths:
            told |= second_tables(str(path.relative_to(ROOT)), objects_in(path.read_text("utf-8")))
    assert told == set()


@pytest.mark.parametrize(
    "source",
    [
        'X = {"chemical": "化工", "gas": "燃气"}',
        'X = {Verdict.PROHIBITED: msg("禁止"), Verdict.RESTRICTED: msg("论证")}',
        'X = {"化工": "chemical", "燃气": "gas"}',
        'X = (("enterprises", "企", "企业"), ("stations", "站", "站点"))',
        'X = dict(red="红", blue="蓝")',
        'X = {"red": ("红", "red"), "blue": ("蓝", "blue")}',
    ],
)
def test_a_second_table_in_python_is_found(source):
    assert second_tables("x.py", tables_of(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        'const X = { red: "红", blue: "蓝" };',
        'const X = {\n  stations: { sign: "站", title: "站点" },\n  shelters: { sign: "避", title: "避难" },\n};',
        '{{ {"law": "法", "standard": "标"}[kind] }}',
        '{{ {"F": _("禁"), "R": _("论")}[value[0]] }}',
        'const X = [\n  ["people", "人口"],\n  ["enterprises", "企业"],\n];',
        '{% for kind, title in (("village", _("按村")), ("grid", _("按格网"))) %}',
    ],
)
def test_a_second_table_in_a_script_or_template_is_found(source):
    assert second_tables("x.js", objects_in(source))


def test_sentences_and_other_tables_are_none():
    assert not second_tables(
        "x.py", tables_of(ast.parse('X = {"closes": "由 {number} 关闭", "expired": "{number} 已过期"}'))
    )
    assert not second_tables("x.js", objects_in('const X = { polygon: "逐点单击", line: "双击结束" };'))


@pytest.mark.parametrize(("members", "key"), ENUMS.items(), ids=lambda value: getattr(value, "__name__", value))
def test_every_member_of_the_vocabulary_stands_in_the_file_in_its_order(members, key):
    assert list(enumeration(key)) == [one.value for one in members]


def test_no_enumeration_of_the_vocabulary_is_left_out():
    known = {
        one
        for module in (vocabulary, conditions, review_words)
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, StrEnum) and one is not StrEnum
    }
    assert known - set(ENUMS) == set()


@pytest.mark.parametrize(("key", "members"), LISTS.items())
def test_lists_for_the_type_checker_repeat_the_file(key, members):
    assert set(enumeration(key)) == {str(one) for one in members}


@pytest.mark.parametrize(("key", "members"), PARTS.items())
def test_lists_of_some_codes_hold_codes(key, members):
    assert members
    assert set(members) <= set(enumeration(key))


def test_every_code_is_named_in_both_languages_and_in_each_by_that_language():
    for key, codes in enumerations().items():
        assert len(codes) > 1, key
        for code in codes.values():
            chinese, english = str(code.name), code.name.told("en", lambda template, _: template)
            assert chinese.strip(), f"{key}.{code.code}"
            assert english.strip(), f"{key}.{code.code}"
            assert not CHINESE.search(re.sub("[甲乙丙丁]", "", english)), f"{key}.{code.code}"


def test_no_two_codes_of_an_enumeration_are_called_alike():
    for key, codes in enumerations().items():
        for language in ("zh", "en"):
            names = [code.name.told(language, lambda template, _: template) for code in codes.values()]
            assert sorted(names) == sorted(set(names)), key


def test_whatever_is_written_for_a_code_is_read_as_that_code():
    for codes in enumerations().values():
        for code in codes.values():
            assert {codes.find(word) for word in code.written} == {code.code}
            assert codes.find(f" {str(code.name).upper()} ") == code.code
        assert codes.find("无此词") is None


def test_an_unknown_code_is_its_own_name():
    assert code_name("sector", "quarry") == "quarry"
    assert code_name("sector", "quarry").told("en", lambda template, _: template) == "quarry"
    assert enumeration("verdict").short("later") == "later"


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"a": {"zh": "甲"}}, "needs zh and en"),
        ({"a": {"zh": "甲", "en": "A", "colour": "red"}}, "needs zh and en"),
        ({"a": {"zh": "甲", "en": "A"}, "b": {"zh": "乙", "en": "B", "also": ["甲"]}}, "means both"),
    ],
)
def test_an_entry_that_is_not_whole_or_not_clear_is_refused(table, told):
    with pytest.raises(ValueError, match=told):
        read_enumeration("x", table)


def test_what_codes_are_called_is_no_part_of_the_rulebook():
    """A renamed code makes no new fingerprint: its file is none of the texts a rulebook is made of."""
    named = (ROOT / "risk_model/codes.toml").read_text("utf-8")
    assert all(not path.endswith("codes.toml") and text != named for path, text in packaged_rules().items())
    assert set(load_rulebook().documents) == {path.removesuffix(".toml") for path in packaged_rules()}


def test_no_judgement_reads_what_codes_are_called():
    """What was judged is judged again to the byte, whatever its codes are called by then."""
    judging = [path for path in (ROOT / "risk_model").rglob("*.py") if path.name != "codes.py"]
    assert len(judging) > 50
    assert [path.name for path in judging if "risk_model.codes" in path.read_text("utf-8")] == []


def test_the_rules_themes_and_grades_are_called_as_the_file_calls_their_codes():
    book = load_rulebook()
    for kind, theme in book.constraints.items():
        assert (code_name("constraint_kind", kind), code_name("constraint_kind", kind).english) == (
            theme.name_zh,
            theme.name_en,
        )
    assert set(book.regional) == set(enumeration("assessment_kind"))
    for kind, regional in book.regional.items():
        assert enumeration("assessment_kind").find(folded(regional.name_zh)) == kind
    grades = book.scheme("enterprise4").grades
    assert [str(code.name) for code in enumeration("colour").values()] == [grade.name for grade in grades]


@pytest.mark.parametrize(("life", "key"), [(APPROVAL, "proposal_state"), (HIDDEN_DANGER, "danger_state")])
def test_the_states_of_a_life_are_codes(life, key):
    assert set(life_of(life).states) == set(enumeration(key))
