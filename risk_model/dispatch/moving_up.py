"""Moving up (补位备勤): which force that is left should stand by where, when others are away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from risk_model.dispatch.coverage import Floats
from risk_model.dispatch.due import find_due, without

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Move:
    """Move of a ``force`` to a ``post``: ``gained`` people are covered more than now, those counted that it leaves behind."""

    force: int
    post: int
    gained: float


def rank_moves(
    seconds: Floats, posts: Floats, turnouts: Floats, people: Floats, *, gets_there: Flags, minutes: float, most: int
) -> list[Move]:
    """The moves that restore most people, each force to its best post of those it gets to (``gets_there``: a row for each force).

    ``seconds`` are those of the forces that are left to the homes of ``people`` (a row for each force), ``posts`` those
    from each post without the turnout, which is that of whoever stands there.
    """
    within_s, due = minutes * 60, find_due(seconds)
    now = float(people[due.first <= within_s].sum())
    moves = []
    for force, turnout in enumerate(turnouts):
        left = without(seconds, due, np.arange(len(seconds)) == force) <= within_s
        after = [
            float(people[left | (post + turnout <= within_s)].sum()) if gets_there[force, i] else 0.0
            for i, post in enumerate(posts)
        ]
        best = int(np.argmax(after)) if after else -1
        if best >= 0 and after[best] > now:
            moves.append(Move(force, best, after[best] - now))
    return sorted(moves, key=lambda move: (-move.gained, move.force))[:most]
