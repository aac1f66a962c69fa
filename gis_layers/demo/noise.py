"""Smooth seeded noise: what makes drawn ground look grown."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Field = npt.NDArray[np.float64]

_TABLE = 256


class Noise:
    """Gradient noise over the metric plane after Perlin (2002), a pure function of seed and position."""

    def __init__(self, rng: np.random.Generator) -> None:
        """Draw the gradient table from ``rng``; equal generators give equal noise."""
        angle = rng.uniform(0.0, 2.0 * np.pi, _TABLE)
        self._gradient = np.column_stack([np.cos(angle), np.sin(angle)])
        self._shuffled = np.tile(rng.permutation(_TABLE), 2)

    def layer(self, x: Field, y: Field, *, length_m: float) -> Field:
        """One octave with features ``length_m`` wide, about -0.7 to 0.7."""
        u, v = np.asarray(x, dtype=float) / length_m, np.asarray(y, dtype=float) / length_m
        column, row = np.floor(u).astype(np.int64), np.floor(v).astype(np.int64)
        fu, fv = u - column, v - row
        su, sv = _ease(fu), _ease(fv)
        south = _mix(self._corner(column, row, fu, fv), self._corner(column + 1, row, fu - 1, fv), su)
        north = _mix(self._corner(column, row + 1, fu, fv - 1), self._corner(column + 1, row + 1, fu - 1, fv - 1), su)
        return _mix(south, north, sv)

    def fractal(self, x: Field, y: Field, *, length_m: float, octaves: int = 4, gain: float = 0.5) -> Field:
        """Octaves of halving length, each ``gain`` times as high as the one before, about -1 to 1 in all."""
        total = np.zeros(np.shape(x))
        for octave in range(octaves):
            shift = 7919.0 * octave
            total += self.layer(x + shift, y - shift, length_m=length_m / 2**octave) * gain**octave
        return total

    def _corner(self, column: npt.NDArray[np.int64], row: npt.NDArray[np.int64], du: Field, dv: Field) -> Field:
        pick = self._shuffled[self._shuffled[column % _TABLE] + row % _TABLE]
        gradient = self._gradient[pick]
        dot: Field = gradient[..., 0] * du + gradient[..., 1] * dv
        return dot


class Warp:
    """A gentle bend of the whole plane: lines that met still meet, lines that did not still do not.

    Each octave moves a point by a fraction of its own wave length that shrinks with the length, so nothing folds over.
    """

    def __init__(self, rng: np.random.Generator, *, length_m: float, octaves: int, strength: float = 0.2) -> None:
        """Features from ``length_m`` downwards, halving ``octaves - 1`` times; ``strength`` is reach over length."""
        self._east, self._north = Noise(rng), Noise(rng)
        self._length_m, self._octaves, self._reach_m = length_m, octaves, strength * length_m

    def bend(self, coordinates: Field) -> Field:
        """Carry an (n, 2) array of metric coordinates to their bent places."""
        x, y = coordinates[:, 0], coordinates[:, 1]
        east = self._east.fractal(x, y, length_m=self._length_m, octaves=self._octaves, gain=0.42)
        north = self._north.fractal(x, y, length_m=self._length_m, octaves=self._octaves, gain=0.42)
        return np.column_stack([x + self._reach_m * east, y + self._reach_m * north])


def smoothstep(value: Field, low: float, high: float) -> Field:
    """0 below ``low``, 1 above ``high`` and an S between."""
    share = np.clip((np.asarray(value, dtype=float) - low) / (high - low), 0.0, 1.0)
    return share * share * (3.0 - 2.0 * share)


def _ease(share: Field) -> Field:
    return share * share * share * (share * (share * 6.0 - 15.0) + 10.0)


def _mix(first: Field, second: Field, share: Field) -> Field:
    return first + (second - first) * share
