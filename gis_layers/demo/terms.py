"""Terms the delivered layers of the township state: fictional offices, how long some hold, how old some may be; others state nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from gis_layers.stores.surveys import StatedTerms

TERMS: Final[Mapping[tuple[str, str], StatedTerms]] = {
    ("geological", "hazard"): StatedTerms("示范数据（合成）县自然资源局", date(2043, 11, 19), 3653),
    ("flood", "hazard"): StatedTerms("示范数据（合成）县水务局", None, 3653),
    ("flash_flood", "hazard"): StatedTerms("示范数据（合成）县水务局"),
    ("dam_break", "hazard"): StatedTerms("示范数据（合成）县水务局", None, 1096),
    ("wildfire", "hazard"): StatedTerms("示范数据（合成）县林业和草原局"),
}
"""By hazard and product; the survey of the dam's break is older than it may be."""
