"""Errors of the private PostGIS server; every message ends with the next thing to do."""

from gis_layers.errors import GisError


class ClusterError(GisError):
    """Base of every trouble with the private database cluster."""


class NoServerFound(ClusterError):
    """No PostgreSQL with a recent enough PostGIS is installed."""


class NoClientFound(ClusterError):
    """No `pg_dump` and `pg_restore` are installed."""


class OutdatedClient(ClusterError):
    """Every installed `pg_dump` is older than the server it should read."""


class WrongMajorVersion(ClusterError):
    """The folder was written by a major version of PostgreSQL that is not installed here."""


class ClusterBroken(ClusterError):
    """The server does not start, stop or answer; the message carries the tail of its log."""


class ForeignCluster(ClusterError):
    """The cluster belongs to another user of this machine."""


class UnreachableFolder(ClusterError):
    """The server's user cannot enter the folder its data lies in."""


class DiskTooFull(ClusterError):
    """Too little space is left for a database to run safely."""


class SocketOccupied(ClusterError):
    """Every socket folder this cluster could use belongs to somebody else."""
