"""Kinds of cells that are text and more than text."""

from __future__ import annotations


class Formula(str):
    """The formula of a cell whose file does not hold what it came to."""

    __slots__ = ()


class Shown(str):  # noqa: SLOT000 - it carries the number stored
    """A number as its cell shows it (``001234``, ``5%``, ``3亩``) where that says more than the number stored."""

    stored: float | None = None
