"""What a delivery brings a second time: refused by name, so that nothing is kept twice and nothing breaks a constraint."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from gis_layers.exchange import Delivery, Problem
from gis_layers.stores import places
from risk_model.said import said


def without_known_villages(session: Session, delivery: Delivery) -> Delivery:
    """The delivery without villages that are registered: of a known code, or without one of the same name and outline."""
    known = places.read_places(session, "villages")
    codes: dict[str, str] = dict(known.loc[known["code"].notna(), ["code", "name"]].itertuples(index=False))
    rows = delivery.frame[["feature", "code", "name", "geometry"]].itertuples(index=False)
    problems = [
        Problem(int(feature), _told(code, name, codes), (centre.x, centre.y), _ADVICE)
        for feature, code, name, shape in rows
        if code in codes or (code is None and _is_drawn(name, shape, known))
        for centre in [shape.representative_point()]
    ]
    twice = delivery.frame["feature"].isin([problem.feature for problem in problems])
    return replace(delivery, frame=delivery.frame[~twice], report=delivery.report.refusing(problems))


_ADVICE = "村庄已经登记，没有重复导入；资料有变化时在登记中更正"


def _is_drawn(name: str, shape: Any, known: Any) -> bool:
    namesakes = known.geometry[known["name"] == name]
    return any(shape.equals(other) for other in namesakes)


def _told(code: str | None, name: str, codes: dict[str, str]) -> str:
    if code is None:
        return said("「{name}」已经登记，范围相同", name=name)
    return said("「{name}」的代码 {code} 已经登记为「{known}」", name=name, code=code, known=codes[code])
