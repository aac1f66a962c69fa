"""Themes not asked: those the rulebook knows and by which no rule in force can object to such a project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from risk_model.conditions import NotAsked
from risk_model.operators import Bilingual
from risk_model.rulebook import Hazard, RuleBook
from risk_model.siting.requirements import ProjectProfile
from risk_model.vocabulary import ThemeReport, ThemeStatus

NO_RULE = Bilingual("规则库对该专题没有选址规则", "the rulebook has no siting rule on this theme")
NO_DEMAND = Bilingual("规则对此类项目不作限制", "the rules restrict no project of this class")


def unasked_themes(asker: ProjectProfile, rulebook: RuleBook) -> Mapping[str, Bilingual]:
    """Why each theme is not asked that is not, in theme order; one nobody may do without is always asked."""
    mandatory = rulebook.terms.mandatory[asker.project_class]
    themes = {key: theme for key, theme in rulebook.themes.items() if key not in mandatory}
    return {key: why for key, theme in themes.items() for why in _why(theme, asker)}


def _why(theme: Hazard, asker: ProjectProfile) -> Iterator[Bilingual]:
    rules = [rule for rule in theme.rules if rule.in_force(asker.on)]
    if not rules:
        yield NO_RULE
    elif not any(rule.speaks_of(asker.building_type) and rule.verdicts[asker.project_class].kind for rule in rules):
        yield NO_DEMAND


def list_unasked(unasked: Mapping[str, Bilingual], reports: Sequence[ThemeReport]) -> tuple[NotAsked, ...]:
    """The themes of ``unasked`` of which nothing was met and nothing is unknown: what is either is told as that."""
    clear = {report.theme: report.status is ThemeStatus.NOT_CONCERNED and not report.findings for report in reports}
    return tuple(NotAsked(key, why.zh, why.en) for key, why in unasked.items() if clear.get(key, True))
