"""Assessed risk points as one cell lists them: ``储罐区:LEC 3*6*15;配电室:LS 3*4``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from gis_layers.exchange.text.plain_text import plain
from risk_model.message import msg

CheckPoint = Callable[[dict[str, Any]], object]
"""Raises ValueError for a point whose figures its method does not know."""

_POINT = re.compile(
    r"(?P<name>.+?)\s*[:：]\s*(?P<method>LEC|LS|MATRIX)\s*[=:]?\s*(?P<figures>[\d.*×xX\s]+)", re.IGNORECASE
)
FIGURES = {"lec": ("likelihood", "exposure", "consequence"), "matrix": ("likelihood", "severity")}


def read_risk_points(value: object) -> list[dict[str, Any]]:
    """``name method figures conditions`` of each point.

    Raises ValueError for what cannot be read: a list with a point left out would look safer than it is.
    """
    return [_read(part) for part in (one.strip() for one in re.split(r"[;；\n]+", plain(value))) if part]


def _read(part: str) -> dict[str, Any]:
    found = _POINT.fullmatch(part)
    if found is None:
        raise ValueError(msg("「{part}」读不成风险点（写作 储罐区:LEC 3*6*15 或 配电室:LS 3*4）", part=part))
    method = "lec" if found["method"].lower() == "lec" else "matrix"
    names, written = FIGURES[method], re.split(r"\s*[*×xX]\s*", found["figures"].strip())
    if len(written) != len(names):
        raise ValueError(msg("「{part}」应有 {n} 个分值", part=part, n=len(names)))
    try:
        figures = {name: float(figure) for name, figure in zip(names, written, strict=True)}
    except ValueError:
        raise ValueError(msg("「{part}」的分值读不成数字", part=part)) from None
    return {"name": found["name"], "method": method, "figures": figures, "conditions": []}


def diagnosis(score: float, conditions: list[str]) -> dict[str, Any]:
    """A diagnosis score with the direct-red conditions that are met, as a risk point."""
    return {"name": "诊断分级", "method": "diagnosis", "figures": {"score": score}, "conditions": conditions}
