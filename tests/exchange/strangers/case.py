"""The row of the table: a file below tests/data/strangers, the kind it is imported as, and what is right."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "data" / "strangers"
ZONES = ("zones", "--hazard", "geological", "--product", "hazard")
UNITS = ("units", "--name", "单元")


@dataclass(frozen=True, slots=True)
class Case:
    """``anzhi import KIND FILE`` loads and refuses so many, and each of ``says`` stands in one of its problems.

    ``refused`` is None where the file is refused as a whole, whether or not its features were counted first. ``stored``
    asks of a register how many rows it then has. ``silent`` are words that stand in no problem. The same file is handed in by upload as
    an outline of sites, which is to load ``uploaded`` (where not said: as many as the command) and to say
    ``upload_says`` (where not said: the same); ``uploaded`` is None where an upload of sites means something else.
    """

    file: str
    kind: tuple[str, ...]
    loaded: int
    refused: int | None = 0
    says: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    stored: int | None = None
    uploaded: int | None = -1
    upload_says: tuple[str, ...] | None = None

    @property
    def path(self) -> Path:
        return FOLDER / self.file

    @property
    def name(self) -> str:
        return f"{self.kind[0]}:{self.file}"
