"""Hazard chains: what a hazard reaches at second hand, on which ground, after how long, and who stands there."""

from risk_model.chains.affected import Affected, Things, find_affected
from risk_model.chains.fields import Field, field_of
from risk_model.chains.streams import Streams, direct_streams
from risk_model.chains.tracing import Step, Terrain, Traced, trace_chains

__all__ = [
    "Affected",
    "Field",
    "Step",
    "Streams",
    "Terrain",
    "Things",
    "Traced",
    "direct_streams",
    "field_of",
    "find_affected",
    "trace_chains",
]
