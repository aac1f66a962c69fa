"""Answers on what was received."""

from __future__ import annotations

from app.reports.deliveries import DeliveryItem

__all__ = ["DeliveryItem"]
