"""The siting judgement: sites, published zones and surveyed ground in, screening opinions out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from risk_model.firmness import Shift
from risk_model.rulebook import RuleBook
from risk_model.siting.by_class import verdicts_by_class
from risk_model.siting.judgement import JudgedGroup, judge_sites, layers_of
from risk_model.siting.own_scale import with_firmness
from risk_model.siting.parts import join_opinions
from risk_model.siting.unasked import list_unasked, unasked_themes
from risk_model.vocabulary import (
    AssessmentSet,
    ConstraintSet,
    ExtentSet,
    ObjectSet,
    Opinion,
    Site,
    Verdict,
    ZoneSet,
)

BY_SEVERITY = {verdict.severity: verdict for verdict in Verdict}


def review_site(
    site: Site,
    zones: ZoneSet,
    extents: ExtentSet,
    rulebook: RuleBook,
    on: date,
    *,
    objects: ObjectSet | None = None,
    constraints: ConstraintSet | None = None,
    assessments: AssessmentSet | None = None,
    by_class: bool = False,
    firmness: bool = False,
) -> Opinion:
    """The screening opinion on one site on the day ``on``.

    ``zones`` and ``extents`` in the site's metric CRS; they must hold at least what lies within
    ``rulebook.reach_by_hazard(site)`` of the footprint; ``objects`` those registered within ``rulebook.object_reach_m``
    and ``constraints`` the land set aside within ``rulebook.constraint_reach_m``, None where a register is not asked (its
    themes are then left out); ``assessments`` the regional ones that meet the footprint. ``by_class`` also asks for the
    verdict as each other class, for which all must reach as far as for each of ``as_every_class``, of a site with parts of
    each part; ``firmness`` for what decides where borders move, and for the verdict by the zones' own scale. UnreadableSite when the
    site cannot be judged.
    """
    layers = layers_of(zones, extents, constraints, rulebook)

    def judge(one: Site) -> Opinion:
        (judged,) = judge_sites([one], layers, (objects, assessments), (rulebook, on), threads=1)
        ((_, opinion),) = _opinions(judged)
        told = with_firmness(opinion, judged) if firmness else opinion
        if not by_class:
            return told
        ground, beside = (zones, extents), (objects, constraints)
        verdicts = verdicts_by_class(one, told, ground, (rulebook, on), beside=beside, judged=judged)
        return replace(told, by_class=verdicts)

    if site.parts:
        return join_opinions(site, [judge(part) for part in site.parts], rulebook)
    return judge(site)


def review_sites(
    sites: Sequence[Site],
    zones: ZoneSet,
    extents: ExtentSet,
    rulebook: RuleBook,
    on: date,
    *,
    objects: ObjectSet | None = None,
    constraints: ConstraintSet | None = None,
    assessments: AssessmentSet | None = None,
    threads: int = 2,
) -> list[Opinion]:
    """The opinions on many sites, in their order: each the same as :func:`review_site` gives for it alone.

    The parts of a site are judged as sites beside one another, and what they are given is joined.
    """
    layers = layers_of(zones, extents, constraints, rulebook)
    pieces = [piece for site in sites for piece in (site.parts or (site,))]
    judged = judge_sites(pieces, layers, (objects, assessments), (rulebook, on), threads=threads)
    opinions = {number: opinion for of in judged for number, opinion in _opinions(of)}
    told = iter([opinions[number] for number in range(len(pieces))])
    return [
        join_opinions(site, [next(told) for _ in site.parts], rulebook) if site.parts else next(told) for site in sites
    ]


def _opinions(judged: JudgedGroup) -> Iterator[tuple[int, Opinion]]:
    """The opinion on every site of one asker, with its place."""
    severity, shifted, borderline = judged.severity.drawn, judged.severity.shifted, judged.borderline
    mandatory, footprints = judged.rulebook.terms.mandatory[judged.asker.project_class], judged.footprints
    unasked = unasked_themes(judged.asker, judged.rulebook)
    for number, place in enumerate(judged.numbers.tolist()):
        surveyed = (report for of in judged.told for report in of.reports(number, mandatory))
        themes = (*surveyed, *([judged.beside.report(number)] if judged.beside else ()))
        yield (
            place,
            Opinion(
                verdict=BY_SEVERITY[int(severity[number])],
                borderline=bool(borderline[number]),
                data_gaps=judged.data_gaps(number),
                themes=themes,
                sensitivity=tuple(_shift(m, BY_SEVERITY[int(worst[number])]) for m, worst in shifted.items()),
                footprint=footprints.geometry[number],
                area_m2=float(footprints.area_m2[number]),
                buffered_m=float(footprints.buffered_m[number]),
                seismic_class=judged.asker.seismic_class,
                conditions=judged.conditions(number),
                notes=judged.notes(number),
                not_asked=list_unasked(unasked, themes),
            ),
        )


_shift = lru_cache(maxsize=256)(Shift)
