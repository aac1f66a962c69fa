"""Files of zones: a draft or an edition taken to desktop GIS, and a draft brought back as one edit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

import orjson
import shapely
from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile

from app.http.attachments import attachment
from app.http.dependencies import MomentOf, Officer, Viewer, WorkOf, ended_here
from app.http.etags import IfMatch
from app.http.geojson import made_of
from app.http.handing_over import HandedOver
from app.http.i18n import answer_in_language, chosen_language
from app.http.uploads import received_file
from app.intake.receipts import refusals_told, refuse_secrets
from app.judgement.approval import Asked
from app.platform.errands import current
from app.platform.errors import NotFound, Refused
from app.platform.work import Work
from app.zones import drafts, edits
from app.zones.draft_routes import Approver
from app.zones.files import MEDIA, SUFFIXES, FileAsked, FileFormat, TextEncoding, file_of
from app.zones.packages import pack_edition
from app.zones.renewal_routes import Hazard, Product
from app.zones.returned_files import held_against
from app.zones.returned_gestures import FileEdit
from app.zones.returned_schemas import ReturnedFile, Unreturned
from app.zones.told_returns import describe_returned
from gis_layers.exchange import UPLOAD, Delivery, ReadingOptions
from gis_layers.exchange.layers.returned_zones import leaving, read_returned_zones
from gis_layers.stores import draft_zones
from gis_layers.stores.draft_zones import SeenZone, ZonesAsked
from gis_layers.stores.editions import find_edition
from gis_layers.stores.places import find_boundary
from gis_layers.stores.staged_zones import ATTRIBUTES
from risk_model.message import msg
from risk_model.shapes import AREAL, as_array

router = APIRouter(prefix="/api", tags=["zones"])
LARGEST_FILE: Final = 100 * 1024 * 1024
Format = Annotated[FileFormat, Query(alias="format", description="shp and gdb come as an archive")]
System = Annotated[
    Literal["cgcs2000", "gk"], Query(alias="crs", description="degrees as stored, or metres of this deployment")
]
Encoding = Annotated[TextEncoding, Query(description="of a shapefile")]
FILES = made_of(MEDIA["shp"], MEDIA["gpkg"])


@router.get("/zones/drafts/{number}/file", **FILES)
def draft_file(
    number: int,
    work: WorkOf,
    principal: Viewer,
    kind: Format = "gpkg",
    system: System = "cgcs2000",
    encoding: Encoding = "utf8",
    hazard: Hazard = None,
    product: Product = None,
) -> Response:
    """Zones as a draft would leave them, for desktop GIS; handed back to the same address they become one edit."""
    draft = drafts.require_draft(work.session, number)
    seen = draft_zones.read_draft_zones(work.session, draft.id, ZonesAsked(None, hazard, product))
    content = _written(
        work, list(seen.values()), FileAsked(kind, "zones", _crs(work, system), encoding), f"draft {number}"
    )
    name = f"anzhi-draft-{number}{SUFFIXES[kind]}"
    return attachment(work.session, principal, name, content, media_type=MEDIA[kind])


@router.get("/editions/{number}/file", **FILES)
def edition_file(
    number: int,
    work: WorkOf,
    principal: Viewer,
    kind: Format = "gpkg",
    system: System = "cgcs2000",
    encoding: Encoding = "utf8",
    hazard: Hazard = None,
    product: Product = None,
) -> Response:
    """Zones of an edition for desktop GIS."""
    edition = find_edition(work.session, number)
    if edition is None:
        raise NotFound(msg("没有第 {number} 版；全部版次见 /api/editions", number=number))
    seen = draft_zones.read_edition_zones(work.session, number, ZonesAsked(None, hazard, product))
    about = f"edition {number} {edition.fingerprint}"
    content = _written(work, seen, FileAsked(kind, "zones", _crs(work, system), encoding), about)
    name = f"anzhi-edition-{number}{SUFFIXES[kind]}"
    return attachment(work.session, principal, name, content, media_type=MEDIA[kind])


def _crs(work: Work, system: str) -> str | None:
    return work.settings.metric_crs if system == "gk" else None


def _written(work: Work, zones: list[SeenZone], asked: FileAsked, about: str) -> bytes:
    if not zones:
        raise Refused(msg("这里没有可以导出的区划"), code="unready")
    shapes = as_array([one.geometry for one in zones])
    areal = shapely.get_dimensions(shapes) == AREAL
    if asked.kind != "gpkg" and areal.any() and not areal.all():
        raise Refused(
            msg("面和线不能放进同一个 Shapefile 或要素类；请改用 GeoPackage，或用 hazard 只导出一个灾种"),
            code="unready",
        )
    attributes = {name: [one.attributes[name] for one in zones] for name in ATTRIBUTES}
    frame = leaving([one.zone for one in zones], attributes, shapes)
    return file_of(frame, asked, {"rests_on": about})


@router.get("/editions/{number}/package", **made_of(MEDIA["shp"]))
def edition_package(number: int, work: WorkOf, principal: Approver) -> Response:
    """An edition as one signed file, for a deployment that stands apart; `anzhi zones import-edition` takes it in."""
    content = pack_edition(work, number)
    return attachment(work.session, principal, f"anzhi-edition-{number}-package.zip", content, media_type=MEDIA["shp"])


@router.post("/zones/drafts/{number}/file", response_model=ReturnedFile)
def take_back(
    number: int,
    request: Request,
    file: Annotated[UploadFile, File(description="the file of the draft, edited; at most 100 MB")],
    work: WorkOf,
    principal: Officer,
    now: MomentOf,
    handover: HandedOver,
    apply: Annotated[bool, Form(description="take it back, with If-Match; else it is only compared")] = False,
    unreturned: Annotated[Unreturned, Form(description="what becomes of zones that are not in it")] = "delete",
    crs: Annotated[str | None, Form(max_length=200, description="EPSG:n of the file, where it does not say")] = None,
    layer: Annotated[str | None, Form(max_length=200, description="which layer of a file that has several")] = None,
    reason: Annotated[str | None, Form(max_length=500)] = None,
    seen: IfMatch = None,
) -> Response:
    """Hold a file that left as this draft against it; with ``apply`` all of its changes become one edit."""
    draft = drafts.require_draft(work.session, number)
    errand = current()
    options = ReadingOptions(
        crs=crs or None,
        layer=layer or None,
        limits=UPLOAD,
        handover=handover,
        metric_crs=work.settings.metric_crs,
        boundary=find_boundary(work.session),
        cancelled=None if errand is None else errand.is_unwanted,
    )
    too_large = msg("文件超过 100 MB；请只导出一个灾种，分几次读回")
    told = refusals_told(work.session, principal.name, "zone draft", only_secrets=True)
    with received_file(file, most_bytes=LARGEST_FILE, too_large=too_large, stem="zones") as path, told:
        delivery = _read(work, path, options, file.filename)
    found = held_against(work, draft, delivery, unreturned)
    answer, tag = describe_returned(work, found, delivery.report), drafts.tag_of(work.session, draft)
    if apply:
        with ended_here(work.session):
            edited = edits.edit_draft(work, number, FileEdit(found, reason), Asked("edit", principal, seen, now))
            answer = {**answer, "applied": True, "edit": edited.number}
            tag = drafts.tag_of(work.session, edited.draft)
    told_so = answer_in_language(answer, chosen_language(request))
    return Response(orjson.dumps(told_so), 200, {"ETag": tag}, media_type="application/json")


def _read(work: Work, path: Path, options: ReadingOptions, name: str | None) -> Delivery:
    refuse_secrets(work.deployment, path, options, name)
    return read_returned_zones(path, options)
