"""The table of contents of the service."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from app import __version__
from app.accounts.pages import router as account_pages
from app.accounts.routes import router as accounts
from app.archive.pages import router as archive_pages
from app.archive.routes import router as archive
from app.archive.tasks import checks_lacking
from app.assessments.orders import router as grading_orders
from app.assessments.pages import router as assessment_pages
from app.assessments.routes import router as assessments
from app.chains.routes import router as chains
from app.dispatch.closure_routes import router as closures
from app.dispatch.connectivity_routes import router as connectivity
from app.dispatch.contact_routes import router as village_contacts
from app.dispatch.coverage_pages import router as coverage_pages
from app.dispatch.coverage_routes import router as coverage
from app.dispatch.desk_routes import router as desk
from app.dispatch.duty_routes import router as duty
from app.dispatch.form_pages import router as dispatch_forms
from app.dispatch.handbook_routes import router as handbook
from app.dispatch.incident_pages import router as incident_pages
from app.dispatch.incident_routes import router as incidents
from app.dispatch.pages import router as dispatch_pages
from app.dispatch.report_routes import router as situation_reports
from app.dispatch.routes import router as dispatch
from app.dispatch.shelter_routes import router as shelter_allocation
from app.enterprises.form_pages import router as enterprise_forms
from app.enterprises.pages import router as enterprise_pages
from app.enterprises.routes import router as enterprises
from app.enterprises.tasks import inspections_waiting
from app.exchange.import_pages import router as import_pages
from app.exchange.import_routes import router as imports
from app.exchange.pages import router as downloads
from app.exchange.received_pages import router as deliveries
from app.exchange.routes import router as exchange
from app.exchange.tasks import layers_missing
from app.geohazard_sites.pages import router as geohazard_pages
from app.geohazard_sites.routes import router as geohazard_sites
from app.guidance.pages import router as kpi_pages
from app.guidance.routes import router as kpi
from app.hidden_dangers.pages import router as danger_pages
from app.hidden_dangers.routes import router as hidden_dangers
from app.http import problems
from app.http.health import router as health
from app.http.openapi import describe_answers
from app.http.script_catalogue import router as words
from app.http.security_headers import Service
from app.http.static_files import Assets
from app.jobs.calendar_routes import router as calendar
from app.jobs.pages import router as calendar_page
from app.jobs.routes import router as jobs
from app.jobs.tasks import turns_failed
from app.middleware.admission import PATIENCE_S, Admission
from app.middleware.compression import compressing
from app.middleware.disconnects import Disconnects
from app.middleware.entrance import Entrance
from app.middleware.hosts import is_loopback, named, names_of
from app.middleware.own_thread import AskedApart
from app.overview.pages import router as overview_pages
from app.overview.routes import router as overview
from app.places.routes import router as places
from app.platform.clock import now
from app.platform.deployment import Deployment
from app.platform.settings import STATIC
from app.registers.basemap import router as basemap
from app.registers.entry_routes import router as register_entries
from app.registers.form_pages import router as entry_forms
from app.registers.pages import router as register_pages
from app.registers.papers import router as register_papers
from app.registers.routes import router as registers
from app.registers.tasks import lapses_to_see_to
from app.rulebook.decisions import router as rulebook_decisions
from app.rulebook.pages import router as rulebook_pages
from app.rulebook.routes import router as rulebook
from app.rulebook.tasks import proposals_waiting
from app.siting.form_pages import router as project_forms
from app.siting.notice_routes import router as review_notices
from app.siting.pages import router as siting_pages
from app.siting.review_document_routes import router as review_documents
from app.siting.review_pages import router as review_pages
from app.siting.review_routes import router as siting_reviews
from app.siting.routes import router as siting
from app.siting.tasks import reviews_waiting
from app.tiles.routes import router as tiles
from app.trials.pages import router as trial_pages
from app.trials.routes import router as trials
from app.zones.change_routes import router as zone_changes
from app.zones.compare_pages import router as zone_compare_pages
from app.zones.deputy_routes import router as zone_deputies
from app.zones.document_pages import router as zone_document_pages
from app.zones.document_routes import router as zone_documents
from app.zones.draft_routes import router as zone_drafts
from app.zones.file_routes import router as zone_files
from app.zones.history_pages import router as zone_history_pages
from app.zones.impact_routes import router as zone_impact
from app.zones.package_pages import router as zone_package_pages
from app.zones.package_routes import router as zone_packages
from app.zones.pages import router as zone_pages
from app.zones.paper_routes import router as zone_papers
from app.zones.problem_routes import router as zone_problems
from app.zones.renewal_routes import router as zone_renewals
from app.zones.routes import router as zones
from app.zones.tasks import drafts_waiting
from gis_layers.database import SchemaWatch
from gis_layers.sandbox import Limits
from gis_layers.stores.records import read_facts

ROUTERS = (
    health,
    words,
    accounts,
    siting,
    rulebook,
    zone_documents,
    zone_deputies,
    zone_drafts,
    zone_renewals,
    zone_files,
    zone_impact,
    zone_papers,
    zone_packages,
    zone_problems,
    zones,
    zone_changes,
    basemap,
    registers,
    register_entries,
    enterprises,
    hidden_dangers,
    geohazard_sites,
    closures,
    incidents,
    connectivity,
    situation_reports,
    duty,
    village_contacts,
    desk,
    coverage,
    shelter_allocation,
    dispatch,
    assessments,
    chains,
    grading_orders,
    exchange,
    imports,
    archive,
    jobs,
    calendar,
    kpi,
    trials,
    overview,
    places,
    tiles,
    account_pages,
    overview_pages,
    assessment_pages,
    siting_pages,
    siting_reviews,
    review_documents,
    review_notices,
    review_pages,
    dispatch_pages,
    dispatch_forms,
    incident_pages,
    handbook,
    coverage_pages,
    archive_pages,
    calendar_page,
    register_pages,
    register_papers,
    downloads,
    deliveries,
    import_pages,
    enterprise_forms,
    danger_pages,
    geohazard_pages,
    entry_forms,
    project_forms,
    enterprise_pages,
    kpi_pages,
    trial_pages,
    rulebook_pages,
    rulebook_decisions,
    zone_document_pages,
    zone_history_pages,
    zone_package_pages,
    zone_pages,
    zone_compare_pages,
)

TELLERS = (
    proposals_waiting, drafts_waiting, reviews_waiting, checks_lacking, lapses_to_see_to, inspections_waiting, turns_failed, layers_missing
)  # fmt: skip
"""Who tells what waits for somebody, in the order it is shown."""


def create_app(
    deployment: Deployment, *, loopback: bool, listening_on: str = "", patience_s: float = PATIENCE_S
) -> FastAPI:
    """The service on a migrated deployment; ``loopback`` says that only this machine can reach it.

    Guests are welcome only where the township is synthetic and nobody outside can reach the service, and then only with
    requests that came straight from this machine. ``listening_on`` is the name or address it was told to listen on.
    A request waits up to ``patience_s`` for its turn.
    """
    app = _described()
    with deployment.sessions() as session:
        synthetic = bool(read_facts(session).get("synthetic"))
    app.state.deployment = deployment
    SchemaWatch().over(deployment.sessions)
    app.state.clock = now
    app.state.looking = AskedApart()
    app.state.synthetic = synthetic
    app.state.tellers = TELLERS
    names = names_of(deployment.settings, loopback=loopback, listening_on=listening_on)
    unpublished = names.public_url is None or is_loopback(named(names.public_url))
    app.state.guests_welcome = synthetic and loopback and unpublished
    app.state.public_url = names.public_url
    problems.install(app)
    # The last one added stands outermost: whoever is turned away at the entrance takes no turn.
    settings = deployment.settings
    app.add_middleware(compressing)
    app.add_middleware(
        Disconnects, Limits(wall_s=settings.answering_seconds, memory_bytes=settings.judging_mb * 1024**2)
    )
    app.add_middleware(Admission, refuse=problems.refuse, patience_s=patience_s)
    app.add_middleware(Entrance, names, deployment.settings.trusted_proxies, problems.refuse)
    app.mount("/static", Assets(directory=STATIC), name="static")
    return app


def description() -> dict[str, Any]:
    """The API as it describes itself (OpenAPI); no deployment is needed."""
    return _described().openapi()


def _described() -> FastAPI:
    # The routes themselves, not inclusions of their routers: every inclusion works all its routes out anew when first asked.
    routes = [route for router in ROUTERS for route in router.routes]
    app = Service(title="安址 Anzhi", version=__version__, docs_url=None, redoc_url=None, routes=routes)
    describe_answers(app)
    return app
