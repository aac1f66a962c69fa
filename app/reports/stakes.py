"""Stakes of a line in words, from K0+000 at the start of what was drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.http.figures import length_words
from risk_model.message import Message, msg

MOST_SHOWN = 8
"""More stretches of one finding are counted; the evidence holds them all."""


def stake_words(at_m: float) -> str:
    """``K1+250``, rounded to whole metres."""
    kilometres, metres = divmod(round(at_m), 1000)
    return f"K{kilometres}+{metres:03d}"


def tell_stretches(finding: Mapping[str, Any]) -> Iterator[Message]:
    """Where along the line a finding lies; nothing of a site that is no line, or of an object beside one."""
    stretches = finding.get("stretches") or ()
    for one in stretches[:MOST_SHOWN]:
        yield msg(
            "{begin}～{end}，长 {n}，其中 {m} 在区内",
            begin=stake_words(one["from_m"]),
            end=stake_words(one["to_m"]),
            n=length_words(one["to_m"] - one["from_m"]),
            m=length_words(one["inside_m"]),
        )
    if len(stretches) > MOST_SHOWN:
        yield msg("另有 {n} 段，见意见全文", n=len(stretches) - MOST_SHOWN)
    if finding.get("nearest_m") is not None:
        yield msg("{stake} 处最近", stake=stake_words(finding["nearest_m"]))
