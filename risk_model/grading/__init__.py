"""Grading areas: how endangered each village or grid cell is, by every hazard and all together, with the reasons."""

from risk_model.grading.areas import (
    AreaGrade,
    Grades,
    compose_grades,
    grade_areas,
    judge_areas,
    lay_grounds,
    measuring_here,
    scores_of,
)
from risk_model.grading.cells import lay_cells
from risk_model.grading.composite import compose
from risk_model.grading.exposure import BuildingStock, Figures, join_parts, measure_buildings
from risk_model.grading.extremes import hidden_extremes
from risk_model.grading.ground import GradedGround
from risk_model.grading.measurements import Measure, Measured, Plot, Progress, in_rounds, join_measured, measure_units
from risk_model.grading.people import UnitPopulation, spread_people
from risk_model.grading.terms import GradingTerms, grading_terms
from risk_model.grading.units import Units

__all__ = [
    "AreaGrade",
    "BuildingStock",
    "Figures",
    "GradedGround",
    "Grades",
    "GradingTerms",
    "Measure",
    "Measured",
    "Plot",
    "Progress",
    "UnitPopulation",
    "Units",
    "compose",
    "compose_grades",
    "grade_areas",
    "grading_terms",
    "hidden_extremes",
    "in_rounds",
    "join_measured",
    "join_parts",
    "judge_areas",
    "lay_cells",
    "lay_grounds",
    "measure_buildings",
    "measure_units",
    "measuring_here",
    "scores_of",
    "spread_people",
]
