"""The impact of a draft as files: a workbook, one table of all that is touched, and the same as GeoJSON with its ground."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import orjson

from app.reports import phrases
from app.reports.told import Say
from app.reports.workbook import TENTHS, WHOLE, BookSheet, SheetColumn, about_sheet, write_book
from app.zones.impact_schemas import CoverageImpact, DraftImpact, GradeGround
from app.zones.impact_words import NO_ZONE, UNGRADED
from gis_layers.exchange.text.cells import guarded
from risk_model.codes import code_name
from risk_model.message import msg

COLUMNS: Final = (
    (msg("类别"), ""), (msg("编号"), ""), (msg("名称"), ""), (msg("变化"), ""), (msg("原来"), ""), (msg("以后"), ""),
    (msg("数量"), TENTHS), (msg("单位"), ""), (msg("经度"), ""), (msg("纬度"), ""),
)  # fmt: skip
TURNS: Final = {"entering": msg("转入更高风险"), "leaving": msg("转入较低风险"), "both": msg("分级方案不同，无法比较")}


@dataclass(frozen=True, slots=True)
class ImpactFacts:
    """What an impact is of: the draft, its theme names by key, when it was worked out."""

    draft: int
    name: str
    hazards: dict[str, str]
    told_at: str
    synthetic: bool


@dataclass(frozen=True, slots=True)
class ImpactRow:
    """One line of the table of all that is touched; ``place`` is longitude and latitude, ``geometry`` changed ground."""

    group: str
    key: str
    name: str
    turns: str
    before: str
    after: str
    amount: float | None
    unit: str
    place: tuple[float, float] | None = None
    geometry: Any = None

    @property
    def cells(self) -> list[object]:
        """The cells, in the order of ``COLUMNS``."""
        lon, lat = self.place or (None, None)
        return [
            self.group, self.key, self.name, self.turns, self.before, self.after,
            None if self.amount is None else round(self.amount, 2), self.unit,
            None if lon is None else round(lon, 7), None if lat is None else round(lat, 7),
        ]  # fmt: skip


def rows_of(impact: DraftImpact, facts: ImpactFacts, say: Say) -> list[ImpactRow]:
    """All that is touched: ground, people, things, projects, areas."""
    return [
        *_ground(impact, facts, say),
        *_people(impact, say),
        *_things(impact, say),
        *_projects(impact, say),
        *_areas(impact, say),
        *_coverage(impact["coverage"], say),
    ]


def _ground(impact: DraftImpact, facts: ImpactFacts, say: Say) -> Iterator[ImpactRow]:
    for theme in impact["themes"]:
        named = f"{say(facts.hazards.get(theme['hazard'], theme['hazard']))} · {say(code_name('product', theme['product']))}"
        for move in theme["changes"]:
            yield ImpactRow(
                say(msg("地面")), "", named, say(TURNS[move["turns"]]), _grade(move["before"], say),
                _grade(move["after"], say), move["area_m2"], "m²", geometry=move["geometry"],
            )  # fmt: skip


def _people(impact: DraftImpact, say: Say) -> Iterator[ImpactRow]:
    for side, exposed in (("entering", impact["entering"]), ("leaving", impact["leaving"])):
        unknown = exposed["people"] is None
        told = exposed["people_at_least"] if unknown else exposed["people"]
        named = say(msg("人口（至少，有的村没有人口数）") if unknown else msg("人口"))
        yield ImpactRow(say(msg("人口")), "", named, say(TURNS[side]), "", "", told, say(msg("人")))
        for register in ("buildings", "enterprises", "facilities", "stations"):
            count = exposed.get(register)
            named = say(code_name("register", register))
            amount = float(count) if isinstance(count, int) else None
            yield ImpactRow(say(msg("合计")), "", named, say(TURNS[side]), "", "", amount, say(msg("个")))


def _things(impact: DraftImpact, say: Say) -> Iterator[ImpactRow]:
    for one in impact["things"]:
        unit = {"m": "m", "m2": "m²"}.get(one["unit"] or "", "")
        named = one["name"] or say(msg("（没有名称）"))
        group = say(code_name("register", one["register"]))
        place = (one["place"][0], one["place"][1])
        yield ImpactRow(group, one["key"] or "", named, say(TURNS[one["turns"]]), "", "", one["shared"], unit, place)


def _projects(impact: DraftImpact, say: Say) -> Iterator[ImpactRow]:
    for one in impact["projects"]:
        before, after = (say(code_name("verdict", one[side])) for side in ("before", "after"))
        place = (one["place"][0], one["place"][1])
        group, turns = say(code_name("register", "projects")), say(msg("判定改变"))
        yield ImpactRow(group, str(one["id"]), one["name"], turns, before, after, None, "", place)


def _areas(impact: DraftImpact, say: Say) -> Iterator[ImpactRow]:
    for one in impact["areas"]:
        before, after = _grade(one["before"], say), _grade(one["after"], say)
        place = (one["place"][0], one["place"][1])
        group, turns = (
            say(code_name("grading_unit", one["unit"])),
            say(msg("等级改变：{by}", by=code_name("grading_product", one["product"]))),
        )
        yield ImpactRow(group, one["area"], one["name"], turns, before, after, None, "", place)


def _coverage(coverage: CoverageImpact, say: Say) -> Iterator[ImpactRow]:
    group = say(msg("救援覆盖"))
    if coverage["why_not"] is not None:
        yield ImpactRow(group, "", say(msg("没有计算：{why}", why=coverage["why_not"])), "", "", "", None, "")
    for band in coverage["bands"]:
        named = say(msg("{minutes} 分钟内到达的人口", minutes=f"{band['minutes']:g}"))
        more = float(band["after"] - band["before"])
        yield ImpactRow(group, "", named, "", str(band["before"]), str(band["after"]), more, say(msg("人")))
    for force in coverage["forces"]:
        place = (force["place"][0], force["place"][1])
        group = say(code_name("register", "forces"))
        yield ImpactRow(group, force["id"], force["name"], say(TURNS[force["turns"]]), "", "", None, "", place)
    for road in coverage["roads"]:
        named, group = road["name"] or say(msg("（没有名称）")), say(msg("避让的道路"))
        old, new, place = f"{road['before_m']:g} m", f"{road['after_m']:g} m", (road["place"][0], road["place"][1])
        yield ImpactRow(group, "", named, "", old, new, round(road["after_m"] - road["before_m"], 1), "m", place)


def _grade(one: GradeGround | None, say: Say) -> str:
    if one is None:
        return say(NO_ZONE)
    return say(one["grade"] or UNGRADED)


def write_impact_book(impact: DraftImpact, facts: ImpactFacts, say: Say) -> bytes:
    """The impact as a workbook: ground by grade, all that is touched, what it rests on."""
    columns = tuple(SheetColumn(say(heading), written) for heading, written in COLUMNS)
    listed = BookSheet(say(msg("影响清单")), columns, [one.cells for one in rows_of(impact, facts, say)], stays=3)
    about = about_sheet(say(msg("说明")), (say(phrases.FACT), say(phrases.TOLD)), _about(impact, facts, say))
    return write_book([_by_grade(impact, facts, say), listed, about])


def _by_grade(impact: DraftImpact, facts: ImpactFacts, say: Say) -> BookSheet:
    headings = (
        (msg("灾种"), ""), (msg("成果类型"), ""), (msg("等级"), ""), (msg("增加（平方米）"), WHOLE), (msg("减少（平方米）"), WHOLE),
    )  # fmt: skip
    rows = [
        [
            say(facts.hazards.get(theme["hazard"], theme["hazard"])),
            say(code_name("product", theme["product"])),
            _grade(one, say),
            round(one["gained_m2"], 2),
            round(one["lost_m2"], 2),
        ]
        for theme in impact["themes"]
        for one in theme["grades"]
    ]
    return BookSheet(say(msg("分等级面积")), tuple(SheetColumn(say(name), written) for name, written in headings), rows)


def _about(impact: DraftImpact, facts: ImpactFacts, say: Say) -> list[tuple[str, object]]:
    judged = impact["areas_judged"]
    told: list[tuple[str, object]] = [
        (say(msg("草稿")), f"{facts.draft} · {facts.name}"),
        (say(msg("将启用的版次")), impact["next_edition"]),
        (say(msg("对照的版次")), impact["against"] or "—"),
        (say(msg("提交时留存")), impact["kept_at"] or "—"),
        (say(msg("判定日期")), impact["judged_on"]),
        (say(msg("统计时间")), facts.told_at),
        (say(msg("附近的项目")), say(msg("{near} 个，其中 {judged} 个重新判定", near=impact["projects_near"], judged=impact["projects_judged"]))),
        (say(msg("重新分级的单元")), say(msg("涉及单元太多，没有重新分级")) if judged is None else judged),
        (say(msg("列出的对象")), say(msg("共 {all} 项，列出 {told} 项", all=impact["things_in_all"], told=len(impact["things"])))),
    ]  # fmt: skip
    return [*told, (say(msg("数据")), say(msg("演示数据(合成)")))] if facts.synthetic else told


def write_impact_table(impact: DraftImpact, facts: ImpactFacts, say: Say) -> bytes:
    """All that is touched as CSV (UTF-8 with a mark, so that spreadsheets read it); cells are guarded against formulas."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([guarded(say(heading)) for heading, _ in COLUMNS])
    for one in rows_of(impact, facts, say):
        writer.writerow(["" if cell is None else guarded(cell) for cell in one.cells])
    return text.getvalue().encode("utf-8-sig")


def write_impact_features(impact: DraftImpact, facts: ImpactFacts, say: Say) -> bytes:
    """All that is touched and lies somewhere as a FeatureCollection; names of the properties as the columns of the table."""
    headings = [say(heading) for heading, _ in COLUMNS[:8]]
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(headings, one.cells, strict=False)),
            "geometry": one.geometry or {"type": "Point", "coordinates": one.place},
        }
        for one in rows_of(impact, facts, say)
        if one.geometry or one.place
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features})


WRITERS: Final = {"xlsx": write_impact_book, "csv": write_impact_table, "geojson": write_impact_features}
"""What writes each kind of file."""
