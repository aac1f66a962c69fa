"""Hills with true valleys: rivers cut down as the ground rises, on a grid, in numpy alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gis_layers.demo.noise import Field

Cells = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_NEIGHBOURS = ((0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1))


def erode(start: Field, uplift: Field, fixed: Mask, *, cell_m: float, rounds: int = 110) -> Field:
    """Let ``start`` rise by ``uplift`` metres a round while streams cut it; ``fixed`` cells keep their height.

    Stream power with area exponent 0.5 and slope exponent 1, solved implicitly from the outlets upwards after
    Braun and Willett (2013), Geomorphology 180-181; hill slopes creep by diffusion.
    """
    height = start.copy()
    for _ in range(rounds):
        height = np.where(fixed, start, _without_pits(height + uplift))
        receiver = receivers(height, fixed)
        order = upstream_order(receiver)
        area_m2 = drainage_cells(receiver, order) * cell_m**2
        cut = 0.055 * np.sqrt(area_m2) / cell_m
        flat = height.ravel()
        for cells in order[1:]:
            flat[cells] = (flat[cells] + cut[cells] * flat[receiver[cells]]) / (1.0 + cut[cells])
        height = np.where(fixed, start, height + 0.06 * _curvature(height))
    return height


def receivers(height: Field, fixed: Mask) -> Cells:
    """The flat index of the steepest lower neighbour of every cell; its own index in pits and ``fixed`` cells."""
    rows, columns = height.shape
    padded = np.pad(height, 1, constant_values=np.inf)
    best, receiver = np.zeros(height.shape), np.arange(height.size).reshape(height.shape)
    for down, right in _NEIGHBOURS:
        other = padded[1 + down : 1 + down + rows, 1 + right : 1 + right + columns]
        drop = (height - other) / np.hypot(down, right)
        steeper = (drop > best) & ~fixed
        best = np.where(steeper, drop, best)
        receiver = np.where(steeper, np.arange(height.size).reshape(height.shape) + down * columns + right, receiver)
    return receiver.ravel()


def upstream_order(receiver: Cells) -> list[Cells]:
    """Cells in groups by their number of steps from an outlet, outlets first."""
    steps, ahead = (receiver != np.arange(len(receiver))).astype(np.int64), receiver
    while not np.array_equal(ahead, ahead[ahead]):
        steps, ahead = steps + steps[ahead], ahead[ahead]
    order = np.argsort(steps, kind="stable")
    return np.split(order, np.cumsum(np.bincount(steps))[:-1])


def drainage_cells(receiver: Cells, order: list[Cells]) -> Field:
    """Number of cells that drain through each cell, itself included."""
    total = np.ones(len(receiver))
    for cells in reversed(order[1:]):
        np.add.at(total, receiver[cells], total[cells])
    return total


def _without_pits(height: Field) -> Field:
    """Raise cells lower than all neighbours just above the lowest of them, so that basins fill and spill over."""
    for _ in range(3):
        padded = np.pad(height, 1, mode="edge")
        around = [padded[1 + d : 1 + d + height.shape[0], 1 + r : 1 + r + height.shape[1]] for d, r in _NEIGHBOURS]
        lowest = np.min(around, axis=0)
        height = np.where(height < lowest, lowest + 0.02, height)
    return height


def _curvature(height: Field) -> Field:
    padded = np.pad(height, 1, mode="edge")
    around: Field = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
    return around - 4.0 * height
