"""Packing of answers: an array of shapes goes as the bytes of all of them, not as so many objects."""

from __future__ import annotations

import copyreg
import io
import pickle
from typing import Any

import numpy as np
import shapely

_RING = 2
"""The kind of a ring by itself, which well-known binary knows as a line."""


def packed(answer: Any) -> bytes:
    """``answer`` pickled, so that ``answers.unpack`` takes it apart."""
    content = io.BytesIO()
    pickler = pickle.Pickler(content, protocol=pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = copyreg.dispatch_table | {np.ndarray: _reduced}
    pickler.dump(answer)
    return content.getvalue()


def _reduced(array: Any) -> Any:
    if not _holds_shapes(array):
        return array.__reduce_ex__(pickle.HIGHEST_PROTOCOL)
    return shapely.from_wkb, (np.asarray(shapely.to_wkb(array, include_srid=True), dtype=object),)


def _holds_shapes(array: Any) -> bool:
    """Whether all of an array are shapes or nothing, each of them once: one that stands at two places stays one."""
    if array.dtype != object or array.ndim != 1 or not shapely.is_valid_input(array).all():
        return False
    there = array[~shapely.is_missing(array)]
    once = len({id(shape) for shape in there}) == len(there)
    return once and not (shapely.get_type_id(there) == _RING).any() and len(there) > 0
