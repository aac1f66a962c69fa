"""Polygons handed in to be graded: through the gate, kept under a name, found again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy.orm import Session

from app.intake.receipts import enter, take_in
from app.platform.errands import heed
from app.platform.errors import NotFound, QuotaReached, Refused
from app.platform.work import Work
from gis_layers.exchange import ImportReport, ReadingOptions, read_units
from gis_layers.stores import unitsets
from gis_layers.stores.places import find_boundary
from gis_layers.stores.records import record_audit
from gis_layers.stores.unitsets import UnitSet
from risk_model.message import msg

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class UnitsImport:
    """A file of units as it was handed in: where it lies, what it is called, and the name its set is to have."""

    path: Path
    file: str
    name: str
    options: ReadingOptions = field(default_factory=ReadingOptions)


def check_set_quota(session: Session, author: str, most: int) -> None:
    """Raises QuotaReached where ``author`` has handed in as many sets as one account may: sets are kept for good."""
    heed()
    kept = unitsets.count_sets(session, author)
    if kept >= most:
        raise QuotaReached(
            msg(
                "已保存 {kept} 个单元集，这是每个账号的上限；请改用已有的单元集，或请管理员调大 ANZHI_UNIT_SETS",
                kept=kept,
            ),
            used={"unit_sets": kept},
            quota={"unit_sets": most},
        )


def read_set_name(typed: str) -> str:
    """The name of a set as it is kept. Raises ValueError for one that is empty, too long, or could be a number."""
    name = typed.strip()
    if not name or len(name) > LONGEST_NAME or name.isdecimal():
        raise ValueError(msg("单元集要有名称，最多 {most} 个字，不能只是数字", most=LONGEST_NAME))
    return name


def import_units(work: Work, asked: UnitsImport, *, author: str) -> tuple[ImportReport, UnitSet | None]:
    """Let the file through the gate and keep what is right as a set; the report, and the set (None: nothing was right).

    Refused where the name is taken, because runs refer to the set that has it.
    """
    try:
        name = read_set_name(asked.name)
    except ValueError as trouble:
        raise Refused(str(trouble)) from trouble
    if unitsets.find_set_named(work.session, name) is not None:
        raise Refused(
            msg("已有名为「{name}」的单元集，分级结果要能回查，不能覆盖；请换一个名称", name=name), code="taken"
        )
    metric_crs = work.settings.metric_crs
    options = replace(asked.options, metric_crs=metric_crs, boundary=find_boundary(work.session))
    taken = take_in(work.deployment, asked.path, options, asked.file)
    delivery = read_units(asked.path, options)
    if delivery.frame.empty:
        enter(work.session, taken, delivery.report, layers=["units"], by=author)
        return delivery.report, None
    new = unitsets.NewSet(name, asked.file, delivery.report.to_dict(), author)
    kept = unitsets.save_set(work.session, new, delivery.frame)
    detail = {"file": asked.file, "name": name, "units": kept.unit_count}
    record_audit(work.session, actor=author, action="import units", subject=f"unit set {kept.id}", detail=detail)
    enter(work.session, taken, delivery.report, layers=["units"], by=author, detail=name)
    return delivery.report, kept


def require_unit_set(session: Session, asked: int | str) -> UnitSet:
    """The set of this number or name; NotFound without one."""
    by_number = isinstance(asked, int) or asked.isdecimal()
    found = unitsets.find_set(session, int(asked)) if by_number else unitsets.find_set_named(session, str(asked))
    if found is None:
        raise NotFound(
            msg("没有名称或编号为「{asked}」的单元集；已有的见 /api/unit-sets，导入用 anzhi import units", asked=asked)
        )
    return found
