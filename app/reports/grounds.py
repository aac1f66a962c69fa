"""The ground behind an opinion, read from the stores: the zones it met as they were in its edition."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.reports.findings import Survey, Surveys, Told
from gis_layers.stores.met_zones import read_zone_surveys


def read_surveys(session: Session, answer: Told) -> Surveys:
    """The surveys of the zones the findings of ``answer`` speak of."""
    return {
        (one.zone, one.version): Survey(one.survey_date, one.scale, one.source)
        for one in read_zone_surveys(session, zones_met(answer))
    }


def zones_met(answer: Told) -> list[tuple[str, int]]:
    """Id and version of every zone some finding speaks of."""
    findings = (finding for theme in answer["themes"] for finding in theme["findings"])
    return sorted({(str(one["zone"]), one["zone_version"]) for one in findings if one["zone"]})
