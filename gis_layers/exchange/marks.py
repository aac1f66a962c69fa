"""The marks a file carries: how secret it is by what was told beside it, by its name, by what stands in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from gis_layers.exchange.handover import Handover, Secrecy
from gis_layers.exchange.options import ReadingOptions
from gis_layers.exchange.secrecy_words import level_in_name
from risk_model.said import said


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: its level, how it was known (``option name metadata title column``), and the place in words."""

    secrecy: Secrecy
    kind: str
    where: str


@dataclass(frozen=True, slots=True)
class Marks:
    """All that a file says of itself: its most secret mark (None: none), and its handing over as far as it was told."""

    worst: Mark | None = None
    handover: Handover = field(default_factory=Handover)

    @property
    def secrecy(self) -> Secrecy | None:
        """The level of the most secret mark."""
        return None if self.worst is None else self.worst.secrecy


def read_marks(path: Path, options: ReadingOptions, name: str | None = None) -> Marks:
    """The marks of a file, which its sender called ``name`` where that is not what it is called here. Raises UnreadableFile."""
    found = [*_told(options.handover), *_named(name or path.name)]
    worst = max(found, key=lambda mark: mark.secrecy.rank, default=None)
    secrecy = worst.secrecy if worst else None
    return Marks(worst, replace(options.handover, secrecy=secrecy))


def _told(handover: Handover) -> list[Mark]:
    return [Mark(handover.secrecy, "option", said("交接时注明"))] if handover.secrecy else []


def _named(name: str) -> list[Mark]:
    level = level_in_name(name)
    return [Mark(level, "name", said("文件名"))] if level else []
