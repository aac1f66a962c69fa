"""Ground that a change leaves milder or free, counted cell by cell on a grid of whole numbers: no union, no difference."""

from collections.abc import Mapping

Box = tuple[int, int, int, int, int]
"""West, south, east, north in whole cells, and a rank."""


def worst_by_cell(boxes: Mapping[int, Box], side: int) -> dict[tuple[int, int], int]:
    """The worst rank of each cell that any box covers."""
    found: dict[tuple[int, int], int] = {}
    for west, south, east, north, rank in boxes.values():
        for x in range(west, min(east, side)):
            for y in range(south, min(north, side)):
                found[x, y] = min(rank, found.get((x, y), rank))
    return found


def loosened_cells(before: Mapping[int, Box], after: Mapping[int, Box], side: int) -> set[tuple[int, int]]:
    """Cells whose worst rank grew, or that no box covers any more."""
    old, new = worst_by_cell(before, side), worst_by_cell(after, side)
    return {cell for cell, rank in old.items() if new.get(cell, rank + 1) > rank}
