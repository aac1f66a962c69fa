"""The words of 资料清单 for what is stored as keys; translated where they are shown."""

from __future__ import annotations

from gis_layers.exchange import SECRECY_NAMES

UNREGISTERED = "未登记"
"""What is said where nobody told: never a blank."""
GROUPS = {
    "zones": "灾害区划",
    "extents": "调查范围",
    "constraints": "三区三线",
    "registers": "台账",
    "ground": "底图与地形",
}
STATES = {
    "received": "已接收",
    "unregistered": "来历未登记",
    "waiting": "已接收，未生效",
    "missing": "未收到",
}
SECRECIES = {level.value: str(name) for level, name in SECRECY_NAMES.items()}
