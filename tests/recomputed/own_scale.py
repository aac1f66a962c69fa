"""Verdicts with each zone moved by its own error, by drawing: out zone by zone, in by the grounds of surveys no coarser."""

import shapely

from tests.recomputed.siting import ROUND, SEVERITY, SLIT_M, WORDS


class OwnScale:
    """The grounds near one footprint by hazard, each with its severity, the error of its survey in metres (None: unknown) and the
    number of its zone.

    ``judge`` reads the rules; ``off_m`` is added to every shift, to see what a hair's breadth decides.
    """

    def __init__(self, judge, footprint, project_class, seismic, *, off_m=0.0):
        self.judge, self.footprint, self.off_m = judge, footprint, off_m
        self.floor = judge.floor(footprint, project_class, seismic)
        self.furthest = judge.terms["sensitivity"]["shifts_m"][-1]
        self.grounds = []
        for number in judge.near.query(footprint.buffer(6000.0)).tolist():
            zone = judge.drawn[number]
            for severity, reach in judge.demands(zone, project_class, seismic):
                part = zone.shape.intersection(footprint.envelope.buffer(300.0 + (reach or 0.0), join_style="mitre"))
                ground = part if reach is None else part.buffer(reach, quad_segs=ROUND)
                self.grounds.append((zone.hazard, severity, ground, self.error(zone), zone.mark))
        for rule in judge.objects["rules"]:
            verdict = rule["verdicts"][project_class][0]
            if verdict in "FR" and judge.addresses(rule) and judge.holds(rule):
                for number in judge.beside.query(footprint.buffer(rule["metres"] + 250)).tolist():
                    for ground in judge.edges(judge.published.things[number], rule["products"]):
                        around = ground.buffer(rule["metres"], quad_segs=ROUND)
                        self.grounds.append(("objects", SEVERITY[verdict], around, None, ""))

    def error(self, zone):
        error = (zone.scale or 0) * self.judge.terms["own_scale"]["map_error_mm"] / 1000
        return error if 0 < error <= self.furthest else None

    def meets(self, ground):
        return ground.intersection(self.footprint).area > 1e-6 * self.footprint.length

    def verdicts(self):
        """The words of the verdicts further out and further in; None where they hang on what nobody knows."""
        out = {self.outward(unknown) for unknown in (0.0, self.furthest)}
        inner = {self.inward(self.grounds), self.inward([one for one in self.grounds if one[3] is not None])}
        return tuple(WORDS[bounds.pop()] if len(bounds) == 1 else None for bounds in (out, inner))

    def outward(self, unknown):
        worst = self.floor
        for _, severity, ground, error, _ in self.grounds:
            shift = unknown if error is None else error
            moved = ground.buffer(shift + self.off_m, quad_segs=ROUND) if shift else ground
            worst = max(worst, severity if self.meets(moved) else 0)
        return worst

    def inward(self, grounds):
        worst = self.floor
        for level in {severity for _, severity, *_ in grounds}:
            for hazard in {hazard for hazard, *_ in grounds}:
                of = [
                    (ground, error or 0.0) for key, one, ground, error, _ in grounds if key == hazard and one >= level
                ]
                if any(self.holds([g for g, e in of if e <= most], most) for most in {e for _, e in of}):
                    worst = max(worst, level)
        return worst

    def named(self, shift, drawn, left):
        """The zones of an edition that decide a shift: met anew and worse than ``drawn``, or met as drawn and worse than ``left``."""
        if shift < 0:
            return {mark for _, severity, ground, _, mark in self.grounds if severity > left and self.meets(ground)} - {
                ""
            }
        moved = [
            (severity, ground.buffer(shift, quad_segs=ROUND), mark) for _, severity, ground, _, mark in self.grounds
        ]
        return {mark for severity, ground, mark in moved if severity > drawn and self.meets(ground)} - {""}

    def holds(self, grounds, error):
        """Whether the grounds, which are one, still meet the footprint once their border lies ``error`` further in."""
        whole = shapely.union_all(grounds)
        if not error:
            return self.meets(whole)
        whole = whole.buffer(SLIT_M, join_style="mitre").buffer(-SLIT_M, join_style="mitre")
        return self.meets(whole.buffer(-(error + self.off_m), quad_segs=ROUND))
