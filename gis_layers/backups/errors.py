"""Errors of a backup or a restore; every message ends with the next thing to do."""

from gis_layers.errors import GisError


class BackupError(GisError):
    """Base of every trouble with backups."""


class DamagedBackup(BackupError):
    """A file that is no backup, is cut short, was altered, or does not give back what it says it holds."""


class NewerBackup(BackupError):
    """A backup in a format, or from a database server, that is newer than what reads it."""


class OccupiedTarget(BackupError):
    """A file that is there already where the backup should go, or a folder nobody may write in."""


class TooLittleRoom(BackupError):
    """Less free disk than the work needs."""


class MissingRight(BackupError):
    """The database role may not do what a backup or a restore needs."""


class DatabaseInUse(BackupError):
    """Somebody works on the database that is to be replaced."""


class BackupUnderWay(BackupError):
    """Another backup or restore of the same database."""


class FailedDump(BackupError):
    """`pg_dump` or `pg_restore` ended with an error; the message carries what it printed last."""


class ServerLost(BackupError):
    """The database server hung up in the middle of the work."""
