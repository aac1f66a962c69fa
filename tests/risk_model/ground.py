"""Small pieces of ground for the judgement: zones, surveys and sites on a plane measured in metres."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import shapely

from risk_model.rulebook import load_rulebook
from risk_model.siting import review_site
from risk_model.vocabulary import ExtentSet, Opinion, ProjectClass, SeismicClass, Site, ZoneSet

BOOK = load_rulebook()
THEMES = tuple(BOOK.hazards)
ON = date(2026, 6, 1)
WIDE = shapely.box(-20_000, -20_000, 20_000, 20_000)
FIELD = shapely.box(0, 0, 100, 100)


def column(values: Iterable[Any]) -> Any:
    values = list(values)
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def zone(mark: str, hazard: str, geometry: Any, grade: str = "", /, **more: Any) -> dict[str, Any]:
    """A zone row; ``grade`` is a grade name of ``scheme`` (the hazard's default unless given)."""
    product = more.get("product", "hazard")
    scheme = more.pop("scheme", BOOK.default_scheme(hazard, product) if grade and hazard in THEMES else "")
    rank = BOOK.read_grade(scheme, grade).rank if grade else 0
    return {"zone": mark, "hazard": hazard, "geometry": geometry, "scheme": scheme, "rank": rank, "grade": grade} | more


def zones(*rows: dict[str, Any]) -> ZoneSet:
    def words(key: str, default: str) -> Any:
        return column(row.get(key, default) for row in rows)

    def numbers(key: str) -> Any:
        return np.array([row.get(key, np.nan) for row in rows], dtype=np.float64)

    def counts(key: str, default: int) -> Any:
        return np.array([row.get(key, default) for row in rows], dtype=np.int64)

    return ZoneSet(
        zone=words("zone", ""),
        version=counts("version", 1),
        hazard=words("hazard", ""),
        product=words("product", "hazard"),
        scheme=words("scheme", ""),
        rank=counts("rank", 0),
        grade=words("grade", ""),
        name=words("name", ""),
        intensity=numbers("intensity"),
        arrival_min=numbers("arrival_min"),
        overburden_m=numbers("overburden_m"),
        fault_age=words("fault_age", ""),
        extent_id=counts("extent_id", 0),
        geometry=column(row["geometry"] for row in rows),
        corridor_kind=words("corridor_kind", ""),
        scale=numbers("scale"),
    )


def extent(
    hazard: str,
    geometry: Any = WIDE,
    *,
    product: str = "hazard",
    own: bool = False,
    number: int = 0,
    until: date | None = None,
) -> Any:
    row = (number, hazard, product, own, None if own else geometry)
    return row if until is None else (*row, until)


def extents(*rows: Any) -> ExtentSet:
    return ExtentSet(
        extent_id=np.array([row[0] for row in rows], dtype=np.int64),
        hazard=column(row[1] for row in rows),
        product=column(row[2] for row in rows),
        own_zones=np.array([row[3] for row in rows], dtype=bool),
        geometry=column(row[4] for row in rows),
        valid_until=np.array([row[5] if len(row) > 5 else None for row in rows], dtype="datetime64[D]"),
    )


def surveyed(*missing: str, by: Any = WIDE) -> ExtentSet:
    """Every theme surveyed over ``by`` but the ``missing`` ones."""
    return extents(*(extent(theme, by) for theme in THEMES if theme not in missing))


def site(geometry: Any = FIELD, project_class: str = "K4", seismic_class: str | None = None) -> Site:
    return Site(geometry, ProjectClass(project_class), SeismicClass(seismic_class) if seismic_class else None)


def judged(one: Site, *rows: dict[str, Any], ground: ExtentSet | None = None, on: date = ON) -> Opinion:
    return review_site(one, zones(*rows), surveyed() if ground is None else ground, BOOK, on)


def findings_of(opinion: Opinion) -> list[Any]:
    return [finding for theme in opinion.themes for finding in theme.findings]


def theme_of(opinion: Opinion, key: str) -> Any:
    return next(theme for theme in opinion.themes if theme.theme == key)
