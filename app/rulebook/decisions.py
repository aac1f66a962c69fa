"""The forms of the rulebook pages: propose, preview, approve, return, propose again, withdraw, go back to an older version."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from app.http.dependencies import MomentOf, WorkOf, require
from app.http.templates import render
from app.judgement.approval import Asked
from app.judgement.page_context import page_context
from app.platform.clock import today
from app.platform.deployment import Deployment
from app.platform.errors import AnzhiError, NotFound
from app.platform.principals import Principal, Role
from app.rulebook import service
from app.rulebook.forms import (
    ChangeForm,
    DecisionForm,
    RuleForm,
    UndoForm,
    asked_again,
    change_typed,
    proposed_again,
    rule_typed,
    value_given,
)
from app.rulebook.inputs import input_of, procedures_of
from app.rulebook.pages import named_diff, packaged_articles, proposal_page, version_page, vocabulary
from app.rulebook.proposals import Proposed
from app.rulebook.rule_view import ArticleView, FieldView, known_article
from risk_model.message import msg
from risk_model.rulebook import Article

router = APIRouter(include_in_schema=False)

Officer = Annotated[Principal, Depends(require(Role.OFFICER))]
Approver = Annotated[Principal, Depends(require(Role.APPROVER))]


@router.get("/rulebook/rules/{mark}/propose")
def propose_form(
    request: Request,
    work: WorkOf,
    principal: Officer,
    mark: str,
    field: str = "",
) -> Response:
    """The form for one change of one article."""
    form = ChangeForm(field=field)
    return _change_form(request, work, known_article(work.rulebook, mark, today()), form)


@router.post("/rulebook/rules/{mark}/propose")
def propose_change(
    request: Request,
    work: WorkOf,
    principal: Officer,
    mark: str,
    form: Annotated[ChangeForm, Form()],
) -> Response:
    """Keep the proposal and show it, or the form again with the reason."""
    try:
        proposal = service.propose(work, principal, _change(work.deployment, mark, form))
    except AnzhiError as refusal:
        page = _change_form(request, work, known_article(work.rulebook, mark, today()), form, refusal=refusal)
        return _again(page, refusal)
    return RedirectResponse(f"/rulebook/proposals/{proposal.id}", 303)


@router.post("/rulebook/rules/{mark}/preview")
def preview_change(
    request: Request,
    work: WorkOf,
    principal: Officer,
    mark: str,
    form: Annotated[ChangeForm, Form()],
) -> Response:
    """Effect of a change, as a fragment; nothing is kept."""
    try:
        proposed = _change(work.deployment, mark, form)
        looked = service.preview(work, proposed, today())
    except AnzhiError as refusal:
        return render(request, "rulebook/_preview.html", preview=None, refused=refusal, **vocabulary(work))
    shown = {**looked, "diff": named_diff(work, looked["diff"])}
    return render(request, "rulebook/_preview.html", preview=shown, refused=None, **vocabulary(work))


@router.post("/rulebook/rules/{mark}/undo")
def propose_undo(
    work: WorkOf,
    principal: Officer,
    mark: str,
    form: Annotated[UndoForm, Form()],
) -> Response:
    """Propose to return one field, or the whole of a local rule, to what came with the software."""
    step = {"op": "undo", "article": mark, "field": form.field} if form.field else {"op": "remove_rule", "id": mark}
    proposal = service.propose(work, principal, Proposed(form.reason or msg("撤销本地改动"), (step,)))
    return RedirectResponse(f"/rulebook/proposals/{proposal.id}", 303)


@router.get("/rulebook/add-rule")
def rule_form(request: Request, work: WorkOf, principal: Officer) -> Response:
    """The form for a siting rule of this deployment's own."""
    return _rule_form(request, work, RuleForm())


@router.post("/rulebook/add-rule")
def propose_rule(
    request: Request,
    work: WorkOf,
    principal: Officer,
    form: Annotated[RuleForm, Form()],
) -> Response:
    """Keep the proposal of a new rule and show it, or the form again with the reason."""
    try:
        proposal = service.propose(work, principal, rule_typed(form))
    except AnzhiError as refusal:
        return _again(_rule_form(request, work, form, refusal), refusal)
    return RedirectResponse(f"/rulebook/proposals/{proposal.id}", 303)


@router.post("/rulebook/proposals/{number}/approve")
def approve(
    request: Request,
    work: WorkOf,
    principal: Approver,
    now: MomentOf,
    number: int,
    form: Annotated[DecisionForm, Form()],
) -> Response:
    """Put the proposal in force and show the version, or the proposal again with the reason."""
    try:
        version = service.approve(work, number, Asked("approve", principal, form.seen, now))
    except AnzhiError as refusal:
        return _again(proposal_page(request, work, number, str(refusal)), refusal)
    return RedirectResponse(f"/rulebook/versions/{version.number}", 303)


@router.post("/rulebook/proposals/{number}/return")
def send_back(
    request: Request,
    work: WorkOf,
    principal: Approver,
    now: MomentOf,
    number: int,
    form: Annotated[DecisionForm, Form()],
) -> Response:
    """Return the proposal with a comment."""
    try:
        service.decide(work.session, number, Asked("return", principal, form.seen, now, comment=form.comment))
    except AnzhiError as refusal:
        return _again(proposal_page(request, work, number, str(refusal)), refusal)
    return RedirectResponse(f"/rulebook/proposals/{number}", 303)


@router.post("/rulebook/proposals/{number}/resubmit")
def propose_again(
    request: Request,
    work: WorkOf,
    principal: Officer,
    now: MomentOf,
    number: int,
    form: Annotated[DecisionForm, Form()],
) -> Response:
    """Propose again what was returned, with the values and the reason as they are typed now."""
    try:
        kept = service.proposal_as_kept(service.require_proposal(work.session, number))
        asked = Asked("resubmit", principal, form.seen, now)
        again = asked_again(work.rulebook, packaged_articles(work.deployment), kept)
        service.propose_again(work, number, proposed_again(again, kept, form), asked)
    except AnzhiError as refusal:
        return _again(proposal_page(request, work, number, str(refusal)), refusal)
    return RedirectResponse(f"/rulebook/proposals/{number}", 303)


@router.post("/rulebook/proposals/{number}/withdraw")
def withdraw(
    request: Request,
    work: WorkOf,
    principal: Officer,
    now: MomentOf,
    number: int,
    form: Annotated[DecisionForm, Form()],
) -> Response:
    """Take one's own proposal back."""
    try:
        service.decide(work.session, number, Asked("withdraw", principal, form.seen, now))
    except AnzhiError as refusal:
        return _again(proposal_page(request, work, number, str(refusal)), refusal)
    return RedirectResponse(f"/rulebook/proposals/{number}", 303)


@router.post("/rulebook/versions/{number}/restore")
def restore(
    request: Request,
    work: WorkOf,
    principal: Officer,
    number: int,
    form: Annotated[DecisionForm, Form()],
) -> Response:
    """Propose to return to an older version."""
    try:
        proposal = service.propose(work, principal, Proposed(form.reason, equal_to=number))
    except AnzhiError as refusal:
        return _again(version_page(request, work, number, str(refusal)), refusal)
    return RedirectResponse(f"/rulebook/proposals/{proposal.id}", 303)


def _change(deployment: Deployment, mark: str, form: ChangeForm) -> Proposed:
    packaged = packaged_articles(deployment).get(mark)
    if packaged is None:
        raise NotFound(msg("随软件发布的规则库中没有 {mark}，不能修改", mark=mark))
    return change_typed(packaged, form)


def _change_form(
    request: Request,
    work: WorkOf,
    article: ArticleView,
    form: ChangeForm,
    *,
    refusal: AnzhiError | None = None,
) -> Response:
    fields = [one for one in article.fields if one.changeable]
    chosen = next((one for one in fields if one.path == form.field), fields[0] if fields else None)
    packaged = packaged_articles(work.deployment).get(article.id)
    return render(
        request,
        "rulebook/propose.html",
        town=page_context(work),
        article=article,
        fields=fields,
        chosen=chosen,
        asked=chosen and packaged and input_of(work.rulebook, packaged, chosen.path, _shown(packaged, chosen, form)),
        typed=form,
        today=today().isoformat(),
        refused=refusal,
        **vocabulary(work),
    )


def _shown(article: Article, chosen: FieldView, form: ChangeForm) -> object:
    """The value the input holds: what was given before, else the present one."""
    given = form.field == chosen.path and (form.value or form.values)
    return value_given(article, chosen.path, form.value, form.values) if given else chosen.value


def _rule_form(request: Request, work: WorkOf, typed: RuleForm, refusal: AnzhiError | None = None) -> Response:
    town = page_context(work)
    context = {"typed": typed, "refused": refusal, "today": today().isoformat()}
    procedures = list(procedures_of(work.rulebook))
    return render(request, "rulebook/add_rule.html", town=town, procedures=procedures, **context, **vocabulary(work))


def _again(page: Response, refusal: AnzhiError) -> Response:
    page.status_code = refusal.status
    return page
