"""Imports over HTTP told in order: a preview is ordered, looked at, accepted as it was seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.exchange.import_orders import ImportOrder, check_order
from app.exchange.schemas import ImportPreview
from app.platform.errors import BadParameter, NotFound, Refused, Stale
from app.platform.principals import Principal
from app.platform.work import Work
from app.queue.orders import LOAD_IMPORT, PREVIEW_IMPORT, JobRequest, Quota, describe_job, enqueue, find_own
from gis_layers.canonical import digest_of
from gis_layers.stores import jobs
from gis_layers.stores.jobs import DONE, Job
from gis_layers.stores.registers_state import read_layer_state
from risk_model.message import msg

SHOWN, FILE = "preview.geojson", "file"
"""The files of a preview: what is drawn of it, and what was handed in."""


def find_preview(session: Session, number: int, principal: Principal) -> Job:
    """A preview of whoever asks, once it is done. Raises NotFound; Refused where it has not ended or came to nothing."""
    job = find_own(session, number, principal)
    if job.kind != PREVIEW_IMPORT:
        raise NotFound(msg("任务 {number} 不是导入预览", number=number))
    if job.state != DONE:
        raise Refused(
            msg("导入预览 {number} 还没有结果；它的状态见 /api/jobs/{number}", number=number), code="not-ended"
        )
    return job


def describe_preview(work: Work, job: Job) -> ImportPreview:
    """A preview as clients read it."""
    loading, result = jobs.find_order_on(work.session, LOAD_IMPORT, job.id), dict(job.result or {})
    result.pop("state", None)
    answer: dict[str, Any] = {
        **result,
        "id": job.id,
        "layer": job.payload["layer"],
        "file": job.payload["file"],
        "files_until": describe_job(work.session, job, work.settings)["files_until"],
        "loaded_by": loading and loading.id,
    }
    return answer  # type: ignore[return-value]


def read_shown(session: Session, job: Job) -> bytes:
    """What is drawn of a preview, as GeoJSON. Raises NotFound once it is kept no more."""
    kept = jobs.find_file(session, job.id, "made", SHOWN)
    if kept is None:
        raise NotFound(msg("导入预览 {number} 的文件已不再保留；请重新选择文件预览", number=job.id))
    return kept[1]


def order_load(work: Work, number: int, principal: Principal, *, digest: str, repairs: Sequence[int]) -> Job:
    """Order that what a preview showed is loaded, with these repairs.

    Raises Stale where another state was seen or something changed since, Refused where it is loaded already, kept no
    more, or would load nothing, BadParameter for a repair there is none of.
    """
    find_preview(work.session, number, principal)
    preview = jobs.lock_job(work.session, number)
    assert preview is not None, "it was just found"
    check_order(ImportOrder.model_validate(preview.payload), work.rulebook, principal)
    _check_open(work.session, preview)
    _check_seen(work, preview, digest)
    _check_worth(preview, repairs)
    payload = {
        "preview": number,
        "digest": digest,
        "repairs": sorted(set(repairs)),
        "layer": preview.payload["layer"],
        "file": preview.payload["file"],
    }
    quota = Quota.of(principal, work.settings)
    return enqueue(work.session, JobRequest(LOAD_IMPORT, payload), principal, quota)


def _check_open(session: Session, preview: Job) -> None:
    loading = jobs.find_order_on(session, LOAD_IMPORT, preview.id)
    if loading is not None:
        told = msg("导入预览 {number} 已经由任务 {job} 载入", number=preview.id, job=loading.id)
        raise Refused(told, code="ended")
    if FILE not in jobs.list_files(session, preview.id, "made"):
        told = msg("导入预览 {number} 的文件已不再保留；请重新选择文件预览", number=preview.id)
        raise Refused(told, code="ended")


def _check_seen(work: Work, preview: Job, digest: str) -> None:
    known = str((preview.result or {})["digest"])
    if digest != known:
        told = msg("确认的不是这份预览的内容；请重新查看预览后再确认")
        raise Stale(told, seen=digest, present=known)
    before = str((preview.result or {})["state"])
    state = standing_of(work, preview.payload["layer"])
    if state != before:
        told = msg("预览之后登记、边界或规则有了变化，载入的可能不是看到的；请重新预览后再确认")
        raise Stale(told, seen=before, present=state)


def _check_worth(preview: Job, repairs: Sequence[int]) -> None:
    result: dict[str, Any] = dict(preview.result or {})
    offered = {one["feature"]: one["loads"] for one in result["repairs"]}
    strange = sorted(set(repairs) - set(offered))
    if strange:
        told = msg("第 {feature} 号要素没有可以接受的修复", feature=strange[0])
        raise BadParameter(told, code="no-such-thing", errors=[{"field": "repairs"}])
    if not result["report"]["features_loaded"] and not any(offered[feature] for feature in repairs):
        raise Refused(msg("这份文件没有一个要素可以载入；请按所列问题修正后重新预览"), code="unchanged")


def standing_of(work: Work, layer: str) -> str:
    """A text that changes whenever something does on which a preview of this layer rests."""
    return digest_of(f"{read_layer_state(work.session, layer)} {work.rulebook.fingerprint}")
