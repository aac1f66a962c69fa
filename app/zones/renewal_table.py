"""Table of changes (变化图斑表): every zone that a draft changes, brings or takes away, for whoever is reported to."""

from __future__ import annotations

from typing import Any

import geopandas as gpd

from app.platform.work import Work
from app.reports.deliveries import Tell
from app.reports.workbook import SQUARE_METRES, BookSheet, SheetColumn
from app.zones.renewal_schemas import DeliveryComparison, DeliveryRow, ZoneSide
from app.zones.renewals import Renewal
from gis_layers.crs import STORAGE_CRS
from gis_layers.stores import draft_edits
from risk_model.codes import code_name

COLUMNS = ("编号", "名称", "类别", "原等级", "新等级", "原面积", "新面积", "面积差", "原因", "灾种")
"""Headings, each of at most ten bytes in UTF-8, so that a shapefile cuts none."""
AREAS = ("原面积", "新面积", "面积差")
TITLE = "变化图斑表"


def changed_rows(work: Work, found: Renewal, told: DeliveryComparison, tell: Tell) -> list[dict[str, Any]]:
    """Rows by heading in Chinese, areas in m², with the shape after it or, where a zone is gone, before (storage CRS)."""
    reasons = _reasons(work, found)
    hazard = tell(work.rulebook.hazard_name(found.theme[0]))
    return [
        {**_row(row, reasons, tell), "灾种": hazard, "geometry": _shape(found, row)}
        for row in told["items"]
        if row["state"] != "unchanged"
    ]


def _row(row: DeliveryRow, reasons: dict[int, str], tell: Tell) -> dict[str, Any]:
    before, after = row["before"], row["after"]
    named = after or before
    numbers = [int(number) for number in (row["delivered"], row["zone"]) if number]
    why = [reasons[number] for number in numbers if number in reasons]
    return {
        "编号": row["zone"] or row["delivered"],
        "名称": named and named["name"],
        "类别": tell(code_name("zone_difference", row["state"])),
        "原等级": _grade(before, tell),
        "新等级": _grade(after, tell),
        "原面积": _area(before),
        "新面积": _area(after),
        "面积差": round(row["delta_m2"], 2),
        "原因": "；".join([_parts(row, tell), *why]),
    }


def _grade(side: ZoneSide | None, tell: Tell) -> str | None:
    return tell(side["grade"]) if side and side["grade"] else None


def _area(side: ZoneSide | None) -> float:
    return 0.0 if side is None else round(side["area_m2"], 2)


def _parts(row: DeliveryRow, tell: Tell) -> str:
    """What changed of a zone, in words."""
    if row["state"] != "changed":
        return tell(code_name("zone_difference", row["state"]))
    return "；".join(tell(code_name("changed_part", part)) for part in row["changed"])


def _reasons(work: Work, found: Renewal) -> dict[int, str]:
    """The last reason an officer gave for a zone of the draft."""
    return {
        zone: one.reason
        for one in draft_edits.read_edits(work.session, found.draft.id)
        if one.reason and not one.undone
        for zone in one.zones
    }


def _shape(found: Renewal, row: DeliveryRow) -> Any:
    if row["delivered"] is not None:
        return found.after[int(row["delivered"])].geometry
    return found.before[int(row["zone"] or 0)].geometry


def table_of_changes(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    """The rows as a layer in the storage CRS."""
    columns = {name: [row[name] for row in rows] for name in COLUMNS}
    return gpd.GeoDataFrame(columns, geometry=[row["geometry"] for row in rows], crs=STORAGE_CRS)


def sheet_of_changes(rows: list[dict[str, Any]], tell: Tell) -> BookSheet:
    """The rows as a sheet, its headings in the reader's language."""
    columns = tuple(SheetColumn(tell(name), SQUARE_METRES if name in AREAS else "") for name in COLUMNS)
    return BookSheet(tell(TITLE), columns, [[row[name] for name in COLUMNS] for row in rows], stays=2)
