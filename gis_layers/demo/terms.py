"""Terms the delivered layers of the township state: fictional offices, how long some hold, how old some may be; others state nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class LayerTerms:
    """Office responsible for a layer, the last day it holds, and the greatest age of its survey in days; None where it states none."""

    office: str | None = None
    valid_until: date | None = None
    max_age_days: int | None = None


NOTHING_STATED: Final = LayerTerms()
TERMS: Final[Mapping[tuple[str, str], LayerTerms]] = {
    ("geological", "hazard"): LayerTerms("示范数据（合成）县自然资源局", date(2043, 11, 19), 3653),
    ("flood", "hazard"): LayerTerms("示范数据（合成）县水务局", None, 3653),
    ("flash_flood", "hazard"): LayerTerms("示范数据（合成）县水务局"),
    ("dam_break", "hazard"): LayerTerms("示范数据（合成）县水务局", None, 1096),
    ("wildfire", "hazard"): LayerTerms("示范数据（合成）县林业和草原局"),
}
"""By hazard and product; the survey of the dam's break is older than it may be."""
