"""Documents of joint reviews: kept by who may, struck out with a reason, found again."""

from __future__ import annotations

import datetime
from typing import Final

from app.http.scans import Scan
from app.judgement.approval import covers
from app.platform.errors import NotAllowed, NotFound, Refused
from app.platform.principals import Principal
from app.platform.work import Work
from app.siting.review_acts import DECIDES, department_of
from app.siting.review_document_schemas import NewReviewDocument
from app.siting.reviews import MATTER, Review, find_review, local_day, wrong
from gis_layers.stores import review_documents as store
from gis_layers.stores.records import record_audit
from gis_layers.stores.review_documents import KeptReviewDocument, ReceivedDocument, ReviewDocument
from gis_layers.stores.reviews import count_write, numbered
from risk_model.message import msg
from risk_model.reviews.vocabulary import ReviewDocumentKind

MOST: Final = 100
"""So many documents one review keeps, those struck out counted."""


def may_keep(principal: Principal, kind: str, department: str | None) -> bool:
    """Whether somebody may keep or strike out a document: whoever decides any, a department's account its own letter alone."""
    if covers(principal, DECIDES):
        return True
    own = None if principal.is_guest else department_of(principal)
    return own is not None and (kind, department) == (ReviewDocumentKind.REPLY.value, own)


def add_document(
    work: Work, number: int, told: NewReviewDocument, scan: Scan, by: tuple[Principal, datetime.datetime]
) -> ReviewDocument:
    """Keep a scan with a review. Raises NotAllowed, BadParameter, Refused where the review is annulled or keeps it already."""
    principal, now = by
    review = find_review(work, number, local_day(now), lock=True)
    new = _document_of(told, scan, principal)
    _require_allowed(review, principal, new.kind, new.department)
    if told.kind is ReviewDocumentKind.REPLY and new.department is None:
        raise wrong("department", msg("部门复函须写明是哪个部门的"), "together")
    if new.dated is not None and new.dated > local_day(now):
        raise wrong("dated", msg("文件日期不能晚于今天"), "days")
    _require_new(review, new)
    kept = store.save_document(work.session, number, new)
    detail = {"document": kept.id, "kind": kept.kind, "number": kept.number, "sha256": kept.sha256}
    _audit(work, review, principal, "keep document of siting review", detail)
    return kept


def strike(work: Work, of: tuple[int, int], reason: str, by: tuple[Principal, datetime.datetime]) -> None:
    """Strike out a document (``of`` which review, and which of it) that was kept by mistake; it stays on record."""
    (number, document), (principal, now) = of, by
    review = find_review(work, number, local_day(now), lock=True)
    found = next((one for one in review.documents if one.row.id == document), None)
    if found is None:
        raise _missing(document)
    _require_allowed(review, principal, found.row.kind, found.row.department)
    if found.struck is not None:
        raise Refused(msg("这份材料已经划去；在案的不再改动"), code="ended")
    store.strike_document(work.session, document, reason.strip(), principal.name)
    detail = {"document": document, "kind": found.row.kind, "number": found.row.number, "reason": reason.strip()}
    _audit(work, review, principal, "strike out document of siting review", detail)


def require_document(work: Work, number: int, document: int) -> ReviewDocument:
    """A document of a review, its bytes with it. NotFound without one."""
    found = store.find_document(work.session, number, document)
    if found is None:
        raise _missing(document)
    return found


def _document_of(told: NewReviewDocument, scan: Scan, by: Principal) -> ReceivedDocument:
    return ReceivedDocument(
        kind=told.kind.value, number=told.number.strip(), dated=told.dated, name=scan.name, media_type=scan.media_type,
        department=None if told.department is None else told.department.value, content=scan.content, kept_by=by.name,
    )  # fmt: skip


def _require_allowed(review: Review, by: Principal, kind: str, department: str | None) -> None:
    if not may_keep(by, kind, department):
        raise NotAllowed(msg("部门账号只能办理本部门的复函；其他材料由规划审查上传"))
    if MATTER.life.states[review.decision.state].end:
        raise Refused(msg("联审已注销；材料不再增减"), code="ended")


def _require_new(review: Review, new: ReceivedDocument) -> None:
    if len(review.documents) >= MOST:
        raise Refused(msg("这次联审的材料已存满（{count} 份）", count=MOST), code="ended")
    same = (new.kind, new.department, store.digest_of(new.content))
    twin = next((one for one in review.documents if one.struck is None and _told(one) == same), None)
    if twin is not None:
        raise Refused(msg("同一份扫描件已经在案（{number}）", number=twin.row.number), code="taken")


def _told(one: KeptReviewDocument) -> tuple[str, str | None, str]:
    return one.row.kind, one.row.department, one.row.sha256


def _missing(document: int) -> NotFound:
    return NotFound(msg("这次联审没有编号为 {number} 的材料", number=document))


def _audit(work: Work, review: Review, by: Principal, action: str, detail: dict[str, object]) -> None:
    count_write(work.session, review.row)
    told = {"review": numbered(review.row), **detail}
    record_audit(work.session, actor=by.name, action=action, subject=f"siting review {review.row.id}", detail=told)
