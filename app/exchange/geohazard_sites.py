"""Import of the register of geohazard sites."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.exchange.registers import audit_import, placed
from app.intake.receipts import enter, take_in
from app.platform.work import Work
from gis_layers.exchange import Delivery, Problem, ReadingOptions, read_geohazard_sites
from gis_layers.stores import geohazard_sites
from risk_model.message import msg

LAYER = "geohazard-sites"


def import_geohazard_sites(work: Work, path: Path, options: ReadingOptions, *, author: str) -> Delivery:
    """Load a ledger of sites; a code that is registered is refused, since a site changes by steps and by its form."""
    taken = take_in(work.deployment, path, options)
    delivery = _without_known(work, read_geohazard_sites(path, placed(work, options)))
    if not delivery.frame.empty:
        geohazard_sites.keep_sites(work.session, delivery.frame, by=author)
        audit_import(work.session, author, LAYER, path, delivery.report)
    enter(work.session, taken, delivery.report, layers=[LAYER], by=author)
    return delivery


def _without_known(work: Work, delivery: Delivery) -> Delivery:
    known = geohazard_sites.known_sites(work.session, list(delivery.frame["code"]))
    twice = delivery.frame["code"].isin(known)
    problems = [
        Problem(
            int(feature),
            msg("隐患点「{code}」已登记，没有重复载入", code=code),
            None,
            msg("状态变化请逐步办理，其他内容在登记表中修改"),
        )
        for feature, code in delivery.frame.loc[twice, ["feature", "code"]].itertuples(index=False)
    ]
    return replace(delivery, frame=delivery.frame[~twice], report=delivery.report.refusing(problems))
