"""The allowance of a request: how much its shapes may hold by role, and what heavy work on them may cost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from app.platform.errands import heed
from app.platform.principals import Role
from app.platform.settings import Settings
from gis_layers.geometry import Bounds
from gis_layers.sandbox import Limits, run_confined

Answer = TypeVar("Answer")

MANY_VERTICES: Final = 1_000
"""From here on a shape is worked on in a process of its own, with its own memory and time; it costs some milliseconds."""

OFFICERS: Final = (Role.OFFICER, Role.APPROVER, Role.ADMIN)
OFFICERS_TIMES: Final = 2.5


@dataclass(frozen=True, slots=True)
class Allowance:
    """Limits of one request's input (``bounds``) and use (``limits``); ``left`` is set once its client is gone."""

    bounds: Bounds
    limits: Limits
    left: threading.Event = field(default_factory=threading.Event)

    def reckon(self, vertices: int, function: Callable[..., Answer], *args: object) -> Answer:
        """Answer of the pure ``function``, asked here or, for many ``vertices``, in a confined process.

        Raises what the function raises, and ConfinedTrouble where it took too much or its client left.
        """
        heed()
        if vertices <= MANY_VERTICES:
            return function(*args)
        return run_confined(function, *args, limits=self.limits, cancelled=self.left)


def allow(role: Role, settings: Settings, left: threading.Event) -> Allowance:
    """The allowance of somebody in ``role``."""
    times = OFFICERS_TIMES if role in OFFICERS else 1.0
    bounds = Bounds(int(settings.most_vertices * times), int(settings.most_parts * times))
    limits = Limits(wall_s=settings.judging_seconds, memory_bytes=settings.judging_mb * 1024**2)
    return Allowance(bounds, limits, left)
