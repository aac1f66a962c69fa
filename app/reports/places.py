"""Places to compare with in sentences: each with what differs from the site, the smallest move and cut, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.http.figures import area_words, count_words, length_words, share_words
from app.reports import phrases
from app.reports.findings import Told, theme_name, verdict_badge
from app.reports.told import Say, ToldPlace, ToldPlaces
from risk_model.codes import code_name
from risk_model.message import Message, msg
from risk_model.rulebook import RuleBook

TITLE: Final = phrases.PLACES
NOTHING: Final = "—"
NO_MOVE_NEEDED: Final = msg("原位置没有触发已加载规则，不需要移动")


def tell_places(compared: Told | None, rulebook: RuleBook) -> ToldPlaces | None:
    """What was compared with the site; None where nobody asked for it."""
    if compared is None:
        return None
    return ToldPlaces(
        title=TITLE,
        places=tuple(_place(number, one, rulebook) for number, one in enumerate(compared["alternatives"], 1)),
        none_because=none_because(compared) or "",
        facts=tuple(_facts(compared)),
        tried=msg(
            "在 24 个方向和 {tried} 处试过，其中 {unsurveyed} 处没有资料、{set_aside} 处在管控范围内，都不列入。坡度没有资料，不参与排序。",
            tried=compared["tried"],
            unsurveyed=compared["unsurveyed"],
            set_aside=compared["set_aside"],
        ),
    )


def none_because(compared: Told) -> Message | None:
    """Why no place is named; None where there is one."""
    if compared["alternatives"]:
        return None
    tried, unsurveyed = compared["tried"], compared["unsurveyed"]
    told = {"tried": tried, "within_m": f"{compared['within_m']:.0f}", "unsurveyed": unsurveyed}
    if tried and unsurveyed == tried:
        return msg("{within_m} 米以内试了 {tried} 处，全部在没有资料的地面上；没有资料不能当作安全", **told)
    return msg(
        "{within_m} 米以内试了 {tried} 处，没有一处结论更轻、不在高危险区和管控范围内；其中 {unsurveyed} 处没有资料",
        **told,
    )


def no_move_because(compared: Told) -> Message | None:
    """Why no move is named; None where there is one."""
    if compared["smallest_move"] is not None:
        return None
    if compared["original"]["verdict"] == "permitted":
        return NO_MOVE_NEEDED
    return msg("{within_m} 米以内，各方向移动都不能使结论减轻", within_m=f"{compared['within_m']:.0f}")


def no_cut_because(compared: Told) -> Message | None:
    """Why no cut is named; None where there is one, and in answers kept before that was told."""
    code = compared.get("no_cut")
    return code_name("no_cut", code) if code else None


def place_lines(told: ToldPlaces, say: Say) -> list[str]:
    """A line for each place and fact, for files that have cells and no markup."""
    lines = []
    for one in told.places:
        head = " · ".join([say(one.name), f"{one.badge.sign} {say(one.badge.words)}", *map(say, one.about)])
        rows = [f"{say(theme)}: {say(before)} → {say(after)}" for theme, before, after in one.differences]
        lines.append("\n".join([head, *rows]))
    lines += [f"{say(name)}: {' · '.join(map(say, words))}" for name, words in told.facts]
    return [line for line in (say(told.none_because), *lines, say(told.tried)) if line]


def _place(number: int, one: Told, rulebook: RuleBook) -> ToldPlace:
    return ToldPlace(
        name=msg("第 {n} 处", n=number),
        badge=verdict_badge(one["verdict"]),
        about=tuple(_about(one, rulebook)),
        differences=tuple(
            (theme_name(theme, rulebook), _state(theme["before"]), _state(theme["after"]))
            for theme in one["differences"]
        ),
    )


def _about(one: Told, rulebook: RuleBook) -> Iterator[str]:
    if one["borderline"]:
        yield phrases.BORDERLINE
    yield _moved(one)
    road = one["road_distance_m"]
    yield msg("没有道路资料") if road is None else msg("距最近道路 {d}", d=length_words(road))
    if one["data_gaps"]:
        named = [theme_name({"theme": key, "name": None}, rulebook) for key in one["data_gaps"]]
        yield msg("没有资料、未核：{themes}", themes=named)


def _moved(one: Told) -> Message:
    return msg(
        "移动 {d}，方位角 {degrees}°", d=length_words(one["moved_m"]), degrees=count_words(one["bearing_deg"] % 360)
    )


def _state(state: Told) -> str:
    """A theme at a place: its worst verdict with the grade behind it, else its status."""
    if state["verdict"]:
        verdict = code_name("verdict", state["verdict"])
        return msg("{verdict} {grade}", verdict=verdict, grade=state["grade"]) if state["grade"] else verdict
    return code_name("theme_status", state["status"]) if state["status"] else NOTHING


def _facts(compared: Told) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The smallest move and the smallest cut by name."""
    move, cut = compared["smallest_move"], compared["smallest_cut"]
    if move is not None:
        yield msg("最小移动"), (_moved(move), verdict_badge(move["verdict"]).words)
    else:
        yield msg("最小移动"), (no_move_because(compared) or NOTHING,)
    if cut is not None:
        kept = msg("裁去 {area}，保留 {share}", area=area_words(cut["cut_m2"]), share=share_words(cut["kept_share"]))
        yield msg("最小裁减"), (kept, verdict_badge(cut["verdict"]).words)
    elif because := no_cut_because(compared):
        yield msg("最小裁减"), (because,)
