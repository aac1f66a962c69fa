"""A file that came back, as answers tell it."""

from __future__ import annotations

from collections.abc import Iterator

import shapely

from app.platform.work import Work
from app.zones.renewal_schemas import Part
from app.zones.returned_files import NewZone, Returned
from app.zones.returned_schemas import ReturnedFile, ReturnedRow
from gis_layers.crs import to_metric
from gis_layers.exchange import ImportReport
from gis_layers.stores.draft_zones import SeenZone
from risk_model.editing.comparing import ZoneDifference
from risk_model.editing.renewal import GRADE
from risk_model.editing.values import EditedZone
from risk_model.shapes import as_array


def describe_returned(work: Work, found: Returned, report: ImportReport) -> ReturnedFile:
    """The file beside the draft, the largest change first; nothing of it is taken back yet."""
    rows = [*_updated(work, found), *_created(work, found.created), *_deleted(work, found)]
    return {
        "counts": {
            "unchanged": found.unchanged,
            "create": len(found.created),
            "update": len(found.updated),
            "delete": len(found.deleted),
        },
        "items": sorted(rows, key=lambda row: (-abs(row["delta_m2"]), row["zone"] or "", row["feature"] or 0)),
        "problems": found.problems,
        "report": report.reading(),
        "applied": False,
        "edit": None,
    }


def _updated(work: Work, found: Returned) -> Iterator[ReturnedRow]:
    for zone, (feature, before, after) in found.updated.items():
        one, other = _edited(work, before), _edited(work, after)
        difference = ZoneDifference("changed", zone, zone, one, other, "id")
        names = [name for name in difference.attributes_changed if name not in GRADE]
        told: list[tuple[Part, bool]] = [
            ("shape", difference.reshaped), ("grade", difference.regraded), ("attributes", bool(names)),
        ]  # fmt: skip
        yield {
            "zone": str(zone),
            "feature": feature,
            "parent": None,
            "change": "update",
            "changed": [part for part, differs in told if differs],
            "attributes": names,
            "delta_m2": difference.delta_m2,
            "place": _place(after),
        }


def _created(work: Work, created: list[NewZone]) -> Iterator[ReturnedRow]:
    shapes = to_metric(as_array([one.geometry for one in created]), work.settings.metric_crs)
    for one, metric in zip(created, shapes, strict=True):
        yield {
            "zone": None,
            "feature": one.feature,
            "parent": None if one.parent is None else str(one.parent.zone),
            "change": "create",
            "changed": [],
            "attributes": [],
            "delta_m2": float(metric.area),
            "place": shapely.get_coordinates(shapely.point_on_surface(one.geometry))[0].tolist(),
        }


def _deleted(work: Work, found: Returned) -> Iterator[ReturnedRow]:
    for zone, one in found.deleted.items():
        yield {
            "zone": str(zone),
            "feature": None,
            "parent": None,
            "change": "delete",
            "changed": [],
            "attributes": [],
            "delta_m2": -_edited(work, one).area_m2,
            "place": _place(one),
        }


def _edited(work: Work, one: SeenZone) -> EditedZone:
    (metric,) = to_metric(as_array([one.geometry]), work.settings.metric_crs)
    return EditedZone(metric, one.attributes)


def _place(one: SeenZone) -> list[float]:
    found: list[float] = shapely.get_coordinates(shapely.point_on_surface(one.geometry))[0].tolist()
    return found
