"""Cover left behind told in order: who is away, who is no longer reached in time, and which move restores most (补位备勤)."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import replace
from math import inf
from typing import Final

import numpy as np

from app.dispatch.coverage_basis import coverage_basis
from app.dispatch.coverage_gaps import count_people, force_named, point_answer
from app.dispatch.coverage_schemas import CountAnswer, CoverageQuery
from app.dispatch.planning_schemas import MoveUpAnswer, VillagePeople
from app.dispatch.posts import read_posts
from app.judgement.protected import Protected, read_protected
from app.judgement.standby import stand_by
from app.platform.work import Work
from risk_model.dispatch import turnout_s
from risk_model.dispatch.coverage import Floats
from risk_model.dispatch.moving_up import Move, rank_moves

MOVES: Final = 5
"""As many moves are told as somebody reads under stress."""


def move_up(
    work: Work, asked: CoverageQuery, minutes: float, away: Collection[str], *, at: datetime.datetime
) -> MoveUpAnswer:
    """Cover that those leave behind who are out, or whose numbers are in ``away``. Raises Refused where no roads are loaded."""
    standby, protected = stand_by(work, asked, at), read_protected(work)
    gone = [force for force in standby.forces if force.record.key in away]
    # All who would stand ready, those who are away last: their bases are where others may stand by.
    left = [force for force in standby.forces if force.record.key not in away]
    everybody = replace(standby, forces=(*left, *gone, *standby.out), out=())
    seconds = protected.homes_of(everybody.arrivals(protected).at_targets)
    turnouts = np.array([turnout_s(force.record) for force in everybody.forces], dtype=float)
    staying = seconds[: len(left)]
    now, before = (rows.min(axis=0, initial=inf) for rows in (staying, seconds))
    lost = _lost(protected, (before <= minutes * 60) & (now > minutes * 60))
    posts = read_posts(work, protected, everybody.forces[len(left) :], lost)
    elsewhere = standby.seconds_from(posts.points[posts.bases :], protected)
    from_posts = np.concatenate([(seconds - turnouts[:, None])[len(left) :], elsewhere])
    arrivals = everybody.due_at(posts.points).at_targets[: len(left)]
    moves = rank_moves(
        staying, from_posts, turnouts[: len(left)], protected.people,
        gets_there=np.isfinite(arrivals), minutes=minutes, most=MOVES,
    )  # fmt: skip
    return {
        "minutes": minutes,
        "away": [force_named(everybody, place) for place in range(len(left), len(everybody.forces))],
        "with_them": count_people(protected, before, minutes),
        "without_them": count_people(protected, now, minutes),
        "left_behind": _villages(protected, lost),
        "moves": [
            {
                "force": force_named(everybody, move.force),
                "base": posts.told[move.post],
                "at": point_answer(posts.points[move.post], work.settings.metric_crs),
                "arrival_minutes": round(float(arrivals[move.force, move.post]) / 60, 1),
                "restored": round(move.gained),
                "people": _after(count_people(protected, now, minutes), move),
            }
            for move in moves
        ],
        "graph_version": standby.avoided.whole.version,
        "basis": coverage_basis(work),
    }  # fmt: skip


def _lost(protected: Protected, homes: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Floats:
    """People of each village who live at some homes."""
    people: Floats = np.zeros(len(protected.names))
    np.add.at(people, protected.village[homes], protected.people[homes])
    return people


def _villages(protected: Protected, people: Floats) -> list[VillagePeople]:
    order = [int(one) for one in np.argsort(-people, kind="stable") if people[one] > 0]
    return [
        {"id": protected.names[one][0], "name": protected.names[one][1], "people": round(float(people[one]))}
        for one in order
    ]


def _after(now: CountAnswer, move: Move) -> CountAnswer:
    whole, covered = now["covered"] + now["uncovered"], now["covered"] + round(move.gained)
    return {"covered": covered, "uncovered": whole - covered, "share": covered / whole if whole else None}
