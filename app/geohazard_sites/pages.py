"""Geohazard sites as pages: one with its zones, patrols and steps, and the forms it is registered and changed by."""

from __future__ import annotations

from dataclasses import dataclass, replace

import shapely
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from app.geohazard_sites.schemas import NewPatrol, NewSite, SiteChange, SiteStep
from app.geohazard_sites.service import LIFE, find_site, next_steps_of, zones_of
from app.http.dependencies import Officer, Viewer, WorkOf
from app.http.forms import RegisterForm, field_words, fields_of
from app.http.geojson import Row, plain_rows
from app.http.geojson_shapes import geometry_of
from app.http.masking import masked_for
from app.http.templates import render
from app.judgement.approval import covers
from app.judgement.page_context import page_context
from app.maps.form_page import FormPage, form_page, villages_offered
from app.platform.clock import today
from app.platform.etags import etag_of
from app.platform.principals import Principal, Role
from gis_layers.stores.geohazard_sites import read_site_acts
from risk_model.decisions import NextStep
from risk_model.message import Message, msg

router = APIRouter(include_in_schema=False)
LEDGER = "/registers/geohazard-sites"


@dataclass(frozen=True, slots=True)
class SiteStepOffered:
    """A step that leads on: its form where it is this reader's and nothing is missing, else why there is none."""

    next: NextStep
    form: RegisterForm | None
    mine: bool
    missing: list[Message]


@router.get("/geohazard-sites/new")
def new(request: Request, work: WorkOf, principal: Officer) -> Response:
    """A site to be registered."""
    fields = fields_of(NewSite, "geohazard", choices={"village_code": villages_offered(work)})
    fields = tuple(sorted(fields, key=lambda one: one.name != "code"))
    form = RegisterForm(fields, "/api/geohazard-sites", "/geohazard-sites/{id}")
    lead = msg("这里登记自然资源部门认定的地质灾害隐患点；企业的事故隐患登记在隐患台账。")
    return form_page(request, work, FormPage(msg("登记地质灾害隐患点"), form, LEDGER, lead))


@router.get("/geohazard-sites/{number}")
def site(number: int, request: Request, work: WorkOf, principal: Viewer) -> Response:
    """One site: whom it threatens, who watches it, the risk zones it lies in, what was seen, what may follow."""
    frame, acts = find_site(work.session, number), read_site_acts(work.session, number)
    following = next_steps_of(frame.iloc[0].to_dict(), acts, today())
    (row,) = plain_rows(masked_for(principal, frame))
    lon, lat = shapely.get_coordinates(frame.geometry.iloc[0])[0].tolist()
    may_write = principal.role.covers(Role.OFFICER) and not LIFE.states[row["state"]].end
    answer = render(
        request,
        "geohazard_sites/site.html",
        town=page_context(work),
        row=row,
        acts=acts,
        zones=zones_of(work.session, number),
        hazard_name=work.rulebook.hazard_name,
        life=LIFE,
        steps=[_offered_step(one, row, principal) for one in following],
        patrol=_patrol_form(number) if may_write else None,
        words=lambda name: field_words(name, "geohazard")[0],
        at=(lon, lat),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.get("/geohazard-sites/{number}/change")
def change(number: int, request: Request, work: WorkOf, principal: Officer) -> Response:
    """What is on record of a site, to be changed; of one that was struck off, the site as it stands."""
    frame = find_site(work.session, number)
    (row,) = plain_rows(frame)
    if LIFE.states[row["state"]].end:
        return RedirectResponse(f"/geohazard-sites/{number}", 303)
    form = RegisterForm(
        fields_of(SiteChange, "geohazard", choices={"village_code": villages_offered(work)}),
        "/api/geohazard-sites/{number}",
        f"/geohazard-sites/{number}",
        path={"number": number},
        etag=etag_of(row["version"]),
        values={**row, "geometry": geometry_of(frame.geometry.iloc[0])},
    )
    return form_page(request, work, FormPage(msg("修改「{name}」", name=row["name"]), form, form.back))


def _patrol_form(number: int) -> RegisterForm:
    fields, path = fields_of(NewPatrol, "patrol"), {"number": number}
    values = {"day": today().isoformat()}
    here = f"/geohazard-sites/{number}"
    return RegisterForm(fields, "/api/geohazard-sites/{number}/patrols", here, path=path, values=values)


def _offered_step(following: NextStep, row: Row, principal: Principal) -> SiteStepOffered:
    """A step as this reader meets it."""
    step, mine = following.step, covers(principal, following.step.roles) and following.open_to(principal.name)
    missing = [field_words(name, "geohazard")[0] for name in following.missing]
    fields = fields_of(SiteStep, "geohazard", only=("comment", *step.asks))
    form = RegisterForm(
        tuple(replace(one, required=one.name in step.asks) for one in fields),
        "/api/geohazard-sites/{number}/steps",
        f"/geohazard-sites/{row['id']}",
        path={"number": row["id"]},
        fixed={"step": step.key},
        seen=etag_of(row["version"]),
    )
    return SiteStepOffered(following, form if mine and not missing else None, mine, missing)
