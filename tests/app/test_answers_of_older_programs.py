"""What an older program recorded is still answered: fields it did not know of are not required."""

from pydantic import TypeAdapter

from app.assessments.schemas import AreaAnswer, RunAnswer, describe_run
from app.platform.clock import now
from gis_layers.stores.runs import GradingRun

METHOD = {
    "version": "1",
    "weights": {"method": "ahp", "criteria": {"flooding": 1.0}, "largest_eigenvalue": 1.0, "consistency_ratio": 0.0, "hazards": {"flood": 1.0}},
    "breaks": {"kind": "fixed", "scheme": "comp5", "lower_bounds": [0.8, 0.6, 0.4, 0.2, 0.0]},
    "composite": {"rule": "worse_of_weighted_and_eased_maximum", "ease_steps": 1},
    "coverage": {"least_surveyed_share": 0.9},
    "stability": {"swing": 0.1},
    "risk": {"joining": "product", "least_exposure": 0.1, "relief": 0.5},
}  # fmt: skip
"""As the first program that graded areas kept it: it neither shifted boundaries nor spread people over ground."""
SUMMARY = {"grades": [], "ungraded": {"areas": 1, "area_m2": 1.0}, "contested": 0, "data_gaps": {"flood": 1}}
AREA = {
    "id": 1, "area": "620902", "name": "一村", "grade": None, "grade_rank": None, "grade_scheme": None, "score": None,
    "maximum": None, "stability": None, "contested_by": [], "data_gaps": ["flood"],
    "contributions": [
        {"hazard": "flood", "product": None, "value": None, "weight": 1.0, "weighted": None, "share": None, "mandatory": True}
    ],
    "measurements": {
        "area_m2": 1.0, "population": 12, "building_m2": None, "fragile_m2": None, "shelter_places": None,
        "composite": {"by_weighted": None, "by_maximum": None},
        "hazards": {"flood": {"surveyed_share": 0.0, "by_grade": []}},
    },
    "risk": {
        "grade": None, "grade_rank": None, "grade_scheme": None, "score": None, "exposure": None, "vulnerability": None,
        "capacity": None, "indicators": {}, "data_gaps": ["flood"],
    },
}  # fmt: skip


def run_of_the_first_program() -> GradingRun:
    return GradingRun(
        id=1, unit="village", cell_m=None, set_id=None, edition=1, edition_fingerprint="e", rulebook_version="1",
        rulebook_fingerprint="r", metric_crs="EPSG:4543", method=METHOD, inputs={"hazards": []}, inputs_digest="i",
        results_digest="o", summary=SUMMARY, area_count=1, started_at=now(), ended_at=now(), created_by="console:a",
    )  # fmt: skip


def test_a_run_of_the_first_program_is_answered_as_it_was_kept():
    told = describe_run(run_of_the_first_program())
    assert TypeAdapter(RunAnswer).validate_python(told) == told


def test_an_area_of_the_first_program_is_answered_as_it_was_kept():
    geometry = {"type": "Point", "coordinates": [99.8, 39.3]}
    run = describe_run(run_of_the_first_program())
    told = {**AREA, "run": run, "unit": "village", "extremes": [], "geometry": geometry}
    assert TypeAdapter(AreaAnswer).validate_python(told) == told
