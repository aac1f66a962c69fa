"""Forces and the stations they stand at."""

from __future__ import annotations

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis_layers.tables.forces import Station

_STATION = """
UPDATE forces f SET station_id = s.id
FROM (SELECT name, min(id) AS id FROM stations GROUP BY name HAVING count(*) = 1) s
WHERE f.station_id IS NULL AND f.station = s.name
"""


def station_forces(session: Session) -> None:
    """Give each force that names its station that station, where exactly one has the name."""
    session.execute(text(_STATION))


def station_names(session: Session) -> dict[str, int]:
    """Number of stations with each name."""
    rows = session.execute(text("SELECT name, count(*) FROM stations GROUP BY name"))
    return {str(name): int(count) for name, count in rows}


def kind_of_station(session: Session, number: int | None) -> str | None:
    """The kind of the station a force stands at; None for a base of its own."""
    return None if number is None else session.scalar(select(Station.kind).where(Station.id == number))
