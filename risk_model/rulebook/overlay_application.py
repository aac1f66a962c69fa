"""The packaged documents with a deployment's overlay worked in.

What makes a siting rule stricter never touches the rule: a companion stands beside it, with the deployment's own ground,
so that the packaged rule goes on saying what its law says and the worst of the two holds. What is asked of some ground is
asked of all worse ground of its kind as well. Everything else is set in place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from risk_model.rulebook.articles import RULE, Article, Documents, articles_of, document_of_theme, place_of
from risk_model.rulebook.change_policy import VERDICT, direction_of
from risk_model.rulebook.overlays import COMPANION_SUFFIX, OVERLAY, LocalRule, Overlay, RuleChange
from risk_model.rulebook.strictness import Sense, sense_of
from risk_model.vocabulary import BasisKind, CorridorKind, ProjectClass

LETTERS = {BasisKind.LAW: "L", BasisKind.STANDARD: "S", BasisKind.DEFAULT: "D"}
IN_WORDS = frozenset(["procedure", "message", "message_en", "note", "note_en"])
"""Fields of a rule that no verdict depends on: they are set in the rule itself."""
GENERAL = "用地触及{zone}，本地规则对该类项目另有限制"
GENERAL_EN = "The site meets {zone}; a local rule restricts projects of this class"

Row = dict[str, Any]


def with_overlay(documents: Documents, overlay: Overlay) -> dict[str, Any]:
    """A copy of the packaged ``documents`` as this deployment judges by them; the overlay itself stands in it too."""
    worked = {name: deepcopy(document) for name, document in documents.items() if name != OVERLAY}
    if not overlay:
        return worked
    packaged, stricter = articles_of(documents), defaultdict[str, list[RuleChange]](list)
    for change in overlay.changes.values():
        article = packaged[change.article]
        if article.kind == RULE and change.field not in IN_WORDS:
            sense = sense_of(direction_of(article, change.field), article.fields[change.field], change.value)
            if sense is Sense.TIGHTER:
                stricter[change.article].append(change)
                continue
        _set_in_place(worked, article, change)
    for mark, changes in stricter.items():
        _add_companion(worked, packaged[mark], changes)
    for rule in overlay.rules.values():
        row = _row_of(rule)
        _carry_to_worse(row, worked["grades"]["schemes"])
        _add_rule(worked, rule, row)
    return {**worked, OVERLAY: overlay.as_document()}


def as_proposed(documents: Documents, overlay: Overlay) -> dict[str, Any]:
    """The packaged ``documents`` with every new value simply in its field: what people read and compare, no judgement."""
    told = {name: deepcopy(document) for name, document in documents.items() if name != OVERLAY}
    packaged = articles_of(documents)
    for change in overlay.changes.values():
        if change.article in packaged:
            _set(told, packaged[change.article], change.field, change.value)
    for rule in overlay.rules.values():
        _add_rule(told, rule, _row_of(rule))
    return told


def _add_rule(documents: dict[str, Any], rule: LocalRule, row: Row) -> None:
    documents[document_of_theme(documents, rule.hazard) or ""].setdefault("rules", []).append(row)


def _set(documents: dict[str, Any], article: Article, field: str, value: Any) -> None:
    place = place_of(article.content, field)
    if place is None:
        return
    *way, last = (*article.path, *place)
    target = _resolve(documents[article.document], way)
    if field.startswith(VERDICT) and article.kind == RULE:
        kind = str(target[last]).partition("-")[2] or "D"
        value = value if value == "A" else f"{str(value)[:1]}-{kind}"
    target[last] = deepcopy(value)


def _resolve(target: Any, place: Sequence[str | int]) -> Any:
    for step in place:
        target = target[step]
    return target


def _set_in_place(documents: dict[str, Any], article: Article, change: RuleChange) -> None:
    _set(documents, article, change.field, change.value)
    if article.kind != RULE:
        return
    row: Row = _resolve(documents[article.document], article.path)
    if change.field == "procedure":
        known = dict(zip(article.content["procedure"], article.content.get("procedure_en", ()), strict=False))
        row["procedure_en"] = [known.get(step, step) for step in change.value]
    if change.field in IN_WORDS:
        return
    one = change.field.removeprefix(VERDICT) if change.field.startswith(VERDICT) else ""
    kind = LETTERS[article.kind_of(change.field) or BasisKind.DEFAULT]
    row["grounds"] = [change.backing.as_ground(kind, [one] if one else list(ProjectClass)), *row.get("grounds", ())]


def _add_companion(documents: dict[str, Any], article: Article, changes: list[RuleChange]) -> None:
    rows: list[Row] = documents[article.document]["rules"]
    number = next(place for place, row in enumerate(rows) if row["id"] == article.id)
    row = deepcopy(rows[number])
    whole = [change for change in changes if not change.field.startswith(VERDICT)]
    single = {change.field.removeprefix(VERDICT): change for change in changes if change not in whole}
    for change in whole:
        _set_leaf(row, change)
    cells = {one: _cell(row["verdicts"][one], single.get(one), whole) for one in ProjectClass}
    grounds = [change.backing.as_ground(LETTERS[change.backing.kind], [one]) for one, change in single.items()]
    grounds += [change.backing.as_ground(LETTERS[change.backing.kind]) for change in whole]
    row |= {"id": article.id + COMPANION_SUFFIX, "of": article.id, "local": True, "verdicts": cells, "grounds": grounds}
    row["valid_from"] = max([row["valid_from"], *(change.backing.valid_from for change in changes)])
    if not row["message"]:
        row |= {"message": GENERAL, "message_en": GENERAL_EN}
    _carry_to_worse(row, documents["grades"]["schemes"])
    rows.insert(number + 1, row)


def _carry_to_worse(row: Row, schemes: Mapping[str, Any]) -> None:
    """Let a local row speak of worse ground too: worse grades, earlier water, corridors of unknown kind."""
    for key, names in dict(row.get("grades") or {}).items():
        order = [grade["name"] for grade in schemes[key]["grades"]] if key in schemes else []
        known = [order.index(name) for name in names if name in order]
        if len(known) == len(names) > 0:
            row["grades"] = row["grades"] | {key: order[: max(known) + 1]}
    if "conditions" in row:
        row["conditions"] = [one for one in row["conditions"] if not _spares_earlier(one)]
    if row.get("corridor_kinds"):
        row["corridor_kinds"] = sorted({*row["corridor_kinds"], CorridorKind.UNKNOWN.value})


def _spares_earlier(condition: Mapping[str, Any]) -> bool:
    return condition["attribute"] == "arrival_min" and condition["operator"] in ("above", "at_least")


def _cell(packaged: str, change: RuleChange | None, whole: list[RuleChange]) -> str:
    if change is not None:
        return f"{str(change.value)[:1]}-{LETTERS[change.backing.kind]}"
    letter = packaged.partition("-")[0]
    return f"{letter}-{LETTERS[whole[0].backing.kind]}" if whole and letter in ("F", "R") else "A"


def _set_leaf(row: Row, change: RuleChange) -> None:
    *way, last = place_of(row, change.field) or ()
    _resolve(row, way)[last] = deepcopy(change.value)


def _row_of(rule: LocalRule) -> Row:
    letter = LETTERS[rule.backing.kind]
    row: Row = {
        "id": rule.id,
        "relation": rule.relation,
        "products": list(rule.products),
        "verdicts": {one: f"{rule.verdicts[one]}-{letter}" if one in rule.verdicts else "A" for one in ProjectClass},
        "procedure": list(rule.procedure),
        "message": rule.message,
        "message_en": rule.message_en,
        "note": "",
        "valid_from": rule.backing.valid_from,
        "grounds": [rule.backing.as_ground(letter)],
        "local": True,
    }
    optional: Mapping[str, Any] = {"metres": rule.metres, "grades": rule.grades and dict(rule.grades)}
    return row | {key: value for key, value in optional.items() if value is not None}
