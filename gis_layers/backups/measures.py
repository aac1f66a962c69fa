"""Measures of a database, by which two can be compared: rows and content of every table, by SQL alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from psycopg2 import sql
from pydantic import BaseModel, ConfigDict

from gis_layers.backups.addresses import Connection
from risk_model.message import msg

# How values are written as text must not depend on who asks.
_PLAIN = (
    "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres'; "
    "SET LOCAL extra_float_digits = 3; SET LOCAL bytea_output = 'hex'; SET LOCAL search_path = ''"
)
_NOT_OURS = """
n.nspname ~ '^pg_' OR n.nspname = 'information_schema' OR EXISTS (
    SELECT FROM pg_catalog.pg_depend d WHERE d.classid = c.tableoid AND d.objid = c.oid AND d.deptype = 'e')
"""
_TABLES = f"""
SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND NOT ({_NOT_OURS}) ORDER BY 1, 2
"""  # noqa: S608 - put together from constants of the file
_SEQUENCES = "SELECT schemaname || '.' || sequencename, last_value FROM pg_catalog.pg_sequences ORDER BY 1"
_STRUCTURE = f"""
SELECT 'table ' || c.relname || ' has ' || k.kind FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN LATERAL (
    SELECT 'trigger ' || t.tgname || ' (' || t.tgenabled::text || ')' FROM pg_catalog.pg_trigger t
    WHERE t.tgrelid = c.oid AND NOT t.tgisinternal
    UNION ALL SELECT 'constraint ' || k.conname FROM pg_catalog.pg_constraint k
    WHERE k.conrelid = c.oid AND k.contype <> 'n'
    UNION ALL SELECT 'index ' || i.indexrelid::regclass::text FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid
    UNION ALL SELECT 'column ' || a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
    FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
) k(kind) ON true
WHERE c.relkind = 'r' AND NOT ({_NOT_OURS})
UNION ALL
SELECT 'function ' || c.proname || '(' || pg_catalog.pg_get_function_identity_arguments(c.oid) || ')'
FROM pg_catalog.pg_proc c JOIN pg_catalog.pg_namespace n ON n.oid = c.pronamespace WHERE NOT ({_NOT_OURS})
ORDER BY 1
"""  # noqa: S608 - likewise
# Rows are put in the order of their digests, so that where they lie on the disk does not count.
_ROWS = """
SELECT encode(sha256(convert_to(its_row::text, 'UTF8')), 'hex') COLLATE "C" FROM {} AS its_row ORDER BY 1
"""
_AT_ONCE = 10_000


class TableMeasure(BaseModel):
    """A table's rows, and the SHA-256 of the sorted SHA-256 of each row written as text."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    rows: int
    sha256: str


class Measures(BaseModel):
    """A whole database measured; sequences stand at or beyond what they say, because nothing takes a number back."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    tables: dict[str, TableMeasure]
    sequences: dict[str, int | None]
    structure: list[str]

    @property
    def rows(self) -> int:
        """Rows of all tables together."""
        return sum(table.rows for table in self.tables.values())


def read_measures(connection: Connection) -> Measures:
    """Measure what the transaction of ``connection`` sees."""
    with connection.cursor() as cursor:
        cursor.execute(_PLAIN)
        cursor.execute(_TABLES)
        tables = {f"{schema}.{name}": (schema, name) for schema, name in cursor.fetchall()}
        measured = {key: _measure(connection, *place) for key, place in tables.items()}
        cursor.execute(_SEQUENCES)
        sequences = dict(cursor.fetchall())
        cursor.execute(_STRUCTURE)
        structure = [line for (line,) in cursor.fetchall()]
    return Measures(tables=measured, sequences=sequences, structure=structure)


def differences(told: Measures, found: Measures) -> list[str]:
    """Differences of what was ``found`` from what was ``told``; empty where they hold the same."""
    return [*_tables_that_differ(told, found), *_sequences_behind(told, found), *_structure_that_differs(told, found)]


def _measure(connection: Connection, schema: str, name: str) -> TableMeasure:
    digest, rows = hashlib.sha256(), 0
    with connection.cursor("rows of one table") as cursor:
        cursor.itersize = _AT_ONCE
        cursor.execute(sql.SQL(_ROWS).format(sql.Identifier(schema, name)))
        for (line,) in cursor:
            digest.update(line.encode() + b"\n")
            rows += 1
    return TableMeasure(rows=rows, sha256=digest.hexdigest())


def _tables_that_differ(told: Measures, found: Measures) -> Iterator[str]:
    for name in sorted({*told.tables, *found.tables}):
        one, other = told.tables.get(name), found.tables.get(name)
        if one is None or other is None:
            yield (msg("缺少表 {name}", name=name) if other is None else msg("多出表 {name}", name=name))
        elif one.rows != other.rows:
            yield msg("表 {name} 有 {found} 行，应为 {told} 行", name=name, found=other.rows, told=one.rows)
        elif one != other:
            yield msg("表 {name} 的 {rows} 行内容不同", name=name, rows=one.rows)


def _sequences_behind(told: Measures, found: Measures) -> Iterator[str]:
    for name, value in told.sequences.items():
        if value is not None and (found.sequences.get(name) or 0) < value:
            yield msg(
                "序列 {name} 为 {found}，落后于 {told}", name=name, found=str(found.sequences.get(name)), told=value
            )


def _structure_that_differs(told: Measures, found: Measures) -> Iterator[str]:
    for line in sorted({*told.structure} ^ {*found.structure}):
        yield msg("缺少 {line}", line=line) if line in told.structure else msg("多出 {line}", line=line)
