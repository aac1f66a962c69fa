"""What an officer says of a file that is to be imported: kept with the job that previews it, read again by the one that loads it."""

from __future__ import annotations

import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.platform.errors import BadParameter, NotAllowed
from app.platform.principals import Principal, Role
from gis_layers.exchange import UPLOAD, Handover, ReadingOptions
from risk_model.codes import code_name, enumeration
from risk_model.message import msg
from risk_model.rulebook import RuleBook

ZONES, CONSTRAINTS = "zones", "constraints"
Extent = Literal["zones", "boundary", "file"]
"""Surveyed ground of a delivery: its own polygons, the whole town, or a file of its own."""


class ImportOrder(BaseModel):
    """A file as the officer describes it; what only zones or constraint areas have is None for all others.

    ``ground`` is the name of the file of surveyed ground that came with it.
    """

    model_config = ConfigDict(frozen=True)

    layer: str
    file: str
    part: str | None = None
    crs: str | None = None
    encoding: str | None = None
    fields: dict[str, str] = Field(default_factory=dict)
    hazard: str | None = None
    product: str | None = None
    grade_field: str | None = None
    grade: str | None = None
    grade_scheme: str | None = None
    kind: str | None = None
    extent: Extent = "zones"
    ground: str | None = None
    source: str | None = None
    survey_date: datetime.date | None = None
    scale: int | None = None
    office: str | None = None
    valid_until: datetime.date | None = None
    max_age_days: int | None = None
    replaces: bool = False
    handover: Handover = Field(default_factory=Handover)

    def options(self, repaired: frozenset[int] = frozenset()) -> ReadingOptions:
        """How the gate is to read it; a feature that needs a repair is refused unless its own was accepted."""
        return ReadingOptions(
            crs=self.crs,
            encoding=self.encoding,
            layer=self.part,
            fields=self.fields,
            repaired=repaired,
            limits=UPLOAD,
            handover=self.handover,
        )


def check_order(order: ImportOrder, rulebook: RuleBook, principal: Principal) -> None:
    """Raises BadParameter for a layer or hazard nobody knows, NotAllowed for a layer or hazard that is not theirs."""
    layers = enumeration("import_layer")
    if order.layer not in layers:
        told = msg("不认识的图层「{layer}」；可用：{layers}", layer=order.layer, layers=[*layers])
        raise BadParameter(told, errors=[{"field": "layer"}])
    if not principal.may_load(order.layer):
        raise NotAllowed(
            msg(
                "「{layer}」不由您的角色导入；请交给{officer}",
                layer=code_name("import_layer", order.layer),
                officer=code_name("role", Role.OFFICER),
            ),
            code="role",
        )
    if order.layer != ZONES:
        return
    if order.hazard not in rulebook.hazards or order.product is None:
        told = msg("区划要说明灾种和成果类型；灾种可用：{hazards}", hazards=[*rulebook.hazards])
        raise BadParameter(told, code="rulebook-word", errors=[{"field": "hazard"}])
    if not principal.may_edit(str(order.hazard)):
        raise NotAllowed(msg("「{hazard}」不在您可以编辑的灾种之内；请管理员调整账号", hazard=order.hazard))


def read_fields(written: str) -> dict[str, str]:
    """Our names of columns with those of the file, from lines ``OURS=THEIRS``. Raises BadParameter."""
    pairs = [line.partition("=") for line in written.splitlines() if line.strip()]
    wrong = next((ours for ours, equals, theirs in pairs if not (ours.strip() and theirs.strip())), None)
    if wrong is not None:
        told = msg("「{wrong}」不是 OURS=THEIRS 的写法", wrong=wrong)
        raise BadParameter(told, code="columns", errors=[{"field": "fields"}])
    return {ours.strip(): theirs.strip() for ours, _, theirs in pairs}
