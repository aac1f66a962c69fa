"""Hazard chains: what a hazard reaches at second hand, on which ground, and after how long."""

from risk_model.chains.fields import EventField, field_of
from risk_model.chains.paths import ChainGround, Step, Traced, trace_chains
from risk_model.chains.streams import Streams, direct_streams

__all__ = [
    "ChainGround",
    "EventField",
    "Step",
    "Streams",
    "Traced",
    "direct_streams",
    "field_of",
    "trace_chains",
]
