"""Terms of a survey as its delivery states them: the office responsible, the last day it holds, the greatest age it may have."""

from __future__ import annotations

import datetime
from dataclasses import replace

from app.platform.clock import today
from app.platform.errors import Refused
from gis_layers.exchange import Delivery, Problem
from gis_layers.stores.surveys import StatedTerms
from risk_model.message import msg


def refuse_contradiction(terms: StatedTerms, survey_date: datetime.date | None) -> None:
    """Raises Refused for a survey that would have run out before it was made."""
    if terms.valid_until is not None and survey_date is not None and terms.valid_until < survey_date:
        told = msg(
            "有效期至 {until}，早于调查日期 {day}；请按成果文件核对这两个日期后重新导入",
            until=terms.valid_until.isoformat(),
            day=survey_date.isoformat(),
        )
        raise Refused(told)


def note_run_out(delivery: Delivery, terms: StatedTerms) -> Delivery:
    """The delivery with a word on a survey that has run out already: its zones count, its ground reads as not surveyed."""
    if terms.valid_until is None or terms.valid_until >= today():
        return delivery
    noted = Problem(
        None,
        msg("成果有效期至 {day}，已过：区划照常参与审查，其范围读作未调查", day=terms.valid_until.isoformat()),
        None,
        msg("向责任单位索取现行成果，或核对有效期"),
    )
    return replace(delivery, report=replace(delivery.report, problems=(noted, *delivery.report.problems)))
