"""Differences between two rulebooks, field by field, as people are shown them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from risk_model.rulebook.articles import RULE, Article, articles_of
from risk_model.rulebook.loader import read_documents
from risk_model.rulebook.overlay_application import as_proposed
from risk_model.rulebook.overlays import OVERLAY, Overlay, whole_overlay
from risk_model.rulebook.toml_text import plain
from risk_model.vocabulary import FieldChange

GROUNDS = "basis"
"""The pseudo field under which a change of what an article rests on is told."""


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[FieldChange]:
    """Every field that differs between two sets of rule files, in order.

    A field of "" tells of an article that only one of them has. Local changes also tell what they rest on.
    """
    old, new = (_articles(texts) for texts in (before, after))
    local = _overlay(after)
    rows: list[FieldChange] = []
    for mark in sorted(set(old) | set(new)):
        for field, was, becomes in _differing(old.get(mark), new.get(mark)):
            change = local.changes.get((mark, field))
            backing = plain(change.backing.as_table()) if change else {}
            row = {"article": mark, "field": field, "old": plain(was), "new": plain(becomes), **backing}
            rows.append(cast("FieldChange", row))
    return rows


def _overlay(texts: Mapping[str, str]) -> Overlay:
    return whole_overlay(read_documents(texts).get(OVERLAY))


def _articles(texts: Mapping[str, str]) -> dict[str, Article]:
    documents = read_documents(texts)
    return articles_of(as_proposed(documents, whole_overlay(documents.get(OVERLAY))))


def _differing(old: Article | None, new: Article | None) -> Iterator[tuple[str, Any, Any]]:
    if old is None or new is None:
        yield "", old and old.content, new and new.content
        return
    was, becomes = _told(old), _told(new)
    for field in sorted(set(was) | set(becomes)):
        if was.get(field) != becomes.get(field):
            yield field, was.get(field), becomes.get(field)


def _told(article: Article) -> dict[str, Any]:
    rests_on = article.content.get("grounds") if article.kind == RULE else article.backing
    return article.fields | {GROUNDS: rests_on}
