"""Hazard chains: what a hazard reaches at second hand, on which ground, after how long, and who stands there."""

from risk_model.chains.affected import Affected, Things, find_affected
from risk_model.chains.fields import EventField, field_of
from risk_model.chains.paths import ChainGround, Step, Traced, trace_chains
from risk_model.chains.streams import Streams, direct_streams

__all__ = [
    "Affected",
    "ChainGround",
    "EventField",
    "Step",
    "Streams",
    "Things",
    "Traced",
    "direct_streams",
    "field_of",
    "find_affected",
    "trace_chains",
]
