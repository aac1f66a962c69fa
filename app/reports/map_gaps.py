"""Ground nobody surveyed, for the picture: hatched for every theme without data that the opinion tells."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from app.platform.work import Work
from app.reports.findings import Told, theme_name
from app.reports.map_objects import Objects
from app.reports.picture import Look, MapLayer
from app.reports.told import Say
from gis_layers.crs import Bounds, to_metric
from gis_layers.stores.constraints import read_constraint_surveys
from gis_layers.stores.edition_ground import read_edition_ground
from risk_model.message import Message, msg
from risk_model.rulebook import RuleBook
from risk_model.shapes import as_array
from risk_model.surveys import surveyed_ground

UNSURVEYED: Final = Look("#cdcdc8", 0.9, "\\\\\\\\", "#6b7276", "#59646c", 0.6, dashed=True)
HATCHES: Final = ("....", "|||", "---", "++")
"""Of further ground than the first: hatched alone, so that all can be seen at once."""


def unsurveyed_layers(
    work: Work, answer: Told, *, frame: Bounds, met: Objects, rulebook: RuleBook, say: Say
) -> Iterator[MapLayer]:
    """One layer for each piece of ground left unsurveyed, with the themes that lack it.

    What was met of land set aside is known, whatever was surveyed around it.
    """
    grounds: dict[bytes, tuple[BaseGeometry, list[Message]]] = {}
    known = _known_ground(work, answer, rulebook)
    for key, name in _gaps(answer, rulebook).items():
        areas = [shape for (kind, _), shape in met.items() if kind == key]
        left = shapely.difference(shapely.box(*frame), shapely.union_all([known(key), *areas]))
        if not shapely.is_empty(left):
            grounds.setdefault(shapely.to_wkb(left), (left, []))[1].append(name)
    for number, (left, names) in enumerate(grounds.values()):
        hatch = HATCHES[(number - 1) % len(HATCHES)]
        look = replace(UNSURVEYED, fill=None, hatch=hatch) if number else UNSURVEYED
        yield MapLayer(say(msg("未调查：{names}", names=names)), left, look)


def _gaps(answer: Told, rulebook: RuleBook) -> dict[str, Message]:
    """Name of each theme without data, those no opinion may do without first."""
    unknown = [theme for theme in answer["themes"] if theme["status"] == "no_data"]
    told = {
        theme["theme"]: theme_name(theme, rulebook) for theme in sorted(unknown, key=lambda one: not one["mandatory"])
    }
    return told | {key: rulebook.hazard_name(key) for key in answer["data_gaps"] if key not in told}


def _known_ground(work: Work, answer: Told, rulebook: RuleBook) -> Callable[[str], BaseGeometry]:
    """What tells the ground that was surveyed for a theme; nothing where nobody can have surveyed it."""
    metric_crs, nothing = work.settings.metric_crs, shapely.GeometryCollection()
    hazards = [key for key in _gaps(answer, rulebook) if key in rulebook.hazards]
    ground = None
    if hazards and answer["edition"] is not None:
        sets = read_edition_ground(work.session, answer["edition"]["number"], sorted(hazards), metric_crs)
        ground = surveyed_ground(*sets, rulebook, datetime.date.fromisoformat(answer["judged_on"]))

    def known(key: str) -> BaseGeometry:
        if key in rulebook.hazards:
            return nothing if ground is None else ground.of(key)
        if key not in rulebook.constraints:
            return nothing
        surveys = read_constraint_surveys(work.session)
        drawn = surveys[(surveys["kind"] == key) & surveys.geometry.notna()].geometry.to_numpy()
        return shapely.union_all(to_metric(as_array(drawn), metric_crs)) if len(drawn) else nothing

    return known
