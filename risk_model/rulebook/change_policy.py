"""Local changes that may be made: a law only stricter, a standard milder only by a newer text, a default both."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from typing import TYPE_CHECKING, Any

from risk_model.errors import ChangeRefused
from risk_model.message import bilingual, msg
from risk_model.rulebook.articles import RULE, Article, Documents, articles_of, document_of_theme, place_of
from risk_model.rulebook.fields import Direction
from risk_model.rulebook.order import disorders
from risk_model.rulebook.overlays import LocalRule, Overlay, RuleChange
from risk_model.rulebook.strictness import WIDENS, Sense, sense_of
from risk_model.vocabulary import BasisKind

if TYPE_CHECKING:
    from risk_model.rulebook.book import RuleBook

VERDICT = "verdicts."


def admit(documents: Documents, overlay: Overlay) -> dict[tuple[str, str], Sense]:
    """Sense of each change of ``overlay`` to the packaged ``documents``; ChangeRefused for a forbidden one."""
    articles = articles_of(documents)
    for rule in overlay.rules.values():
        _admit_rule(documents, articles, rule)
    return {key: admit_change(articles, change) for key, change in overlay.changes.items()}


def admit_change(articles: Mapping[str, Article], change: RuleChange) -> Sense:
    """The sense of one change against the packaged articles; ChangeRefused where it may not be made."""
    article = articles.get(change.article)
    if article is None or place_of(article.content, change.field) is None:
        raise ChangeRefused(
            change.article,
            change.field,
            msg("规则库中没有这一项，可能已随软件更新改名"),
        )
    direction, old = direction_of(article, change.field), article.fields.get(change.field)
    if direction is Direction.IDENTITY or old is None:
        raise ChangeRefused(
            change.article,
            change.field,
            msg("这一项没有声明哪个方向更严，不能由本地改动"),
        )
    kind, sense = article.kind_of(change.field), sense_of(direction, old, change.value)
    if sense is Sense.SAME:
        raise ChangeRefused(change.article, change.field, msg("新值与随软件发布的值相同"))
    if sense is Sense.TIGHTER or kind is BasisKind.DEFAULT:
        return sense
    if kind is BasisKind.STANDARD and sense is Sense.LOOSER and _has_newer_text(article, change):
        return sense
    raise _refusal(article, change, kind, sense)


def direction_of(article: Article, path: str) -> Direction:
    """Direction that is stricter for this field of this article; a condition's follows from its operator."""
    direction = article.field(path).direction
    if direction is not Direction.BY_OPERATOR:
        return direction
    attribute = path.split(".")[1]
    operator = next(row["operator"] for row in article.content["conditions"] if row["attribute"] == attribute)
    return WIDENS.get(operator, Direction.NONE)


def _has_newer_text(article: Article, change: RuleChange) -> bool:
    """A verdict that rests on a standard may follow a standard or law newer than every one cited for it."""
    if article.kind != RULE or not change.field.startswith(VERDICT) or change.backing.kind is BasisKind.DEFAULT:
        return False
    cited: list[date] = [ground["valid_from"] for ground in article.content["grounds"] if ground["kind"] == "S"]
    return all(change.backing.valid_from > day for day in cited)


def _refusal(article: Article, change: RuleChange, kind: BasisKind | None, sense: Sense) -> ChangeRefused:
    named = article.field(change.field)
    name = bilingual(named.name_zh, named.name_en)
    if kind is BasisKind.LAW:
        why = msg("“{name}”以法律法规为据，本地只能收紧，不能放宽", name=name)
    elif kind is BasisKind.STANDARD:
        why = msg("“{name}”以标准规范为据，只能收紧；放宽须引用更新的标准或法规，且只限结论", name=name)
    else:
        why = msg("“{name}”没有可供比较的依据", name=name)
    if sense is Sense.UNORDERED:
        why = msg("{why}（新旧两值无法比较严宽）", why=why)
    return ChangeRefused(change.article, change.field, why)


def _admit_rule(documents: Documents, articles: Mapping[str, Article], rule: LocalRule) -> None:
    hazard: Mapping[str, Any] | None = documents.get(document_of_theme(documents, rule.hazard) or "")
    if hazard is None:
        raise ChangeRefused(rule.id, "hazard", msg("没有这个灾种"))
    if rule.id in articles:
        raise ChangeRefused(rule.id, "id", msg("编号已被占用"))
    read = {product for row in hazard.get("rules", ()) for product in row["products"]}
    strangers = sorted(set(rule.products) - read) if read else []
    if strangers or not rule.products:
        raise ChangeRefused(
            rule.id,
            "products",
            msg("只能读取该灾种规则已读取的成果；多读一种成果会把它的范围也算作已调查"),
        )


def refuse_disorder(book: RuleBook, milder: AbstractSet[tuple[str, str]]) -> None:
    """ChangeRefused where a change that is no tightening judges worse ground milder than better ground."""
    for mark, field in sorted(milder):
        rule = book.rule(mark)
        if rule is None:
            continue
        for found in disorders(book.themes[rule.hazard], dict(book.schemes)):
            raise ChangeRefused(
                mark,
                field,
                msg(
                    "改后更差的地段对 {project_class} 类反而比规则 {rule} 所管的地段更宽；请先放宽较轻的等级",
                    project_class=found.project_class,
                    rule=found.rule.id,
                ),
            )
