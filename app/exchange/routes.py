"""``/api/siting/batch``: a file of sites judged in the background."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, Response, UploadFile

from app.exchange.uploads import check_room, order_with_files, receive
from app.http.dependencies import Viewer, WorkOf
from app.http.geojson import accepted
from app.http.handing_over import HandedOver
from app.queue.orders import CHECK_SITES, JobRequest
from app.queue.schemas import JobAnswer
from gis_layers.exchange import UPLOAD, ReadingOptions, accepted_suffixes
from risk_model.vocabulary import ProjectClass

router = APIRouter(prefix="/api/siting", tags=["siting"])


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
    check_room(work, principal, [file])
    name, content = receive(file, stem="sites")
    payload = {
        "file": name,
        "class": project_class and project_class.value,
        "crs": crs or None,
        "layer": layer or None,
        "accept_repairs": accept_repairs,
        "role": principal.role.value,
        "department": principal.department,
    }
    options = ReadingOptions(layer=layer or None, limits=UPLOAD, handover=handover)
    order = JobRequest(CHECK_SITES, payload, ((name, content),))
    return accepted(order_with_files(work, principal, subject="siting batch", order=order, options=options))
