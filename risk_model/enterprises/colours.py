"""The colour of one risk point: by matrix, by LEC, by the points of a diagnosis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from risk_model.enterprises.terms import EnterpriseTerms, Method, exact
from risk_model.errors import InvalidAssessment
from risk_model.message import msg
from risk_model.vocabulary import Colour

METHODS = ("matrix", "lec", "diagnosis")
FULL_SCORE = 100


@dataclass(frozen=True, slots=True)
class AssessedRiskPoint:
    """One assessed risk point; ``conditions`` are ids of direct-red conditions that are met.

    ``figures`` by name: of a matrix likelihood severity, of lec likelihood exposure consequence, of a diagnosis score.
    """

    name: str
    method: str
    figures: Mapping[str, float]
    conditions: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class AssessedPoint:
    """A risk point with its ``value`` (R, D or the points of the diagnosis) and the colour that follows."""

    point: AssessedRiskPoint
    value: float
    colour: Colour


def assess_point(point: AssessedRiskPoint, terms: EnterpriseTerms) -> AssessedPoint:
    """The value and colour of ``point``. InvalidAssessment for a method, figure or condition the rules do not know."""
    if point.method == "diagnosis":
        return _diagnosed(point, terms)
    if point.method not in METHODS:
        raise InvalidAssessment(
            msg(
                "风险点「{name}」的评估方法「{method}」不认识；可用：{known}",
                name=point.name,
                method=point.method,
                known=[*METHODS],
            )
        )
    if point.conditions:
        raise InvalidAssessment(msg("风险点「{name}」：直接判定情形只用于诊断分级", name=point.name))
    method = terms.matrix if point.method == "matrix" else terms.lec
    value = _product(point, method)
    colour = next((one for one, bound in method.lower_bounds.items() if value >= bound), Colour.BLUE)
    return AssessedPoint(point, float(value), colour)


def _product(point: AssessedRiskPoint, method: Method) -> Fraction:
    if set(point.figures) != set(method.scales):
        raise InvalidAssessment(msg("风险点「{name}」需要的分值：{figures}", name=point.name, figures=[*method.scales]))
    value = Fraction(1)
    for name, scale in method.scales.items():
        figure = point.figures[name]
        if not _finite(figure) or exact(figure) not in scale:
            listed = [f"{float(one):g}" for one in sorted(scale)]
            raise InvalidAssessment(
                msg(
                    "风险点「{name}」的 {scale} 不能取 {figure}；分值表只有：{known}",
                    name=point.name,
                    scale=name,
                    figure=f"{figure:g}",
                    known=listed,
                )
            )
        value *= exact(figure)
    return value


def _diagnosed(point: AssessedRiskPoint, terms: EnterpriseTerms) -> AssessedPoint:
    unknown = [one for one in point.conditions if one not in terms.direct_red]
    if unknown:
        listed = [*terms.direct_red]
        raise InvalidAssessment(
            msg(
                "风险点「{name}」的直接判定情形「{condition}」不认识；可用：{known}",
                name=point.name,
                condition=unknown[0],
                known=listed,
            )
        )
    score = point.figures.get("score")
    if set(point.figures) != {"score"} or score is None or not _finite(score) or not 0 <= score <= FULL_SCORE:
        raise InvalidAssessment(
            msg("风险点「{name}」的诊断得分应在 0 到 {most} 之间", name=point.name, most=FULL_SCORE)
        )
    by_score = next((one for one, bound in terms.diagnosis.items() if exact(score) >= bound), Colour.RED)
    return AssessedPoint(point, float(score), Colour.RED if point.conditions else by_score)


def _finite(figure: float) -> bool:
    return figure == figure and abs(figure) != float("inf")  # noqa: PLR0124 - NaN is not itself
