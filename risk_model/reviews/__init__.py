"""Joint reviews of sites: gates in the order of a project's kind, opinions of departments, when a gate passes.

Which gates there are and whom they ask is data (``gates.toml``). What departments said and which conditions are open is
handed in; whether a gate passes, and what speaks against a decision, is judged here and nowhere else.
"""

from risk_model.reviews.gate_state import (
    AskedDepartment,
    GateCondition,
    GateStanding,
    GivenOpinion,
    WeighedDecision,
    gate_standing,
    objections_to,
)
from risk_model.reviews.gates import Gates, ReviewGate, Route, packaged_gates, read_gates

__all__ = [
    "AskedDepartment",
    "GateCondition",
    "GateStanding",
    "Gates",
    "GivenOpinion",
    "ReviewGate",
    "Route",
    "WeighedDecision",
    "gate_standing",
    "objections_to",
    "packaged_gates",
    "read_gates",
]
