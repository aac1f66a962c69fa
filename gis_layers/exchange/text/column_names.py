"""Column names for formats that allow ten bytes."""

from __future__ import annotations

from collections.abc import Sequence

from risk_model.message import msg

_LONGEST_BYTES = 10


def cut_names(names: Sequence[str], encoding: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Cut names to ten bytes of ``encoding``, whole characters only and no two alike; and a note for each that changed."""
    short: dict[str, str] = {}
    for name in names:
        cut, number = _fit(name, encoding, _LONGEST_BYTES), 1
        while cut.lower() in {taken.lower() for taken in short.values()}:
            number += 1
            cut = _fit(name, encoding, _LONGEST_BYTES - len(f"_{number}")) + f"_{number}"
        short[name] = cut
    notes = tuple(
        msg("{name} 列在 shapefile 中名为 {cut}", name=name, cut=cut) for name, cut in short.items() if name != cut
    )
    return short, notes


def _fit(name: str, encoding: str, room: int) -> str:
    while len(name.encode(encoding, errors="replace")) > room:
        name = name[:-1]
    return name
