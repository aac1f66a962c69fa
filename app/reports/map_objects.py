"""What an opinion met beside zones, for the picture: land set aside and registered objects, each with its distance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from app.http.figures import length_words
from app.platform.work import Work
from app.reports.findings import Told, kind_name
from app.reports.picture import Distance, Look, MapLayer
from app.reports.told import Say
from gis_layers.crs import to_metric
from gis_layers.stores.met_objects import Mark, read_object_shapes
from risk_model.rulebook import RuleBook
from risk_model.shapes import as_array

ASIDE: Final = Look("#7fae5a", 0.35, "//..", "#4d7a2c", "#3c6420", 1.2)
ASIDE_LOOKS: Final = {"ecological_redline": Look("#d9574a", 0.22, "\\\\..", "#b0352a", "#9d211a", 1.4)}
LOOKS: Final = {
    "roads": Look("#a3936b", edge="#7a5c14", width=2.4),
    "buildings": Look("#8a7fb0", 0.6, edge="#4b3f7a", width=1.0),
    "facilities": Look("#5b6fc0", 0.6, edge="#27357d", width=1.2),
}

Objects = Mapping[Mark, BaseGeometry]
"""Shapes in the metric CRS by kind and number."""


def read_objects(work: Work, answer: Told) -> Objects:
    """The shapes of every object the findings of ``answer`` speak of."""
    found = read_object_shapes(work.session, [mark for mark, _ in _findings(answer)])
    return dict(zip(found, to_metric(as_array(found.values()), work.settings.metric_crs), strict=True))


def object_layers(objects: Objects, rulebook: RuleBook, say: Say) -> Iterator[MapLayer]:
    """One layer a kind, land set aside below what stands on it."""
    for kind in sorted({kind for kind, _ in objects}, key=lambda one: (one in LOOKS, one)):
        shapes = [shape for (other, _), shape in objects.items() if other == kind]
        look = LOOKS.get(kind) or ASIDE_LOOKS.get(kind, ASIDE)
        yield MapLayer(say(kind_name(kind, rulebook)), shapely.geometrycollections(shapes), look)


def object_distances(
    answer: Told, ground_under: Callable[[Told], BaseGeometry], objects: Objects
) -> Iterator[Distance]:
    """The shortest way to each object a rule looked at from outside it."""
    for mark, finding in _findings(answer):
        if finding["rule"] and finding["overlap_m2"] == 0 and finding["distance_m"] > 0 and mark in objects:
            yield Distance(
                shapely.shortest_line(ground_under(finding), objects[mark]), length_words(finding["distance_m"])
            )


def mark_of(finding: Told) -> Mark | None:
    """Kind and number of the object a finding speaks of; None of a zone."""
    met = finding["object"]
    return (met["kind"], int(met["id"])) if met else None


def _findings(answer: Told) -> Iterator[tuple[Mark, Told]]:
    for theme in answer["themes"]:
        for finding in theme["findings"]:
            mark = mark_of(finding)
            if mark is not None:
                yield mark, finding
