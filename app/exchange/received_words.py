"""The words of 资料清单 for what is stored as keys; translated where they are shown."""

from __future__ import annotations

UNREGISTERED = "未登记"
"""What is said where nobody told: never a blank."""
