"""The words for ground without a grade and for ground that no zone holds."""

from __future__ import annotations

from typing import Final

from risk_model.message import msg

NO_ZONE: Final = msg("无区划")
UNGRADED: Final = msg("未分级")
