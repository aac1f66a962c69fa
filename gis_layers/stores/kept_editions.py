"""An edition kept whole: all that a check reads of the edition in force, found by index without the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from sqlalchemy.orm import Session

from gis_layers.crs import Bounds, to_metric
from gis_layers.stores.frames import geometries_of
from gis_layers.stores.layer_surveys import LayerSurvey, SurveyFacts
from gis_layers.stores.met_zones import Marks, ZoneSurvey
from gis_layers.stores.publication import PublishedEdition, read_publication_state
from gis_layers.stores.published_zones import zone_set
from gis_layers.stores.surroundings import (
    OWN,
    Beside,
    Surroundings,
    read_beside,
)
from gis_layers.stores.surveys import extent_set
from risk_model.vocabulary import ExtentSet, Geometries, ZoneSet

MOST_VERTICES: Final = 16_000_000
"""Vertices of zones and surveyed ground of the largest edition that is kept."""
ROWS_AT_ONCE: Final = 500
"""So few zones are read and carried between two moments in which other threads have their turn."""

Members = npt.NDArray[np.intp]
_COLUMNS: Final = tuple(one.name for one in fields(ZoneSet))


@dataclass(frozen=True, slots=True)
class KeptEdition:
    """Zones and surveyed ground of one edition (metric CRS), each with a tree of its boxes in the storage CRS.

    ``surveys`` tells how each zone was surveyed, ``layers`` each layer by id, ``ids`` are the zones as numbers, rising. Nothing of it is ever changed, so threads share it.
    """

    edition: PublishedEdition
    metric_crs: str
    zones: ZoneSet
    surveys: Sequence[SurveyFacts]
    layers: Mapping[int, LayerSurvey]
    ids: Members
    zone_boxes: shapely.STRtree
    own: Sequence[Any]
    elsewhere: Sequence[Any]
    pieces: Sequence[Any]
    ground: Geometries
    ground_boxes: shapely.STRtree

    def zones_around(self, near: Bounds, far: Bounds, far_hazards: Sequence[str]) -> ZoneSet:
        """The zones whose box meets ``near``, of ``far_hazards`` ``far`` (degrees), in the order of their numbers."""
        met, further = _met(self.zone_boxes, near), _met(self.zone_boxes, far)
        further = further[np.isin(self.zones.hazard[further], list(far_hazards))]
        return _taken(self.zones, np.union1d(met, further))

    def surveys_of(self, marks: Marks) -> list[ZoneSurvey]:
        """The surveys of these versions (id, version), as ``read_zone_surveys`` reads them; those of other editions are left out."""
        if not len(self.ids):
            return []
        places = np.searchsorted(self.ids, [int(zone) for zone, _ in marks]).clip(max=len(self.ids) - 1)
        return [
            ZoneSurvey(zone, version, self.surveys[place])
            for (zone, version), place in zip(marks, places.tolist(), strict=True)
            if self.zones.zone[place] == zone and self.zones.version[place] == version
        ]

    def ground_around(self, far: Bounds) -> ExtentSet:
        """The pieces of surveyed ground whose box meets ``far`` (degrees), and every layer as a row without geometry."""
        met = np.sort(_met(self.ground_boxes, far))
        rows = [*self.own, *self.elsewhere, *(self.pieces[number] for number in met)]
        return extent_set(rows, self.ground[met], elsewhere=len(self.elsewhere))


def read_kept(
    session: Session, kept: KeptEdition, windows: tuple[Bounds, Bounds, Sequence[str]], beside: Beside
) -> Surroundings | None:
    """What ``read_surroundings`` reads in these ``windows`` (near, far, hazards of far); None where another edition is in force.

    The statement that reads the registers tells the edition too, so both are of one moment.
    """
    objects, constraints, assessments, standing = read_beside(session, beside, kept.metric_crs)
    if standing.edition != kept.edition:
        return None
    near, far, far_hazards = windows
    zones, ground = kept.zones_around(near, far, far_hazards), kept.ground_around(far)
    return Surroundings(zones, ground, standing, objects, constraints, assessments)


def keep_edition(
    session: Session, metric_crs: str, most_vertices: int = MOST_VERTICES
) -> tuple[PublishedEdition | None, KeptEdition | None]:
    """The edition in force, and all of it to be kept; None where it is larger than ``most_vertices`` or there is none.

    The session must not have asked anything yet: all is read of one moment.
    """
    session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    edition = read_publication_state(session).edition
    if edition is None:
        return None, None
    layers, pieces, drawn = _read_ground(session)
    left = most_vertices - int(shapely.get_num_coordinates(drawn).sum())
    read = _read_zones(session, metric_crs, left)
    if read is None:
        return edition, None
    zones, surveys = read
    shapes = to_metric(drawn, metric_crs)
    own = [row[:4] for row in layers if row[4] == OWN]
    elsewhere = [row[:4] for row in layers if row[4] != OWN]
    ground = (own, elsewhere, pieces, shapes, shapely.STRtree(drawn))
    boxes, ids = shapely.STRtree(np.asarray(zones.drawn)), zones.zone.astype(np.int64)
    facts = {row[0]: LayerSurvey(row[1], row[2], SurveyFacts(*row[5:])) for row in layers}
    return edition, KeptEdition(edition, metric_crs, zones, surveys, facts, ids, boxes, *ground)


def _read_ground(session: Session) -> tuple[list[Any], list[Any], Geometries]:
    """Layers in force, the layer of each piece of surveyed ground, and the pieces as they are stored."""
    asked = session.connection().exec_driver_sql
    layers = [tuple(row) for row in asked(_LAYERS)]
    rows = [tuple(row) for row in asked(_PIECES)]
    once = {wkb: number for number, wkb in enumerate(dict.fromkeys(bytes(row[4]) for row in rows))}
    shapes = geometries_of(once)[[once[bytes(row[4])] for row in rows]]
    return layers, [row[:4] for row in rows], shapes


def _read_zones(session: Session, metric_crs: str, most_vertices: int) -> tuple[ZoneSet, Sequence[SurveyFacts]] | None:
    """Every zone in force in the order of their numbers with its survey, a few at a time; None where they have more vertices."""
    streamed = session.connection().execution_options(yield_per=ROWS_AT_ONCE).exec_driver_sql(_ZONES)
    parts, left = [], most_vertices
    surveys: list[SurveyFacts] = []
    once: dict[SurveyFacts, SurveyFacts] = {}
    told = len(fields(SurveyFacts))
    for rows in streamed.partitions():
        part = zone_set([row[:-told] for row in rows], metric_crs)
        surveys += (once.setdefault(facts, facts) for facts in (SurveyFacts(*row[-told:]) for row in rows))
        left -= int(shapely.get_num_coordinates(part.geometry).sum())
        if left < 0:
            streamed.close()
            return None
        parts.append(part)
    zones = _joined(parts) if parts else zone_set([], metric_crs)
    order = np.argsort(zones.zone.astype(np.int64), kind="stable")
    return _taken(zones, order), [surveys[number] for number in order]


def _met(tree: shapely.STRtree, window: Bounds) -> Members:
    return np.asarray(tree.query(shapely.box(*window)), dtype=np.intp)


def _taken(zones: ZoneSet, members: Members) -> ZoneSet:
    return ZoneSet(**{name: getattr(zones, name)[members] for name in _COLUMNS})


def _joined(parts: Sequence[ZoneSet]) -> ZoneSet:
    return ZoneSet(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS})


_ZONES = """
SELECT zone.zone_id, zone.version, zone.hazard, zone.product, zone.grade_scheme, zone.grade_rank, zone.grade, zone.name,
       zone.intensity, zone.arrival_min, zone.overburden_m, coalesce(zone.scale, layer.scale), zone.fault_age,
       zone.corridor_kind, zone.layer_id, ST_AsBinary(zone.geom) AS wkb,
       coalesce(zone.survey_date, layer.survey_date), coalesce(zone.scale, layer.scale), coalesce(zone.source, layer.source),
       layer.office, layer.valid_until, layer.max_age_days
FROM zone_versions zone JOIN surveyed_layers layer ON layer.id = zone.layer_id WHERE zone.to_edition IS NULL
"""
_LAYERS = """
SELECT id, hazard, product, valid_until, extent_kind, survey_date, scale, source, office, valid_until, max_age_days
FROM surveyed_layers
WHERE from_edition IS NOT NULL AND to_edition IS NULL ORDER BY id
"""
_PIECES = """
SELECT layer.id, layer.hazard, layer.product, layer.valid_until, ST_AsBinary(piece.geom)
FROM surveyed_ground piece JOIN surveyed_layers layer ON layer.id = piece.layer_id
WHERE layer.from_edition IS NOT NULL AND layer.to_edition IS NULL ORDER BY piece.id
"""
