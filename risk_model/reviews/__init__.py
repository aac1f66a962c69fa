"""Joint reviews of sites: gates in the order of a project's kind, opinions of departments, when a gate passes.

Which gates there are, whom they ask and which documents they need is data (``gates.toml``). What departments said and which conditions are open is
handed in; whether a gate passes, and what speaks against a decision, is judged here and nowhere else. So is how two judgements
of one site differ, and whether an opinion on the one may stand on the other.
"""

from risk_model.reviews.difference import (
    GroundKey,
    Judgement,
    JudgementChange,
    MetChange,
    MetGround,
    difference,
    saw_no_less,
    worst_rules,
)
from risk_model.reviews.documents import NeededDocument, is_same_number, lacking
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
    "GroundKey",
    "Judgement",
    "JudgementChange",
    "MetChange",
    "MetGround",
    "NeededDocument",
    "ReviewGate",
    "Route",
    "WeighedDecision",
    "difference",
    "gate_standing",
    "is_same_number",
    "lacking",
    "objections_to",
    "packaged_gates",
    "read_gates",
    "saw_no_less",
    "worst_rules",
]
