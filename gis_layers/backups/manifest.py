"""The manifest of a backup: what it holds, of when, written by what; read before anything else is."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, ValidationError

from gis_layers.backups.addresses import Connection
from gis_layers.backups.errors import DamagedBackup, NewerBackup
from gis_layers.backups.measures import Measures
from gis_layers.database import refuse_newer_schema
from risk_model.message import msg

FORMAT = 1


class Numbered(BaseModel):
    """An edition or a version of the rulebook."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    number: int
    fingerprint: str


class Manifest(BaseModel):
    """Manifest of a backup; ``first_entry`` tells deployments apart, ``taken_at`` is the database's time."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: int
    software: str
    schema_revision: str
    taken_at: Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(datetime.UTC))]
    server: str
    server_major: int
    postgis: str
    database_bytes: int
    edition: Numbered | None
    rulebook: Numbered | None
    facts: dict[str, Any]
    settings: dict[str, str]
    first_entry: str | None
    content: Measures


FIRST_ENTRY = """
SELECT encode(sha256(convert_to(concat_ws('|', id, extract(epoch FROM at), actor, action, subject), 'UTF8')), 'hex')
FROM public.audit_entries ORDER BY id LIMIT 1
"""
_STATE = f"""
SELECT json_build_object(
    'schema_revision', (SELECT version_num FROM public.alembic_version),
    'taken_at', now(), 'server', current_setting('server_version'),
    'server_major', current_setting('server_version_num')::int / 10000, 'postgis', public.postgis_lib_version(),
    'database_bytes', pg_database_size(current_database()),
    'edition', (SELECT json_build_object('number', number, 'fingerprint', fingerprint)
                FROM public.editions ORDER BY number DESC LIMIT 1),
    'rulebook', (SELECT json_build_object('number', number, 'fingerprint', fingerprint)
                 FROM public.rulebook_versions ORDER BY number DESC LIMIT 1),
    'facts', (SELECT coalesce(json_object_agg(name, value), '{{}}') FROM public.deployment_facts),
    'first_entry', ({FIRST_ENTRY}))
"""  # noqa: S608 - put together from constants of the file


def read_state(connection: Connection) -> dict[str, Any]:
    """All of the manifest but who writes it and what the tables hold, as the transaction of ``connection`` sees it."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        told: dict[str, Any] = cursor.fetchone()[0]
    return told


def parse_manifest(text: bytes) -> Manifest:
    """The manifest; raises DamagedBackup, NewerBackup, and SchemaAhead where this program is too old for its content."""
    try:
        start = _Start.model_validate_json(text)
        if start.format > FORMAT:
            raise NewerBackup(
                msg(
                    "备份的格式为 {format}，由安址 {software} 写成；本版本只能读到格式 {format_2}。请用那个版本或更新的版本恢复",
                    format=start.format,
                    software=start.software,
                    format_2=FORMAT,
                )
            )
        manifest = Manifest.model_validate_json(text)
    except ValidationError as trouble:
        raise DamagedBackup(msg("备份的清单无法理解：{trouble}。请换一个备份", trouble=_first(trouble))) from trouble
    refuse_newer_schema(manifest.schema_revision, msg("由安址 {software} 写成的备份", software=manifest.software))
    return manifest


class _Start(BaseModel):
    """Beginning of every format of the manifest."""

    format: int
    software: str


def _first(trouble: ValidationError) -> str:
    first = trouble.errors()[0]
    return f"{'.'.join(map(str, first['loc'])) or 'the whole'}: {first['msg']}"
