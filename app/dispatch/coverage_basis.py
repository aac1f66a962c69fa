"""Basis of coverage: what an answer rests on, and the standard its minutes come from."""

from __future__ import annotations

from typing import Final

from app.dispatch.coverage_schemas import CoverageBasis, CoverageQuery, RoadSource, StandardAnswer
from app.judgement.page_context import page_context
from app.judgement.road_network import ROADS
from app.platform.work import Work
from gis_layers.stores.receipts import list_receipts
from risk_model.dispatch import coverage_standards

DISCLAIMER: Final = "筛查意见，不替代法定评估：按登记的道路、力量和默认车速推算，不代表实际到场时间"


def coverage_basis(work: Work) -> CoverageBasis:
    """The day of the data, the edition, the source of the roads, and that it is a screening opinion."""
    town = page_context(work)
    return {
        "data_date": town["data_date"],
        "edition": town["edition"],
        "road_source": _road_source(work),
        "synthetic": town["synthetic"],
        "disclaimer": DISCLAIMER,
    }


def standard_of(asked: CoverageQuery) -> StandardAnswer:
    """The standard that was asked by; minutes of the reader's own rest on nothing else."""
    found = coverage_standards().get(asked.standard)
    return {
        "key": asked.standard,
        "basis": None if found is None else found.basis,
        "basis_en": None if found is None else found.basis_en,
    }


def _road_source(work: Work) -> RoadSource | None:
    newest = list_receipts(work.session, ROADS, limit=1)
    if not newest:
        return None
    receipt, _ = newest[0]
    return {
        "file": receipt.file_name,
        "received_on": receipt.received_on.isoformat(),
        "provider": receipt.provider,
    }
