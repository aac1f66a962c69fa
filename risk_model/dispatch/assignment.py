"""Steps of a force that was assigned: notified, answered, under way, on scene, recalled. A step may be skipped, none is taken back but the last."""

from __future__ import annotations

import datetime
from typing import Final

STEPS: Final = ("notified", "answered", "under_way", "on_scene", "recalled")
FIRST: Final = STEPS[0]
RECALLED: Final = STEPS[-1]
UNDONE: Final = "undone"
"""Where an assignment ends whose very first step was a slip."""
ENDED: Final = (RECALLED, UNDONE)
UNDO_WITHIN: Final = datetime.timedelta(seconds=10)
"""How long a step may be taken back by whoever took it."""
ON_THE_WAY: Final = datetime.timedelta(seconds=5)
"""What a slow line may take of it: whoever pressed in time is not refused for the wire."""


def steps_after(state: str) -> tuple[str, ...]:
    """Steps that lead on from a state; none from an end."""
    return () if state in ENDED else STEPS[STEPS.index(state) + 1 :]


def may_undo(recorded_at: datetime.datetime, at: datetime.datetime) -> bool:
    """Whether a step recorded then may be taken back now."""
    return at - recorded_at <= UNDO_WITHIN + ON_THE_WAY
