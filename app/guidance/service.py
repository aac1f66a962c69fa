"""The guidance figures told in order: the ground, the counts, change against a baseline, who should move where."""

from __future__ import annotations

import datetime
from functools import partial

import numpy as np
import shapely
from sqlalchemy.orm import Session

from app.guidance.changes import by_year, compare, sum_villages, years_between
from app.guidance.counts import Counted, count_town, village_rows
from app.guidance.ground import Receiving, choose_run, find_receiving, read_units
from app.guidance.relocation import list_high
from app.guidance.schemas import (
    Against,
    BaselineAnswer,
    ChangeAnswer,
    GroundAnswer,
    GuidanceAnswer,
    GuidanceGrade,
    ReceivingAnswer,
)
from app.judgement.page_context import PageContext, page_context
from app.platform.clock import CHINA
from app.platform.errands import reckon
from app.platform.errors import NotFound, Refused
from app.platform.work import Work
from gis_layers.stores import baselines
from gis_layers.stores.baselines import GuidanceBaseline, GuidanceFigures, PeopleMethod, Totals, VillageCounts
from gis_layers.stores.records import record_audit
from gis_layers.stores.runs import GradingRun
from risk_model.grading import grading_terms
from risk_model.guidance import GradedUnits, GuidanceTerms, guidance_terms
from risk_model.message import msg
from risk_model.rulebook import RuleBook

DISCLAIMER = "筛查意见，不替代法定评估；承接地只按致灾危险性与已载入的约束推荐，须另做选址筛查"
WHY = {
    "grid": "按最近一次格网分级的单元判定：格网比村更细，能分出一个村内的高低",
    "village": "还没有格网分级，按最近一次按村分级判定：全村同一等级，只能作粗略参考",
    "none": "还没有分级，全部计入“资料不足”；管理员可运行 anzhi grade --unit grid",
}
NO_UNITS = GradedUnits(np.empty(0, np.int64), np.empty(0, object))


def read_kpi(work: Work, *, baseline: int | None, now: datetime.datetime) -> GuidanceAnswer:
    """Everything the page and the API say; ``baseline`` None compares with the newest one, where there is any.

    NotFound for an unknown baseline.
    """
    rulebook, metric_crs = work.rulebook, work.settings.metric_crs
    terms, run = guidance_terms(rulebook), choose_run(work.session)
    units = NO_UNITS if run is None else read_units(work, run)
    ranks = len(rulebook.scheme(grading_terms(rulebook).scheme))
    counted = count_town(work, units)
    receiving = Receiving(np.empty(0, object), {}, shapely.Polygon())
    if run is not None:
        receiving = find_receiving(work, run, units, terms=terms, on=now.astimezone(CHINA).date())
    villages = village_rows(counted, ranks)
    total = sum_villages(villages, ranks)
    frame = page_context(work)
    return {
        "ground": _describe_ground(run, frame),
        "scheme": grading_terms(rulebook).scheme,
        "grades": _grades(rulebook),
        "total": total,
        "villages": villages,
        "people_method": _people_method(counted),
        "high": {
            "ranks": list(range(1, terms.high_rank + 1)),
            "items": reckon(
                len(units.rank) + len(counted.objects.rank),
                partial(list_high, terms=terms, rulebook=rulebook, crs=metric_crs),
                counted,
                units,
                receiving,
            ),
        },
        "receiving": _describe_receiving(receiving, rulebook, terms),
        **_against(work.session, villages, total, baseline=baseline, now=now, run=run),
        "edition": frame["edition"],
        "rulebook": frame["rulebook"],
        "data_date": frame["data_date"],
        "taken_at": now.astimezone(CHINA).isoformat(),
        "disclaimer": DISCLAIMER,
    }


def keep_baseline(work: Work, *, name: str, reason: str, author: str, now: datetime.datetime) -> GuidanceBaseline:
    """Freeze today's figures under a name, for good, and write it to the audit.

    Refused while nothing was graded: figures of unknown ground are nothing to measure change against.
    """
    rulebook, run = work.rulebook, choose_run(work.session)
    if run is None:
        raise Refused(msg("还没有分级，不能设基线；请管理员先运行 anzhi grade --unit grid"), code="unready")
    ranks = len(rulebook.scheme(grading_terms(rulebook).scheme))
    units = read_units(work, run)
    counted = count_town(work, units)
    villages = village_rows(counted, ranks)
    figures: GuidanceFigures = {
        "scheme": grading_terms(rulebook).scheme,
        "unit": run.unit,
        "cell_m": run.cell_m,
        "villages": villages,
        "total": sum_villages(villages, ranks),
        "people_method": _people_method(counted),
    }
    kept = baselines.record_baseline(
        work.session,
        baselines.NewBaseline(
            name=name,
            reason=reason,
            taken_at=now,
            taken_by=author,
            run_id=run.id,
            edition=run.edition,
            rulebook_fingerprint=rulebook.fingerprint,
            figures=figures,
        ),
    )
    detail = {"name": name, "reason": reason, "run": run.id, "edition": run.edition}
    record_audit(work.session, actor=author, action="keep baseline", subject=f"baseline {kept.id}", detail=detail)
    return kept


def known_baseline(session: Session, number: int) -> GuidanceBaseline:
    """The baseline of this number; NotFound where there is none."""
    found = baselines.find_baseline(session, number)
    if found is None:
        raise NotFound(msg("没有编号为 {number} 的基线；列表见 /api/kpi/baselines", number=number))
    return found


def describe_baseline(baseline: GuidanceBaseline) -> BaselineAnswer:
    """A baseline in plain values, with its figures in all."""
    return {
        "id": baseline.id,
        "name": baseline.name,
        "reason": baseline.reason,
        "taken_at": baseline.taken_at.isoformat(),
        "taken_by": baseline.taken_by,
        "run": baseline.run_id,
        "unit": baseline.figures["unit"],
        "cell_m": baseline.figures["cell_m"],
        "edition": baseline.edition,
        "rulebook_fingerprint": baseline.rulebook_fingerprint,
        "total": baseline.figures["total"],
    }


def _against(
    session: Session,
    villages: list[VillageCounts],
    total: Totals,
    *,
    baseline: int | None,
    now: datetime.datetime,
    run: GradingRun | None,
) -> Against:
    kept = baselines.list_baselines(session)
    points = [(one.taken_at.astimezone(CHINA), one.figures["total"]) for one in kept]
    series = by_year([*points, (now.astimezone(CHINA), total)]) if run is not None else by_year(points)
    chosen = known_baseline(session, baseline) if baseline is not None else baselines.newest_baseline(session)
    if chosen is None:
        return {"baselines": [], "baseline": None, "change": None, "series": series}
    same = run is not None and (run.unit, run.cell_m) == (chosen.figures["unit"], chosen.figures["cell_m"])
    change: ChangeAnswer = {
        **compare(villages, chosen.figures["villages"], years=years_between(chosen.taken_at, now)),
        "comparable": same,
        "caution": None if same else "基线与现在所用的分级单元不同，差值里含有单元变化，不能都看作引导的成效",
        "rules_changed": run is not None and run.rulebook_fingerprint != chosen.rulebook_fingerprint,
    }
    return {
        "baselines": [describe_baseline(one) for one in kept],
        "baseline": describe_baseline(chosen),
        "change": change,
        "series": series,
    }


def _describe_ground(run: GradingRun | None, frame: PageContext) -> GroundAnswer:
    if run is None:
        return {"run": None, "unit": None, "cell_m": None, "why": WHY["none"], "stale": False}
    edition = frame["edition"]
    return {
        "run": run.id,
        "unit": run.unit,
        "cell_m": run.cell_m,
        "ended_at": run.ended_at.isoformat(),
        "edition": run.edition,
        "rulebook_fingerprint": run.rulebook_fingerprint,
        "why": WHY[run.unit],
        "stale": edition is not None and edition["number"] != run.edition,
    }


def _grades(rulebook: RuleBook) -> list[GuidanceGrade]:
    scheme = rulebook.scheme(grading_terms(rulebook).scheme)
    return [{"rank": look.rank, "name": look.name, "numeral": look.numeral} for look in scheme.grades]


def _people_method(counted: Counted) -> PeopleMethod:
    unknown = np.isnan(counted.settlements.population)
    return {
        "dwellings": int((counted.exact & ~unknown).sum()),
        "area": int((~counted.exact & ~unknown).sum()),
        "uncounted": [name for name, lacking in zip(counted.names, unknown, strict=True) if lacking],
    }


def _describe_receiving(receiving: Receiving, rulebook: RuleBook, terms: GuidanceTerms) -> ReceivingAnswer:
    names = [rulebook.themes[theme].name_zh for theme in rulebook.mandatory_themes(terms.receiving_class)]
    return {
        "patches": len(receiving.patches),
        "area_m2": round(float(shapely.area(receiving.patches).sum()), 1),
        "from_rank": terms.receiving_rank,
        "least_m2": terms.least_m2,
        "project_class": str(terms.receiving_class),
        "surveyed_themes": names,
        "constraints": [{"kind": kind, "surveyed_share": share} for kind, share in receiving.shares.items()],
        "taken_away": [
            {
                "hazard": one.hazard,
                "rule": one.rule,
                "constraint": one.constraint,
                "reason": one.reason,
                "reason_en": one.reason_en,
                "hazard_name": rulebook.hazard_name(one.hazard) if one.hazard else None,
                "area_m2": round(one.area_m2, 1),
            }
            for one in receiving.taken_away
        ],
        "distance": "straight",
    }
