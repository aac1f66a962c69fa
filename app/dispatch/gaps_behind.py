"""What a gap of coverage lies behind: the closures on the way of whoever would be there first on open roads."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from app.dispatch.planning_schemas import GapBehind
from app.judgement.protected import Protected
from app.judgement.standby import Standby
from app.platform.work import Work
from gis_layers.roads import Travel, seconds_at, snap, travel_from, way_here
from gis_layers.stores.roads import road_name
from risk_model.dispatch.gaps import CoverageGap
from risk_model.shapes import as_array


@dataclass(frozen=True, slots=True)
class Behind:
    """Travel of everybody who stands by, as if every road were open; None where nothing is avoided."""

    standby: Standby
    open_travel: Travel | None
    names: dict[str, str | None]

    @classmethod
    def of(cls, work: Work, standby: Standby) -> Behind:
        """The one search all gaps are read from."""
        avoided = standby.avoided
        roads = [(force.on_road, standby.begun(force)) for force in standby.forces if force.on_road is not None]
        if avoided.cut is None or not roads:
            return cls(standby, None, {})
        cost = avoided.whole.seconds / standby.share_left
        travel = travel_from(avoided.whole, [one for one, _ in roads], cost, begun=[begun for _, begun in roads])
        keys = [(one["id"], avoided.longest_road(one["id"])) for one in avoided.told]
        names = {key: None if road is None else road_name(work.session, road) for key, road in keys}
        return cls(standby, travel, names)

    def tell(self, gap: CoverageGap, protected: Protected, minutes: float) -> list[GapBehind]:
        """What a gap lies behind; nothing where it would be one on open roads as well."""
        standby = self.standby
        whole, speeds = standby.avoided.whole, standby.speeds
        (place,) = snap(whole, as_array([protected.homes[gap.home]]), speeds, on_motorways=True)
        if self.open_travel is None or place is None or place.away_m > speeds.longest_walk_m:
            return []
        there_s = seconds_at(whole, self.open_travel, place) + speeds.walk_s(place.away_m)
        if isfinite(gap.first_s) and there_s > minutes * 60:
            return []
        met = standby.avoided.shut_on(way_here(whole, self.open_travel, place))
        told = {one["id"]: one for one in standby.avoided.told}
        return [
            {
                "id": key,
                "road": self.names[key],
                "reason": told[key]["reason"],
                "hazard": told[key]["hazard"],
                "since": told[key]["since"],
                "review_at": told[key]["review_at"],
                "overdue": told[key]["overdue"],
            }
            for key in met
        ]
