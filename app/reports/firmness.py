"""Firmness of a verdict in words: what it would be with borders elsewhere, and which zones decide that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from app.http.figures import length_words, scale_words
from app.reports.findings import Told, kind_name, theme_name, verdict_badge
from app.reports.told import Firmness, ShiftedVerdict, as_written
from risk_model.firmness import MM_A_METRE
from risk_model.message import Message, msg
from risk_model.rulebook import RuleBook


def tell_firmness(answer: Told, rulebook: RuleBook) -> Firmness | None:
    """How firm the verdict of ``answer`` is; None where no border was moved."""
    shifts: list[Any] = [*answer["sensitivity"]]
    if not shifts:
        return None
    own = answer.get("own_scale")
    verdicts = {shift["verdict"] for shift in shifts} | ({own[way]["verdict"] for way in WAYS} if own else set())
    steps = sorted([*shifts, {"shift_m": 0, "verdict": answer["verdict"]}], key=lambda one: one["shift_m"])
    told = [*_shifted([one for one in shifts if one.get("deciders")], rulebook)]
    told += [*_by_own_scale(answer["verdict"], own, rulebook)] if own else []
    return Firmness(_in_one(verdicts, answer["verdict"]), tuple(_step(one) for one in steps), tuple(told))


WAYS: Final = ("outward", "inward")


def _in_one(verdicts: set[str | None], drawn: str) -> Message:
    if verdicts == {drawn}:
        return msg("区划边界移动后结论不变")
    if verdicts == {drawn, None}:
        return msg("有区划比例尺不明，结论是否稳定不能确定")
    return msg("区划边界移动后结论会变")


def _step(shift: Told) -> ShiftedVerdict:
    shift_m, verdict = shift["shift_m"], shift["verdict"]
    moved = f"{'+' if shift_m > 0 else '−'}{abs(shift_m):g} m" if shift_m else msg("现状")
    return ShiftedVerdict(moved, verdict, verdict_badge(verdict), now=shift_m == 0)


def _shifted(shifts: Sequence[Told], rulebook: RuleBook) -> Iterator[Message]:
    """A sentence for the shifts on which the same verdict hangs by the same deciders, the smallest first."""
    alike: dict[tuple[bool, str, str], list[Told]] = {}
    for one in sorted(shifts, key=lambda shift: abs(shift["shift_m"])):
        alike.setdefault(
            (one["shift_m"] > 0, one["verdict"], repr((one["deciders"], one["deciders_more"]))), []
        ).append(one)
    for (outward, verdict, _), several in alike.items():
        told = {"deciders": _named(several[0], "deciders", rulebook), "verdict": verdict_badge(verdict).words}
        moved = [length_words(abs(one["shift_m"])) for one in several]
        if outward:
            yield msg("若边界外移 {n}：{deciders} → {verdict}", n=moved, **told)
        else:
            yield msg("若边界内移 {n}：不再触及 {deciders} → {verdict}", n=moved, **told)


def _by_own_scale(drawn: str, own: Told, rulebook: RuleBook) -> Iterator[Message]:
    if own["errors"]:
        yield msg(
            "区划自身误差按图上 {n} 毫米计：{scales}", n=f"{own['map_error_mm']:g}", scales=_scales(own["errors"])
        )
    outward, inward = (own[way] for way in WAYS)
    if outward["verdict"] == inward["verdict"] == drawn:
        yield msg("各区划按自身误差移动，结论不变")
    if outward["deciders"]:
        told = {"deciders": _named(outward, "deciders", rulebook), "verdict": _verdict(outward)}
        yield msg("各区划按自身误差外移：{deciders} → {verdict}", **told)
    if inward["deciders"]:
        told = {"deciders": _named(inward, "deciders", rulebook), "verdict": _verdict(inward)}
        yield msg("各区划按自身误差内移：不再触及 {deciders} → {verdict}", **told)
    if own["unscaled"]:
        coarsest = scale_words(round(own["furthest_m"] / own["map_error_mm"] * MM_A_METRE))
        unscaled = _named(own, "unscaled", rulebook)
        yield _unscaled(outward, inward)
        yield msg("比例尺未注明或粗于 {scale}：{zones}", scale=coarsest, zones=unscaled)


def _unscaled(outward: Told, inward: Told) -> Message:
    if outward["verdict"] is None and inward["verdict"] is None:
        return msg("按自身误差外移或内移的结论不能确定")
    return msg("按自身误差外移的结论不能确定") if outward["verdict"] is None else msg("按自身误差内移的结论不能确定")


def _verdict(erring: Told) -> Message | str:
    return msg("不能确定") if erring["verdict"] is None else verdict_badge(erring["verdict"]).words


def _scales(errors: Sequence[Told]) -> list[Message]:
    """The error of each scale once, the finest first."""
    known = sorted({one["scale"]: one["error_m"] for one in errors}.items())
    return [msg("{scale} 为 {n}", scale=scale_words(scale), n=f"{round(error_m, 1):g} m") for scale, error_m in known]


def _named(told: Told, name: str, rulebook: RuleBook) -> list[Message]:
    """Those of ``name`` that are named, and how many are not."""
    more = told[f"{name}_more"]
    # A road and the ground along it stand for two objects of one name.
    named = [*dict.fromkeys(_decider(one, rulebook) for one in told[name])]
    return [*named, msg("另 {n} 处", n=more)] if more else named


def _decider(one: Told, rulebook: RuleBook) -> Message:
    theme, met = theme_name({"theme": one["theme"]}, rulebook), one["object"]
    if met is None:
        mark = f"{one['zone']} v{one['zone_version']}"
        if not one["name"]:
            return msg("{mark}（{theme}）", mark=mark, theme=theme)
        return msg("{name}（{mark}，{theme}）", name=as_written(one["name"]), mark=mark, theme=theme)
    number = msg("{register} {number}", register=kind_name(met["kind"], rulebook), number=met["id"])
    return msg("{mark}（{theme}）", mark=as_written(met["name"]) if met["name"] else number, theme=theme)
