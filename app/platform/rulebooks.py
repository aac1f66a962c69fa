"""The rulebooks of a deployment: the packaged one, the one in force, and those recorded verdicts were made by."""

from __future__ import annotations

from functools import cache

from sqlalchemy.orm import Session, sessionmaker

from app import __version__
from app.platform.errors import Refused
from app.platform.once import Once
from gis_layers.stores import rulebooks
from gis_layers.stores.publication import RulebookInForce, read_rulebook_in_force
from gis_layers.stores.records import record_audit
from risk_model.errors import RiskModelError
from risk_model.message import msg
from risk_model.rulebook import LocalRule, Overlay, RuleBook, RuleChange, amend, load_rulebook
from risk_model.rulebook.comparison import differences

SOFTWARE = f"software:{__version__}"
"""Who published a version that came with the software; no account's name can hold a colon."""
_IN_FORCE = "rulebook in force"


@cache
def packaged_rulebook() -> RuleBook:
    """The rules that came with this software, read once."""
    return load_rulebook()


class RulebookLost(Refused):
    """A rulebook that was never in force in this deployment."""


class RulebookCache:
    """Rulebooks by fingerprint, each read from the database once and then shared by all threads.

    Which one is in force is asked of the database anew in every transaction, and held to until its end.
    """

    def __init__(self) -> None:
        self.packaged = self._last = packaged_rulebook()
        self._known: Once[str, RuleBook] = Once(8)

    def in_force(self, session: Session) -> RuleBook:
        """The rulebook this transaction judges by."""
        held: RuleBook | None = session.info.get(_IN_FORCE)
        return held or self.hold(session, read_rulebook_in_force(session))

    def likely(self, session: Session) -> RuleBook:
        """The rulebook this transaction judges by where that is settled, else that of the last one."""
        held: RuleBook | None = session.info.get(_IN_FORCE)
        return held or self._last

    def hold(self, session: Session, version: RulebookInForce | None) -> RuleBook:
        """Let the rest of the transaction judge by ``version``, which a statement of it said is in force."""
        book = self.packaged if version is None else self.of(session, version.fingerprint)
        session.info[_IN_FORCE] = self._last = book
        return book

    def of(self, session: Session, fingerprint: str) -> RuleBook:
        """The rulebook of ``fingerprint``; RulebookLost where this deployment never judged by it."""
        if fingerprint == self.packaged.fingerprint:
            return self.packaged
        return self._known.get(fingerprint, lambda: _load(session, fingerprint))


def _load(session: Session, fingerprint: str) -> RuleBook:
    texts = rulebooks.read_texts(session, fingerprint)
    if texts is None:
        raise RulebookLost(msg("规则库 {mark} 没有在本部署中发布过，无法按当时的规则重算", mark=fingerprint[:12]))
    return load_rulebook(texts)


def archive_texts(session: Session, book: RuleBook, *, packaged: RuleBook) -> None:
    """Keep a book's files for as long as anything may rest on it."""
    rulebooks.save_texts(session, book.fingerprint, packaged=packaged.fingerprint, texts=book.texts)


def settle_rulebook(sessions: sessionmaker[Session], shelf: RulebookCache) -> None:
    """See that the rules that came with the software are in force, under what this deployment changed of them."""
    with sessions.begin() as session:
        if _is_settled(session, shelf):
            return
        rulebooks.lock_rulebook(session)
        if not _is_settled(session, shelf):
            _publish_packaged(session, shelf)


def _is_settled(session: Session, shelf: RulebookCache) -> bool:
    newest = read_rulebook_in_force(session)
    if newest is None:
        return False
    return rulebooks.packaged_fingerprint(session, newest.fingerprint) == shelf.packaged.fingerprint


def _publish_packaged(session: Session, shelf: RulebookCache) -> None:
    newest, packaged = rulebooks.newest_version(session), shelf.packaged
    before = None if newest is None else shelf.of(session, newest.fingerprint)
    book, dropped = _carry_over(packaged, before.overlay if before else Overlay.of())
    reason = "随软件更新规则，沿用本地改动" if before else "随软件装载的规则"
    if dropped:
        reason += f"；以下本地改动在新规则下不再成立，未沿用：{'、'.join(dropped)}"
    archive_texts(session, packaged, packaged=packaged)
    archive_texts(session, book, packaged=packaged)
    diff = differences(before.texts, book.texts) if before else []
    new = rulebooks.NewVersion(book.fingerprint, SOFTWARE, reason, diff)
    version = rulebooks.publish_version(session, new)
    detail = {"fingerprint": book.fingerprint, "dropped": dropped}
    record_audit(
        session, actor=SOFTWARE, action="publish rulebook", subject=f"rulebook {version.number}", detail=detail
    )


def _carry_over(packaged: RuleBook, overlay: Overlay) -> tuple[RuleBook, list[str]]:
    """The packaged rules under as much of ``overlay`` as still holds on them, and the names of what does not."""
    kept, dropped = Overlay.of(), []
    items: list[RuleChange | LocalRule] = [*overlay.changes.values(), *overlay.rules.values()]
    for item in items:
        tried = kept.with_(item)
        try:
            amend(packaged.texts, tried)
        except RiskModelError:
            dropped.append(item.id if isinstance(item, LocalRule) else " ".join(item.key))
        else:
            kept = tried
    return amend(packaged.texts, kept), dropped
