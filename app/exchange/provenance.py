"""The provenance of a file that leaves: by which edition and rulebook, of which date, judged when, and what it is not."""

from __future__ import annotations

import datetime

from app.judgement.logbook import Grounds
from app.platform.clock import CHINA
from app.platform.work import Work
from gis_layers.exchange import Provenance
from gis_layers.stores import runs
from gis_layers.stores.publication import read_publication_state
from gis_layers.stores.runs import GradingRun

DISCLAIMER = "筛查意见，不替代法定评估"
STATEMENT = f"{DISCLAIMER} / A screening opinion; it replaces no statutory assessment"
NEVER_PUBLISHED = "尚未发布 / none published"
NOT_STATED = "未注明 / not stated"


def provenance_now(work: Work, on: datetime.date) -> Provenance:
    """Grounds of a file taken away on day ``on``: the edition and the rulebook in force."""
    standing = read_publication_state(work.session)
    rulebook = work.rulebook_of(standing)
    return _told(
        edition=None if standing.edition is None else standing.edition.number,
        rulebook=(rulebook.version, rulebook.fingerprint),
        data_date=standing.data_date,
        on=on,
    )


def provenance_of_run(run: GradingRun) -> Provenance:
    """Grounds of the areas of ``run``: what was read when they were graded."""
    return _told(
        edition=run.edition,
        rulebook=(run.rulebook_version, run.rulebook_fingerprint),
        data_date=runs.data_date(run),
        on=run.ended_at.astimezone(CHINA).date(),
    )


def provenance_of_check(grounds: Grounds, data_date: datetime.date | None) -> Provenance:
    """Grounds of the answers of a check."""
    return _told(
        edition=grounds.edition,
        rulebook=(grounds.rulebook_version, grounds.rulebook_fingerprint),
        data_date=data_date,
        on=grounds.on,
    )


def _told(
    *, edition: int | None, rulebook: tuple[str, str], data_date: datetime.date | str | None, on: datetime.date
) -> Provenance:
    return {
        "edition": NEVER_PUBLISHED if edition is None else str(edition),
        "rulebook": " ".join(rulebook),
        "data_date": NOT_STATED if data_date is None else str(data_date),
        "judged_on": on.isoformat(),
        "statement": STATEMENT,
    }
