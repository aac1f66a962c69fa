"""Kinds of cells that are text and more than text."""

from __future__ import annotations

import json
from typing import Any

import numpy as np


class Formula(str):
    """The formula of a cell whose file does not hold what it came to."""

    __slots__ = ()


class Shown(str):  # noqa: SLOT000 - it carries the number stored
    """A number as its cell shows it (``001234``, ``5%``, ``3亩``) where that says more than the number stored."""

    stored: float | None = None


class Overflow(str):
    """Asterisks a dBASE table holds where a number is missing or found no room in its field."""

    __slots__ = ()


class Listed(str):
    """Entries of a list that stands in one cell, joined as people join them: with ``;``."""

    __slots__ = ()


class Nested(str):
    """An object that stands in one cell, or a list of more than words and numbers, as it is written."""

    __slots__ = ()


def in_one_cell(value: Any) -> Any:
    """A list or an object as the text of a cell; anything else as it is."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list) and all(isinstance(one, str | int | float) for one in value):
        return Listed(";".join(one if isinstance(one, str) else json.dumps(one) for one in value))
    return Nested(json.dumps(value, ensure_ascii=False, default=str)) if isinstance(value, list | dict) else value
