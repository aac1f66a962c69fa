"""The synthetic township, loaded on the first start of a demo."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.judgement.enterprise_grades import regrade
from app.platform.work import Work
from gis_layers.demo.contacts import village_contacts
from gis_layers.demo.documents import DOCUMENTS
from gis_layers.demo.geohazard_sites import geohazard_sites as demo_sites
from gis_layers.demo.layers import HazardLayer
from gis_layers.demo.terms import TERMS
from gis_layers.demo.township import Township, build_township
from gis_layers.stores import (
    constraints,
    duty,
    editions,
    enterprises,
    forces,
    geohazard_sites,
    hidden_dangers,
    pictures,
    places,
    projects,
    regional_assessments,
    staged_zones,
    surveys,
    town,
    zone_documents,
)
from gis_layers.stores.gazetteer import refresh_names
from gis_layers.stores.records import read_facts, record_audit, save_fact
from gis_layers.stores.surveys import NOTHING_STATED

AUTHOR = "demo"
CODE = "SYN-620724102"
REGISTERS = ("facilities", "groups", "buildings", "stations", "forces")
REASON = "首次启动载入演示数据（合成）"


def first_start(session: Session) -> bool:
    """Whether nothing was ever loaded or published here."""
    nothing_published = editions.current_edition(session) is None
    return nothing_published and "township" not in read_facts(session) and not places.count_places(session, "villages")


def load_township(work: Work) -> None:
    """Store the synthetic township and publish its hazards as the first edition, in one transaction."""
    township = build_township()
    _load_ground(work.session, township)
    _load_objects(work.session, township)
    draft = editions.open_draft(work.session, name=REASON, author=AUTHOR)
    for layer in township.layers:
        _stage(work, draft.id, layer, township)
    kept = [zone_documents.add_document(work.session, {**one, "synthetic": True}, by=AUTHOR) for one in DOCUMENTS]
    zone_documents.name_documents(work.session, draft.id, kept)
    edition = editions.publish_draft(work.session, draft, author=AUTHOR, reason=REASON, by_console=True)
    save_fact(work.session, "synthetic", True)
    save_fact(work.session, "township", township.boundary["name"].iloc[0])
    detail = {"layers": len(township.layers), "synthetic": True}
    record_audit(work.session, actor=AUTHOR, action="publish", subject=f"edition {edition.number}", detail=detail)
    refresh_names(work.session, work.settings.metric_crs)
    regrade(work, cause="township", actor=AUTHOR)


def _load_ground(session: Session, township: Township) -> None:
    boundary = township.boundary.iloc[0]
    places.save_boundary(session, code=CODE, name=boundary["name"], geometry=boundary.geometry, synthetic=True)
    places.append_places(session, "villages", township.villages)
    places.append_places(session, "roads", township.roads)
    places.append_places(session, "water", township.water)
    places.append_places(session, "water", township.reservoirs.assign(kind="reservoir"))
    places.append_places(session, "relief", township.railways.assign(kind="railway"))
    contours = township.contours.rename(columns={"elevation": "elevation_m"}).drop(columns="index")
    places.append_places(session, "relief", contours.assign(kind="contour"))
    projects.append_projects(session, township.projects)


def _load_objects(session: Session, township: Township) -> None:
    told = {"base_grade": "declared_grade", "major_hazard_level": "declared_hazard_level"}
    ids, _ = enterprises.keep_enterprises(session, township.enterprises.rename(columns=told))
    for number, inspections in zip(ids, township.enterprises["inspections"], strict=True):
        for day, department in inspections:
            enterprises.record_inspection(session, number, day=day, department=department, result=None, synthetic=True)
    names = dict(zip(township.enterprises["name"], ids, strict=True))
    dangers = township.hidden_dangers
    owned = dangers.assign(enterprise_id=dangers["enterprise"].map(names))
    hidden_dangers.keep_dangers(session, owned, by=AUTHOR)
    geohazard_sites.keep_sites(session, demo_sites(township.layers, township.villages), by=AUTHOR)
    for register in REGISTERS:
        town.append_register(session, register, getattr(township, register))
    forces.station_forces(session)
    duty.add_contacts(session, village_contacts([str(code) for code in township.villages["code"]]))
    for layer in township.constraints:
        whole = layer.extent is None
        extent = township.boundary.geometry.iloc[0] if whole else layer.extent
        survey = constraints.NewConstraints(
            kind=layer.kind,
            name=layer.name,
            source=layer.source,
            survey_date=layer.survey_date,
            extent_kind="boundary" if whole else "file",
            extent=extent,
            synthetic=True,
        )
        constraints.save_constraints(session, survey, layer.areas)
    regional_assessments.save_assessments(session, township.assessments)
    relief = township.relief
    size = (relief.width, relief.height)
    pictures.save_picture(session, "hillshade", relief.content, bounds=relief.bounds, size=size, synthetic=True)


def _stage(work: Work, draft_id: int, layer: HazardLayer, township: Township) -> None:
    extent = township.boundary.geometry.iloc[0] if layer.extent_kind == "boundary" else layer.extent
    terms = TERMS.get((layer.hazard, layer.product), NOTHING_STATED)
    staged = surveys.NewLayer(
        hazard=layer.hazard,
        product=layer.product,
        name=layer.name,
        source=layer.source,
        survey_date=layer.survey_date,
        scale=layer.scale,
        extent_kind="file" if layer.extent_kind == "area" else layer.extent_kind,
        extent=extent,
        replaces=False,
        office=terms.office,
        valid_until=terms.valid_until,
        max_age_days=terms.max_age_days,
    )
    layer_id = surveys.save_layer(work.session, draft_id, staged, work.settings.metric_crs)
    staged_zones.stage_new_zones(work.session, draft_id, layer_id, layer.zones)
