"""What the long trials share with the journeys."""

from tests.journeys.conftest import archive, kept, worked_in

__all__ = ["archive", "kept", "worked_in"]
