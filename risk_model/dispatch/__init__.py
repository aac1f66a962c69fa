"""Dispatch: who may be sent, how soon they are on the road, in which order they are named, and what is lacking."""

from risk_model.dispatch.assembly import may_gather
from risk_model.dispatch.assignment import ENDED, FIRST, RECALLED, STEPS, UNDONE, may_undo, steps_after
from risk_model.dispatch.authority import Authority, authorities
from risk_model.dispatch.avoided import AvoidedGround, avoided_ground
from risk_model.dispatch.calls import ANSWERED, NO_ANSWER, NOT_CALLED, CallState, CallWord, VillageCall, call_state
from risk_model.dispatch.coverage import CoverageCount, CoverageStandard, count_covered, coverage_standards
from risk_model.dispatch.forces import ForceOnRecord, lapse_of_force, turnout_s, why_passed_over
from risk_model.dispatch.order import Arrival, lacking, ranked
from risk_model.dispatch.provisions import provisions_asked, provisions_lacking
from risk_model.dispatch.report_limits import DueReport, ReportedIncident, due_report
from risk_model.dispatch.response import Access, ResponseTerms, WayTimes, judge_access, response_terms
from risk_model.dispatch.run_cards import NOTHING_CALLED_FOR, RunCard, run_card
from risk_model.dispatch.together import Together, meeting_together, within_s

__all__ = [
    "ANSWERED",
    "ENDED",
    "FIRST",
    "NOTHING_CALLED_FOR",
    "NOT_CALLED",
    "NO_ANSWER",
    "RECALLED",
    "STEPS",
    "UNDONE",
    "Access",
    "Arrival",
    "Authority",
    "AvoidedGround",
    "CallState",
    "CallWord",
    "CoverageCount",
    "CoverageStandard",
    "DueReport",
    "ForceOnRecord",
    "ReportedIncident",
    "ResponseTerms",
    "RunCard",
    "Together",
    "VillageCall",
    "WayTimes",
    "authorities",
    "avoided_ground",
    "call_state",
    "count_covered",
    "coverage_standards",
    "due_report",
    "judge_access",
    "lacking",
    "lapse_of_force",
    "may_gather",
    "may_undo",
    "meeting_together",
    "provisions_asked",
    "provisions_lacking",
    "ranked",
    "response_terms",
    "run_card",
    "steps_after",
    "turnout_s",
    "why_passed_over",
    "within_s",
]
