"""``POST /api/runs`` and ``/api/unit-sets``: a grading run is ordered, polygons are handed in."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated

import orjson
from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from app.assessments.schemas import SetAnswer, UnitProperties, describe_set
from app.assessments.service import GradingOrder, check_order
from app.assessments.unitsets import (
    LONGEST_NAME,
    UnitsImport,
    check_set_quota,
    import_units,
    read_set_name,
    require_unit_set,
)
from app.http.dependencies import AllowanceOf, Officer, SessionOf, Viewer, WorkOf, ended_here
from app.http.geojson import accepted, answer_collection, collection_of
from app.http.handing_over import HandedOver
from app.http.i18n import answer_in_language, chosen_language
from app.http.pagination import Listing, PageOf, listing
from app.http.uploads import received_file
from app.http.written import ABSENT, either
from app.intake.receipts import refusals_told
from app.platform.errors import BadParameter
from app.queue.orders import GRADE, JobRequest, Quota, describe_job, enqueue
from app.queue.schemas import JobAnswer
from gis_layers.exchange import UPLOAD, ReadingOptions, accepted_suffixes
from gis_layers.stores import unitsets
from gis_layers.stores.runs import UnitKind
from gis_layers.stores.unitsets import UnitSet
from risk_model.message import msg

router = APIRouter(prefix="/api", tags=["areas"])

LARGEST_FILE = 100 * 1024 * 1024

SetName = Annotated[
    str,
    AfterValidator(read_set_name),
    Form(
        max_length=LONGEST_NAME,
        description="what the set is to be called; not a number alone",
        json_schema_extra={"pattern": r"[^\s\d]"},
    ),
]


class RunOrder(BaseModel):
    """The units to be graded: the villages, the cells of a grid, or the polygons of a set."""

    model_config = ConfigDict(
        json_schema_extra=either(
            {"unit": {"const": "village"}, "cell_m": ABSENT, "set": ABSENT},
            {"unit": {"const": "grid"}, "cell_m": {"type": "number"}, "set": ABSENT},
            {"unit": {"const": "polygons"}, "set": {"type": ["integer", "string"]}, "cell_m": ABSENT},
        )
    )

    unit: UnitKind
    cell_m: float | None = Field(None, ge=10, le=10_000, description="side of a grid's cells in metres")
    set: int | str | None = Field(None, description="number or name of a set of polygons")

    @model_validator(mode="after")
    def belongs_together(self) -> RunOrder:
        """A grid has a cell size and polygons have a set; nothing else has."""
        if (self.unit == "grid") != (self.cell_m is not None):
            raise ValueError(msg("格网分级要给单元边长 cell_m，其他单元不给"))
        if (self.unit == "polygons") != (self.set is not None):
            raise ValueError(msg("按上传单元分级要给单元集 set，其他单元不给"))
        return self


@router.post("/runs", status_code=202, response_model=JobAnswer)
def order_run(asked: RunOrder, work: WorkOf, principal: Officer) -> Response:
    """Order a grading run; the job's result names the run, which is published for its unit when it is done."""
    set_id = None if asked.set is None else require_unit_set(work.session, asked.set).id
    check_order(work, GradingOrder(asked.unit, principal.name, asked.cell_m, set_id))
    payload = {"unit": asked.unit, "cell_m": asked.cell_m, "set_id": set_id}
    settings = work.settings
    with ended_here(work.session):
        job = enqueue(work.session, JobRequest(GRADE, payload), principal, Quota.of(principal, settings))
        told = describe_job(work.session, job, settings)
    return accepted(told)


@router.post("/unit-sets", status_code=201, response_model=SetAnswer)
def hand_in_units(
    request: Request,
    file: Annotated[UploadFile, File(description=f"{' '.join(accepted_suffixes())}; at most 100 MB")],
    name: SetName,
    work: WorkOf,
    principal: Officer,
    allowed: AllowanceOf,
    handover: HandedOver,
    crs: Annotated[str | None, Form(description="EPSG:n of the file, where it does not say")] = None,
    layer: Annotated[str | None, Form(description="which layer of a file that has several")] = None,
    accept_repairs: Annotated[bool, Form()] = False,
) -> Response:
    """Hand in polygons to be graded; what the gate refuses is reported by number and place."""
    check_set_quota(work.session, principal.name, work.settings.unit_sets)
    received = received_file(
        file, most_bytes=LARGEST_FILE, too_large=msg("文件超过 100 MB；请拆分后分别导入"), stem="units"
    )
    given = PurePath(file.filename or "units").name
    told = refusals_told(work.session, principal.name, "units")
    with received as path, told:
        options = ReadingOptions(
            crs=crs or None,
            layer=layer or None,
            accept_repairs=accept_repairs,
            limits=UPLOAD,
            bounds=allowed.bounds,
            cancelled=allowed.left,
            handover=handover,
        )
        asked = UnitsImport(path, given, name, options)
        report, kept = import_units(work, asked, author=principal.name)
        if kept is None:
            raise BadParameter(
                msg("文件里没有一个可用的单元，没有保存；原因逐条列出"), code="file", report=report.to_dict()
            )
    headers = {"Location": f"/api/unit-sets/{kept.id}"}
    return Response(orjson.dumps(_told(request, kept)), 201, headers, media_type="application/json")


@router.get("/unit-sets")
def sets(request: Request, session: SessionOf, principal: Viewer, page: PageOf) -> Listing[SetAnswer]:
    """The sets of polygons that were handed in, newest first."""
    found = unitsets.list_sets(session, limit=page.limit, offset=page.offset)
    return listing(request, [_told(request, one) for one in found], total=unitsets.count_sets(session), page=page)


@router.get("/unit-sets/{number}")
def set_of_number(request: Request, number: int, session: SessionOf, principal: Viewer) -> SetAnswer:
    """One set with the gate's report on its file."""
    return _told(request, require_unit_set(session, number))


def _told(request: Request, kept: UnitSet) -> SetAnswer:
    return answer_in_language(describe_set(kept), chosen_language(request))


@router.get("/unit-sets/{number}/units", **collection_of(UnitProperties))
def units_of_set(number: int, session: SessionOf, principal: Viewer) -> Response:
    """The polygons of a set as a FeatureCollection."""
    require_unit_set(session, number)
    return answer_collection(unitsets.read_units_of(session, number))
