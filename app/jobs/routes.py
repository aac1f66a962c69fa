"""``/api/jobs``: how far one's own work is, and cancelling it."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from fastapi import APIRouter, Request, Response

from app.http.attachments import attachment
from app.http.dependencies import MomentOf, SessionOf, Viewer, WorkOf
from app.http.geojson import GEOJSON, Responses, made_of
from app.http.i18n import answer_in_language, chosen_language
from app.http.pagination import Listing, PageOf, listing
from app.jobs.service import cancel, find_made, forget, list_own
from app.platform.work import Work
from app.queue.orders import describe_job, find_own
from app.queue.schemas import JobAnswer
from gis_layers.stores.jobs import Job

router = APIRouter(prefix="/api/jobs", tags=["jobs"])

MEDIA = {
    ".gpkg": "application/geopackage+sqlite3",
    ".zip": "application/zip",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


SITES: dict[str, Any] = {
    "type": "object",
    "required": ["type", "left_out", "features", "about"],
    "properties": {
        "type": {"type": "string", "const": "FeatureCollection"},
        "left_out": {"type": "integer", "minimum": 0},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "geometry", "properties"],
                "properties": {
                    "type": {"type": "string", "const": "Feature"},
                    "geometry": {"type": "object"},
                    "properties": {
                        "type": "object",
                        "required": ["site", "project_class", "verdict", "borderline"],
                        "properties": {
                            "site": {"type": "integer", "minimum": 0},
                            "project_class": {"type": "string"},
                            "verdict": {"type": "string"},
                            "borderline": {"type": "boolean"},
                            "name": {"type": ["string", "null"]},
                            "seismic_class": {"type": ["string", "null"]},
                            "building_type": {"type": ["string", "null"]},
                            "data_gaps": {"type": "string"},
                        },
                    },
                },
            },
        },
        "about": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
"""The sites of a bulk check, the most severe first; ``about`` says what their verdicts rest on."""
FILES: Responses = {
    200: {
        "content": {
            **made_of(*MEDIA.values(), "application/octet-stream")["responses"][200]["content"],
            GEOJSON: {"schema": SITES},
        }
    }
}


@router.get("")
def own_jobs(request: Request, work: WorkOf, principal: Viewer, page: PageOf) -> Listing[JobAnswer]:
    """The jobs of whoever asks, newest first."""
    found, total = list_own(work.session, principal, limit=page.limit, offset=page.offset)
    return listing(request, [_told(request, work, job) for job in found], total=total, page=page)


@router.get("/{number}")
def job_of_number(request: Request, number: int, work: WorkOf, principal: Viewer) -> JobAnswer:
    """One job with its progress, and what came of it."""
    return _told(request, work, find_own(work.session, number, principal))


@router.delete("/{number}")
def cancel_job(request: Request, number: int, work: WorkOf, principal: Viewer, now: MomentOf) -> JobAnswer:
    """Cancel a job: a waiting one at once, a running one as soon as its worker hears of it; nothing of it is kept."""
    return _told(request, work, cancel(work.session, number, principal, now))


@router.get("/{number}/files/{name}", response_class=Response, responses=FILES)
def file_of_job(number: int, name: str, session: SessionOf, principal: Viewer) -> Response:
    """A file that came of a job."""
    content = find_made(session, number, name, principal)
    media = {**MEDIA, ".geojson": GEOJSON}.get(PurePath(name).suffix, "application/octet-stream")
    return attachment(session, principal, name, content, media_type=media)


@router.delete("/{number}/files")
def forget_files(request: Request, number: int, work: WorkOf, principal: Viewer) -> JobAnswer:
    """Delete the files that came of a job that has ended, to make room for others; what it tells stays."""
    return _told(request, work, forget(work.session, number, principal))


def _told(request: Request, work: Work, job: Job) -> JobAnswer:
    return answer_in_language(describe_job(work.session, job, work.settings), chosen_language(request))
