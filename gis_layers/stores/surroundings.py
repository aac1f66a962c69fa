"""All that sites are judged by, read in one statement and so of one moment: zones, surveyed ground, registers, standing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from gis_layers.crs import STORAGE_SRID, Bounds, to_metric
from gis_layers.stores.constraints import constraint_set, constraints_of
from gis_layers.stores.frames import geometries_of
from gis_layers.stores.neighbours import object_set, rows_of
from gis_layers.stores.publication import STANDING, PublicationState, standing_of
from gis_layers.stores.published_zones import zone_set
from gis_layers.stores.regional_assessments import assessment_set, assessments_of
from gis_layers.stores.surveys import extent_set
from risk_model.vocabulary import AssessmentSet, ConstraintSet, ExtentSet, ObjectSet, ZoneSet


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Published zones, surveyed ground, and of the registers objects, land set aside and regional assessments (metric CRS); and what they stand on."""

    zones: ZoneSet
    ground: ExtentSet
    standing: PublicationState
    objects: ObjectSet
    constraints: ConstraintSet
    assessments: AssessmentSet


@dataclass(frozen=True, slots=True)
class Beside:
    """Registers of objects and kinds of land set aside to be read, each in its window; none: none are read.

    Regional assessments are read in the window of land set aside.
    """

    registers: frozenset[str] = frozenset()
    window: Bounds = (0.0, 0.0, 0.0, 0.0)
    set_aside: tuple[str, ...] = ()
    set_aside_window: Bounds = (0.0, 0.0, 0.0, 0.0)


NOTHING: Final = Beside()


def read_surroundings(
    session: Session,
    near: Bounds,
    far: Bounds,
    far_hazards: Sequence[str],
    metric_crs: str,
    *,
    beside: Beside = NOTHING,
) -> Surroundings:
    """Surrounding zones with a box in ``near`` (``far_hazards``: ``far``), ground in ``far``, objects ``beside``.

    Every layer also comes as one row without geometry, whatever the window: what was surveyed elsewhere was surveyed.
    """
    boxes = dict(zip(("w", "s", "e", "n", "far_w", "far_s", "far_e", "far_n"), (*near, *far), strict=True))
    asked = {**boxes, "far_hazards": list(far_hazards), **_asked_beside(beside)}
    return _read(session, _AROUND + _beside(beside), asked, metric_crs)


def read_beside(
    session: Session, beside: Beside, metric_crs: str
) -> tuple[ObjectSet, ConstraintSet, AssessmentSet, PublicationState]:
    """Objects, land set aside and assessments ``beside`` a site and what is in force, without anything of the edition."""
    around = _read(session, _STANDING + _beside(beside), _asked_beside(beside), metric_crs)
    return around.objects, around.constraints, around.assessments, around.standing


def _beside(beside: Beside) -> str:
    return rows_of(beside.registers, _NEAR) + constraints_of(_SET_ASIDE) + assessments_of(_SET_ASIDE)


def _asked_beside(beside: Beside) -> dict[str, Any]:
    asked = {"srid": STORAGE_SRID, "set_aside": list(beside.set_aside)}
    names = ("near_w", "near_s", "near_e", "near_n")
    asked |= dict(zip(names, beside.window, strict=True)) if beside.registers else {}
    return asked | dict(zip(("set_w", "set_s", "set_e", "set_n"), beside.set_aside_window, strict=True))


def read_everything(
    session: Session, metric_crs: str, registers: Iterable[str] = (), set_aside: Iterable[str] = ()
) -> Surroundings:
    """Everything published, the objects of ``registers`` and the land ``set_aside`` of these kinds, for a bulk check."""
    statement = _EVERYWHERE + rows_of(registers) + constraints_of() + assessments_of()
    return _read(session, statement, {"set_aside": list(set_aside)}, metric_crs)


def _read(session: Session, statement: str, asked: dict[str, Any], metric_crs: str) -> Surroundings:
    # A check asks this once a request, so it is written out: building and comparing it anew costs more than its rows.
    kinds: tuple[list[Any], ...] = ([], [], [], [], [], [], [], [])
    for kind, *row in session.connection().exec_driver_sql(statement, asked):
        kinds[kind].append(row)
    zones, ground, (standing,), objects, filled, areas, surveys, assessments = kinds
    zones.sort(key=lambda row: row[0])
    return Surroundings(
        zone_set([row[:-1] for row in zones], metric_crs),
        _ground(ground, metric_crs),
        standing_of(standing[-1]),
        object_set(objects, filled, metric_crs),
        constraint_set(areas, surveys, metric_crs),
        assessment_set(assessments, metric_crs),
    )


def _ground(rows: list[Any], metric_crs: str) -> ExtentSet:
    layers = [row for row in rows if row[15] is None]
    own = [(row[0], row[2], row[3], row[6]) for row in layers if row[4] == OWN]
    elsewhere = [(row[0], row[2], row[3], row[6]) for row in layers if row[4] != OWN]
    cut = [row for row in rows if row[15] is not None]
    # Layers of one survey share their extent: each piece is read and carried once, however many layers it speaks for.
    drawn = [bytes(row[15]) for row in cut]
    once = {wkb: number for number, wkb in enumerate(dict.fromkeys(drawn))}
    shapes = to_metric(geometries_of(once), metric_crs)[[once[wkb] for wkb in drawn]]
    pieces = [(row[0], row[2], row[3], row[6]) for row in cut]
    return extent_set([*own, *elsewhere, *pieces], shapes, elsewhere=len(elsewhere))


OWN = "zones"
"""The kind of extent of a layer that is its own survey."""


_NEAR = "WHERE geom && ST_MakeEnvelope(%(near_w)s, %(near_s)s, %(near_e)s, %(near_n)s, %(srid)s)"
_SET_ASIDE = "ST_MakeEnvelope(%(set_w)s, %(set_s)s, %(set_e)s, %(set_n)s, %(srid)s)"
_PIECES = """
SELECT 1, layer.id, NULL, layer.hazard, layer.product, NULL, NULL, to_char(layer.valid_until, 'YYYY-MM-DD'), NULL,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL, ST_AsBinary(piece.geom), NULL
FROM surveyed_ground piece JOIN surveyed_layers layer ON layer.id = piece.layer_id
WHERE layer.from_edition IS NOT NULL AND layer.to_edition IS NULL
"""
_PIECES_AROUND = f"{_PIECES} AND piece.geom && ST_MakeEnvelope(%(far_w)s, %(far_s)s, %(far_e)s, %(far_n)s, %(srid)s)"
_ZONES = """
SELECT 0, zone.zone_id, zone.version, zone.hazard, zone.product, zone.grade_scheme, zone.grade_rank, zone.grade, zone.name,
       zone.intensity, zone.arrival_min, zone.overburden_m, coalesce(zone.scale, layer.scale), zone.fault_age,
       zone.corridor_kind, zone.layer_id, ST_AsBinary(zone.geom) AS wkb, CAST(NULL AS json)
FROM zone_versions zone JOIN surveyed_layers layer ON layer.id = zone.layer_id WHERE zone.to_edition IS NULL
"""
_ZONES_AROUND = f"""{_ZONES} AND (
    zone.geom && ST_MakeEnvelope(%(w)s, %(s)s, %(e)s, %(n)s, %(srid)s)
    OR (zone.hazard = ANY(CAST(%(far_hazards)s AS text[]))
        AND zone.geom && ST_MakeEnvelope(%(far_w)s, %(far_s)s, %(far_e)s, %(far_n)s, %(srid)s))
)"""
_STANDING = f"""
SELECT 2, NULL::bigint, NULL::integer, NULL::text, NULL::text, NULL::text, NULL::smallint, NULL::text, NULL::text,
       NULL::double precision, NULL::double precision, NULL::double precision, NULL::bigint, NULL::text, NULL::text,
       NULL::bigint, NULL::bytea, ({STANDING})
"""
_REST = f"""
SELECT 1, id, NULL, hazard, product, extent_kind, NULL, to_char(valid_until, 'YYYY-MM-DD'), NULL, NULL, NULL,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM surveyed_layers WHERE from_edition IS NOT NULL AND to_edition IS NULL
UNION ALL {_STANDING}
"""
_AROUND = f"{_ZONES_AROUND} UNION ALL {_PIECES_AROUND} UNION ALL {_REST}"
_EVERYWHERE = f"{_ZONES} UNION ALL {_PIECES} UNION ALL {_REST}"
