"""Dispatch: who may be sent, how soon they are on the road, in which order they are named, and what is lacking."""

from risk_model.dispatch.avoided import AvoidedGround, avoided_ground
from risk_model.dispatch.coverage import CoverageCount, CoverageStandard, count_covered, coverage_standards
from risk_model.dispatch.forces import ForceOnRecord, lapse_of_force, turnout_s, why_passed_over
from risk_model.dispatch.order import Arrival, lacking, ranked
from risk_model.dispatch.run_cards import RunCard, run_card

__all__ = [
    "Arrival",
    "AvoidedGround",
    "CoverageCount",
    "CoverageStandard",
    "ForceOnRecord",
    "RunCard",
    "avoided_ground",
    "count_covered",
    "coverage_standards",
    "lacking",
    "lapse_of_force",
    "ranked",
    "run_card",
    "turnout_s",
    "why_passed_over",
]
