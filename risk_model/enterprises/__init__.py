"""Enterprises: their colour with its reasons, major hazard installations, and when they are due to be inspected."""

from risk_model.enterprises.chemicals import ChemicalTerms, chemical_terms
from risk_model.enterprises.colours import AssessedPoint, AssessedRiskPoint, assess_point
from risk_model.enterprises.grading import Danger, EnterpriseFacts, GradedEnterprise, Reason, grade_enterprise
from risk_model.enterprises.inspections import criteria_of, next_inspection
from risk_model.enterprises.major_hazards import (
    MajorHazard,
    NearbyResidents,
    Stock,
    StockLine,
    UnitWorking,
    identify_major_hazard,
)
from risk_model.enterprises.residents import DwellingPoints, count_residents
from risk_model.enterprises.terms import Criteria, EnterpriseTerms, enterprise_terms

__all__ = [
    "AssessedPoint",
    "AssessedRiskPoint",
    "ChemicalTerms",
    "Criteria",
    "Danger",
    "DwellingPoints",
    "EnterpriseFacts",
    "EnterpriseTerms",
    "GradedEnterprise",
    "MajorHazard",
    "NearbyResidents",
    "Reason",
    "Stock",
    "StockLine",
    "UnitWorking",
    "assess_point",
    "chemical_terms",
    "count_residents",
    "criteria_of",
    "enterprise_terms",
    "grade_enterprise",
    "identify_major_hazard",
    "next_inspection",
]
