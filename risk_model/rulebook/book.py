"""The rulebook: one immutable value that answers every question about schemes, hazards, rules and terms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from risk_model.errors import UnknownGrade, UnknownHazard, UnknownScheme
from risk_model.message import Message, bilingual, msg
from risk_model.rulebook.chains import Chains
from risk_model.rulebook.grades import Scheme, fold_word
from risk_model.rulebook.hazards import Hazard
from risk_model.rulebook.isolation import Isolation
from risk_model.rulebook.neighbours import Neighbours
from risk_model.rulebook.overlays import OVERLAY, Overlay, whole_overlay
from risk_model.rulebook.regional import RegionalKind
from risk_model.rulebook.rules import Rule
from risk_model.rulebook.run_cards import RunCards
from risk_model.rulebook.terms import SitingTerms
from risk_model.vocabulary import Grade, ProjectClass, SeismicClass, Site


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules in force with the ``fingerprint`` (sha256) of their content; hazards come in theme order.

    ``documents`` holds the parsed content of every rule file by name ("siting", "hazards/flood"), also of those
    other parts of the model read. ``texts`` are the files themselves, by which a rulebook travels between processes.
    """

    version: str
    fingerprint: str
    hazards: Mapping[str, Hazard]
    schemes: Mapping[str, Scheme]
    unassessed_words: frozenset[str]
    terms: SitingTerms
    chains: Chains
    documents: Mapping[str, Mapping[str, Any]]
    texts: Mapping[str, str]
    reload: Callable[[Mapping[str, str]], RuleBook]
    neighbours: Neighbours | None = None
    constraints: Mapping[str, Hazard] = field(default_factory=lambda: MappingProxyType({}))
    regional: Mapping[str, RegionalKind] = field(default_factory=lambda: MappingProxyType({}))
    isolation: Isolation | None = None
    run_cards: RunCards | None = None
    _reaches_m: dict[tuple[str, ProjectClass, SeismicClass], float] = field(
        default_factory=dict, init=False, repr=False
    )

    def __reduce__(self) -> tuple[Callable[[Mapping[str, str]], RuleBook], tuple[dict[str, str]]]:
        return self.reload, (dict(self.texts),)

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RuleBook) and other.fingerprint == self.fingerprint

    @property
    def overlay(self) -> Overlay:
        """Changes of this deployment to the packaged rules, and its additions."""
        return whole_overlay(self.documents.get(OVERLAY))

    def rule(self, mark: str) -> Rule | None:
        """The siting rule of this id; None where there is none."""
        return next((rule for rule in self.rules if rule.id == mark), None)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every siting rule, in theme order and then file order."""
        return tuple(rule for hazard in self.themes.values() for rule in hazard.rules)

    @property
    def themes(self) -> dict[str, Hazard]:
        """Every theme of an opinion in order: the hazards, then land set aside, then the objects around a site."""
        objects = {} if self.neighbours is None else {self.neighbours.theme.key: self.neighbours.theme}
        return {**self.hazards, **self.constraints, **objects}

    def hazard(self, key: str) -> Hazard:
        """The hazard of ``key``; UnknownHazard names the file that would add it."""
        if key not in self.hazards:
            raise UnknownHazard(
                msg(
                    "没有灾种 '{key}'。请添加 rules/hazards/{key}.toml，或用：{hazards}",
                    key=key,
                    hazards=[*self.hazards],
                )
            )
        return self.hazards[key]

    def hazard_name(self, key: str) -> Message:
        """Name of a hazard, in both languages; the key where published zones are of one without a file."""
        hazard = self.themes.get(key)
        return bilingual(hazard.name_zh, hazard.name_en) if hazard else bilingual(key, key)

    def theme_order(self, keys: Iterable[str]) -> dict[str, int]:
        """Place of each theme in the order of the rulebook; ``keys`` it has no file for come last, by name."""
        known = list(self.themes)
        return {key: place for place, key in enumerate([*known, *sorted(set(keys) - set(known))])}

    def scheme(self, key: str) -> Scheme:
        """The grade scheme of ``key``; UnknownScheme lists those there are."""
        if key not in self.schemes:
            raise UnknownScheme(msg("没有分级方案 '{key}'。可用：{schemes}", key=key, schemes=[*self.schemes]))
        return self.schemes[key]

    def grade(self, scheme: str, rank: int) -> Grade:
        """The grade of ``rank`` (1 = worst) in ``scheme``; UnknownGrade when the scheme has no such rank."""
        grades = self.scheme(scheme).grades
        if not 1 <= rank <= len(grades):
            raise UnknownGrade(
                msg("方案 '{scheme}' 的等级为 1 到 {count}，没有 {rank}", scheme=scheme, count=len(grades), rank=rank)
            )
        return Grade(scheme, rank, grades[rank - 1].name)

    def grade_words(self, scheme: str) -> Mapping[str, Grade]:
        """Every word a delivery may use for a grade of ``scheme``: NFKC, no blanks, small letters and capitals."""
        return self.scheme(scheme).words

    def read_grade(self, scheme: str, word: str) -> Grade | None:
        """The grade a delivery means by ``word``; None where it says nobody assessed it, UnknownGrade otherwise."""
        folded = fold_word(word)
        if folded in self.unassessed_words or not folded:
            return None
        grade = self.grade_words(scheme).get(folded)
        if grade is None:
            names = " / ".join(look.name for look in self.scheme(scheme).grades)
            raise UnknownGrade(
                msg(
                    "'{word}' 不是方案 '{scheme}' 的等级（{names}）。请改正，或另选方案",
                    word=word,
                    scheme=scheme,
                    names=names,
                )
            )
        return grade

    def score(self, grade: Grade) -> float:
        """A grade as a score above 0 up to 1 (1 = worst): (n - rank + 1) / n of its scheme."""
        levels = len(self.scheme(grade.scheme))
        return (levels - self.grade(grade.scheme, grade.rank).rank + 1) / levels

    def default_scheme(self, hazard: str, product: str) -> str:
        """The scheme a layer of ``product`` carries unless its importer says otherwise."""
        defaults = self.hazard(hazard).default_schemes
        return defaults.get(product, defaults["hazard"])

    def mandatory_themes(self, project_class: ProjectClass) -> tuple[str, ...]:
        """Themes without which a project of this class is never called clear, in theme order."""
        return tuple(key for key in self.surveyed_themes if key in self.terms.mandatory[project_class])

    @property
    def surveyed_themes(self) -> dict[str, Hazard]:
        """The themes that know only the ground somebody surveyed, in order: hazards and land set aside."""
        return {**self.hazards, **self.constraints}

    def is_survey(self, hazard: str, product: str) -> bool:
        """Whether a layer of ``product`` counts as a survey of ``hazard``; of one the rulebook does not know none does."""
        theme = self.hazards.get(hazard) or self.constraints.get(hazard)
        return theme is not None and theme.surveyed_by(product)

    def products_read(self, hazard: str) -> frozenset[str]:
        """Products the siting rules of ``hazard`` read."""
        return self.hazard(hazard).products_read

    def seismic_class(self, site: Site) -> SeismicClass:
        """The site's fortification class: the declared one, or the default of its project class.

        A declaration below what the standard lets such a building have does not count: the least it lets it have does.
        """
        declared, least = site.seismic_class, self.terms.least_seismic_class(site.project_class, site.building_type)
        if declared is None:
            return self.terms.seismic_class[site.project_class]
        return SeismicClass.strictest([declared, least])

    def theme_reach_m(self, key: str, project_class: ProjectClass, seismic_class: SeismicClass) -> float:
        """The distance in metres below which some rule of the theme ``key`` may object to such a project.

        It is asked of every check, and told once.
        """
        asked = key, project_class, seismic_class
        if asked not in self._reaches_m:
            self._reaches_m[asked] = self.themes[key].reach_m(project_class, seismic_class)
        return self._reaches_m[asked]

    def reach_by_hazard(self, site: Site) -> dict[str, float]:
        """Metres around the site's footprint within which zones of each hazard may change the opinion."""
        kind = site.project_class, self.seismic_class(site)
        return {key: self.theme_reach_m(key, *kind) + self.terms.shifts_m[-1] for key in self.hazards}

    def constraint_reach_m(self, site: Site) -> float:
        """Metres around the site's footprint within which land set aside may change the opinion."""
        kind = site.project_class, self.seismic_class(site)
        reaches = (self.theme_reach_m(key, *kind) for key in self.constraints)
        return max(reaches, default=0.0) + self.terms.shifts_m[-1]

    def object_reach_m(self, site: Site, on: date) -> float:
        """Metres around the site's footprint within which registered objects may change the opinion; -1: none is asked."""
        if self.neighbours is None:
            return -1.0
        reach_m = self.neighbours.reach_m(site.project_class, site.building_type, on)
        return reach_m if reach_m < 0 else reach_m + self.terms.point_m[ProjectClass.K2] + self.terms.shifts_m[-1]

    def registers_asked(self, site: Site, on: date) -> frozenset[str]:
        """The registers of objects that may change the opinion on the site."""
        if self.neighbours is None:
            return frozenset()
        return self.neighbours.registers(site.project_class, site.building_type, on)

    def search_reach_m(self, seismic_class: SeismicClass) -> float:
        """Metres around any footprint of this seismic class within which zones may change the opinion."""
        reaches = (h.reach_m(one, seismic_class) for h in self.hazards.values() for one in ProjectClass)
        return max(reaches) + self.terms.shifts_m[-1]
