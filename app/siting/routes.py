"""``/api/siting`` and the projects it starts from."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, File, Form, Query, Request, Response, UploadFile
from sqlalchemy.orm import Session

from app.http.attachments import attachment
from app.http.dependencies import (
    AllowanceOf,
    MomentOf,
    Received,
    SessionOf,
    Viewer,
    WorkOf,
    ended_here,
    require,
)
from app.http.etags import IfMatch, require_if_match
from app.http.geojson import CREATED, accepted, made_of
from app.http.handing_over import HandedOver
from app.http.i18n import answer_in_language, chosen_language
from app.http.request_geometry import read_sound_shape
from app.http.uploads import received_file
from app.intake.receipts import refusals_told, refuse_secrets
from app.platform.etags import etag_of
from app.platform.principals import Principal, Role
from app.queue.orders import Quota, describe_job, enqueue
from app.queue.schemas import JobAnswer
from app.reports.imprint import Order, Profile
from app.reports.kept import print_opinion
from app.reports.paper import KINDS, ReportKind, VisitsAsked
from app.siting import projects
from app.siting.alternative_schemas import AlternativesAnswer, AlternativesAsked
from app.siting.alternatives import compare
from app.siting.outline_schemas import OutlineAnswer, OutlineFileAnswer, OutlineText, StoredProject
from app.siting.outlines import FileHints, find_project, read_file, read_text
from app.siting.points import PointReadingAnswer, describe_point
from app.siting.report_archive import report_order
from app.siting.schemas import SHAPES, CheckAnswer, NewProject, SiteFeature, StoredProjectChange
from app.siting.single_check import judge
from gis_layers.exchange import OUTLINE, ReadingOptions, accepted_suffixes
from gis_layers.exchange.checks.coordinates import CoordinateHints
from gis_layers.stores.entries import PROJECTS, lock_entry
from risk_model.message import msg

router = APIRouter(prefix="/api", tags=["siting"])
Planner = Annotated[Principal, Depends(require(Role.PLANNER))]

LARGEST_FILE = 20 * 1024 * 1024


@router.post("/siting/check", response_model=CheckAnswer)
def check(
    feature: SiteFeature,
    work: WorkOf,
    principal: Viewer,
    asked: Received,
    allowed: AllowanceOf,
) -> Response:
    """Judge one site against the published edition.

    The check of whoever is signed in gets a number and is kept (``record``); of a guest's nothing is stored.
    """
    judged = judge(work, feature=feature, principal=principal, asked=asked, allowed=allowed)
    return Response(judged.document, media_type="application/json")


@router.post("/siting/alternatives")
def alternatives(
    request: Request, asked: AlternativesAsked, work: WorkOf, principal: Viewer, allowed: AllowanceOf
) -> AlternativesAnswer:
    """Places within a distance where the same outline is judged milder, on surveyed ground; for comparison, no consent to any."""
    told: AlternativesAnswer = answer_in_language(compare(work, asked, allowed), chosen_language(request))
    return told


@router.post("/siting/alternatives/check", response_model=CheckAnswer)
def check_with_alternatives(
    places: AlternativesAsked, work: WorkOf, principal: Viewer, asked: Received, allowed: AllowanceOf
) -> Response:
    """Judge one site as ``POST /api/siting/check`` does, and keep the places to compare with in the answer, on its record and papers."""
    judged = judge(work, feature=places, principal=principal, asked=asked, allowed=allowed, places=places)
    return Response(judged.document, media_type="application/json")


@router.post("/siting/report", **made_of(*KINDS.values()))
def report(
    request: Request,
    feature: SiteFeature,
    work: WorkOf,
    principal: Viewer,
    asked: Received,
    allowed: AllowanceOf,
    now: MomentOf,
    format: ReportKind = "pdf",  # noqa: A002 - the parameter is called so
    profile: Profile = Profile.INTERNAL,
    visits: VisitsAsked = False,
) -> Response:
    """Judge one site as ``POST /api/siting/check`` does, and answer the opinion as a file."""
    judged = judge(work, feature=feature, principal=principal, asked=asked, allowed=allowed)
    order = Order(chosen_language(request), profile, now, visits)
    name, content = print_opinion(work, judged.answer, format, rulebook=judged.checked.rulebook, order=order)
    number = None if judged.record is None else judged.record["number"]
    return attachment(work.session, principal, name, content, media_type=KINDS[format], check=number)


@router.post("/siting/batch/{number}/reports", status_code=202, response_model=JobAnswer)
def reports(
    request: Request, number: int, work: WorkOf, principal: Viewer, profile: Profile = Profile.INTERNAL
) -> Response:
    """Order the reports of the sites of one's own bulk check as a ZIP with an index sheet: at most 100, the most severe first."""
    order = report_order(work, number, principal, (chosen_language(request), profile))
    with ended_here(work.session):
        job = enqueue(work.session, order, principal, Quota.of(principal, work.settings))
        return accepted(describe_job(work.session, job, work.settings))


@router.post("/siting/outline")
def outline(request: Request, pasted: OutlineText, work: WorkOf, principal: Viewer) -> OutlineAnswer:
    """Read pasted coordinates and name back how they were understood; ambiguous ones are asked about."""
    read = read_text(work, pasted.text, CoordinateHints(pasted.crs or None, pasted.order, pasted.shape))
    told: OutlineAnswer = answer_in_language(read, chosen_language(request))
    return told


@router.post("/siting/outline/file")
def outline_file(
    request: Request,
    file: Annotated[UploadFile, File(description=f"{' '.join(accepted_suffixes())}; at most 20 MB")],
    work: WorkOf,
    principal: Viewer,
    allowed: AllowanceOf,
    handover: HandedOver,
    crs: Annotated[str | None, Form()] = None,
    layer: Annotated[str | None, Form(description="which layer of a file that has several")] = None,
    accept_repairs: Annotated[bool, Form()] = False,
) -> OutlineFileAnswer:
    """Read the sites of a file with the import gate's report; nothing is stored."""
    received = received_file(
        file,
        most_bytes=LARGEST_FILE,
        too_large=msg("文件超过 20 MB；请只保留要筛查的地块，或改用批量筛查"),
        stem="outline",
    )
    told = refusals_told(work.session, principal.name, "siting outline", only_secrets=True)
    with received as path, told:
        options = ReadingOptions(layer=layer or None, limits=OUTLINE, handover=handover, cancelled=allowed.left)
        refuse_secrets(work.deployment, path, options, file.filename)
        read = read_file(work, path, FileHints(crs or None, layer or None, accept_repairs), allowed=allowed)
    told_so: OutlineFileAnswer = answer_in_language(read, chosen_language(request))
    return told_so


@router.get("/siting/point")
def point(
    work: WorkOf,
    principal: Viewer,
    lon: Annotated[float, Query(ge=-180, le=180, description="degrees")],
    lat: Annotated[float, Query(ge=-90, le=90, description="degrees")],
) -> PointReadingAnswer:
    """What is at a point of the published edition: no judgement, and nothing is kept."""
    return describe_point(work, lon, lat)


@router.get("/projects/{number}", response_model=StoredProject, tags=["projects"])
def project(number: int, session: SessionOf, principal: Viewer) -> Response:
    """One stored project with its footprint."""
    return _answer(session, number)


@router.post("/projects", response_model=StoredProject, status_code=201, tags=["projects"])
def register_project(new: NewProject, work: WorkOf, principal: Planner) -> Response:
    """Register a project with its footprint."""
    shape = read_sound_shape(new.geometry, SHAPES, crs=new.crs, metric_crs=work.settings.metric_crs)
    number = projects.register_project(work, new.values(), shape, actor=principal.name)
    return _answer(work.session, number, status=201)


@router.patch("/projects/{number}", response_model=StoredProject, tags=["projects"])
def change_project(
    number: int, changes: StoredProjectChange, work: WorkOf, principal: Planner, if_match: IfMatch = None
) -> Response:
    """Change what is given of a project."""
    lock_entry(work.session, PROJECTS, number)
    stored = find_project(work.session, number)
    require_if_match(if_match, stored["version"])
    place, metric_crs = changes.geometry, work.settings.metric_crs
    shape = None if place is None else read_sound_shape(place, SHAPES, crs=changes.crs, metric_crs=metric_crs)
    projects.change_project(work, stored, changes.values(), geometry=shape, actor=principal.name)
    return _answer(work.session, number)


def _answer(session: Session, number: int, *, status: int = 200) -> Response:
    stored = find_project(session, number)
    headers = {"ETag": etag_of(stored["version"])}
    if status == CREATED:
        headers["Location"] = f"/api/projects/{number}"
    return Response(orjson.dumps(stored), status, headers, media_type="application/json")
