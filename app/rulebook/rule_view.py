"""The rulebook as it is read: every rule and threshold with its basis, what this deployment changed, and a search."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from app.http.i18n import in_language
from app.platform.errors import NotFound
from app.rulebook.labels import in_other_languages
from risk_model.codes import code_name, enumeration
from risk_model.message import msg
from risk_model.rulebook import Article, Hazard, Rule, RuleBook, RuleChange, articles_of, as_proposed, read_documents
from risk_model.rulebook.articles import HAZARD, RULE, STRENGTH
from risk_model.rulebook.change_policy import direction_of
from risk_model.rulebook.fields import Direction, Named
from risk_model.vocabulary import BasisKind

PROSE = frozenset(["message", "message_en", "note", "note_en", "procedure", "procedure_en"])
SHOWN_APART = PROSE | {"relation", "products", "valid_from", "valid_to"}
TOLD = ("verdicts.", "grades.", "conditions.", "avoidance.study_message", "avoidance.study_basis")
"""Fields of a siting rule the page tells in a sentence of their own."""


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field: its value, the packaged one where this deployment changed it, and which way is stricter."""

    path: str
    name_zh: str
    name_en: str
    value: object
    packaged: object
    direction: Direction
    kind: BasisKind | None
    change: RuleChange | None

    @property
    def changeable(self) -> bool:
        """Whether a deployment may change it at all."""
        return self.direction is not Direction.IDENTITY and self.packaged is not None


@dataclass(frozen=True, slots=True)
class ArticleView:
    """One rule or table as a page shows it; ``rule`` for siting rules, ``companion`` what makes it stricter here."""

    id: str
    hazard: str | None
    title: str
    backing: Mapping[str, object]
    fields: tuple[FieldView, ...]
    rule: Rule | None = None
    companion: Rule | None = None
    grade_names: tuple[tuple[str, str], ...] = ()

    @property
    def local(self) -> bool:
        """Whether this deployment changed it or made it."""
        return bool(self.companion or (self.rule and self.rule.local) or any(each.change for each in self.fields))

    @property
    def kinds(self) -> set[str]:
        """Kinds of its grounds."""
        if self.rule is None:
            return {str(self.backing["basis_kind"])} if "basis_kind" in self.backing else set()
        return {str(cell.kind) for cell in self.rule.verdicts.values() if cell.kind}

    @property
    def kind(self) -> str:
        """The strongest kind of its grounds, under which it is counted and found; ``none`` where it rests on nothing."""
        return next((str(kind) for kind in STRENGTH if str(kind) in self.kinds), "none")

    @property
    def confidences(self) -> set[str]:
        """Confidences of its grounds."""
        if self.rule is None:
            return {str(self.backing["confidence"])} if "confidence" in self.backing else set()
        return {ground.confidence for ground in self.rule.grounds}

    def numbers(self, language: str) -> tuple[FieldView, ...]:
        """The fields a table lists for readers of ``language``; of a rule those no sentence tells."""
        left_out = in_other_languages({one.path for one in self.fields}, language)
        left_out |= SHOWN_APART if self.rule else frozenset[str]()
        return tuple(
            one
            for one in self.fields
            if one.path not in left_out
            and not (self.rule and (one.path.startswith(TOLD) or one.path.endswith(".intensity")))
        )


@dataclass(frozen=True, slots=True)
class RuleFilter:
    """Filter of a reader; empty fields ask for all. ``rank`` is that of ``scheme``."""

    hazard: str = ""
    product: str = ""
    scheme: str = ""
    rank: str = ""
    project_class: str = ""
    kind: str = ""
    confidence: str = ""
    q: str = field(default="")

    def speaks(self, article: ArticleView) -> bool:
        """Whether ``article`` is asked for."""
        said = _said(article)
        words = all(word in said for word in self.q.lower().split())
        return words and self._of_place(article) and self._of_standing(article)

    def _of_place(self, article: ArticleView) -> bool:
        rule = article.rule
        if self.hazard and article.hazard != self.hazard:
            return False
        if rule is None:
            by_class = any(one.path.split(".")[-1] == self.project_class for one in article.fields)
            return not (self.product or self.rank.isdecimal()) and (not self.project_class or by_class)
        if self.product and self.product not in rule.products:
            return False
        if self.project_class and not any(c == self.project_class and cell.kind for c, cell in rule.verdicts.items()):
            return False
        return not self.rank.isdecimal() or rule.knows(self.scheme, int(self.rank))

    def _of_standing(self, article: ArticleView) -> bool:
        kinds = {article.kind} | ({"local"} if article.local else set())
        return (not self.kind or self.kind in kinds) and (not self.confidence or self.confidence in article.confidences)


def read_articles(rulebook: RuleBook, on: datetime.date) -> list[ArticleView]:
    """Every article in reading order: siting rules in force on ``on`` by theme, then the tables of thresholds."""
    packaged = read_documents(rulebook.texts)
    before, now = articles_of(packaged), articles_of(as_proposed(packaged, rulebook.overlay))
    rules = [rule for rule in rulebook.rules if not rule.of and rule.in_force(on)]
    views = [_view(rulebook, now[rule.id], before.get(rule.id)) for rule in rules]
    tables = [article for article in now.values() if article.kind not in (RULE, HAZARD)]
    order = list(enumeration("rule_document"))
    tables.sort(key=lambda one: order.index(one.document) if one.document in order else len(order))
    return [*views, *(_view(rulebook, article, before.get(article.id)) for article in tables)]


def known_article(rulebook: RuleBook, mark: str, on: datetime.date) -> ArticleView:
    """The article of this address; NotFound without one."""
    found = next((one for one in read_articles(rulebook, on) if one.id == mark), None)
    if found is None:
        raise NotFound(msg("规则库中没有 {mark}；全部规则见 /rulebook", mark=mark))
    return found


def by_group(articles: list[ArticleView], hazards: Mapping[str, Hazard]) -> Iterator[tuple[str, list[ArticleView]]]:
    """Articles by the heading they stand under: the hazard's name or the document's."""
    groups: dict[str, list[ArticleView]] = {}
    for article in articles:
        document = article.id.split(".")[0]
        heading = hazards[article.hazard].name_zh if article.hazard else code_name("rule_document", document)
        groups.setdefault(heading, []).append(article)
    yield from groups.items()


def _view(rulebook: RuleBook, article: Article, packaged: Article | None) -> ArticleView:
    changes, before = rulebook.overlay.changes, packaged.fields if packaged else {}
    called = _called(rulebook)
    fields = []
    for path, value in article.fields.items():
        named, change = article.field(path, called), changes.get((article.id, path))
        direction = direction_of(article, path) if packaged else Direction.IDENTITY
        kind = packaged.kind_of(path) if packaged else None
        shown = (path, named.name_zh, named.name_en, value, before.get(path))
        fields.append(FieldView(*shown, direction, kind, change))
    rule = rulebook.rule(article.id) if article.kind == RULE else None
    return ArticleView(
        id=article.id,
        hazard=article.hazard,
        title=code_name("article", article.id) if article.id in enumeration("article") else "",
        backing=article.backing,
        fields=tuple(fields),
        rule=rule,
        companion=next((one for one in rulebook.rules if one.of == article.id), None),
        grade_names=_grade_names(rulebook, rule) if rule else (),
    )


@lru_cache(maxsize=8)
def _called(rulebook: RuleBook) -> Named:
    """What themes, schemes, indicators and looks are called, by which the parts of fields are named."""
    themes = {key: (theme.name_zh, theme.name_en) for key, theme in rulebook.themes.items()}
    schemes = {key: (scheme.name_zh, scheme.name_en) for key, scheme in rulebook.schemes.items()}
    kinds = ("grading_indicator", "zone_attribute", "fault_age", "capability")
    codes = {code.code: code.name for key in kinds for code in enumeration(key).values()}
    return themes | schemes | {key: (str(name), in_language(name, "en")) for key, name in codes.items()}


def _grade_names(rulebook: RuleBook, rule: Rule) -> tuple[tuple[str, str], ...]:
    looks = [
        look
        for scheme, ranks in (rule.grades or {}).items()
        for look in rulebook.scheme(scheme).grades
        if look.rank in ranks
    ]
    return tuple(dict.fromkeys((look.name, look.name_en) for look in looks))


def _said(article: ArticleView) -> str:
    """All that is said of an article, in small letters, for the search."""
    told: list[object] = [article.id, article.title, *article.backing.values()]
    for one in article.fields:
        told += [one.path, one.name_zh, one.name_en, one.value]
    if article.rule is not None:
        for ground in article.rule.grounds:
            told += [ground.basis, ground.basis_en, ground.source, ground.source_en]
    return " ".join(map(str, told)).lower()
