"""Laws of the rule tables: worse ground is never judged milder, and where law stands no deployment can soften it."""

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from risk_model.errors import ChangeRefused, InvalidRule
from risk_model.rulebook import Overlay, RuleChange, amend, load_rulebook
from risk_model.rulebook.order import disorders
from risk_model.siting import review_site
from risk_model.vocabulary import BasisKind, ProjectClass, SeismicClass, Site, Verdict
from tests.risk_model.ground import BOOK, FIELD, ON, findings_of, judged, site, surveyed, zone, zones
from tests.risk_model.overlays import FILES, OURS, RULE_FIELDS, changes, local_rules

OVER = FIELD.buffer(50)
GRADED = [
    pytest.param(hazard.key, product, scheme, id=f"{hazard.key} {product} {scheme}")
    for hazard in BOOK.hazards.values()
    for product in sorted(hazard.products_read)
    for scheme in hazard.schemes
]


def verdict_on(hazard, product, scheme, rank, project_class, book=BOOK):
    grade = book.schemes[scheme].grades[rank - 1].name
    ground = zones(zone("z", hazard, OVER, grade, product=product, scheme=scheme))
    return review_site(site(project_class=project_class), ground, surveyed(), book, ON).verdict


@pytest.mark.parametrize(("hazard", "product", "scheme"), GRADED)
def test_a_worse_grade_is_never_judged_milder(hazard, product, scheme):
    ranks = range(1, len(BOOK.schemes[scheme].grades) + 1)
    for project_class in ProjectClass:
        told = [verdict_on(hazard, product, scheme, rank, project_class).severity for rank in ranks]
        assert told == sorted(told, reverse=True), (project_class, told)


@pytest.mark.parametrize("hazard", BOOK.hazards)
def test_the_packaged_rules_stand_in_order(hazard):
    assert not list(disorders(BOOK.hazards[hazard], dict(BOOK.schemes)))


def admitted(*items):
    """The book under those items that may be made together, one after the other."""
    overlay, book = Overlay.of(), BOOK
    for item in items:
        try:
            book = amend(FILES, overlay.with_(item))
        except (ChangeRefused, InvalidRule):
            continue
        overlay = overlay.with_(item)
    return book


RULE_CHANGES = changes([(mark, field) for mark, field in RULE_FIELDS if field not in ("message", "message_en")])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(RULE_CHANGES, local_rules()), min_size=1, max_size=4))
def test_no_local_change_puts_the_grades_out_of_order(items):
    for hazard in admitted(*items).hazards.values():
        assert not list(disorders(hazard, dict(BOOK.schemes)))


LEGAL = [
    pytest.param(rule, project_class, id=f"{rule.id} {project_class}")
    for rule in BOOK.rules
    for project_class in ProjectClass
    if rule.verdicts[project_class].kind is BasisKind.LAW
]


@pytest.mark.parametrize(("rule", "project_class"), LEGAL)
def test_a_verdict_of_law_cannot_be_loosened(rule, project_class):
    milder = [letter for letter in "RA" if "ARF".index(letter) < "ARF".index(letter_of(rule, project_class))]
    for letter in milder:
        with pytest.raises(ChangeRefused):
            amend(FILES, Overlay.of([RuleChange(rule.id, f"verdicts.{project_class}", letter, OURS)]))


def letter_of(rule, project_class):
    return {Verdict.PROHIBITED: "F", Verdict.RESTRICTED: "R"}[rule.verdicts[project_class].verdict]


@pytest.mark.parametrize("project_class", ["K2", "K3", "K4", "K5", "K6", "K7"])
def test_no_township_loosens_the_worst_geological_grade_below_the_law(project_class):
    for letter in "RA":
        try:
            book = amend(FILES, Overlay.of([RuleChange("GEO-EXTREME", f"verdicts.{project_class}", letter, OURS)]))
        except ChangeRefused:
            continue
        assert verdict_on("geological", "hazard", "geo4", 1, project_class, book).severity >= 2


def test_a_stricter_verdict_for_a_grade_holds_for_the_worse_ones_too():
    book = amend(FILES, Overlay.of([RuleChange("FLD-MED", "verdicts.K5", "F", OURS)]))
    told = [verdict_on("flood", "hazard", "flood4", rank, "K5", book) for rank in (1, 2, 3)]
    assert told == [Verdict.PROHIBITED] * 3


def test_a_distance_of_a_rule_silent_for_most_classes_can_be_made_longer():
    book = amend(FILES, Overlay.of([RuleChange("FLT-CHEM", "metres", 300, OURS)]))
    line = zones(zone("f", "fault", shapely.LineString([(350, -500), (350, 500)]), fault_age="Q4h"))
    one = site(project_class="K1", seismic_class="丁")
    assert review_site(one, line, surveyed(), book, ON).verdict is Verdict.PROHIBITED


RIVER = zone("r", "river_management", OVER)


@pytest.mark.parametrize(("building", "verdict"), [(None, "prohibited"), ("command_post", "prohibited"), ("water_works", "restricted")])  # fmt: skip
def test_only_works_that_say_so_are_read_as_works_on_a_river(building, verdict):
    works = Site(FIELD, ProjectClass.K3, SeismicClass.B, building_type=building)
    opinion = judged(works, RIVER)
    assert opinion.verdict == verdict
    (finding,) = findings_of(opinion)
    assert finding.basis_kind is BasisKind.LAW
    if building == "water_works":
        assert finding.procedure == ("河道管理范围内工程建设方案审批",)


@pytest.mark.parametrize("kind", ["road", "railway", "power", "pipeline"])
@pytest.mark.parametrize("project_class", list(ProjectClass))
def test_a_corridor_of_unknown_kind_is_read_no_milder_than_any(kind, project_class):
    known = judged(site(project_class=project_class), zone("c", "protection_corridor", OVER, corridor_kind=kind))
    unknown = judged(site(project_class=project_class), zone("c", "protection_corridor", OVER))
    assert unknown.verdict.severity >= known.verdict.severity
    assert {one.rule for one in findings_of(unknown)} == {"COR-UNKNOWN"}


def test_every_rule_of_law_is_a_rule_of_the_files_with_words_in_both_languages():
    for rule in load_rulebook().rules:
        if BasisKind.LAW in {cell.kind for cell in rule.verdicts.values()}:
            assert rule.message_en
            assert all(ground.basis_en and ground.source_en for ground in rule.grounds)
            assert len(rule.procedure) == len(rule.procedure_en)
