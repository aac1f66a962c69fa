"""The ground chains run over, read from the stores into the metric CRS."""

from __future__ import annotations

import datetime
from typing import Final

import numpy as np
import shapely
from sqlalchemy.orm import Session

from app.platform.clock import today
from app.platform.errands import STORED, reckon
from app.platform.once import Once
from app.platform.work import Work
from gis_layers.crs import to_metric
from gis_layers.stores.edition_ground import read_edition_ground
from gis_layers.stores.places import count_places, read_places
from gis_layers.stores.surveys import run_out_layers
from risk_model.chains import EventField, Streams, direct_streams, field_of
from risk_model.rulebook import RuleBook

STREAM_KINDS: Final = ("river", "stream", "canal")

ChainInputs = tuple[Streams, dict[str, EventField]]

_laid: Once[tuple[object, ...], ChainInputs] = Once(4)


def read_ground(work: Work, edition: int) -> ChainInputs:
    """Streams and fields as they are known today; laid once for each edition, rulebook, state of the basemap and what has run out."""
    counts = count_places(work.session, "water"), count_places(work.session, "relief")
    on, metric_crs = today(), work.settings.metric_crs
    key = (work.deployment.url, work.rulebook.fingerprint, edition, *counts, *run_out_layers(work.session, on))

    def lay() -> ChainInputs:
        fields = read_fields(work.session, (work.rulebook, on), edition, metric_crs)
        return read_streams(work.session, metric_crs), fields

    return _laid.get(key, lay)


def read_fields(
    session: Session, setting: tuple[RuleBook, datetime.date], edition: int, metric_crs: str
) -> dict[str, EventField]:
    """Of every event with a hazard the ground the edition published for it, by rulebook and day."""
    rulebook, on = setting
    events = [event for event in rulebook.chains.events.values() if event.hazard is not None]
    hazards = sorted({str(event.hazard) for event in events})
    zones, extents = read_edition_ground(session, edition, hazards, metric_crs)
    return {event.key: field_of(event, zones, extents, rulebook, on) for event in events}


def read_streams(session: Session, metric_crs: str) -> Streams:
    """The watercourses of the basemap, turned downhill where contours tell, else as drawn."""
    waters, relief = read_places(session, "water"), read_places(session, "relief")
    lines = waters[waters["kind"].isin(STREAM_KINDS) & (waters.geometry.geom_type == "LineString")]
    contours = relief[(relief["kind"] == "contour") & relief["elevation_m"].notna()]
    return reckon(
        int(shapely.get_num_coordinates(relief.geometry.to_numpy()).sum()) // STORED,
        direct_streams,
        to_metric(lines.geometry.to_numpy(), metric_crs),
        lines["kind"].to_numpy(dtype=object),
        to_metric(contours.geometry.to_numpy(), metric_crs),
        contours["elevation_m"].to_numpy(dtype=np.float64),
    )
