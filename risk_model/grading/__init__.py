"""Grading areas: how endangered each village or grid cell is, by every hazard and all together, with the reasons."""

from risk_model.grading.areas import GradedArea, Units, grade_areas, lay_grounds
from risk_model.grading.cells import lay_cells
from risk_model.grading.exposure import Buildings, Figures, measure_buildings
from risk_model.grading.ground import GradedGround
from risk_model.grading.people import Homes, Spread, people_within, spread_people
from risk_model.grading.terms import GradingTerms, grading_terms

__all__ = [
    "Buildings",
    "Figures",
    "GradedArea",
    "GradedGround",
    "GradingTerms",
    "Homes",
    "Spread",
    "Units",
    "grade_areas",
    "grading_terms",
    "lay_cells",
    "lay_grounds",
    "measure_buildings",
    "people_within",
    "spread_people",
]
