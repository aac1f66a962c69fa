"""pgRouting over the same roads: their stretches as a table of its own, searched by the extension inside PostgreSQL."""

from __future__ import annotations

from math import inf

import numpy as np
import psycopg2

from gis_layers.roads import RoadNetwork, RoadPlace

STRETCHES = "SELECT id, source, target, cost, reverse_cost FROM stretches"
NOBODY = -1


def has_pgrouting(url: str) -> bool:
    """Whether the server of a database has the extension at hand."""
    connection = psycopg2.connect(url.replace("postgresql+psycopg2", "postgresql"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'pgrouting'")
        (count,) = cursor.fetchone()
    connection.close()
    return bool(count)


class PgRouting:
    """A network in a database of its own, against the traffic; ``url`` is that of an empty database with the extension at hand."""

    def __init__(self, url: str, network: RoadNetwork) -> None:
        self.network = network
        self.connection = psycopg2.connect(url.replace("postgresql+psycopg2", "postgresql"))
        self.connection.autocommit = True
        self.cursor = self.connection.cursor()
        self.cursor.execute("CREATE EXTENSION IF NOT EXISTS postgis; CREATE EXTENSION IF NOT EXISTS pgrouting")
        self.cursor.execute(
            "CREATE UNLOGGED TABLE stretches"
            " (id bigint, source bigint, target bigint, cost double precision, reverse_cost double precision)"
        )
        self._copy()
        self.cursor.execute("ANALYZE stretches; SELECT pgr_version()")
        (self.version,) = self.cursor.fetchone()

    def _copy(self) -> None:
        net = self.network
        # A negative cost is no way. Turned round: the search from the incident then tells who comes to it.
        forth = np.where(net.back & np.isfinite(net.seconds), net.seconds, NOBODY)
        back = np.where(net.forth & np.isfinite(net.seconds), net.seconds, NOBODY)
        columns = [some.tolist() for some in (np.arange(len(net.tail)), net.tail, net.head, forth, back)]
        self.cursor.execute(
            "INSERT INTO stretches SELECT * FROM"
            " unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::double precision[], %s::double precision[])",
            columns,
        )

    def seconds_to(self, place: RoadPlace) -> np.ndarray:
        """Seconds from every junction to ``place``."""
        self.cursor.execute("SELECT node, agg_cost FROM pgr_drivingDistance(%s, %s, 1e9, true)", self._asked(place))
        found = np.full(len(self.network.node), inf)
        for node, seconds in self.cursor.fetchall():
            if node < len(found):
                found[node] = seconds
        return found

    def search(self, place: RoadPlace) -> int:
        """The same search, of which the number of junctions alone leaves the database."""
        self.cursor.execute("SELECT count(*) FROM pgr_drivingDistance(%s, %s, 1e9, true)", self._asked(place))
        return int(self.cursor.fetchone()[0])

    def _asked(self, place: RoadPlace) -> tuple[str, int]:
        """The stretches with the place put in as a junction, and its number."""
        net, stretch = self.network, place.stretch
        here, seconds = len(net.node), float(net.seconds[stretch])
        ends = ((net.forth, net.tail, place.share), (net.back, net.head, 1 - place.share))
        ways = [
            f"SELECT {NOBODY - i}, {here}, {int(node[stretch])}, {part * seconds!r}, {NOBODY}"
            for i, (way, node, part) in enumerate(ends)
            if way[stretch]
        ]
        return " UNION ALL ".join([STRETCHES, *ways]), here

    def close(self) -> None:
        """Let the database go."""
        self.connection.close()
