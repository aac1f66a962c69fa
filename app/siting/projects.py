"""Projects registered and changed: what is declared of a building is held against the rulebook, every write is audited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shapely.geometry.base import BaseGeometry

from app.platform.work import Work
from app.siting.outline_schemas import StoredProject
from app.siting.schemas import SiteProperties
from app.siting.service import refuse_declaration
from gis_layers.stores.entries import PROJECTS, add_entry, change_entry
from gis_layers.stores.gazetteer import refresh_names
from gis_layers.stores.records import record_audit


def register_project(work: Work, values: dict[str, Any], geometry: BaseGeometry, *, actor: str) -> int:
    """Add a project; its number. BadParameter for a building the rulebook does not let be declared so."""
    _refuse_unsound(work, values)
    number = add_entry(work.session, PROJECTS, values, geometry)
    _written(work, number, values, actor=actor, action="register project")
    return number


def change_project(
    work: Work, stored: StoredProject, values: dict[str, Any], *, geometry: BaseGeometry | None, actor: str
) -> None:  # fmt: skip
    """Change what is given of a project whose row is held."""
    _refuse_unsound(work, {**stored, **values})
    change_entry(work.session, PROJECTS, stored["id"], values, geometry)
    _written(work, stored["id"], values, actor=actor, action="change project")


def _refuse_unsound(work: Work, values: Mapping[str, Any]) -> None:
    told = {name: values.get(name) for name in ("name", "project_class", "seismic_class", "building_type")}
    refuse_declaration(SiteProperties.model_validate(told), work.rulebook.terms)


def _written(work: Work, number: int, values: dict[str, Any], *, actor: str, action: str) -> None:
    refresh_names(work.session, work.settings.metric_crs)
    record_audit(work.session, actor=actor, action=action, subject=f"project {number}", detail=values)
