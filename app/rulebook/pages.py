"""The rulebook as pages: all of it, one article with what it decides, its versions and its proposals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.http.dependencies import Viewer, WorkOf
from app.http.templates import render, unless_guest_has
from app.judgement.page_context import page_context
from app.maps.legend import LegendEntry, legend_of
from app.platform.clock import today
from app.platform.deployment import Deployment
from app.platform.principals import Role
from app.platform.work import Work
from app.rulebook import labels, service
from app.rulebook.forms import asked_again
from app.rulebook.impact import decided_by, projects_judged
from app.rulebook.rule_view import RuleFilter, by_group, known_article, read_articles
from app.rulebook.schemas import describe_proposal
from gis_layers.stores import rulebooks
from risk_model.codes import enumeration
from risk_model.rulebook import Article, articles_of, packaged_id, read_documents
from risk_model.vocabulary import FieldChange, ProjectClass

router = APIRouter(include_in_schema=False)

MOST_LISTED = 200
FEW = 8
"""So many rules that were found stand open on the page; of more only their heads, or it would be endless."""


@router.get("/rules")
def old_address(request: Request, principal: Viewer) -> Response:
    """Former address of the page."""
    query = urlencode(list(request.query_params.multi_items()))
    return RedirectResponse(f"/rulebook?{query}" if query else "/rulebook", 308)


@router.get("/rulebook")
def rulebook(
    request: Request,
    work: WorkOf,
    principal: Viewer,
    asked: Annotated[RuleFilter, Depends()],
) -> Response:
    """Every rule and threshold in force today, or those asked for; a fragment where htmx asks."""
    book, everything = work.rulebook, read_articles(work.rulebook, today())
    shown = [article for article in everything if asked.speaks(article)]
    context = {**vocabulary(work), "asked": asked, "groups": list(by_group(shown, book.themes))}
    context |= {"shown": len(shown), "total": len(everything), "few": FEW, "grade": _grade_asked(work, asked)}
    if "hx-request" in request.headers and "hx-history-restore-request" not in request.headers:
        return render(request, "rulebook/_articles.html", **context)
    counts = Counter(article.kind for article in everything)
    counts["local"] = sum(article.local for article in everything)
    town = page_context(work)
    return unless_guest_has(request, render(request, "rulebook/index.html", town=town, counts=counts, **context))


@router.get("/rulebook/rules/{mark}")
def article(request: Request, work: WorkOf, principal: Viewer, mark: str) -> Response:
    """One rule or table: all it says, what it decides today, when it was changed."""
    if packaged_id(mark) != mark:
        return RedirectResponse(f"/rulebook/rules/{packaged_id(mark)}", 308)
    view, judged = known_article(work.rulebook, mark, today()), projects_judged(work, today())
    versions = rulebooks.list_versions(work.session, limit=MOST_LISTED, offset=0)
    return render(
        request,
        "rulebook/article.html",
        town=page_context(work),
        article=view,
        decided=decided_by(judged, mark) if view.rule else None,
        projects=len(judged),
        named={one.path: (one.name_zh, one.name_en) for one in view.fields},
        versions=[(one, row) for one in versions for row in one.diff if row["article"] == mark],
        **vocabulary(work),
    )


@router.get("/rulebook/rules/{mark}/values")
def values(request: Request, work: WorkOf, principal: Viewer, mark: str) -> Response:
    """Numbers of one table as a fragment, asked for when its heading is unfolded: all of them weigh as much as the rest of the page."""
    view = known_article(work.rulebook, mark, today())
    return render(request, "rulebook/_values.html", article=view, **vocabulary(work))


@router.get("/rulebook/proposals")
def proposals(request: Request, work: WorkOf, principal: Viewer) -> Response:
    """Proposals and what became of them."""
    found = rulebooks.list_proposals(work.session, limit=MOST_LISTED, offset=0)
    told = [describe_proposal(one, service.decision_on(work.session, one), None) for one in found]
    waiting = service.waiting_for(work.session, principal, today())
    town = page_context(work)
    return render(request, "rulebook/proposals.html", town=town, proposals=told, waiting=waiting, **vocabulary(work))


@router.get("/rulebook/proposals/{number}")
def proposal(request: Request, work: WorkOf, principal: Viewer, number: int) -> Response:
    """One proposal with its effect on the registered projects."""
    return proposal_page(request, work, number)


@router.get("/rulebook/versions")
def versions(request: Request, work: WorkOf, principal: Viewer) -> Response:
    """Every version there ever was, newest first."""
    found = rulebooks.list_versions(work.session, limit=MOST_LISTED, offset=0)
    town = page_context(work)
    return render(request, "rulebook/versions.html", town=town, versions=found, **vocabulary(work))


@router.get("/rulebook/versions/{number}")
def version(request: Request, work: WorkOf, principal: Viewer, number: int) -> Response:
    """Changes of one version."""
    return version_page(request, work, number)


def version_page(request: Request, work: Work, number: int, trouble: str = "") -> Response:
    """The page of a version, with what went wrong on it."""
    found, town = service.require_version(work.session, number), page_context(work)
    context = {"version": found, "trouble": trouble, "diff": named_diff(work, found.diff)}
    return render(request, "rulebook/version.html", town=town, **context, **vocabulary(work))


def proposal_page(request: Request, work: Work, number: int, trouble: str = "") -> Response:
    """The page of a proposal, with what went wrong on it."""
    found = service.require_proposal(work.session, number)
    looked, decision = service.look_at(work, found, today()), service.decision_on(work.session, found)
    preview = looked["preview"]
    return render(
        request,
        "rulebook/proposal.html",
        town=page_context(work),
        proposal=describe_proposal(found, decision, rulebooks.version_of_proposal(work.session, number)),
        asked=asked_again(work.rulebook, packaged_articles(work.deployment), service.proposal_as_kept(found)),
        open_steps={one.step.key: one for one in service.next_steps_of(decision, today())},
        life=service.PROPOSALS.life,
        seen=service.tag_of(work.session, decision),
        preview=preview and {**preview, "diff": named_diff(work, preview["diff"])},
        refused=looked["refused"],
        trouble=trouble,
        **vocabulary(work),
    )


def packaged_articles(deployment: Deployment) -> Mapping[str, Article]:
    """The articles that came with the software: what a deployment may change is said by them."""
    return articles_of(read_documents(deployment.books.packaged.texts))


class NamedChange(FieldChange):
    """A changed field with the names of its article and of itself; ``linked`` where the article is still in force."""

    title: str
    names: tuple[str, str]
    linked: bool


def named_diff(work: Work, diff: list[FieldChange]) -> list[NamedChange]:
    """Rows of a diff with the names of article and field, where the rulebook in force knows them."""
    known = {one.id: one for one in read_articles(work.rulebook, today())}
    rows: list[NamedChange] = []
    for row in diff:
        article = known.get(row["article"])
        fields = {one.path: one for one in article.fields} if article else {}
        named = fields.get(row["field"])
        names = (named.name_zh, named.name_en) if named else (row["field"], row["field"])
        rows.append({**row, "title": article.title if article else "", "names": names, "linked": article is not None})
    return rows


def vocabulary(work: Work) -> dict[str, object]:
    """The words and names every page of the rulebook uses."""
    book = work.rulebook
    names = {key: hazard.name_zh for key, hazard in book.themes.items()} | _names_of("product") | _names_of("neighbour")
    return {
        "words": labels,
        "hazards": book.hazards,
        "products": list(enumeration("product")),
        "classes": {one.value: book.terms.class_names[one] for one in ProjectClass},
        "names": names,
        "legend": legend_of(book),
        "schemes": book.schemes,
        "officer": Role.OFFICER,
        "approver": Role.APPROVER,
    }


def _names_of(key: str) -> dict[str, str]:
    return {code.code: code.name for code in enumeration(key).values()}


def _grade_asked(work: Work, asked: RuleFilter) -> LegendEntry | None:
    entries = legend_of(work.rulebook).of_scheme(asked.scheme)
    return next((entry for entry in entries if str(entry.rank) == asked.rank), None)
