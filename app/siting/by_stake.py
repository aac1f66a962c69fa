"""Findings on a line by stake: along which of its metres each zone, or land set aside, is met."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from app.judgement.screening import CheckedSite, Reckoner
from app.platform.errands import reckon
from app.platform.work import Work
from app.siting.schemas import FindingAnswer, OpinionAnswer
from gis_layers.crs import to_metric
from gis_layers.stores.met_objects import REGISTERS, read_object_shapes
from gis_layers.stores.met_zones import read_zone_shapes
from risk_model.shapes import as_array
from risk_model.siting.stakes import stake_out

LINE: Final = 1


def add_stretches(work: Work, checked: CheckedSite, answer: OpinionAnswer, reckoner: Reckoner = reckon) -> None:
    """Tell the findings of a line by stake; of any other site nothing. Objects beside it are told by their distance alone."""
    line = checked.site.geometry
    if shapely.get_dimensions(line) != LINE:
        return
    answer["site"]["line_m"] = float(shapely.length(line))
    found = [(finding, shape) for finding, shape in _with_shapes(work, answer) if shape is not None]
    shapes = to_metric(as_array([shape for _, shape in found]), work.settings.metric_crs)
    size = int(shapely.get_num_coordinates(line)) * max(1, len(found)) + int(shapely.get_num_coordinates(shapes).sum())
    staked = reckoner(size, stake_out, line, list(shapes), checked.opinion.buffered_m)
    for (finding, _), one in zip(found, staked, strict=True):
        apart = finding["distance_m"] > 0
        finding["stretches"] = [
            {"from_m": each.from_m, "to_m": each.to_m, "inside_m": each.inside_m}
            for each in (() if apart else one.stretches)
        ]
        if one.nearest_m is not None:
            finding["nearest_m"] = one.nearest_m


def _with_shapes(work: Work, answer: OpinionAnswer) -> Sequence[tuple[FindingAnswer, BaseGeometry | None]]:
    """The findings, each with the ground it speaks of in the storage CRS; None of registered objects."""
    findings = [finding for theme in answer["themes"] for finding in theme["findings"]]
    marks = [(str(one["zone"]), one["zone_version"] or 0) for one in findings if one["zone"]]
    zones = {(one.zone, one.version): one.geometry for one in read_zone_shapes(work.session, marks)} if marks else {}
    aside = [(met["kind"], met["id"]) for one in findings if (met := one["object"]) and met["kind"] not in REGISTERS]
    areas = read_object_shapes(work.session, aside) if aside else {}
    return [
        (one, areas.get((met["kind"], met["id"])) if (met := one["object"]) else zones.get((str(one["zone"]), one["zone_version"] or 0)))
        for one in findings
    ]  # fmt: skip
