"""Losses by a restore: entries of the present database that the backup cannot hold."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from psycopg2 import sql

from gis_layers.backups.addresses import Connection
from gis_layers.backups.manifest import FIRST_ENTRY, Manifest

OWN_ACTIONS = ("make backup", "restore backup")
"""What backups and restores themselves write into the audit; nobody loses by its going."""
PASSING = ("sessions", "first_admin_links", "failed_sign_ins", "place_names", "rulebook_texts", "rulebook_versions")
"""Tables that come and go with sign-ins, or are made anew from others; a person's change of the rules is in the audit."""
AUDIT = "audit_entries"
_WRITTEN_AT = """
SELECT DISTINCT ON (c.relname) c.relname, a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('at', 'created_at', 'published_at', 'recorded_at', 'taken_at')
WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.atttypid = 'timestamptz'::regtype AND NOT c.relname = ANY (%s)
ORDER BY c.relname, a.attnum
"""
_AUDIT = """
SELECT count(*) FILTER (WHERE later AND theirs), max(at) FILTER (WHERE theirs), count(*), count(*) FILTER (WHERE later AND NOT theirs)
FROM (SELECT at, at > %(since)s::timestamptz, action <> ALL (%(own)s) AND actor NOT LIKE 'software:%%'
      FROM public.audit_entries) AS e(at, later, theirs)
"""


@dataclass(frozen=True, slots=True)
class Loss:
    """Rows of one table written after the backup was taken."""

    table: str
    rows: int
    last: datetime.datetime


@dataclass(frozen=True, slots=True)
class Losses:
    """Losses by a restore; ``foreign`` says that the present database is another deployment's, so all is lost."""

    foreign: bool
    tables: tuple[Loss, ...]


def read_losses(connection: Connection, manifest: Manifest) -> Losses | None:
    """Losses from the database of ``connection`` by restoring the backup; None where nothing is lost.

    A database that only the software has written in is nothing to lose.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = public; SELECT to_regclass('audit_entries')")
        if cursor.fetchone()[0] is None:
            return None
        cursor.execute(FIRST_ENTRY)
        first = cursor.fetchone()
        foreign = first is None or first[0] != manifest.first_entry
        since = None if foreign else manifest.taken_at
        cursor.execute(_WRITTEN_AT, ([*PASSING, AUDIT],))
        columns = cursor.fetchall()
    found = [_read_audit_loss(connection, manifest, since)]
    found += [_read_loss(connection, table, column, since) for table, column in columns]
    losses = tuple(loss for loss in found if loss is not None)
    if foreign and not {AUDIT, "editions"} & {loss.table for loss in losses}:
        return None
    return Losses(foreign, losses) if losses else None


def _read_audit_loss(connection: Connection, manifest: Manifest, since: datetime.datetime | None) -> Loss | None:
    """Entries of people; one that was being written while the backup was taken has an earlier time, so they are counted."""
    with connection.cursor() as cursor:
        cursor.execute(_AUDIT, {"since": since or "-infinity", "own": list(OWN_ACTIONS)})
        later, last, total, ours = cursor.fetchone()
    in_backup = manifest.content.tables.get(f"public.{AUDIT}")
    rows = max(later, total - ours - in_backup.rows if since and in_backup else 0)
    return Loss(AUDIT, rows, last) if rows else None


def _read_loss(connection: Connection, table: str, column: str, since: datetime.datetime | None) -> Loss | None:
    question = sql.SQL("SELECT count(*), max({0}) FROM public.{1} WHERE {0} > {2}").format(
        sql.Identifier(column), sql.Identifier(table), sql.Literal(since or "-infinity")
    )
    with connection.cursor() as cursor:
        cursor.execute(question)
        rows, last = cursor.fetchone()
    return Loss(table, rows, last) if rows else None
