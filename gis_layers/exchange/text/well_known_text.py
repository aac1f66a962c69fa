"""Well-known text as PostGIS exports it: ``SRID=4490;POLYGON(…)``, the number of the system before the shape."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gis_layers.exchange.delivery.report import UntrustedFile
from risk_model.message import msg

_SRID = re.compile(r"\s*SRID\s*=\s*(\d{1,7})\s*;", re.IGNORECASE)


def without_srid(text: str) -> str:
    """The shape alone."""
    return _SRID.sub("", text, count=1)


def common_srid(texts: Sequence[str]) -> int | None:
    """The SRID of all shapes; None where none says one, or says 0, which means unknown.

    Raises UntrustedFile where they say several, or where only some say one.
    """
    found = {int(mark[1]) if (mark := _SRID.match(text)) else 0 for text in texts if text}
    if len(found) > 1:
        raise UntrustedFile(
            msg("同一列的几何写着不同的坐标系：{srids}", srids=[f"SRID={srid}" for srid in sorted(found)]),
            msg("转换到同一个坐标系后重新导出；没有写 SRID 的行按 SRID=0 计"),
        )
    return next(iter(found), 0) or None
