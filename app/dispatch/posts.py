"""Posts to stand by at: bases of whoever is away, seats of villages left behind, stations of the register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from app.dispatch.planning_schemas import PostAnswer, PostKind
from app.judgement.forces import StandingForce
from app.judgement.protected import VILLAGES, Protected
from app.platform.work import Work
from gis_layers.crs import to_metric
from gis_layers.stores.town import read_register
from risk_model.dispatch.coverage import Floats
from risk_model.shapes import as_array
from risk_model.vocabulary import Geometries

MOST_VILLAGES: Final = 10
MOST_STATIONS: Final = 30
"""So many of each are weighed: a search each, and a table of them in memory."""


@dataclass(frozen=True, slots=True)
class Posts:
    """Posts where they lie (metric CRS), as they are told; the first ``bases`` are those of forces that are away."""

    points: Geometries
    told: tuple[PostAnswer, ...]
    bases: int


def read_posts(work: Work, protected: Protected, away: Sequence[StandingForce], lost: Floats) -> Posts:
    """The posts: every base of whoever is ``away``, the stations nearest to those, the villages with most people ``lost``.

    Of posts that restore as many people the first is told, so a roof with a telephone goes before a village.
    """
    bases = [(force.place, _post(force.record.key, force.record.name, "base")) for force in away]
    most = [int(one) for one in np.argsort(-lost, kind="stable")[:MOST_VILLAGES] if lost[one] > 0]
    seats = protected.points[protected.at[VILLAGES]]
    villages = [(seats[one], _post(*protected.names[one], "village")) for one in most]
    some = [*bases, *_stations(work, [place for place, _ in bases]), *villages]
    return Posts(as_array([place for place, _ in some]), tuple(told for _, told in some), len(bases))


def _stations(work: Work, bases: Sequence[shapely.Geometry]) -> list[tuple[shapely.Geometry, PostAnswer]]:
    if not bases:
        return []
    stations = read_register(work.session, "stations")
    places = to_metric(stations.geometry.to_numpy(), work.settings.metric_crs)
    away = shapely.distance(places, shapely.union_all(as_array(bases)))
    nearest = np.argsort(away, kind="stable")[:MOST_STATIONS]
    rows = list(stations[["id", "name"]].itertuples(index=False))
    return [(places[one], _post(str(rows[one].id), rows[one].name, "station")) for one in nearest.tolist()]


def _post(key: str, name: str, kind: PostKind) -> PostAnswer:
    return {"id": key, "name": name, "kind": kind}
