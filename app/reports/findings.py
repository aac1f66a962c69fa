"""The evidence of an opinion in sentences: themes with their findings, the weightiest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.http.figures import area_words, length_words, share_words
from app.reports.part_words import ground_words, is_unknown
from app.reports.stakes import tell_stretches
from app.reports.surveys import Surveys, survey_told, survey_warnings, survey_words
from app.reports.told import Badge, ToldFinding, ToldTheme, as_written
from risk_model.codes import code_name, enumeration
from risk_model.errors import UnknownScheme
from risk_model.message import Message, bilingual, msg
from risk_model.rulebook import RuleBook
from risk_model.vocabulary import Verdict

Told = Mapping[str, Any]
"""A part of the answer of a check, in plain JSON."""

READ_FIRST: Final = ("concerned", "no_data", "not_concerned")
"""What a theme says of the site, in the order the evidence is read."""
NO_JUDGEMENT: Final = msg("没有资料，不作判断")
UNKNOWN: Final = Badge("?", code_name("theme_status", "no_data"), "is-no_data")


@dataclass(frozen=True, slots=True)
class Sources:
    """Sources of the words: the rulebook that names themes and grades, and the surveys of the zones that were met."""

    rulebook: RuleBook
    surveys: Surveys


def verdict_badge(verdict: str) -> Badge:
    """The word of a verdict with its sign."""
    known = enumeration("verdict")[verdict]
    return Badge(known.sign, known.name, f"is-{known.code}")


def severity(verdict: str) -> int:
    """3 for prohibited down to 0 for permitted."""
    return Verdict(verdict).severity


def said(told: Told, name: str) -> Message:
    """What the rulebook says in both languages."""
    return bilingual(told[name], told.get(f"{name}_en") or "")


def theme_name(theme: Told, rulebook: RuleBook) -> Message:
    """Name of a theme; one that came with another rulebook goes by the name the answer gives."""
    if theme["theme"] in rulebook.themes:
        return rulebook.hazard_name(theme["theme"])
    return as_written(theme.get("name") or theme["theme"])


def met_name(finding: Told, rulebook: RuleBook) -> str:
    """Name of the zone or the object a finding speaks of."""
    met = finding["object"]
    if met is None:
        return as_written(finding["zone_name"] or str(finding["zone"]))
    return (
        as_written(met["name"])
        if met["name"]
        else msg("{register} {number}", register=kind_name(met["kind"], rulebook), number=met["id"])
    )


def told_themes(themes: Sequence[Told], sources: Sources) -> Iterator[ToldTheme]:
    """Every theme, the one with the weightiest finding first."""
    for theme in sorted(themes, key=lambda one: (-_weight(one), READ_FIRST.index(one["status"]))):
        unknown = theme["status"] == "no_data"
        yield ToldTheme(
            key=theme["theme"],
            name=theme_name(theme, sources.rulebook),
            status=code_name("theme_status", theme["status"]),
            reach=_reach(theme),
            told=NO_JUDGEMENT if unknown else _clear(theme, sources.rulebook),
            outcome=UNKNOWN if unknown else code_name("theme_status", theme["status"]),
            findings=tuple(_told(finding, theme, sources) for finding in _weightiest(theme["findings"])),
            surveys=tuple(survey_words(survey_told(one)) for one in theme.get("surveys", ())),
        )


def _weight(theme: Told) -> int:
    return max((severity(one["verdict"]) for one in theme["findings"] if one["rule"]), default=-1)


def _weightiest(findings: Sequence[Told]) -> list[Told]:
    return sorted(findings, key=lambda one: -severity(one["verdict"]))


def _reach(theme: Told) -> str:
    if not theme["reach_m"] or theme["status"] == "no_data":
        return ""
    reached, known = length_words(theme["reach_m"]), share_words(theme["reach_share"])
    if "parts" in theme:
        return msg("规则还看各分区外至多 {d} 以内，其中至少 {share} 有调查", d=reached, share=known)
    return msg("规则还看拟选址范围外 {n} 以内，其中 {share} 有调查", n=reached, share=known)


def _clear(theme: Told, rulebook: RuleBook) -> Message:
    if theme["theme"] in rulebook.constraints:
        return msg("拟选址范围不在已载入的范围内")
    return msg("拟选址范围不在已发布的区划内")


def _told(finding: Told, theme: Told, sources: Sources) -> ToldFinding:
    unknown = is_unknown(finding, theme)
    product = product_said(finding, theme["findings"])
    message, basis = said(finding, "message"), said(finding, "basis")
    survey = sources.surveys.get((str(finding["zone"]), finding["zone_version"])) if finding["zone"] else None
    follows, below = (message, basis) if finding["message"] else (basis, "")
    rule = None if unknown else finding["rule"]
    return ToldFinding(
        name=str(finding["zone"]) if unknown else _with_product(met_name(finding, sources.rulebook), product),
        zone=None if finding["object"] else str(finding["zone"]),
        badge=None if unknown else _grade(finding, sources.rulebook),
        measures=(*_measures(finding), *(survey_warnings(survey) if survey else ())),
        survey=survey_words(survey) if survey else "",
        mark=_mark(finding, sources.rulebook),
        follows=NO_JUDGEMENT if unknown else (follows if rule else message or "—"),
        basis=below if rule else "",
        rule=rule,
        rule_kind=_kind(finding) if rule else "",
        procedure=_procedure(finding) if rule else "",
        outcome=UNKNOWN if unknown else verdict_badge(finding["verdict"]) if rule else msg("无规则限制"),
    )


def product_said(finding: Told, beside: Sequence[Told]) -> str:
    """The product a finding stands on, where those beside it on zones stand on others; else empty."""
    differ = {one["product"] for one in beside if one["zone"]}
    return code_name("product", finding["product"]) if finding["zone"] and len(differ) > 1 else ""


def _with_product(name: str, product: str) -> str:
    return msg("{name} · {product}", name=name, product=product) if product else name


def _measures(finding: Told) -> Iterator[Message]:
    part = ground_words(finding)
    if finding["overlap_m2"] > 0:
        area, share = area_words(finding["overlap_m2"]), share_words(finding["overlap_share"])
        if part is None:
            yield msg("重叠 {area}，占拟选址范围 {share}", area=area, share=share)
        else:
            yield msg("重叠 {area}，占{part} {share}", area=area, part=part, share=share)
    elif part is not None:
        yield msg("与{part}不重叠，相距 {d}", part=part, d=length_words(finding["distance_m"]))
    else:
        yield msg("不重叠，相距 {d}", d=length_words(finding["distance_m"]))
    yield from tell_stretches(finding)
    if finding["sliver"]:
        yield msg("重叠极窄，可能是边界误差，仍照常计入")


def _mark(finding: Told, rulebook: RuleBook) -> str:
    met = finding["object"]
    if met is None:
        return f"{finding['zone']} · v{finding['zone_version']}"
    return msg("{register} {number}", register=kind_name(met["kind"], rulebook), number=met["id"])


def kind_name(kind: str, rulebook: RuleBook) -> str:
    """Name of a register or of a kind of land set aside."""
    return rulebook.hazard_name(kind) if kind in rulebook.constraints else code_name("register", kind)


def _grade(finding: Told, rulebook: RuleBook) -> Badge | None:
    rank, scheme = finding["grade_rank"], finding["grade_scheme"]
    if not finding["grade"]:
        return None
    try:
        looks = rulebook.scheme(scheme).grades if scheme else ()
    except UnknownScheme:
        looks = ()
    look = next((one for one in looks if one.rank == rank), None)
    if look is None:
        return Badge("", as_written(finding["grade"]), "")
    return Badge(look.numeral, bilingual(look.name, look.name_en), f"rank-{rank} of-{scheme}")


def _kind(finding: Told) -> str:
    kind = code_name("basis_kind", finding["basis_kind"])
    return msg("{kind} · {local}", kind=kind, local=msg("本地")) if finding["local"] else kind


def _procedure(finding: Told) -> str:
    english = finding["procedure_en"]
    steps = [bilingual(step, english[n] if n < len(english) else "") for n, step in enumerate(finding["procedure"])]
    return msg("{steps}", steps=steps) if steps else ""
