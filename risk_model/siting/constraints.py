"""Constraints on a site: land set aside, read by the same judgement as zones and told as areas of their register."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from risk_model.operators import Bilingual
from risk_model.vocabulary import Finding, SiteObject, ZoneSet

NOT_LOADED: Final = Bilingual("没有载入，未核", "not loaded, not checked")
NOT_SURVEYED: Final = Bilingual("{told}，未核", "{told}, not checked")


def named_areas(areas: ZoneSet) -> ZoneSet:
    """``areas`` in which those without a name are called by their number."""
    names = [name or f"{number}" for name, number in zip(areas.name, areas.zone, strict=True)]
    return replace(areas, name=np.array(names, dtype=object))


def told_of_area(finding: Finding) -> Finding:
    """The finding on a zone that stands for an area, told of that area."""
    area = SiteObject(finding.hazard, int(finding.zone or 0), finding.zone_name)
    return replace(finding, zone=None, zone_version=None, zone_name="", product="", object=area)


def why_unchecked(theme: str, told: Bilingual, loaded: npt.NDArray[np.object_]) -> Bilingual:
    """Reason a kind of land is unchecked: never loaded, or ``told`` of how much was surveyed; empty where it was."""
    if not told.zh:
        return told
    if theme not in loaded:
        return NOT_LOADED
    return Bilingual(NOT_SURVEYED.zh.format(told=told.zh), NOT_SURVEYED.en.format(told=told.en))
