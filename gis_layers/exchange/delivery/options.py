"""Options of an officer for reading a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

from gis_layers.crs import DEFAULT_METRIC_CRS
from gis_layers.exchange.delivery.handover import Handover
from gis_layers.exchange.delivery.reading_limits import CONSOLE, ReadingLimits
from gis_layers.geometry import GENEROUS, Bounds
from gis_layers.sandbox import Cancelled


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """Options from the command line or the form; None where nothing was said.

    ``fields`` maps our column names to those of the file. ``boundary`` is the deployment's outline in the storage CRS;
    the plausibility of coordinates is judged against it and the area of use of ``metric_crs``. ``limits`` are those of
    the door the file came through; ``cancelled`` tells that nobody waits for it any more. A feature
    that holds more than ``bounds`` is refused. ``handover`` is what was told of the file beside it. ``left_out`` are
    members of an archive that nobody reads. ``repaired`` are the features whose repair somebody looked at and accepted,
    where not all are (``accept_repairs``).
    """

    crs: str | None = None
    encoding: str | None = None
    layer: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    accept_repairs: bool = False
    metric_crs: str = DEFAULT_METRIC_CRS
    boundary: BaseGeometry | None = None
    limits: ReadingLimits = CONSOLE
    cancelled: Cancelled = None
    bounds: Bounds = GENEROUS
    handover: Handover = field(default_factory=Handover)
    left_out: tuple[str, ...] = ()
    repaired: frozenset[int] = frozenset()

    def accepts_repair(self, feature: int) -> bool:
        """Whether the repair of this feature is accepted."""
        return self.accept_repairs or feature in self.repaired
