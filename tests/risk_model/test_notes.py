"""The note on seismic isolation: for whom law asks it, from which intensity, and what is not known."""

import pytest
import shapely

from risk_model.errors import ChangeRefused
from risk_model.rulebook import Overlay, RuleChange, amend, load_rulebook
from risk_model.siting import review_site
from risk_model.vocabulary import BasisKind, ProjectClass, SeismicClass, Site
from tests.risk_model.ground import BOOK, FIELD, ON, surveyed, zone, zones
from tests.risk_model.overlays import FILES, OURS

DUTY, OPEN, UNCHECKED = "应采用隔震减震等技术", "未说明建筑类型", "是否位于地震重点监视防御区"
NAMED = {
    "K2": ["school", "kindergarten", "hospital", "care_home", "child_welfare"],
    "K3": ["command_post", "large_shelter", "broadcasting"],
}


def at(intensity):
    return amend(FILES, Overlay.of([RuleChange("siting.intensity", "default", intensity, OURS)]))


def told(project_class, building=None, *rows, book=BOOK):
    one = Site(FIELD, ProjectClass(project_class), building_type=building)
    return review_site(one, zones(*rows), surveyed(), book, ON).notes


@pytest.mark.parametrize(("project_class", "building"), [(one, kind) for one, kinds in NAMED.items() for kind in kinds])
def test_a_named_building_at_eight_degrees_gets_the_note_with_its_basis(project_class, building):
    (note,) = told(project_class, building)
    kind = BOOK.terms.building_types[building]
    assert note.key == "isolation"
    assert f"{kind.name_zh}{DUTY}" in note.message
    assert kind.name_en in note.message_en
    assert "article 16" in note.basis_en
    assert (note.basis_kind, note.confidence) == (BasisKind.LAW, "medium")
    assert "deployment's default of 8" in note.message_en


@pytest.mark.parametrize("building", ["clinic", "other_lifeline", "fire_station", "water_works", "disease_control"])
def test_a_building_the_article_does_not_name_gets_none(building):
    assert told(BOOK.terms.building_types[building].project_class, building) == ()


@pytest.mark.parametrize("project_class", ["K1", "K4", "K5", "K6", "K7"])
def test_other_classes_get_none(project_class):
    assert told(project_class) == ()


@pytest.mark.parametrize("project_class", NAMED)
def test_where_the_building_type_is_not_told_it_is_asked_for(project_class):
    (note,) = told(project_class)
    assert OPEN in note.message
    for building in NAMED[project_class]:
        assert BOOK.terms.building_types[building].name_zh in note.message
        assert BOOK.terms.building_types[building].name_en in note.message_en


@pytest.mark.parametrize(("intensity", "due"), [(6, False), (7, False), (8, True), (9, True)])
def test_the_intensity_is_one_fact_of_the_rulebook(intensity, due):
    (note,) = told("K2", "school", book=at(intensity) if intensity != 8 else BOOK)
    assert (DUTY in note.message) is due
    assert (UNCHECKED in note.message) is not due, "the key areas of surveillance are in no layer"


@pytest.mark.parametrize(("zone_intensity", "due"), [(7, False), (9, True)])
def test_an_earthquake_zone_that_tells_an_intensity_is_believed_before_the_default(zone_intensity, due):
    here = zone("q", "earthquake", FIELD.buffer(500), "中", intensity=zone_intensity)
    (note,) = told("K2", "school", here)
    assert (DUTY in note.message) is due
    assert f"Intensity {zone_intensity} by" in note.message_en
    beside = zone("q", "earthquake", shapely.box(100, 0, 300, 100), "中", intensity=zone_intensity)
    (apart,) = told("K2", "school", beside)
    assert "deployment's default" in apart.message_en


def test_of_two_zones_the_worse_intensity_counts():
    rows = [
        zone(str(n), "earthquake", shapely.box(x, 0, x + 60, 100), "中", intensity=i)
        for n, (x, i) in enumerate([(0, 7), (60, 8)])
    ]
    assert DUTY in told("K2", "school", *rows)[0].message


def test_a_note_changes_no_verdict():
    nine = at(9)
    one = Site(FIELD, ProjectClass.K2, building_type="school")
    assert (
        review_site(one, zones(), surveyed(), nine, ON).verdict
        is review_site(one, zones(), surveyed(), BOOK, ON).verdict
    )


@pytest.mark.parametrize("building", [kind for kinds in NAMED.values() for kind in kinds])
def test_what_article_sixteen_names_is_fortified_as_class_b_at_least(building):
    kind = BOOK.terms.building_types[building]
    assert kind.least is SeismicClass.B
    assert BOOK.terms.trouble_with_declaration(kind.project_class, SeismicClass.C, building)
    assert BOOK.terms.trouble_with_declaration(kind.project_class, SeismicClass.B, building) is None


def test_a_book_from_before_the_note_gives_none():
    siting = FILES["siting.toml"].partition("[isolation]")[0]
    assert told("K2", "school", book=load_rulebook(dict(FILES) | {"siting.toml": siting})) == ()


def test_the_township_may_ask_for_isolation_from_seven_degrees_on():
    seven = amend(
        FILES,
        Overlay.of(
            [
                RuleChange("siting.isolation", "least_intensity", 7, OURS),
                RuleChange("siting.intensity", "default", 7, OURS),
            ]
        ),
    )
    assert DUTY in told("K2", "school", book=seven)[0].message
    with pytest.raises(ChangeRefused):
        amend(FILES, Overlay.of([RuleChange("siting.isolation", "least_intensity", 9, OURS)]))
