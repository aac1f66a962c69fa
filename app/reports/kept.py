"""Papers of checks on record: the PDF is laid out once, kept, and from then on handed out byte for byte."""

from __future__ import annotations

from app.platform.work import Work
from app.reports.files import write_paper
from app.reports.findings import Told
from app.reports.imprint import Order, Profile, house_of, paper_of, refuse_unapproved
from app.reports.paper import name_of_file
from gis_layers.canonical import canonical_text
from gis_layers.stores.papers import NewPaper, find_paper, keep_paper
from risk_model.rulebook import RuleBook


def print_opinion(work: Work, answer: Told, kind: str, *, rulebook: RuleBook, order: Order) -> tuple[str, bytes]:
    """Name and bytes of the file of an ``answer``.

    A PDF on record that was asked for before in the same way is the one that left then. Raises Refused as ``paper_of`` does.
    """
    refuse_unapproved(work, order.profile)
    record = answer["record"]
    name = name_of_file(record["number"] if record else "", kind)
    if kind != "pdf" or not record:
        paper = paper_of(work, answer, rulebook=rulebook, order=order)
        return name, write_paper(paper, kind, template=work.settings.report_template)
    imprint = imprint_of(work, order)
    kept = find_paper(work.session, record["number"], imprint)
    if kept is None:
        paper = paper_of(work, answer, rulebook=rulebook, order=order)
        places = paper.evidence.places
        digest = None if places is None else places.digest
        new = NewPaper(record["number"], imprint, order.at, digest, write_paper(paper, kind))
        kept = keep_paper(work.session, new)
    return name, kept.content


def imprint_of(work: Work, order: Order) -> str:
    """The canonical text of all that a paper depends on besides its check, the moment and the software."""
    return canonical_text(
        {
            "language": order.language,
            "profile": order.profile.value,
            "visits": order.visits and order.profile is Profile.INTERNAL,
            "house": house_of(work),
            "approval": work.settings.map_approval_number or "",
        }
    )
