"""The parts of a site in sentences: each with its class, its verdict and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from app.http.figures import area_words
from app.reports import phrases
from app.reports.by_class import tell_part_classes
from app.reports.findings import Told, verdict_badge
from app.reports.part_words import answer_of_part, part_name
from app.reports.told import Say, ToldSitePart, ToldSiteParts
from risk_model.codes import code_name
from risk_model.message import Message, bilingual, msg
from risk_model.rulebook import RuleBook
from risk_model.vocabulary import ProjectClass

TITLE: Final = phrases.PARTS
GRAVEST: Final = msg("结论取各分区中最重的一个。")


def tell_parts(answer: Told, rulebook: RuleBook, why: Callable[[Told], Message]) -> ToldSiteParts | None:
    """The parts of a site, ``why`` tells what the verdict of each rests on; None of a site without."""
    parts = answer.get("parts")
    if not parts:
        return None
    return ToldSiteParts(TITLE, tuple(_told(one, answer, rulebook, why) for one in parts), GRAVEST)


def _told(part: Told, answer: Told, rulebook: RuleBook, why: Callable[[Told], Message]) -> ToldSitePart:
    names = rulebook.terms.class_names.get(ProjectClass(part["project_class"]))
    about = [msg("{key} {name}", key=part["project_class"], name=bilingual(*names) if names else "")]
    about.append(msg("抗震设防 {name}", name=code_name("seismic_class", part["seismic_class"])))
    if part["building_type"] and part["building_type"] in rulebook.terms.building_types:
        kind = rulebook.terms.building_types[part["building_type"]]
        about.append(bilingual(kind.name_zh, kind.name_en))
    about.append(msg("占地 {area}", area=area_words(part["area_m2"])))
    if part["borderline"]:
        about.append(phrases.BORDERLINE)
    reason = why(answer_of_part(answer, part))
    return ToldSitePart(
        name=part_name(part["name"]),
        about=tuple(about),
        verdict=part["verdict"],
        badge=verdict_badge(part["verdict"]),
        reason=reason,
        by_class=tell_part_classes(part, rulebook),
    )


def part_lines(told: ToldSiteParts | None, say: Say) -> list[str]:
    """A line for each part, for files that have cells and no markup."""
    if told is None:
        return []
    lines = [
        "\n".join(
            [
                " · ".join([say(one.name), f"{one.badge.sign} {say(one.badge.words)}", *map(say, one.about)]),
                say(one.reason),
            ]
        )
        for one in told.parts
    ]
    return [*lines, say(told.note)]
