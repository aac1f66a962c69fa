"""Hidden dangers as pages: one with its acts and the steps that lead on, and the forms it is registered and changed by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

import shapely
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.hidden_dangers.schemas import DangerChange, NewDanger, StepTaken
from app.hidden_dangers.service import find_danger, next_steps_of
from app.http.dependencies import Viewer, WorkOf, require
from app.http.forms import Choice, RegisterForm, field_words, fields_of
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
from app.platform.work import Work
from gis_layers.stores.danger_acts import read_acts
from gis_layers.stores.enterprises import read_enterprises
from risk_model.decisions import HIDDEN_DANGER, NextStep, life_of
from risk_model.enterprises import enterprise_terms
from risk_model.message import Message, msg

router = APIRouter(include_in_schema=False)
Officer = Annotated[Principal, Depends(require(Role.OFFICER))]
SETTLED = life_of(HIDDEN_DANGER).steps["assign"].needs
"""What must be settled before work begins."""


@dataclass(frozen=True, slots=True)
class StepOffered:
    """A step that leads on: its form where it is this reader's and nothing is missing, else why there is none."""

    next: NextStep
    form: RegisterForm | None
    mine: bool
    missing: Sequence[Message]


@router.get("/hidden-dangers/new")
def new(request: Request, work: WorkOf, principal: Officer, enterprise: int | None = None) -> Response:
    """A danger to be registered, in an enterprise or at a place."""
    fields = fields_of(NewDanger, "danger", choices=_offered(work))
    values = {"enterprise_id": enterprise, "state": "registered", "found_on": today().isoformat()}
    form = RegisterForm(fields, "/api/hidden-dangers", "/hidden-dangers/{id}", values=values)
    leave = "/registers/hidden-dangers" if enterprise is None else f"/enterprises/{enterprise}"
    lead = msg("在企业内的隐患选好企业即可，不在企业内的请给出位置。")
    return form_page(request, work, FormPage(msg("登记隐患"), form, leave, lead))


@router.get("/hidden-dangers/{number}")
def danger(number: int, request: Request, work: WorkOf, principal: Viewer) -> Response:
    """One danger: where it stands, what was done, what may follow."""
    frame, acts = find_danger(work.session, number, today()), read_acts(work.session, number)
    following = next_steps_of(frame.iloc[0].to_dict(), acts, today())
    (row,) = plain_rows(masked_for(principal, frame))
    lon, lat = shapely.get_coordinates(frame.geometry.iloc[0])[0].tolist()
    return _shown(
        request,
        work,
        row,
        {
            "acts": acts,
            "steps": [_offered_step(one, row, principal) for one in following],
            "life": life_of(HIDDEN_DANGER),
            "settled": [(name, *field_words(name, "danger")) for name in SETTLED],
            "words": lambda name: field_words(name, "step")[0],
            "at": (lon, lat),
        },
    )


@router.get("/hidden-dangers/{number}/change")
def change(number: int, request: Request, work: WorkOf, principal: Officer) -> Response:
    """What is on record of a danger, to be changed; of one that has ended, the danger as it stands."""
    frame = find_danger(work.session, number, today())
    (row,) = plain_rows(frame)
    if life_of(HIDDEN_DANGER).states[row["state"]].end:
        return RedirectResponse(f"/hidden-dangers/{number}", 303)
    form = RegisterForm(
        fields_of(DangerChange, "danger", choices=_offered(work)),
        "/api/hidden-dangers/{number}",
        f"/hidden-dangers/{number}",
        path={"number": number},
        etag=etag_of(row["version"]),
        values={**row, "geometry": geometry_of(frame.geometry.iloc[0])},
    )
    return form_page(request, work, FormPage(msg("修改隐患「{code}」", code=row["code"]), form, form.back))


def _shown(request: Request, work: Work, row: Row, told: Mapping[str, object]) -> Response:
    town = page_context(work)
    answer = render(request, "hidden_dangers/danger.html", town=town, row=row, **told)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _offered_step(following: NextStep, row: Row, principal: Principal) -> StepOffered:
    """A step as this reader meets it."""
    step, mine = following.step, covers(principal, following.step.roles) and following.open_to(principal.name)
    missing = [field_words(name, "step")[0] for name in following.missing]
    fields = fields_of(StepTaken, "step", only=("comment", *step.asks))
    form = RegisterForm(
        tuple(replace(one, required=one.name in step.asks) for one in fields),
        "/api/hidden-dangers/{number}/steps",
        f"/hidden-dangers/{row['id']}",
        path={"number": row["id"]},
        values={name: row[name] for name in ("criteria", "clause") if name in step.asks},
        fixed={"step": step.key},
        seen=etag_of(row["version"]),
    )
    return StepOffered(following, form if mine and not missing else None, mine, missing)


def _offered(work: Work) -> Mapping[str, Sequence[Choice]]:
    """Words the deployment knows and no schema."""
    known = read_enterprises(work.session)
    enterprises = [(str(number), name) for number, name in zip(known["id"], known["name"], strict=True)]
    documents = [(one.id, one.name_zh) for one in enterprise_terms(work.rulebook).criteria]
    return {"village_code": villages_offered(work), "enterprise_id": enterprises, "criteria": documents}
