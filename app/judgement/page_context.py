"""Facts on the town that every page tells: its name, edition, rules and dates, and where it lies."""

from __future__ import annotations

from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from app.platform.iso import IsoDay, IsoMoment
from app.platform.work import Work
from gis_layers.crs import area_of_use
from gis_layers.stores.pictures import find_picture
from gis_layers.stores.places import find_boundary
from gis_layers.stores.publication import PublicationState, PublishedEdition, read_publication_state
from gis_layers.stores.records import read_facts


class EditionFacts(TypedDict):
    """The published edition."""

    number: int
    published_at: IsoMoment
    fingerprint: str


class RulebookFacts(TypedDict):
    """The rules in force; ``number`` counts the versions of this deployment."""

    version: str
    fingerprint: str
    number: int | None


class ReliefFacts(TypedDict):
    """Address of the shaded relief, and west, south, east, north of it in degrees."""

    url: str
    bounds: list[float]


class PageContext(TypedDict):
    """Facts on the town; ``edition`` is None while nothing was ever published, ``data_date`` while no survey tells its day."""

    edition: EditionFacts | None
    rulebook: RulebookFacts
    synthetic: bool
    township: str | None
    approval_number: str | None
    data_date: IsoDay | None
    hillshade: ReliefFacts | None


def page_context(work: Work) -> PageContext:
    """Edition, rulebook, township, data date, approval number, the relief's picture, and whether data are synthetic."""
    standing = read_publication_state(work.session)
    return {
        "edition": None if standing.edition is None else _edition(standing.edition),
        "rulebook": _rulebook(work, standing),
        "synthetic": standing.synthetic,
        "township": read_facts(work.session).get("township"),
        "approval_number": work.settings.map_approval_number or None,
        "data_date": None if standing.data_date is None else standing.data_date.isoformat(),
        "hillshade": _hillshade(work.session),
    }


def _edition(edition: PublishedEdition) -> EditionFacts:
    published_at = edition.published_at.isoformat()
    return {"number": edition.number, "published_at": published_at, "fingerprint": edition.fingerprint}


def _rulebook(work: Work, standing: PublicationState) -> RulebookFacts:
    book, version = work.rulebook_of(standing), standing.rulebook
    return {
        "version": book.version,
        "fingerprint": book.fingerprint,
        "number": None if version is None else version.number,
    }


def _hillshade(session: Session) -> ReliefFacts | None:
    picture = find_picture(session, "hillshade")
    if picture is None:
        return None
    return {"url": f"/api/basemap/hillshade.webp?v={picture.digest[:16]}", "bounds": list(picture.bounds)}


def town_bounds(work: Work) -> tuple[float, float, float, float]:
    """West, south, east, north in degrees: of the boundary, else of the ground the metric CRS was made for."""
    boundary = find_boundary(work.session)
    west, south, east, north = area_of_use(work.settings.metric_crs) if boundary is None else boundary.bounds
    return float(west), float(south), float(east), float(north)
