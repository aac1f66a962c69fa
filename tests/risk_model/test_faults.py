"""Fault avoidance: distances by intensity and seismic class, what exempts a fault, and what never does."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity

from risk_model.operators import Avoidance
from risk_model.vocabulary import ProjectClass, SeismicClass, ThemeStatus, Verdict
from tests.risk_model.ground import BOOK, FIELD, findings_of, judged, site, surveyed, theme_of, zone
from tests.saying import says

TABLE: Avoidance = BOOK.rule("FLT-AVOID").avoidance


def fault_at(metres, **more):
    """A straight fault ``metres`` east of the field."""
    return zone("f", "fault", shapely.MultiLineString([[(100 + metres, -9000), (100 + metres, 9000)]]), **more)


@pytest.mark.parametrize(
    ("intensity", "seismic", "asked"),
    [
        (8, "甲", "study"),
        (8, "乙", 200),
        (8, "丙", 100),
        (8, "丁", None),
        (9, "甲", "study"),
        (9, "乙", 400),
        (9, "丙", 200),
        (9, "丁", None),
        (7, "甲", None),
        (7.5, "乙", None),
        (10, "乙", 400),
    ],
)
def test_the_least_distance_follows_intensity_and_seismic_class(intensity, seismic, asked):
    assert TABLE.distance_for(intensity, SeismicClass(seismic)) == asked


@pytest.mark.parametrize(
    ("intensity", "seismic", "metres", "more", "objects"),
    [
        (8, "乙", 150, {}, True),
        (8, "乙", 199.999, {}, True),
        (8, "丙", 100.0, {}, False),
        (8, "丙", 99.9, {}, True),
        (9, "乙", 399, {}, True),
        (9, "乙", 400.0, {}, False),
        (7, "乙", 1, {}, False),
        (8, "乙", 150, {"overburden_m": 65.0}, False),
        (8, "乙", 150, {"overburden_m": 60.0}, True),
        (9, "乙", 150, {"overburden_m": 65.0}, True),
        (9, "乙", 150, {"overburden_m": 90.5}, False),
        (8, "乙", 150, {"fault_age": "Q3"}, False),
        (8, "乙", 150, {"fault_age": "pre-Q"}, False),
        (8, "乙", 150, {"fault_age": "Q4h"}, True),
        (8, "乙", 150, {"fault_age": "?"}, True),
        (8, "丁", 1, {}, False),
    ],
)
def test_a_fault_objects_only_within_its_distance_and_unless_exempt(intensity, seismic, metres, more, objects):
    one = site(project_class="K4", seismic_class=seismic)
    opinion = judged(one, fault_at(metres, intensity=float(intensity), **more))
    assert opinion.verdict is (Verdict.PROHIBITED if objects else Verdict.PERMITTED)
    assert theme_of(opinion, "fault").status is (ThemeStatus.CONCERNED if objects else ThemeStatus.NOT_CONCERNED)


def test_the_message_tells_how_far_and_how_far_it_ought_to_be():
    (finding,) = findings_of(judged(site(project_class="K2"), fault_at(99.96, name="榆木山断层")))
    assert finding.message == "距榆木山断层 99.9 米，小于乙类建筑在 8 度区的最小避让距离 200 米"
    assert finding.overlap_m2 == 0
    assert finding.distance_m == pytest.approx(99.96)
    assert finding.rule == "FLT-AVOID"


def test_hundred_metres_measured_with_noise_still_keep_hundred_metres():
    assert findings_of(judged(site(project_class="K4"), fault_at(100 - 1e-7))) == []


@pytest.mark.parametrize("metres", [200, 4999])
def test_the_highest_class_needs_a_study_however_far_the_fault(metres):
    opinion = judged(site(project_class="K3", seismic_class="甲"), fault_at(metres))
    (finding,) = findings_of(opinion)
    assert opinion.verdict is Verdict.RESTRICTED
    assert "dedicated study of the seismogenic fault" in finding.procedure_en
    assert "GB/T 50011-2010" in finding.basis
    assert finding.basis_kind == "standard"


@pytest.mark.parametrize(("intensity", "kept_m"), [(8, 200), (9, 400)])
def test_a_study_replaces_no_distance(intensity, kept_m):
    """Class 甲 keeps at least what class 乙 keeps; what it must study comes on top."""
    one = site(project_class="K3", seismic_class="甲")
    near = judged(one, fault_at(kept_m - 1, intensity=float(intensity)))
    (finding,) = findings_of(near)
    assert (near.verdict, finding.rule, finding.basis_kind) == (Verdict.PROHIBITED, "FLT-AVOID", "standard")
    assert f"less than the {kept_m} m" in finding.message_en
    assert judged(one, fault_at(kept_m, intensity=float(intensity))).verdict is Verdict.RESTRICTED


def test_beyond_the_study_reach_no_study_is_asked():
    assert findings_of(judged(site(project_class="K3", seismic_class="甲"), fault_at(5000))) == []


def test_an_exempt_fault_nearby_is_listed_with_the_reason():
    (finding,) = findings_of(judged(site(project_class="K2"), fault_at(50, fault_age="Q2")))
    assert (finding.verdict, finding.rule) == (Verdict.PERMITTED, None)
    assert "before the Holocene" in finding.message_en


def test_a_fault_below_the_table_s_intensity_is_listed_where_it_would_have_counted():
    (finding,) = findings_of(judged(site(project_class="K2"), fault_at(150, intensity=7.0)))
    assert "intensity below 8" in finding.message_en


def test_an_unknown_intensity_is_the_county_s():
    assert judged(site(project_class="K2"), fault_at(150)).verdict is Verdict.PROHIBITED
    assert judged(site(project_class="K2"), fault_at(250)).verdict is Verdict.PERMITTED
    assert judged(site(project_class="K2"), fault_at(250, intensity=9.0)).verdict is Verdict.PROHIBITED


def test_a_farm_building_declared_of_a_higher_class_must_argue_its_place():
    assert judged(site(project_class="K6"), fault_at(0)).verdict is Verdict.PERMITTED
    assert judged(site(project_class="K6", seismic_class="丙"), fault_at(50)).verdict is Verdict.RESTRICTED


def test_a_fault_drawn_as_a_band_counts_from_its_edge():
    band = zone("f", "fault", shapely.box(250, -500, 300, 500))
    assert judged(site(project_class="K2"), band).verdict is Verdict.PROHIBITED
    assert judged(site(project_class="K4"), band).verdict is Verdict.PERMITTED


def test_the_fault_survey_must_reach_as_far_as_the_distance_rule_looks():
    within = surveyed("fault")
    assert judged(site(), ground=within).data_gaps == ("fault",)
    for margin, gaps in ((99, ("fault",)), (101, ())):
        ground = surveyed(by=FIELD.buffer(margin, join_style="mitre"))
        opinion = judged(site(), ground=ground)
        assert opinion.data_gaps == gaps
        fault = theme_of(opinion, "fault")
        assert (fault.covered_share, fault.reach_m) == (1.0, 100.0)
        assert (fault.reach_share < 0.999) == bool(gaps)


def test_a_class_without_a_distance_needs_the_fault_survey_only_under_its_feet():
    opinion = judged(site(project_class="K6"), ground=surveyed(by=FIELD.buffer(60)))
    assert opinion.data_gaps == ()


def test_numbers_that_are_unknown_never_exempt():
    assert TABLE.exemption(8.0, np.nan, "") is None


@pytest.mark.parametrize("seismic", ["甲", "乙", "丙", "丁"])
@pytest.mark.parametrize("more", [{}, {"overburden_m": 500.0}, {"intensity": 6.0}, {"fault_age": "Q3"}])
def test_the_law_keeps_hazardous_chemicals_off_active_faults_whatever_their_class(seismic, more):
    opinion = judged(site(project_class="K1", seismic_class=seismic), fault_at(199, **more))
    assert opinion.verdict is Verdict.PROHIBITED
    assert any((one.rule, one.basis_kind) == ("FLT-CHEM", "law") for one in findings_of(opinion))


def test_a_fault_known_to_rest_is_no_active_fault_to_the_law():
    opinion = judged(site(project_class="K1", seismic_class="乙"), fault_at(50, fault_age="pre-Q"))
    assert opinion.verdict is Verdict.PERMITTED


STRICTNESS = ("丁", "丙", "乙", "甲")
SAFETY = [Verdict.PROHIBITED, Verdict.RESTRICTED, Verdict.INSUFFICIENT_DATA, Verdict.PERMITTED]
FAULTS = st.lists(
    st.builds(
        lambda metres, angle, intensity, overburden, age: (metres, angle, intensity, overburden, age),
        st.floats(0, 6000),
        st.integers(0, 179),
        st.sampled_from([6.0, 7.0, 8.0, 8.5, 9.0, 10.0, np.nan]),
        st.sampled_from([0.0, 59.0, 65.0, 95.0, np.nan]),
        st.sampled_from(["", "Q4", "Q3", "Q2", "pre-Q", "?"]),
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from([f"K{number}" for number in range(1, 8)]), FAULTS, st.sampled_from([None, "clinic", "school"]))
def test_a_stricter_class_is_never_judged_milder(project_class, faults, building_type):
    rows = [
        zone(
            f"f{number}",
            "fault",
            affinity.rotate(shapely.LineString([(100 + metres, -9000), (100 + metres, 9000)]), angle, origin=(50, 50)),
            intensity=intensity,
            overburden_m=overburden,
            fault_age=age,
        )
        for number, (metres, angle, intensity, overburden, age) in enumerate(faults)
    ]
    opinions = [
        judged(replace(site(project_class=project_class, seismic_class=one), building_type=building_type), *rows)
        for one in STRICTNESS
    ]
    places = [SAFETY.index(opinion.verdict) for opinion in opinions]
    assert places == sorted(places, reverse=True)
    for milder, stricter in itertools.pairwise(opinions):
        for before, after in zip(milder.sensitivity, stricter.sensitivity, strict=True):
            assert SAFETY.index(after.verdict) <= SAFETY.index(before.verdict)


@pytest.mark.parametrize("project_class", ["K2", "K3"])
@pytest.mark.parametrize("declared", ["丙", "丁"])
def test_a_class_below_the_standard_is_asked_about_refused_or_believed_by_building_type(project_class, declared):
    terms, one = BOOK.terms, ProjectClass(project_class)
    field, why = terms.trouble_with_declaration(one, SeismicClass(declared), None)
    assert field == "building_type"
    assert says(
        why, "{given} 类项目申报{declared}类设防须先说明建筑类型：按 GB 50223-2008，其中一些建筑不得低于{least}类"
    )
    for kind in terms.types_of(one):
        trouble = terms.trouble_with_declaration(one, SeismicClass(declared), kind.key)
        assert (trouble is None) == (SeismicClass(declared).strictness >= kind.least.strictness)
        assert trouble is None or trouble[0] == "seismic_class"


def test_a_declaration_nobody_could_check_is_judged_as_the_strictest_building_of_its_class():
    """A school stored as 丁 before anybody asked is judged as 乙, not as what it says."""
    opinion = judged(site(project_class="K2", seismic_class="丁"), fault_at(150))
    assert (opinion.verdict, opinion.seismic_class) == (Verdict.PROHIBITED, SeismicClass.B)
