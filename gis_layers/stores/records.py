"""Audit entries and the facts of the deployment."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis_layers.tables.records import AuditEntry, DeploymentFact

TAKEN = "take away file"
"""What the audit calls it when a file leaves."""


def record_audit(session: Session, *, actor: str, action: str, subject: str, detail: dict[str, Any]) -> None:
    """Append one entry to the audit, in the transaction of the write it tells of."""
    session.add(AuditEntry(actor=actor, action=action, subject=subject, detail=detail))
    session.flush()


def read_facts(session: Session) -> dict[str, Any]:
    """Every fact of the deployment by name."""
    return {fact.name: fact.value for fact in session.scalars(select(DeploymentFact))}


def save_fact(session: Session, name: str, value: Any) -> None:
    """Set one fact of the deployment."""
    statement = insert(DeploymentFact).values(name=name, value=value)
    session.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def find_taken(session: Session, digest: str) -> AuditEntry | None:
    """The first entry of a file of this SHA-256 that left."""
    asked = select(AuditEntry).where(AuditEntry.action == TAKEN, AuditEntry.detail["sha256"].astext == digest)
    return session.scalar(asked.order_by(AuditEntry.id).limit(1))
