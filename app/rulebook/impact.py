"""Decisions of rules on the registered projects: as they are, and as they would be under proposed rules."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass

import geopandas as gpd
import orjson
import shapely
from sqlalchemy.orm import Session

from app.judgement.inventory import COUNTED, ExposureFacts, exposed_under, read_inventory
from app.judgement.screening import judge_projects, sites_of
from app.platform.once import Once
from app.platform.work import Work
from app.rulebook.schemas import ImpactAnswer, ProjectChange
from gis_layers.stores.editions import current_edition
from gis_layers.stores.projects import read_projects
from risk_model.rulebook import RuleBook, packaged_id
from risk_model.siting.footprints import lay_footprints
from risk_model.vocabulary import Opinion

_judged: Once[str, list[JudgedProject]] = Once(16)


@dataclass(frozen=True, slots=True)
class JudgedProject:
    """One registered project: its verdict, the rules that decide it, and those that object without deciding."""

    id: int
    name: str
    project_class: str
    verdict: str
    deciding: tuple[str, ...]
    objecting: tuple[str, ...]
    data_gaps: tuple[str, ...]


def projects_judged(work: Work, on: datetime.date) -> list[JudgedProject]:
    """Every registered project under the rulebook of ``deployment``; judged once for each state of all it rests on."""

    def judge() -> list[JudgedProject]:
        projects, opinions = judge_projects(work, on=on)
        rows = zip(projects["id"], projects["name"], projects["project_class"], opinions, strict=True)
        return [_told((int(number), name, kind), opinion) for number, name, kind, opinion in rows]

    return _judged.get(_state(work, on), judge)


def impact_of(work: Work, book: RuleBook, on: datetime.date) -> ImpactAnswer:
    """Number of registered projects, those whose verdict or deciding rules change under ``book``, and what stands there."""
    before = projects_judged(work, on)
    after = projects_judged(work.judging_by(book), on)
    moved = [
        (one, other)
        for one, other in zip(before, after, strict=True)
        if (one.verdict, one.deciding) != (other.verdict, other.deciding)
    ]
    changed: list[ProjectChange] = [
        {
            "id": one.id,
            "name": one.name,
            "project_class": one.project_class,
            "before": one.verdict,
            "after": other.verdict,
            "rules_before": list(one.deciding),
            "rules_after": list(other.deciding),
        }
        for one, other in moved
    ]
    flipped = sum(row["before"] != row["after"] for row in changed)
    return {
        "projects": len(before),
        "verdicts_changed": flipped,
        "changed": changed,
        "exposed": _exposed(work, [one.id for one, _ in moved]) if moved else None,
        "judged_on": on.isoformat(),
    }


def _exposed(work: Work, ids: list[int]) -> ExposureFacts:
    """Who and what stands on the sites of the projects of ``ids``, on ground of several once."""
    projects, inventory = read_projects(work.session), read_inventory(work, COUNTED)
    sites = sites_of(projects[projects["id"].isin(ids)], work.settings.metric_crs)
    footprints = lay_footprints(sites, work.rulebook.terms).geometry
    return exposed_under(footprints, inventory)


def decided_by(judged: list[JudgedProject], rule: str) -> dict[str, list[JudgedProject]]:
    """The projects ``rule`` (or its local companion) decides, and those it objects to without deciding."""
    deciding = [one for one in judged if rule in map(packaged_id, one.deciding)]
    return {
        "deciding": deciding,
        "objecting": [one for one in judged if rule in map(packaged_id, one.objecting) and one not in deciding],
    }


def _state(work: Work, on: datetime.date) -> str:
    edition = current_edition(work.session)
    published = edition.fingerprint if edition else ""
    rests_on = (work.deployment.url, published, work.rulebook.fingerprint, on.isoformat(), _digest(work.session))
    return " ".join(rests_on)


def _digest(session: Session) -> str:
    projects: gpd.GeoDataFrame = read_projects(session)
    digest = hashlib.sha256(b"".join(shapely.to_wkb(projects.geometry.to_numpy())))
    columns = [projects[name].tolist() for name in ("id", "name", "project_class", "seismic_class", "building_type")]
    digest.update(orjson.dumps(columns, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY))
    return digest.hexdigest()


def _told(project: tuple[int, str, str], opinion: Opinion) -> JudgedProject:
    number, name, project_class = project
    findings = [finding for theme in opinion.themes for finding in theme.findings if finding.rule]
    deciding = dict.fromkeys(str(finding.rule) for finding in findings if finding.verdict is opinion.verdict)
    objecting = dict.fromkeys(str(finding.rule) for finding in findings if finding.rule not in deciding)
    return JudgedProject(
        id=number,
        name=name,
        project_class=project_class,
        verdict=opinion.verdict.value,
        deciding=tuple(deciding),
        objecting=tuple(objecting),
        data_gaps=opinion.data_gaps,
    )
