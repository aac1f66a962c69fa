"""Grading areas: how endangered each village or grid cell is, by every hazard and all together, with the reasons."""

from risk_model.grading.areas import GradedArea, Grades, compose_grades, grade_areas, lay_grounds
from risk_model.grading.cells import lay_cells
from risk_model.grading.exposure import Buildings, Figures, measure_buildings
from risk_model.grading.ground import GradedGround
from risk_model.grading.measuring import Measured, Plot, Progress, measure_units
from risk_model.grading.terms import GradingTerms, grading_terms
from risk_model.grading.units import Units

__all__ = [
    "Buildings",
    "Figures",
    "GradedArea",
    "GradedGround",
    "Grades",
    "GradingTerms",
    "Measured",
    "Plot",
    "Progress",
    "Units",
    "compose_grades",
    "grade_areas",
    "grading_terms",
    "lay_cells",
    "lay_grounds",
    "measure_buildings",
    "measure_units",
]
