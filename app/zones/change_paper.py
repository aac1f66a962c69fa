"""The change log of an edition as a document: every zone that differs from another edition, on paper or as a workbook."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from app.http.figures import area_words, count_words
from app.http.i18n import in_language
from app.http.pagination import Page
from app.platform.errors import Refused
from app.platform.work import Work
from app.reports.imprint import Order
from app.reports.register_files import write_register
from app.reports.register_imprint import register_paper_of
from app.reports.register_paper import MOST_ROWS, RegisterKind, RegisterTable, TableCell, TableColumn
from app.reports.workbook import SQUARE_METRES
from app.zones.change_schemas import ChangeItem, ChangeSide, ChangeTotals
from app.zones.edition_changes import count_changes, find_changes
from gis_layers.stores.edition_changes import Span
from gis_layers.stores.editions import find_edition
from gis_layers.stores.records import read_facts
from risk_model.codes import code_name
from risk_model.message import Message, msg
from risk_model.rulebook import RuleBook

AT_ONCE = 1_000
NOTHING = "—"


def change_log(work: Work, span: Span, kind: RegisterKind, order: Order) -> bytes:
    """The change log as a file of ``kind``. Raises Refused where it would hold more rows than one file does."""
    counts = count_changes(work, span)
    total, most = counts["changed"] + counts["new"] + counts["gone"], MOST_ROWS[kind]
    if total > most:
        rows, least = count_words(total), count_words(most)
        raise Refused(
            msg("变更有 {rows} 行，一份文件最多 {most} 行；请比较相近的两版", rows=rows, most=least), code="unready"
        )

    def say(words: str) -> str:
        return in_language(words, order.language)

    table = RegisterTable(
        key="zone-changes",
        title=say(msg("第 {first} 版到第 {second} 版的区划变更", first=span.first, second=span.second)),
        columns=tuple(TableColumn(say(title), written, bool(written), long) for title, written, long in COLUMNS),
        rows=tuple(_row(work.rulebook, item, order.language) for item in _items(work, span, total)),
        narrowed=" · ".join(map(say, _about(work, span, counts))),
        synthetic=bool(read_facts(work.session).get("synthetic")),
    )
    return write_register(register_paper_of(work, table, order), kind)


def _about(work: Work, span: Span, counts: ChangeTotals) -> Iterator[Message]:
    yield msg("变化 {changed} 个，新增 {new} 个，消失 {gone} 个", **counts)
    later = find_edition(work.session, span.second)
    if later is not None:
        yield msg("第 {number} 版自 {day} 起生效", number=later.number, day=later.effective_on.isoformat())


def _items(work: Work, span: Span, total: int) -> Iterator[ChangeItem]:
    for offset in range(0, total, AT_ONCE):
        yield from find_changes(work, span, Page(limit=AT_ONCE, offset=offset))


COLUMNS = (
    (msg("区号"), "", False),
    (msg("专题"), "", False),
    (msg("变化"), "", False),
    (msg("名称"), "", True),
    (msg("原等级"), "", False),
    (msg("现等级"), "", False),
    (msg("原面积"), SQUARE_METRES, False),
    (msg("现面积"), SQUARE_METRES, False),
    (msg("面积增减"), SQUARE_METRES, False),
    (msg("改了什么"), "", True),
    (msg("来自"), "", False),
    (msg("分为或并入"), "", False),
)


def _row(rulebook: RuleBook, one: ChangeItem, language: str) -> tuple[TableCell, ...]:
    def say(words: str | Message) -> str:
        return in_language(words, language)

    before, after = one["before"], one["after"]
    standing = after or before
    assert standing is not None, "a zone that is in neither edition differs in none"
    comma = say(msg("、"))
    theme = f"{say(rulebook.hazard_name(one['hazard']))} · {say(code_name('product', one['product']))}"
    plain = (
        one["zone"],
        theme,
        say(code_name("zone_difference", one["state"])),
        standing["name"] or NOTHING,
        *(say(side["grade"]) if side and side["grade"] else NOTHING for side in (before, after)),
    )
    return (
        *map(TableCell, plain),
        *(_area(side, language) for side in (before, after)),
        TableCell(_signed(one["delta_m2"], language), round(one["delta_m2"], 2)),
        TableCell(comma.join(map(say, changed_words(one))) or NOTHING),
        *(TableCell(comma.join(one[which]) or NOTHING) for which in ("parents", "children")),
    )


def _area(side: ChangeSide | None, language: str) -> TableCell:
    if side is None:
        return TableCell(NOTHING)
    return TableCell(in_language(area_words(side["area_m2"]), language), round(side["area_m2"], 2))


def _signed(delta_m2: float, language: str) -> str:
    sign = "+" if delta_m2 > 0 else "−" if delta_m2 < 0 else ""
    return sign + in_language(area_words(abs(delta_m2)), language)


def changed_words(one: ChangeItem) -> list[Message]:
    """What of a zone that stands in both editions is otherwise."""
    if one["state"] != "changed":
        return []
    return words_of_change(one["attributes"], reshaped=one["reshaped"], regraded=one["regraded"])


def words_of_change(attributes: Collection[str], *, reshaped: bool, regraded: bool) -> list[Message]:
    """Border, grade, other attributes: which of them are otherwise."""
    others = set(attributes) - {"grade", "grade_rank", "grade_scheme"}
    told = ((reshaped, msg("边界")), (regraded, msg("等级")), (bool(others), msg("其他属性")))
    return [words for is_so, words in told if is_so]
