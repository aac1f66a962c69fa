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
_NAMED = "UPDATE forces SET station = (SELECT name FROM stations WHERE stations.id = forces.station_id)"


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


def name_station(session: Session, force: int) -> None:
    """Call the station of a force as its register does; none where it stands at none."""
    session.execute(text(f"{_NAMED} WHERE id = :force"), {"force": force})


def rename_station(session: Session, station: int) -> None:
    """Call a station as its register does, in every force that stands at it."""
    session.execute(text(f"{_NAMED} WHERE station_id = :station"), {"station": station})


def capabilities_of(session: Session, force: int) -> tuple[list[str], list[str]]:
    """All capabilities of a force, and those among them no list knows."""
    row = session.execute(
        text("SELECT capabilities, unknown_capabilities FROM forces WHERE id = :force"), {"force": force}
    ).one()
    return list(row.capabilities), list(row.unknown_capabilities)


def offered_stations(session: Session) -> list[tuple[int, str]]:
    """Numbers and names of the stations, by name."""
    rows = session.execute(text("SELECT id, name FROM stations ORDER BY name, id"))
    return [(int(number), str(name)) for number, name in rows]
