"""Documents of themes registered and changed; each write is audited."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy.orm import Session

from app.platform.errors import BadParameter, NotAllowed, NotFound, Refused
from app.platform.principals import Principal
from app.platform.work import Work
from app.zones.document_schemas import DocumentItem
from gis_layers.exchange import Secrecy
from gis_layers.stores import zone_documents
from gis_layers.stores.records import record_audit
from gis_layers.stores.zone_documents import DocumentQuery, KeptDocument
from risk_model.message import msg


def find_document(session: Session, number: int) -> KeptDocument:
    """The document of this number. NotFound without one."""
    found = zone_documents.read_documents(session, DocumentQuery(numbers=[number]))
    if not found:
        raise NotFound(msg("没有编号为 {number} 的划定文件；全部文件见 /api/zones/documents", number=number))
    return found[0]


def register_document(work: Work, values: Mapping[str, Any], by: Principal, on: datetime.date) -> int:
    """Add a document; its number. Raises BadParameter, NotAllowed for a hazard that is not this officer's."""
    if values["hazard"] not in work.rulebook.hazards:
        told = msg("规则里没有灾种「{hazard}」", hazard=values["hazard"])
        raise BadParameter(told, code="rulebook-word", errors=[{"field": "hazard", "message": told}])
    _require_mine(by, values["hazard"])
    _require_sound(work, values, on)
    kept = {**values, "product": str(values["product"])}
    number = zone_documents.add_document(work.session, kept, by=by.name)
    _audit(work.session, by, "register zone document", number, kept)
    return number


def change_document(work: Work, number: int, values: Mapping[str, Any], by: Principal, on: datetime.date) -> None:
    """Change a document whose row is held. Refused once an edition rests upon it."""
    kept = find_document(work.session, number)
    _require_mine(by, kept.hazard)
    if kept.edition is not None:
        raise Refused(
            msg("第 {edition} 版已依据这份文件启用，不能再改；更正请另登记一份并在备注中说明", edition=kept.edition),
            code="ended",
        )
    _require_sound(work, values, on)
    zone_documents.change_document(work.session, number, values)
    _audit(work.session, by, "change zone document", number, values)


def describe_document(one: KeptDocument) -> DocumentItem:
    """A document as answers tell it."""
    told: dict[str, Any] = {name: getattr(one, name) for name in DocumentItem.__annotations__}
    return cast("DocumentItem", {**told, "created_at": one.created_at.isoformat()})


def _require_mine(by: Principal, hazard: str) -> None:
    if not by.may_edit(hazard):
        raise NotAllowed(msg("您的账号不编制 {hazard} 的区划；请由有权限的人登记", hazard=hazard))


def _require_sound(work: Work, values: Mapping[str, Any], on: datetime.date) -> None:
    """Raises BadParameter for a notice of the future, and for a state secret where this place leads to other networks."""
    day = values.get("announced_on")
    if day is not None and day > on:
        told = msg("公告日期在将来；请核对")
        raise BadParameter(told, code="days", errors=[{"field": "announced_on", "message": told}])
    secrecy = values.get("secrecy")
    if secrecy is not None and Secrecy(secrecy).is_state_secret and not work.settings.separated:
        told = msg("涉密文件只能登记在与其他网络隔离的部署中；这里请只登记可以公开或内部使用的文件")
        raise BadParameter(told, code="state-secret", errors=[{"field": "secrecy", "message": told}])


def _audit(session: Session, by: Principal, action: str, number: int, values: Mapping[str, Any]) -> None:
    detail = {name: str(value) if isinstance(value, datetime.date) else value for name, value in values.items()}
    record_audit(session, actor=by.name, action=action, subject=f"zone document {number}", detail=detail)
