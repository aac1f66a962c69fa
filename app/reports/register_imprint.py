"""The printing of a register: what stands around its rows, read from the deployment, for whom it may be."""

from __future__ import annotations

from collections.abc import Iterator

from app.http.i18n import in_language
from app.platform.clock import CHINA
from app.platform.work import Work
from app.reports import phrases
from app.reports.imprint import Order, house_of, issued, refuse_unapproved, stamped
from app.reports.register_paper import RegisterPaper, RegisterTable
from gis_layers.stores.publication import PublicationState, read_publication_state
from risk_model.message import Message, msg


def register_paper_of(work: Work, table: RegisterTable, order: Order) -> RegisterPaper:
    """``table`` as a paper. Raises Refused for a public one where the deployment has no 审图号."""
    refuse_unapproved(work, order.profile)
    standing = read_publication_state(work.session)

    def say(words: str) -> str:
        return in_language(words, order.language)

    return RegisterPaper(
        table=table,
        house=say(house_of(work)),
        title=say(msg("{register}台账", register=table.title)),
        run=say(msg("{edition} · 数据日期 {day}", edition=_edition(standing), day=_day(standing))),
        profile=say(order.profile.words),
        language=order.language,
        provenance=tuple((say(name), say(words)) for name, words in _provenance(work, standing, order)),
    )


def _edition(standing: PublicationState) -> Message:
    edition = standing.edition
    return msg("尚未启用区划") if edition is None else msg("第 {n} 版区划", n=edition.number)


def _day(standing: PublicationState) -> str | Message:
    return msg("未注明") if standing.data_date is None else str(standing.data_date)


def _provenance(work: Work, standing: PublicationState, order: Order) -> Iterator[tuple[str, str | Message]]:
    edition, rulebook = standing.edition, work.rulebook_of(standing)
    yield msg("区划版次"), msg("尚未启用区划") if edition is None else stamped(edition.number, edition.fingerprint)
    yield msg("规则库"), stamped(rulebook.version, rulebook.fingerprint)
    yield msg("数据日期"), _day(standing)
    yield msg("判断日期"), order.at.astimezone(CHINA).date().isoformat()
    yield from issued(work, order)
    yield phrases.STATEMENT, phrases.DISCLAIMER
