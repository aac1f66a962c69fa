"""The sandbox: a function run apart, in a kept-warm process with its own limits, without network and without secrets."""

from gis_layers.sandbox.belts import is_confined
from gis_layers.sandbox.calls import MOST_AT_ONCE, Cancelled, run_confined
from gis_layers.sandbox.limits import PLAIN, Limits, reading_with
from gis_layers.sandbox.nurseries import describe_belts, load_ahead
from gis_layers.sandbox.packed_answers import packed

__all__ = [
    "MOST_AT_ONCE",
    "PLAIN",
    "Cancelled",
    "Limits",
    "describe_belts",
    "is_confined",
    "load_ahead",
    "packed",
    "reading_with",
    "run_confined",
]
