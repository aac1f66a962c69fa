"""Record of the three visits to a rural house, which follows its opinion on paper and is filled in by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import shapely
from shapely.geometry import shape

from app.reports.findings import Told
from app.reports.told import ToldVisits, as_written
from risk_model.message import Message, msg

VISITS: Final = ToldVisits(
    heading=msg("农村建房三到场记录"),
    facts=(),
    columns=(msg("到场"), msg("日期"), msg("到场人员（签名）"), msg("意见")),
    stages=(msg("申请审查到场"), msg("批准后丈量批放到场"), msg("住宅建成后核查到场")),
)
"""The record as it lies ready: each row is dated, signed and commented by whoever came."""


def tell_visits(answer: Told) -> ToldVisits:
    """The record of visits to the site of ``answer``, with its corners in degrees."""
    return replace(VISITS, facts=tuple(_facts(answer)))


def _facts(answer: Told) -> list[tuple[Message, str | Message]]:
    name = answer["site"]["name"]
    whose = (msg("送审项目"), as_written(name) if name else msg("未命名项目"))
    return [whose, *((msg("角点 {n}", n=number), as_written(at)) for number, at in enumerate(_corners(answer), 1))]


def _corners(answer: Told) -> list[str]:
    """Corners of the outline as it was given; of a point or a line nobody measured any."""
    site = answer["site"]
    if site["buffered_m"]:
        return []
    parts = shapely.get_parts(shape(site["geometry"]))
    return [f"{lon:.7f}, {lat:.7f}" for part in parts for lon, lat in shapely.get_coordinates(part.exterior)[:-1]]
