"""Parts of a site on its map: their outlines, their names, and the ground each finding is measured from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from app.reports.findings import Told
from app.reports.part_words import part_name
from app.reports.picture import Label, Look, MapLayer
from app.reports.told import Say
from gis_layers.crs import to_metric
from risk_model.message import msg
from risk_model.shapes import as_array

PARTS: Final = Look(None, edge="#111111", width=0.9)

GroundOf = Callable[[Told], BaseGeometry]
"""The ground a finding was measured from, in the metric CRS: the site, or the part it speaks of."""


def ground_of(answer: Told, site: BaseGeometry, metric_crs: str) -> GroundOf:
    """What tells the ground of each finding of ``answer``."""
    parts = answer.get("parts", ())
    shapes = to_metric(as_array([shape(one["geometry"]) for one in parts]), metric_crs) if parts else ()
    by_name = {one["name"]: geometry for one, geometry in zip(parts, shapes, strict=True)}
    return lambda finding: by_name[finding["part"]] if "part" in finding else site


def part_layer(answer: Told, ground: GroundOf, say: Say) -> Iterator[MapLayer]:
    """One layer of all declared parts; none of a site without."""
    named = [ground({"part": one["name"]}) for one in answer.get("parts", ()) if one["name"]]
    if named:
        yield MapLayer(say(msg("分区")), shapely.geometrycollections(named), PARTS)


def part_labels(answer: Told, ground: GroundOf, say: Say) -> Iterator[Label]:
    """The name of every declared part, on it."""
    for one in answer.get("parts", ()):
        if one["name"]:
            place = shapely.point_on_surface(ground({"part": one["name"]}))
            yield Label((float(shapely.get_x(place)), float(shapely.get_y(place))), say(part_name(one["name"])))
