"""Joint reviews of sites: gates in the order of a project's kind, opinions of departments, when a gate passes.

Which gates there are and whom they ask is data (``gates.toml``). What departments said and which conditions are open is
handed in; whether a gate passes, and what speaks against a decision, is judged here and nowhere else.
"""

from risk_model.reviews.gates import Gate, Gates, Route, packaged_gates, read_gates
from risk_model.reviews.standing import (
    AskedDepartment,
    Decided,
    GateStanding,
    GivenOpinion,
    ReviewCondition,
    gate_standing,
    objections_to,
)

__all__ = [
    "AskedDepartment",
    "Decided",
    "Gate",
    "GateStanding",
    "Gates",
    "GivenOpinion",
    "ReviewCondition",
    "Route",
    "gate_standing",
    "objections_to",
    "packaged_gates",
    "read_gates",
]
