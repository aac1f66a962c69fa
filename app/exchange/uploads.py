"""Files handed in with an order: received, refused where they are secrets, put into the queue with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Final

from fastapi import UploadFile

from app.http.dependencies import ended_here
from app.http.uploads import received_file
from app.intake.receipts import refusals_told, refuse_secrets_in
from app.platform.errors import BadParameter
from app.platform.principals import Principal
from app.platform.work import Work
from app.queue.orders import JobRequest, Quota, check_quota, describe_job, enqueue
from app.queue.schemas import JobAnswer
from gis_layers.exchange import ReadingOptions
from risk_model.message import msg

LARGEST_FILE: Final = 200 * 1024 * 1024


def receive(file: UploadFile, field: str = "file", *, stem: str) -> tuple[str, bytes]:
    """Name and bytes of a file of a form. Raises BadParameter for one that is too large or empty."""
    too_large = msg("文件超过 200 MB；请分成几个文件提交")
    with received_file(file, most_bytes=LARGEST_FILE, too_large=too_large, stem=stem) as path:
        content = path.read_bytes()
    if not content:
        raise BadParameter(msg("文件是空的；请选择有地块的文件"), code="file", errors=[{"field": field}])
    return PurePath(file.filename or stem).name, content


def check_room(work: Work, principal: Principal, files: Sequence[UploadFile]) -> None:
    """Raises, before these files are read, what ordering with them would raise for the quota."""
    check_quota(work.session, principal, Quota.of(principal, work.settings), sum(file.size or 0 for file in files))


def order_with_files(
    work: Work, principal: Principal, *, subject: str, order: JobRequest, options: ReadingOptions
) -> JobAnswer:
    """Put ``order`` into the queue with its files. Raises StateSecretRefused, with nothing of them kept but the audit's word."""
    with refusals_told(work.session, principal.name, subject, only_secrets=True):
        for place, (name, content) in enumerate(order.files):
            one = options if place == 0 else replace(options, layer=None)
            refuse_secrets_in(work.deployment, content, name, options=one)
    with ended_here(work.session):
        job = enqueue(work.session, order, principal, Quota.of(principal, work.settings))
        return describe_job(work.session, job, work.settings)
