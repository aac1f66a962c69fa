"""``/api/imports``: a file previewed in the background, and loaded once somebody accepts what was seen."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from pydantic import BaseModel, ConfigDict, Field

from app.exchange.import_orders import Extent, ImportOrder, check_order, read_fields
from app.exchange.imports import describe_preview, find_preview, order_load, read_shown
from app.exchange.schemas import ImportPreview, PreviewedRow
from app.exchange.uploads import check_room, order_with_files, receive
from app.http.dependencies import Importer, WorkOf, ended_here
from app.http.geojson import GEOJSON, accepted, collection_of
from app.http.handing_over import HandedOver
from app.http.i18n import answer_in_language, chosen_language
from app.platform.errors import BadParameter
from app.queue.orders import PREVIEW_IMPORT, JobRequest, describe_job
from app.queue.schemas import JobAnswer
from gis_layers.exchange import accepted_suffixes
from gis_layers.stores.surveys import GREATEST_AGE_DAYS
from risk_model.codes import enumeration
from risk_model.message import msg

router = APIRouter(prefix="/api/imports", tags=["imports"])

Words = Annotated[str | None, Form(max_length=200)]
Layer = Annotated[str, Form(json_schema_extra={"enum": [*enumeration("import_layer")]})]


def described(
    *,
    layer: Layer,
    handover: HandedOver,
    part: Annotated[Words, Form(description="which layer of a file that has several")] = None,
    crs: Annotated[Words, Form(description="EPSG:n of the file, where it does not say")] = None,
    encoding: Annotated[Words, Form(description="encoding of its texts, where it cannot be found out")] = None,
    fields: Annotated[str, Form(max_length=4000, description="OURS=THEIRS, one a line")] = "",
    hazard: Annotated[Words, Form(description="of zones: hazard key")] = None,
    product: Annotated[Words, Form(description="of zones: which census product")] = None,
    grade_field: Annotated[Words, Form(description="of zones: the column that holds the grade")] = None,
    grade: Annotated[Words, Form(description="of zones: one grade for the whole file")] = None,
    grade_scheme: Annotated[Words, Form(description="of zones: the scheme of its grades")] = None,
    kind: Annotated[Words, Form(description="of land-use control lines: which of them, for the whole file")] = None,
    extent: Annotated[
        Extent, Form(description="surveyed ground: its own polygons, the town, the file `ground`")
    ] = "zones",
    source: Annotated[Words, Form(description="where the data come from")] = None,
    survey_date: Annotated[datetime.date | None, Form(description="day of survey")] = None,
    scale: Annotated[int | None, Form(ge=1, description="n of 1:n")] = None,
    office: Annotated[Words, Form(description="of zones: the office responsible for them")] = None,
    valid_until: Annotated[datetime.date | None, Form(description="of zones: last day they hold, as stated")] = None,
    max_age_days: Annotated[
        int | None, Form(ge=1, le=GREATEST_AGE_DAYS, description="of zones: greatest age of their survey, in days")
    ] = None,
    replaces: Annotated[
        bool, Form(description="publishing it retires what is published of this hazard and product")
    ] = False,
) -> ImportOrder:
    """What the form says of a file whose name is not known yet."""
    words = {"part": part, "crs": crs, "encoding": encoding, "hazard": hazard, "product": product, "kind": kind}
    graded = {"grade_field": grade_field, "grade": grade, "grade_scheme": grade_scheme}
    surveyed = {"source": source, "office": office}
    told: dict[str, Any] = {name: (word or "").strip() or None for name, word in (words | graded | surveyed).items()}
    return ImportOrder(
        layer=layer,
        file="",
        fields=read_fields(fields),
        extent=extent,
        survey_date=survey_date,
        scale=scale,
        valid_until=valid_until,
        max_age_days=max_age_days,
        replaces=replaces,
        handover=handover,
        **told,
    )


class Acceptance(BaseModel):
    """What was seen (the digest of the preview), and the features whose repair is accepted."""

    model_config = ConfigDict(extra="forbid")

    digest: str = Field(min_length=64, max_length=64, pattern="^[0-9a-f]{64}$")
    repairs: list[int] = Field(default_factory=list, max_length=100_000)


@router.post("", status_code=202, response_model=JobAnswer)
def preview(
    file: Annotated[UploadFile, File(description=f"{' '.join(accepted_suffixes())}; at most 200 MB")],
    work: WorkOf,
    principal: Importer,
    order: Annotated[ImportOrder, Depends(described)],
    ground: Annotated[UploadFile | None, File(description="surveyed ground, where `extent` is file")] = None,
) -> Response:
    """Order the preview of a file: the report the console would give and the repairs there are; nothing is loaded."""
    check_order(order, work.rulebook, principal)
    if (order.extent == "file") != (ground is not None):
        told = msg("调查范围取自文件时要另附范围文件，其他时候不附")
        raise BadParameter(told, code="together", errors=[{"field": "ground"}])
    check_room(work, principal, [one for one in (file, ground) if one is not None])
    files = [receive(file, stem="import")]
    if ground is not None:
        name, content = receive(ground, "ground", stem="ground")
        files.append((name if name != files[0][0] else f"ground-{name}", content))
    named = order.model_copy(update={"file": files[0][0], "ground": files[1][0] if len(files) > 1 else None})
    request = JobRequest(PREVIEW_IMPORT, named.model_dump(mode="json"), tuple(files))
    return accepted(order_with_files(work, principal, subject=order.layer, order=request, options=named.options()))


@router.get("/{number}")
def preview_of_number(request: Request, number: int, work: WorkOf, principal: Importer) -> ImportPreview:
    """A preview that is done: what would be loaded, refused and repaired, and the digest to accept."""
    told = describe_preview(work, find_preview(work.session, number, principal))
    return answer_in_language(told, chosen_language(request))


@router.get("/{number}/features", **collection_of(PreviewedRow))
def features_of_preview(number: int, work: WorkOf, principal: Importer) -> Response:
    """Features of a preview: those that load as they stand, and those that need a repair before and after it."""
    return Response(read_shown(work.session, find_preview(work.session, number, principal)), media_type=GEOJSON)


@router.post("/{number}/accept", status_code=202, response_model=JobAnswer)
def accept(number: int, asked: Acceptance, work: WorkOf, principal: Importer) -> Response:
    """Order that exactly what was seen is loaded, with the accepted repairs; what is not accepted stays refused."""
    with ended_here(work.session):
        job = order_load(work, number, principal, digest=asked.digest, repairs=asked.repairs)
        return accepted(describe_job(work.session, job, work.settings))
