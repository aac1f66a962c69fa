"""The unit of work: one transaction of a deployment, and the rulebook by which it judges."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.platform.deployment import Deployment
from app.platform.settings import Settings
from gis_layers.stores.publication import PublicationState
from risk_model.rulebook import RuleBook


@dataclass(frozen=True, slots=True)
class Work:
    """One transaction, of which whoever began it decides: it is committed or taken back there and nowhere else.

    Whatever is asked of the database is asked through ``session``, so that all of it is of one moment and no second
    connection is held. ``pinned`` is a rulebook to judge by instead of the one in force: a proposed one, or one of the
    past.
    """

    session: Session
    deployment: Deployment
    pinned: RuleBook | None = None

    @property
    def settings(self) -> Settings:
        """The settings of the deployment."""
        return self.deployment.settings

    @property
    def rulebook(self) -> RuleBook:
        """The rulebook to judge by, as this transaction finds it in force."""
        return self.pinned or self.deployment.books.in_force(self.session)

    def likely_rulebook(self) -> RuleBook:
        """The rulebook to judge by, as far as is known without asking; ``rulebook_of`` tells whether it is."""
        return self.pinned or self.deployment.books.likely(self.session)

    def rulebook_of(self, standing: PublicationState) -> RuleBook:
        """The rulebook to judge by, where a statement of this transaction already told which is in force."""
        return self.pinned or self.deployment.books.hold(self.session, standing.rulebook)

    def judging_by(self, rulebook: RuleBook) -> Work:
        """This work with another rulebook than the one in force."""
        return replace(self, pinned=rulebook)
