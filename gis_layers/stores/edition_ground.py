"""The ground as one edition published it: zones and surveys of some hazards, whatever came later."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_layers.crs import to_metric
from gis_layers.stores.frames import geometries_of
from gis_layers.stores.published_zones import zone_set
from gis_layers.stores.surveys import extent_set
from gis_layers.tables.runs import LayerRead
from risk_model.vocabulary import ExtentSet, ZoneSet


def read_edition_ground(
    session: Session, edition: int, hazards: Sequence[str], metric_crs: str
) -> tuple[ZoneSet, ExtentSet]:
    """The zones and surveyed ground of ``hazards`` in force in ``edition``, in the metric CRS, always in one order."""
    asked = {"edition": edition, "hazards": list(hazards)}
    own = session.execute(_OWN_ZONES, asked).all()
    cut = session.execute(_PIECES, asked).all()
    shapes = to_metric(geometries_of([row[4] for row in cut]), metric_crs)
    zones = zone_set(session.execute(_ZONES, asked).all(), metric_crs)
    return zones, extent_set([*own, *cut], shapes)


def read_edition_layers(session: Session, edition: int, hazards: Sequence[str]) -> list[LayerRead]:
    """The layers of ``hazards`` in force in ``edition``, as a run tells what it read."""
    return [
        {
            "layer": row.layer,
            "hazard": row.hazard,
            "product": row.product,
            "name": row.name,
            "source": row.source,
            "survey_date": row.survey_date and row.survey_date.isoformat(),
        }
        for row in session.execute(_LAYERS, {"edition": edition, "hazards": list(hazards)})
    ]


_IN_FORCE = """
hazard = ANY(CAST(:hazards AS text[])) AND from_edition <= :edition AND (to_edition IS NULL OR to_edition > :edition)
"""
_ZONES = text(f"""
SELECT zone_id, version, hazard, product, grade_scheme, grade_rank, grade, name, intensity, arrival_min, overburden_m,
       coalesce(scale, (SELECT layer.scale FROM surveyed_layers layer WHERE layer.id = layer_id)),
       fault_age, corridor_kind, layer_id, ST_AsBinary(geom) AS wkb
FROM zone_versions WHERE {_IN_FORCE} ORDER BY zone_id
""")
_OWN_ZONES = text(f"""
SELECT id, hazard, product, valid_until FROM surveyed_layers WHERE {_IN_FORCE} AND extent_kind = 'zones' ORDER BY id
""")
_PIECES = text(f"""
SELECT layer.id, layer.hazard, layer.product, layer.valid_until, ST_AsBinary(piece.geom)
FROM surveyed_ground piece JOIN surveyed_layers layer ON layer.id = piece.layer_id WHERE {_IN_FORCE} ORDER BY piece.id
""")
_LAYERS = text(f"""
SELECT id AS layer, hazard, product, name, source, survey_date FROM surveyed_layers WHERE {_IN_FORCE} ORDER BY id
""")
