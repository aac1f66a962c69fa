"""Weights: from pairwise judgements (AHP) and from how much the figures themselves tell apart (entropy)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from risk_model.errors import UnsoundWeights

Floats = npt.NDArray[np.float64]

RANDOM_INDEX: Final = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
"""Saaty's random consistency index of matrices of one to ten criteria."""

LARGEST_RATIO: Final = 0.10
"""A consistency ratio from which on judgements contradict each other too much to be used."""

RECIPROCAL_TOLERANCE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class PairwiseWeights:
    """Weights that sum to 1, with the largest eigenvalue, the consistency index and the consistency ratio."""

    weights: tuple[float, ...]
    largest_eigenvalue: float
    consistency_index: float
    consistency_ratio: float


def weigh_pairwise(matrix: npt.ArrayLike) -> PairwiseWeights:
    """Weights of n criteria (1 to 10) from a positive reciprocal (n, n) matrix: Saaty's principal eigenvector.

    Raises UnsoundWeights where the matrix is not square, positive and reciprocal (within 1e-6), or where its
    consistency ratio reaches 0.10. Saaty, The Analytic Hierarchy Process, 1980.
    """
    judged = judge_pairwise(matrix)
    if judged.consistency_ratio >= LARGEST_RATIO:
        raise UnsoundWeights(
            f"The judgements contradict each other: consistency ratio {judged.consistency_ratio:.4f}, needed is below "
            f"{LARGEST_RATIO:.2f}. Look again at the pair judged furthest from the others."
        )
    return judged


def judge_pairwise(matrix: npt.ArrayLike) -> PairwiseWeights:
    """The same without a verdict on consistency, for those who are still at their judgements.

    Raises UnsoundWeights where the matrix is not square, positive and reciprocal.
    """
    judged = _reciprocal(np.asarray(matrix, dtype=np.float64))
    size = len(judged)
    values, vectors = np.linalg.eig(judged)
    first = int(np.argmax(values.real))
    largest = float(values[first].real)
    vector = np.abs(vectors[:, first].real)
    index = max((largest - size) / (size - 1), 0.0) if size > 1 else 0.0
    random = RANDOM_INDEX[size - 1]
    ratio = index / random if random else 0.0
    return PairwiseWeights(tuple(map(float, vector / vector.sum())), largest, index, ratio)


def weigh_by_entropy(figures: npt.ArrayLike) -> Floats:
    """Weights of the columns of ``figures`` (units, indicators) by how much each tells the units apart.

    The figures are normalised to 0–1 already; a constant column weighs nothing. Shares p = x / Σx of each column, entropy e = -Σ p ln p / ln n, weights (1 - e) / Σ(1 - e). A column of zeros tells
    nothing. Raises UnsoundWeights for fewer than two units, for unknown or negative figures, and where no column
    tells units apart.
    """
    table = np.asarray(figures, dtype=np.float64)
    if table.ndim != 2 or len(table) < 2 or not table.shape[1]:
        raise UnsoundWeights("Entropy needs a table of at least two units and one indicator.")
    if not np.isfinite(table).all() or (table < 0).any():
        raise UnsoundWeights("Entropy needs known figures not below 0; leave out the units that lack one.")
    told = 1.0 - entropy_of(table)
    told[told < 1e-12] = 0.0
    if not told.any():
        raise UnsoundWeights("No indicator tells the units apart, so entropy cannot weigh them; use judged weights.")
    return np.asarray(told / told.sum())


def entropy_of(table: Floats) -> Floats:
    """The entropy (0–1) of each column of ``table`` (units, indicators); 1 for a column of zeros."""
    total = table.sum(axis=0)
    shares = np.divide(table, total, out=np.full_like(table, 1.0 / len(table)), where=total > 0)
    logarithms = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    return np.asarray(-(shares * logarithms).sum(axis=0) / np.log(len(table)))


def _reciprocal(matrix: Floats) -> Floats:
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not 1 <= len(matrix) <= len(RANDOM_INDEX):
        raise UnsoundWeights(f"Pairwise judgements need a square table of 1 to {len(RANDOM_INDEX)} criteria.")
    if not np.isfinite(matrix).all() or (matrix <= 0).any():
        raise UnsoundWeights("Every pairwise judgement must be a number above 0.")
    for row, column in np.argwhere(np.abs(matrix * matrix.T - 1.0) > RECIPROCAL_TOLERANCE):
        raise UnsoundWeights(
            f"Judgement {row + 1}/{column + 1} is {matrix[row, column]:g} and {column + 1}/{row + 1} is "
            f"{matrix[column, row]:g}; one must be 1 divided by the other."
        )
    return matrix
