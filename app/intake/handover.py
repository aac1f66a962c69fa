"""Particulars of a file given by hand, on the command line or in a form, read into its handing over."""

from __future__ import annotations

import datetime

from app.platform.clock import today
from app.platform.errors import BadParameter
from gis_layers.exchange import Handover, Secrecy
from gis_layers.exchange.delivery.handover import LONGEST_TEXT
from gis_layers.exchange.secrecy.secrecy_words import named_level
from gis_layers.spelling import search_key
from risk_model.message import msg


def handover_of(
    *,
    provider: str | None = None,
    document_number: str | None = None,
    handed_over_by: str | None = None,
    received_on: datetime.date | None = None,
    classification: str | None = None,
) -> Handover:
    """The handing over as it was told; blanks are nothing told.

    Raises BadParameter naming the field that is too long, a day that is yet to come, or a level nobody knows.
    """
    if received_on is not None and received_on > today():
        raise BadParameter(
            msg("接收日期 {day} 还没有到；请填收到资料的那一天", day=received_on.isoformat()),
            code="days",
            errors=[{"field": "received_on"}],
        )
    return Handover(
        provider=_text("provider", provider),
        document_number=_text("document_number", document_number),
        handed_over_by=_text("handed_over_by", handed_over_by),
        received_on=received_on,
        secrecy=_secrecy(classification),
    )


def _text(field: str, value: str | None) -> str | None:
    plain = " ".join((value or "").split())
    if len(plain) > LONGEST_TEXT:
        raise BadParameter(
            msg("{field} 最多 {most} 个字；请写简称", field=field, most=LONGEST_TEXT), errors=[{"field": field}]
        )
    return plain if search_key(plain) else None


def _secrecy(word: str | None) -> Secrecy | None:
    if not (word or "").strip():
        return None
    level = named_level(str(word))
    if level is None:
        raise BadParameter(
            msg("不认识的密级「{word}」；请填 公开、内部、秘密、机密 或 绝密", word=str(word)[:20]),
            errors=[{"field": "classification"}],
        )
    return level
