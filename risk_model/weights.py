"""Weights: from pairwise judgements (AHP) and from how much the figures themselves tell apart (entropy)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from risk_model.errors import UnsoundWeights
from risk_model.message import msg

Floats = npt.NDArray[np.float64]

RANDOM_INDEX: Final = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
"""Saaty's random consistency index of matrices of one to ten criteria."""

LARGEST_RATIO: Final = 0.10
"""A consistency ratio from which on judgements contradict each other too much to be used."""
JUDGEMENTS: Final = (*(f"1/{number}" for number in range(9, 1, -1)), *(str(number) for number in range(1, 10)))
"""The scale of pairwise judgements, from far less to far more."""

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
            msg(
                "各项判断互相矛盾：一致性比率为 {consistency_ratio}，应小于 {largest_ratio}。请重新考虑与其他判断差得最远的一对",
                consistency_ratio=f"{judged.consistency_ratio:.4f}",
                largest_ratio=f"{LARGEST_RATIO:.2f}",
            )
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
        raise UnsoundWeights(msg("熵权法至少需要两个单元、一个指标"))
    if not np.isfinite(table).all() or (table < 0).any():
        raise UnsoundWeights(msg("熵权法的数值应为已知且不小于 0；请去掉缺值的单元"))
    told = 1.0 - entropy_of(table)
    told[told < 1e-12] = 0.0
    if not told.any():
        raise UnsoundWeights(msg("没有一个指标能区分各单元，熵权法无法赋权；请改用判断权重"))
    return np.asarray(told / told.sum())


def entropy_of(table: Floats) -> Floats:
    """The entropy (0–1) of each column of ``table`` (units, indicators); 1 for a column of zeros."""
    total = table.sum(axis=0)
    shares = np.divide(table, total, out=np.full_like(table, 1.0 / len(table)), where=total > 0)
    logarithms = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    return np.asarray(-(shares * logarithms).sum(axis=0) / np.log(len(table)))


def _reciprocal(matrix: Floats) -> Floats:
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not 1 <= len(matrix) <= len(RANDOM_INDEX):
        raise UnsoundWeights(msg("两两判断应为 1 至 {count} 个准则的方阵", count=len(RANDOM_INDEX)))
    if not np.isfinite(matrix).all() or (matrix <= 0).any():
        raise UnsoundWeights(msg("每个两两判断应为大于 0 的数"))
    for row, column in np.argwhere(np.abs(matrix * matrix.T - 1.0) > RECIPROCAL_TOLERANCE):
        raise UnsoundWeights(
            msg(
                "第 {row} 行第 {column} 列的判断是 {matrix}，第 {column} 行第 {row} 列是 {matrix_2}；两者应互为倒数",
                row=row + 1,
                column=column + 1,
                matrix=f"{matrix[row, column]:g}",
                matrix_2=f"{matrix[column, row]:g}",
            )
        )
    return matrix
