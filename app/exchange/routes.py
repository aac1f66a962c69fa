"""``/api/siting/batch``: a file of sites judged in the background."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated

from fastapi import APIRouter, File, Form, Response, UploadFile

from app.http.dependencies import Viewer, WorkOf, ended_here
from app.http.geojson import accepted
from app.http.handing_over import HandedOver
from app.http.uploads import received_file
from app.intake.receipts import refusals_told, refuse_secrets_in
from app.platform.errors import BadParameter
from app.queue.orders import CHECK_SITES, JobAnswer, JobRequest, Quota, check_quota, describe_job, enqueue
from gis_layers.exchange import UPLOAD, ReadingOptions, accepted_suffixes
from risk_model.message import msg
from risk_model.vocabulary import ProjectClass

router = APIRouter(prefix="/api/siting", tags=["siting"])

LARGEST_FILE = 200 * 1024 * 1024


@router.post("/batch", status_code=202, response_model=JobAnswer)
def batch(
    file: Annotated[UploadFile, File(description=f"{' '.join(accepted_suffixes())}; at most 200 MB")],
    work: WorkOf,
    principal: Viewer,
    handover: HandedOver,
    project_class: Annotated[ProjectClass | None, Form(description="class of sites that do not say theirs")] = None,
    crs: Annotated[str | None, Form(description="EPSG:n of the file, where it does not say")] = None,
    layer: Annotated[str | None, Form(description="which layer of a file that has several")] = None,
    accept_repairs: Annotated[bool, Form()] = False,
) -> Response:
    """Order a bulk siting check; the job's files are a GeoPackage and a workbook of sites and findings."""
    settings = work.settings
    quota = Quota.of(principal, settings)
    check_quota(work.session, principal, quota, file.size or 0)
    with received_file(
        file, most_bytes=LARGEST_FILE, too_large=msg("文件超过 200 MB；请分成几个文件提交"), stem="sites"
    ) as path:
        content = path.read_bytes()
    if not content:
        raise BadParameter(msg("文件是空的；请选择有地块的文件"), code="file", errors=[{"field": "file"}])
    name = PurePath(file.filename or "sites").name
    with refusals_told(work.session, principal.name, "siting batch", only_secrets=True):
        refuse_secrets_in(
            work.deployment,
            content,
            name,
            options=ReadingOptions(layer=layer or None, limits=UPLOAD, handover=handover),
        )
    payload = {
        "file": name,
        "class": project_class and project_class.value,
        "crs": crs or None,
        "layer": layer or None,
        "accept_repairs": accept_repairs,
        "role": principal.role.value,
        "department": principal.department,
    }
    with ended_here(work.session):
        told = describe_job(
            work.session,
            enqueue(work.session, JobRequest(CHECK_SITES, payload, (name, content)), principal, quota),
            settings,
        )
    return accepted(told)
