"""Documents by which ground of the synthetic township is declared or approved; every number is made up and says so."""

from __future__ import annotations

import datetime
from typing import Any, Final

COUNTY: Final = "示范县人民政府（合成）"
PROVINCE: Final = "示范省应急管理厅（合成）"

DOCUMENTS: Final[tuple[dict[str, Any], ...]] = (
    {
        "hazard": "declared_geological", "product": "hazard", "kind": "declaration", "level": "county", "authority": COUNTY,
        "title": "示范县人民政府关于划定地质灾害危险区的公告（合成）", "number": "示政告〔2024〕3号（合成）",
        "announced_on": datetime.date(2024, 6, 3), "secrecy": "public",
    },
    {
        "hazard": "river_management", "product": "zoning_prevention", "kind": "declaration", "level": "county", "authority": COUNTY,
        "title": "示范县人民政府关于公布河道管理范围的公告（合成）", "number": "示政告〔2021〕7号（合成）",
        "announced_on": datetime.date(2021, 9, 20), "secrecy": "public",
    },
    {
        "hazard": "wildfire", "product": "hazard", "kind": "approval", "level": "province", "authority": PROVINCE,
        "title": "示范省应急管理厅关于示范县森林草原火灾风险区划的批复（合成）", "number": "示应急函〔2023〕41号（合成）",
        "announced_on": None, "secrecy": "internal",
    },
)  # fmt: skip
"""Columns of the register of documents."""
