"""Answers on what was received, and on what is about to be."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from app.platform.iso import IsoMoment
from app.queue.import_schemas import OfferedRepair
from app.reports.deliveries import DeliveryItem
from gis_layers.exchange import WrittenReport

__all__ = ["DeliveryItem", "ImportPreview", "OfferedRepair", "PreviewedRow"]


class PreviewedRow(TypedDict):
    """A feature of a preview: one that loads as it stands, or its shape before or after a repair; ``cells`` by column."""

    feature: int
    state: Literal["loaded", "before", "after"]
    name: str | None
    cells: dict[str, str | int | float | bool | None]


class ImportPreview(TypedDict):
    """An import as it would come out: the report the console would give, the repairs there are, and the ``digest`` to accept.

    ``refused`` are the first features that are not, ``shown`` of those that load are drawn; ``loaded_by`` is the job that loads it, once somebody accepted.
    """

    id: int
    layer: str
    file: str
    digest: str
    report: WrittenReport
    repairs: list[OfferedRepair]
    refused: list[int]
    shown: int
    files_until: IsoMoment | None
    loaded_by: int | None
