"""The register part of the gazetteer, made anew from what is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Select, Text, cast, delete, func, insert, literal, or_, select, text
from sqlalchemy.orm import Session

from gis_layers.crs import to_metric, to_storage
from gis_layers.spelling import spell, stem
from gis_layers.stakes import MeasuredRoad, Origin, measure_road, road_reference, stake_label
from gis_layers.stores.frames import read_frame
from gis_layers.stores.gazetteer_search import read_origins
from gis_layers.tables.forces import Station
from gis_layers.tables.names import PlaceName
from gis_layers.tables.places import Road, Village, Water
from gis_layers.tables.projects import Project
from gis_layers.tables.town import Enterprise, Facility, Group
from risk_model.shapes import as_array

_APART_DEGREES = 0.005
"""Half a kilometre: stretches of one name further apart are two places."""

_BY_ID: Mapping[str, tuple[Any, Any]] = {
    "group": (Group, ""),
    "station": (Station, Station.kind),
    "enterprise": (Enterprise, func.coalesce(Enterprise.address, Enterprise.industry, Enterprise.sector)),
    "project": (Project, Project.project_class),
}
_Row = dict[str, Any]


def refresh_names(session: Session, metric_crs: str) -> int:
    """Make every register name anew from what is stored; aliases stay. Answers how many names there are.

    To be called at the end of whatever changes villages, registers, projects, roads or waters. What is called nothing
    but space has no name to be found by.
    """
    session.flush()
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('anzhi place names'))"))
    rows = [row for row in _rows(session, metric_crs) if row["words"].strip()]
    session.execute(delete(PlaceName).where(PlaceName.source == "register"))
    if rows:
        session.execute(insert(PlaceName), rows)
    return len(rows)


def find_road(session: Session, reference: str, metric_crs: str) -> MeasuredRoad | None:
    """The numbered road measured from its west end; None where it is not drawn, or nobody knows where its stakes begin.

    A synthetic road begins with K0; the origin of a true one is told by ``save_origin``.
    """
    table: Any = Road
    numbered = func.ltrim(func.normalize(table.name, text("NFKC"))).istartswith(reference)
    stretches = select(table.name, table.synthetic, table.geom).where(numbered)
    pieces = _numbered(read_frame(session, stretches))
    if reference not in pieces:
        return None
    return _measured(reference, pieces[reference], read_origins(session), metric_crs)


def place_on(road: MeasuredRoad, at_m: float, metric_crs: str) -> shapely.Point | None:
    """The point of stake ``at_m`` in the storage CRS; None beyond what is drawn."""
    point = road.point_at(at_m)
    return None if point is None else to_storage(as_array([point]), metric_crs)[0]


def _rows(session: Session, metric_crs: str) -> Iterator[_Row]:
    for kind, statement in _statements():
        for found in session.execute(statement).mappings():
            yield _row(kind, **found)
    lines = read_frame(session, _stretches(Road, Road.road_class, Road.synthetic))
    numbered = _numbered(lines)
    plain = lines.loc[np.array([road_reference(name) is None for name in lines["name"]], dtype=bool)]
    yield from _merged("road", plain)
    yield from _merged("water", read_frame(session, _stretches(Water, Water.kind, Water.synthetic)))
    origins = read_origins(session)
    for reference, pieces in numbered.items():
        yield _drawn("road", reference, pieces)
        road = _measured(reference, pieces, origins, metric_crs)
        if road is not None:
            yield from _stakes(reference, road, metric_crs)


def _statements() -> Iterator[tuple[str, Select[Any]]]:
    yield "village", _villages()
    for kind, (table, detail) in _BY_ID.items():
        yield kind, _owned(table, detail)
    yield "shelter", _owned(Facility, Facility.kind).where(Facility.kind == "shelter")
    yield "facility", _owned(Facility, Facility.kind).where(Facility.kind != "shelter")


def _villages() -> Select[Any]:
    inside = func.ST_PointOnSurface(Village.geom)
    people = func.coalesce(cast(Village.population, Text) + " 人", "人口未登记")
    return select(
        func.coalesce(Village.code, "id:" + cast(Village.id, Text)).label("owner"),
        Village.id.label("owner_id"),
        Village.name,
        func.coalesce(Village.seat_lon, func.ST_X(inside)).label("lon"),
        func.coalesce(Village.seat_lat, func.ST_Y(inside)).label("lat"),
        *_box(Village.geom),
        Village.name.label("village"),
        ("代码 " + func.coalesce(Village.code, "未登记") + " · " + people).label("detail"),
    )


def _owned(table: Any, detail: Any) -> Select[Any]:
    """Objects keyed by their id, each with the village it is registered in or stands in."""
    inside = func.ST_PointOnSurface(table.geom)
    written = table.__table__.c.get("village_code", literal(None, Text))
    home = (
        select(Village.name)
        .where(or_(Village.code == written, func.ST_Covers(Village.geom, inside)))
        .order_by(func.coalesce(Village.code == written, False).desc(), Village.id)
        .limit(1)
        .scalar_subquery()
    )
    return select(
        cast(table.id, Text).label("owner"),
        table.id.label("owner_id"),
        table.name,
        func.ST_X(inside).label("lon"),
        func.ST_Y(inside).label("lat"),
        *_box(table.geom),
        home.label("village"),
        func.coalesce(detail, "").label("detail"),
    )


def _box(geom: Any) -> tuple[Any, ...]:
    return (
        func.ST_XMin(geom).label("west"),
        func.ST_YMin(geom).label("south"),
        func.ST_XMax(geom).label("east"),
        func.ST_YMax(geom).label("north"),
    )


def _stretches(table: Any, detail: Any, synthetic: Any) -> Select[Any]:
    cluster = func.ST_ClusterDBSCAN(table.geom, _APART_DEGREES, 1).over(partition_by=table.name)
    columns = (table.id, table.name, cluster.label("cluster"), detail.label("detail"), synthetic.label("synthetic"))
    return select(*columns, table.geom).where(func.trim(table.name) != "").order_by(table.id)


def _merged(kind: str, lines: gpd.GeoDataFrame) -> Iterator[_Row]:
    for rows in lines.groupby(["name", "cluster"], sort=True).groups.values():
        pieces = lines.loc[rows]
        yield _drawn(kind, f"{pieces['name'].iloc[0]}#{pieces['id'].iloc[0]}", pieces)


def _drawn(kind: str, owner: str, pieces: gpd.GeoDataFrame) -> _Row:
    """One place of many pieces; its point lies on the middle of the largest."""
    shapes = pieces.geometry.to_numpy()
    largest = shapes[int(np.argmax(np.maximum(shapely.area(shapes), shapely.length(shapes) * 1e-9)))]
    middle = shapely.point_on_surface(largest)
    west, south, east, north = (float(side) for side in shapely.total_bounds(shapes))
    names = list(pieces["name"].value_counts().index)
    return _row(
        kind, owner=owner, owner_id=None, name=names[0], lon=middle.x, lat=middle.y, west=west, south=south,
        east=east, north=north, village=None, detail=str(pieces["detail"].mode().iloc[0]), others=names[1:],
    )  # fmt: skip


def _numbered(lines: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    references = pd.Series([road_reference(name) for name in lines["name"]], index=lines.index, dtype=object)
    return {str(reference): lines.loc[rows] for reference, rows in lines.groupby(references, sort=True).groups.items()}


def _measured(
    reference: str, pieces: gpd.GeoDataFrame, origins: Mapping[str, Any], metric_crs: str
) -> MeasuredRoad | None:
    told = origins.get(reference)
    if told is None and not pieces["synthetic"].all():
        return None
    return measure_road(to_metric(pieces.geometry.to_numpy(), metric_crs), Origin(**told) if told else Origin())


def _stakes(reference: str, road: MeasuredRoad, metric_crs: str) -> Iterator[_Row]:
    for kilometre in road.whole_kilometres():
        point = place_on(road, kilometre * 1000.0, metric_crs)
        if point is not None:
            box: _Row = {"west": point.x, "east": point.x, "south": point.y, "north": point.y}
            yield _row(
                "stake", owner=f"{reference}:{kilometre * 1000}", owner_id=None, village=None, detail="",
                name=stake_label(reference, kilometre * 1000.0), lon=point.x, lat=point.y, **box,
            )  # fmt: skip


def _row(kind: str, *, name: str, others: list[str] | None = None, **columns: Any) -> _Row:
    village = columns["village"]
    known = list(others or [])
    if kind == "group" and village:
        short = name.removeprefix(village)
        known += [short, village + short, stem(village) + short]
    spelling = spell(name, *known)
    spelt = {"words": spelling.words, "pinyin": spelling.pinyin, "initials": spelling.initials}
    return {"kind": kind, "name": name, "source": "register", **columns, **spelt}
