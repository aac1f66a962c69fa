"""Problems of the zones as a draft would leave them: found by the model, told with places in degrees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import shapely

from app.platform.work import Work
from app.zones.draft_schemas import ProblemItem
from app.zones.themes import Theme, by_theme, edited_zones, windows_around
from gis_layers.crs import Bounds, to_metric, to_storage
from gis_layers.stores import draft_edits, draft_zones, places
from gis_layers.stores.draft_edits import Descent
from gis_layers.stores.draft_zones import SeenZone, ZonesAsked
from gis_layers.stores.editions import Draft
from risk_model.codes import code_name
from risk_model.editing.problems import ZoneProblem
from risk_model.editing.problems import find_problems as search
from risk_model.editing.thresholds import thresholds_of
from risk_model.editing.values import EditedZone, packaged_terms
from risk_model.shapes import as_array

METRES_A_DEGREE = 60_000.0
"""Fewer than a degree of longitude has anywhere in the country: a window in degrees is never too narrow by it."""


def find_problems(work: Work, draft: Draft, touched: Collection[int] | None = None) -> list[ProblemItem]:
    """Problems of what a draft changes, the largest first; with ``touched`` of those zones alone.

    ``inherited`` ones stood in force before and have not grown: nobody need mend them to publish something else.
    """
    proposed = draft_zones.read_proposals(work.session, draft.id, touched)
    themes, stood = by_theme(proposed), draft_zones.read_in_force(work.session, list(proposed))
    ground = _ground(work) if themes else None
    found = [
        told
        for theme, ones in themes.items()
        for told in _of_theme(
            work, draft, _Changed(theme, ones, [stood[zone] for zone in ones if zone in stood]), ground
        )
    ]
    return [one for one, _ in told_apart(found)]


def told_apart(found: Iterable[tuple[ProblemItem, ZoneProblem]]) -> list[tuple[ProblemItem, ZoneProblem]]:
    """Problems, the largest first; of several of one kind between the same zones each after the first has its number in its id."""
    problems = sorted(found, key=lambda one: (-(one[0]["size"] or 0.0), one[0]["id"], one[0]["place"] or []))
    seen: Counter[str] = Counter()
    for one, _ in problems:
        seen[one["id"]] += 1
        if seen[one["id"]] > 1:
            one["id"] = f"{one['id']}.{seen[one['id']]}"
    return problems


def is_blocking(one: ProblemItem) -> bool:
    """Whether a problem stops a draft."""
    return one["level"] == "blocking" and not one["inherited"]


def _ground(work: Work) -> Any | None:
    """The ground zones have to stay in, in the metric CRS."""
    boundary = places.find_boundary(work.session)
    return None if boundary is None else to_metric(as_array([boundary]), work.settings.metric_crs)[0]


@dataclass(frozen=True, slots=True)
class _Changed:
    """What is changed of one theme: the proposals, and the versions in force that they stand instead of."""

    theme: Theme
    changes: Mapping[int, SeenZone]
    stood: Sequence[SeenZone]


def _of_theme(
    work: Work, draft: Draft, changed: _Changed, ground: Any | None
) -> Iterator[tuple[ProblemItem, ZoneProblem]]:
    beside = packaged_terms().edits["around_m"] / METRES_A_DEGREE
    asked = ZonesAsked(None, *changed.theme, near=windows_around([*changed.changes.values(), *changed.stood], beside))
    now = _searched(work, draft_zones.read_draft_zones(work.session, draft.id, asked), changed, ground)
    if not now:
        return
    before = _searched(work, draft_zones.read_in_force(work.session, None, asked), changed, ground)
    roots = _roots(draft_edits.read_descent(work.session, draft.id))
    for told, one in describe(now, work.settings.metric_crs):
        told["inherited"] = any(_is_inherited(one, old, roots) for old in before)
        yield told, one


def describe(found: Sequence[ZoneProblem], metric_crs: str) -> list[tuple[ProblemItem, ZoneProblem]]:
    """Problems in plain values beside what the model found, their places in degrees; ``inherited`` as nobody asked."""
    places_now = to_storage(as_array([one.place for one in found]), metric_crs) if found else ()
    return [
        (_told(one, shapely.get_coordinates(place)[0].tolist()), one)
        for one, place in zip(found, places_now, strict=True)
    ]


def _roots(descent: Iterable[Descent]) -> dict[int, set[int]]:
    """Every ancestor of each zone that a draft made of others."""
    found: dict[int, set[int]] = {}
    for parent, child in sorted(descent, key=lambda one: one[1]):
        found.setdefault(child, set()).update({parent, *found.get(parent, ())})
    return found


def _is_inherited(one: ZoneProblem, old: ZoneProblem, roots: Mapping[int, set[int]]) -> bool:
    """Whether a problem is one that stood before, of the same zones or of those they were made of, and no larger."""
    same = (
        one.kind == old.kind and one.field == old.field and one.size <= old.size + packaged_terms().edits["ground_m2"]
    )
    return same and all({zone, *roots.get(cast("int", zone), ())} & {*old.zones} for zone in one.zones)


def _searched(work: Work, zones: Mapping[int, SeenZone], changed: _Changed, ground: Any | None) -> list[ZoneProblem]:
    touched, hazard = [zone for zone in changed.changes if zone in zones], changed.theme[0]
    if hazard not in work.rulebook.hazards or not (touched or changed.stood):
        return []
    metric_crs = work.settings.metric_crs
    left = to_metric(as_array([one.geometry for one in changed.stood]), metric_crs)
    return search(edited_zones(zones, metric_crs), ground, thresholds_of(work.rulebook, hazard), touched, left)


def search_theme(
    work: Work, theme: Theme, zones: Mapping[int, EditedZone], touched: Collection[int] | None = None
) -> list[ZoneProblem]:
    """Problems of zones of one theme (metric CRS), with ``touched`` those that concern one of them; none of an unknown hazard."""
    if theme[0] not in work.rulebook.hazards:
        return []
    return search(zones, _ground(work), thresholds_of(work.rulebook, theme[0]), touched)


def window_around(zones: Mapping[int, SeenZone]) -> Bounds:
    """Window that holds zones and all that lies so near that a problem of theirs may concern it, storage CRS."""
    west, south, east, north = shapely.total_bounds(as_array([one.geometry for one in zones.values()])).tolist()
    return widened((west, south, east, north))


def widened(window: Bounds) -> Bounds:
    """The window and all that lies so near that a problem may reach from there into it."""
    beside = packaged_terms().edits["around_m"] / METRES_A_DEGREE
    west, south, east, north = window
    return west - beside, south - beside, east + beside, north + beside


def _told(one: ZoneProblem, place: list[float]) -> ProblemItem:
    zones = [str(zone) for zone in one.zones]
    return {
        "id": "-".join([str(one.kind), *zones, *([one.field] if one.field else [])]),
        "kind": str(one.kind),
        "name": code_name("zone_problem", one.kind),
        "level": one.level,
        "zones": zones,
        "size": one.size,
        "unit": one.unit,
        "place": place,
        "field": one.field or None,
        "inherited": False,
    }
