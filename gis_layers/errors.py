"""Errors about geodata and where it is kept. Nothing here knows of HTTP."""


class GisError(Exception):
    """Base of every error this package raises; the message says what to do next."""


class UnknownCrs(GisError):
    """A coordinate reference system that cannot be read or found."""


class UnsafeDatum(GisError):
    """A datum (Xi'an 80, Beijing 54) that needs local parameters; transforming without them is silently wrong."""


class CoordinatesOutsideCrs(GisError):
    """Coordinates that the coordinate reference system cannot place."""


class UnreadableFile(GisError):
    """A file that is missing, of no known format, or too damaged to list its features."""


class CountsDiffer(UnreadableFile):
    """A file of which something else was read than it declares; nothing of it can be believed."""


class ReaderFailed(UnreadableFile):
    """A file over which a reader stumbled in a way nobody foresaw; its notes tell where."""


class AmbiguousLayer(GisError):
    """A file with several layers of which none was chosen, or none of the chosen name; ``layers`` are their names."""

    def __init__(self, message: str, layers: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.layers = layers


class UnwritableFile(GisError):
    """A table that cannot be written as asked: unknown suffix, or text that the encoding does not hold."""


class ClusterUnreachable(GisError):
    """No scheduler answers at the address, or it has no worker."""


class ForeignWorkers(GisError):
    """Workers that judge by another version of the programs than the one that asks."""


class ClusterFailed(GisError):
    """A cluster that was lost while it worked; nothing of the run is kept."""


class ConfinedTrouble(GisError):
    """Base of what ends a call in the sandbox from outside."""


class ConfinedTimeout(ConfinedTrouble):
    """A call that took more time than it was given."""


class ConfinedMemory(ConfinedTrouble):
    """A call that wanted more memory than it was given."""


class ConfinedCancelled(ConfinedTrouble):
    """A call whose caller is no longer interested."""


class ConfinedBusy(ConfinedTrouble):
    """A call that found no free place in time."""


class ConfinedDied(ConfinedTrouble):
    """A call whose process ended without an answer, or with one that cannot be taken."""
