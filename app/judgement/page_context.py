"""Facts on the town that every page tells: its name, edition, rules and dates, and where it lies."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.platform.work import Work
from gis_layers.crs import area_of_use
from gis_layers.stores.editions import current_edition
from gis_layers.stores.pictures import find_picture
from gis_layers.stores.places import find_boundary
from gis_layers.stores.publication import read_rulebook_in_force
from gis_layers.stores.records import read_facts
from gis_layers.stores.surveys import newest_survey_date


def page_context(work: Work) -> dict[str, Any]:
    """Edition, rulebook, township, data date, approval number, the relief's picture, and whether data are synthetic."""
    edition, facts, newest = current_edition(work.session), read_facts(work.session), newest_survey_date(work.session)
    return {
        "edition": edition
        and {
            "number": edition.number,
            "published_at": edition.published_at.isoformat(),
            "fingerprint": edition.fingerprint,
        },
        "rulebook": _rulebook(work),
        "synthetic": bool(facts.get("synthetic")),
        "township": facts.get("township"),
        "approval_number": work.settings.map_approval_number or None,
        "data_date": newest and newest.isoformat(),
        "hillshade": _hillshade(work.session),
    }


def _rulebook(work: Work) -> dict[str, Any]:
    book, version = work.rulebook, read_rulebook_in_force(work.session)
    return {"version": book.version, "fingerprint": book.fingerprint, "number": version and version.number}


def _hillshade(session: Session) -> dict[str, Any] | None:
    picture = find_picture(session, "hillshade")
    if picture is None:
        return None
    return {"url": f"/api/basemap/hillshade.png?v={picture.digest[:16]}", "bounds": list(picture.bounds)}


def town_bounds(work: Work) -> tuple[float, float, float, float]:
    """West, south, east, north in degrees: of the boundary, else of the ground the metric CRS was made for."""
    boundary = find_boundary(work.session)
    west, south, east, north = area_of_use(work.settings.metric_crs) if boundary is None else boundary.bounds
    return float(west), float(south), float(east), float(north)
