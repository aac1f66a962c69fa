"""The code a paper is recognised by, for a telephone; what it holds stands beside it in words."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from app.platform.work import Work
from app.reports.findings import Told

if TYPE_CHECKING:  # whoever draws one loads the library
    from segno import QRCode

FAULTS: Final = "m"
"""Of the code's signs 15 % may be lost to a stamp or a fold."""
QUIET: Final = 4
"""Signs of empty paper around the code, without which readers miss it (ISO/IEC 18004)."""
DOTS: Final = 6


@dataclass(frozen=True, slots=True)
class Recognition:
    """The code of a paper on record: ``words`` are what it holds."""

    words: str

    def drawn(self) -> str:
        """The code as SVG to stand in a page."""
        svg: str = self._code().svg_inline(border=QUIET, omitsize=True, svgclass="recognition-code", lineclass=None)
        return svg

    def picture(self) -> bytes:
        """The code as PNG; the same words give the same bytes."""
        written = io.BytesIO()
        self._code().save(written, kind="png", scale=DOTS, border=QUIET)
        return written.getvalue()

    def _code(self) -> QRCode:
        import segno  # noqa: PLC0415

        # Told that it is UTF-8, a reader need not guess; signs of ASCII are the same in all it would guess.
        return segno.make_qr(self.words, error=FAULTS, mode="byte", encoding="utf-8", eci=not self.words.isascii())


def recognition_of(work: Work, record: Told | None) -> Recognition | None:
    """The code of what rests on a check on ``record``: its number and the SHA-256 of its answer.

    Where this deployment has an address, it is the address of the record. Of a check on no record there is none.
    """
    if not record:
        return None
    number, digest = str(record["number"]), str(record["result_digest"])
    address = work.settings.public_url
    if address is None:
        return Recognition(f"ANZHI {number} SHA-256 {digest}")
    return Recognition(f"{address}checks/{quote(number, safe='')}#{digest}")
