"""Trials told in order: the scores a run recorded, other breaks and weights, what would change. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

import numpy as np
from sqlalchemy.orm import Session

from app.platform.errands import reckon
from app.platform.errors import BadParameter, NotFound, Refused
from app.platform.once import Once
from app.platform.work import Work
from app.trials.schemas import (
    Consistency,
    EntropyAnswer,
    TrialAnswer,
    TrialForm,
    TrialFrame,
    TrialsAnswer,
    Tried,
    TriedRun,
    WeighedAnswer,
)
from gis_layers.stores import runs
from gis_layers.stores.runs import GradingRun
from risk_model.codes import code_name
from risk_model.errors import UnsoundWeights
from risk_model.grading import GradingTerms, grading_terms
from risk_model.message import msg
from risk_model.rulebook import RuleBook
from risk_model.trials import (
    ENTROPY,
    Scores,
    Trial,
    compare_order,
    entropy_weights,
    try_breaks,
    try_weights,
    worked_examples,
)
from risk_model.weights import LARGEST_RATIO, judge_pairwise

MOST_MOVES: Final = 200
NOTICE = "试算，不发布"
WHY_NOT_NATURAL = (
    "自然断点由这一批数据自己决定：一个村的得分变了，别的村的等级也会跟着变，两次结果不能比较，"
    "所以不能作为审批和处罚依据的法定阈值；已发布的等级只用规则库里的固定断点"
)
EXAMPLES = {
    "natural_5": "自然断点，15 个值分 5 级的上界",
    "fit_5": "自然断点，分 5 级的拟合优度",
    "natural_4": "自然断点，分 4 级的上界",
    "deviation_5": "均值加减标准差，分 5 级的下界",
    "entropy": "熵权，4 个单元 3 个指标",
    "consistency": "层次分析法的一致性比例",
    "contradiction": "矛盾判断的一致性比例（应拒绝）",
}

_kept: Once[tuple[str, int], RecordedScores] = Once(3)


@dataclass(frozen=True, slots=True)
class RecordedScores:
    """A run's areas in the order they were graded, with the scores and ranks it recorded."""

    keys: list[str]
    names: list[str]
    scores: Scores
    hazards: list[str]


def read_trials(work: Work, unit: str, number: int | None) -> TrialsAnswer:
    """Breaks and entropy weights tried on a run, beside what is published; NotFound for an unknown run.

    ``run`` is None and nothing is tried where the unit was never graded.
    """
    run = _chosen(work.session, unit, number)
    answer = _frame(work.rulebook, run)
    if run is None:
        return {**answer, "trials": [], "entropy": None}
    recorded, terms = _recorded(work, run), _terms_of(run, work.rulebook)
    _check_hazards(recorded, terms, run)
    return {**answer, **reckon(len(recorded.keys), tried, recorded, work.rulebook, terms)}


def tried(recorded: RecordedScores, rulebook: RuleBook, terms: GradingTerms) -> Tried:
    """Other breaks, and the weights that entropy gives, tried on the scores of a run."""
    trials = [_describe(trial, recorded, rulebook, terms) for trial in try_breaks(recorded.scores, terms)]
    return {"trials": trials, "entropy": _try_entropy(recorded, rulebook, terms)}


def run_trial(work: Work, form: TrialForm) -> WeighedAnswer:
    """One set of weights tried; contradictory judgements answer their consistency ratio and are not tried.

    BadParameter for judgements or weights that are none, Refused where nothing was graded.
    """
    run = _chosen(work.session, form.unit, form.run)
    if run is None:
        raise Refused(msg("还没有分级，没有得分可试算；管理员可运行 anzhi grade"), code="unready")
    rulebook = work.rulebook
    recorded, terms = _recorded(work, run), _terms_of(run, rulebook)
    _check_hazards(recorded, terms, run)
    weights, consistency = _judged(form, terms) if form.judgements else (_given(form.weights or {}, terms), None)
    answer: WeighedAnswer = {
        **_frame(rulebook, run),
        "criteria_weights": weights,
        "consistency": consistency,
        "trial": None,
    }
    if consistency is not None and not consistency["accepted"]:
        return answer
    method = "judgements" if form.judgements else "weights"
    asked = (recorded, rulebook, terms, method, _by_hazard(weights, terms))
    return {**answer, "trial": reckon(len(recorded.keys), weighed, *asked)}


def weighed(
    recorded: RecordedScores, rulebook: RuleBook, terms: GradingTerms, method: str, weights: list[float]
) -> TrialAnswer:
    """One set of weights (by hazard) tried on the scores of a run."""
    trial = try_weights(method, recorded.scores, terms, weights)
    return _describe(trial, recorded, rulebook, terms)


def _chosen(session: Session, unit: str, number: int | None) -> GradingRun | None:
    if number is None:
        return runs.latest_run(session, unit)
    run = runs.find_run(session, number)
    if run is None or run.unit != unit:
        raise NotFound(msg("没有单元为 {unit} 的第 {number} 次分级；已有的分级见 /api/runs", unit=unit, number=number))
    return run


def _frame(rulebook: RuleBook, run: GradingRun | None) -> TrialFrame:
    terms = grading_terms(rulebook)
    judged = rulebook.documents["grading"]["weights"]["judgements"]
    return {
        "notice": NOTICE,
        "published": False,
        "why_not_natural": WHY_NOT_NATURAL,
        "run": None if run is None else _run(run),
        "criteria": dict(zip(terms.criteria, terms.judged.weights, strict=True)),
        "judgements": [list(row) for row in judged],
        "largest_ratio": LARGEST_RATIO,
        "grades": [{"rank": look.rank, "name": look.name} for look in rulebook.scheme(terms.scheme).grades],
        "examples": [
            {
                "name": EXAMPLES[one["key"]],
                "key": one["key"],
                "expected": one["expected"],
                "found": one["found"],
                "holds": one["holds"],
            }
            for one in worked_examples()
        ],
        "disclaimer": "试算只供讨论，不改变任何已发布的等级，不替代法定评估",
    }


def _run(run: GradingRun) -> TriedRun:
    return {
        "id": run.id,
        "unit": run.unit,
        "cell_m": run.cell_m,
        "areas": run.area_count,
        "edition": run.edition,
        "rulebook_version": run.rulebook_version,
        "rulebook_fingerprint": run.rulebook_fingerprint,
        "ended_at": run.ended_at.isoformat(),
    }


def _recorded(work: Work, run: GradingRun) -> RecordedScores:
    def read() -> RecordedScores:
        keys, names, ranks, values, hazards = zip(*runs.read_scores(work.session, run.id), strict=True)
        known = [[np.nan if value is None else value for value in row] for row in values]
        scores = Scores(np.array(known, dtype=np.float64), np.array(ranks, dtype=np.int64))
        return RecordedScores(list(keys), list(names), scores, list(hazards[0]))

    return _kept.get((work.deployment.url, run.id), read)


def _terms_of(run: GradingRun, rulebook: RuleBook) -> GradingTerms:
    """The terms in force, with the bounds, steps and weights the run was graded by."""
    terms, method = grading_terms(rulebook), run.method
    recorded = method["weights"]["hazards"]
    return replace(
        terms,
        lower_bounds=tuple(method["breaks"]["lower_bounds"]),
        ease_steps=method["composite"]["ease_steps"],
        hazards=tuple(replace(one, weight=recorded.get(one.key, one.weight)) for one in terms.hazards),
    )


def _check_hazards(recorded: RecordedScores, terms: GradingTerms, run: GradingRun) -> None:
    if recorded.hazards != [hazard.key for hazard in terms.hazards]:
        raise Refused(
            msg("第 {number} 次分级的灾种与现行规则库不同，不能按现行规则试算；请先重新分级", number=run.id),
            code="other-rules",
        )


def _try_entropy(recorded: RecordedScores, rulebook: RuleBook, terms: GradingTerms) -> EntropyAnswer:
    try:
        weights, units = entropy_weights(recorded.scores)
    except UnsoundWeights as trouble:
        return {"weights": None, "units": 0, "trial": None, "because": str(trouble)}
    trial = try_weights(ENTROPY, recorded.scores, terms, weights)
    told = dict(zip(recorded.hazards, weights, strict=True))
    return {"weights": told, "units": units, "trial": _describe(trial, recorded, rulebook, terms), "because": None}


def _judged(form: TrialForm, terms: GradingTerms) -> tuple[dict[str, float], Consistency]:
    matrix = [[float(Fraction(cell)) for cell in row] for row in form.judgements or []]
    size = len(terms.criteria)
    if len(matrix) != size or any(len(row) != size for row in matrix):
        raise BadParameter(
            msg("两两比较判断应为 {size} 行 {size} 列：{criteria}", size=size, criteria=[*terms.criteria]),
            code="figures",
        )
    try:
        judged = judge_pairwise(matrix)
    except UnsoundWeights as trouble:
        wrong = [{"field": "judgements", "message": str(trouble)}]
        raise BadParameter(msg("两两比较判断应为正数，且对称位置互为倒数"), code="figures", errors=wrong) from trouble
    told: Consistency = {
        "ratio": round(judged.consistency_ratio, 6),
        "largest_eigenvalue": round(judged.largest_eigenvalue, 6),
        "accepted": judged.consistency_ratio < LARGEST_RATIO,
    }
    return dict(zip(terms.criteria, judged.weights, strict=True)), told


def _given(weights: dict[str, float], terms: GradingTerms) -> dict[str, float]:
    if set(weights) != set(terms.criteria) or not sum(weights.values()) > 0:
        raise BadParameter(
            msg("每个准则都要有权重，且不能全为 0：{criteria}", criteria=[*terms.criteria]), code="figures"
        )
    whole = sum(weights.values())
    return {criterion: weights[criterion] / whole for criterion in terms.criteria}


def _by_hazard(weights: dict[str, float], terms: GradingTerms) -> list[float]:
    """A criterion's weight is shared by its hazards as in the rules."""
    ruled = dict.fromkeys(terms.criteria, 0.0)
    for hazard in terms.hazards:
        ruled[hazard.criterion] += hazard.weight
    return [weights[one.criterion] * one.weight / ruled[one.criterion] for one in terms.hazards]


def _describe(trial: Trial, recorded: RecordedScores, rulebook: RuleBook, terms: GradingTerms) -> TrialAnswer:
    published, tried = recorded.scores.rank, trial.rank
    names = ["", *(look.name for look in rulebook.scheme(terms.scheme).grades)]
    changed = np.flatnonzero(published != tried)
    worst_first = changed[np.argsort(tried[changed] - published[changed], kind="stable")][:MOST_MOVES]
    order = compare_order(
        try_weights(trial.method, recorded.scores, terms, terms.weights).composite.weighted, trial.composite.weighted
    )
    return {
        "method": trial.method,
        "name": code_name("trial_method", trial.method),
        "bounds": [round(bound, 6) for bound in trial.bounds],
        "weights": dict(zip(recorded.hazards, (round(one, 6) for one in trial.weights), strict=True)),
        "gvf": None if trial.gvf is None else round(trial.gvf, 5),
        "thinned": trial.thinned,
        "counts": {str(rank): int((tried == rank).sum()) for rank in range(len(names))},
        "changed": len(changed),
        "worse": int(((tried < published) & (tried > 0) & (published > 0)).sum()),
        "milder": int(((tried > published) & (published > 0)).sum()),
        "moves": [
            {
                "area": recorded.keys[at],
                "name": recorded.names[at],
                "from": names[published[at]] or None,
                "from_rank": int(published[at]) or None,
                "to": names[tried[at]] or None,
                "to_rank": int(tried[at]) or None,
            }
            for at in worst_first.tolist()
        ],
        "stability": {
            "rho": None if order.rho is None else round(order.rho, 4),
            "same_worst": order.same_worst,
            "of_worst": order.of_worst,
        },
    }
