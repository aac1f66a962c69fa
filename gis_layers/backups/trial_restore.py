"""A backup tried: restored into a scratch database of the same server and measured there anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from gis_layers.backups.addresses import connected
from gis_layers.backups.archive import Backup
from gis_layers.backups.databases import Workplace
from gis_layers.backups.dump import load_dump
from gis_layers.backups.errors import DamagedBackup, ServerLost
from gis_layers.backups.measures import differences, read_measures
from risk_model.message import msg

MOST_TOLD = 5


@contextmanager
def restored(backup: Backup, place: Workplace, binaries: Path, say: Callable[[str], None]) -> Iterator[str]:
    """The address of a scratch database that holds exactly what the backup says; it is gone after the block.

    Raises TooLittleRoom before anything is written, FailedDump, and DamagedBackup where something differs.
    """
    place.check_room(backup.manifest.database_bytes)
    with place.scratch() as url:
        with backup.dump() as source:
            load_dump(binaries, url, source, superuser=place.is_superuser())
        say(msg("正在核对行数和内容…"))
        with connected(url) as connection:
            found = read_measures(connection)
        if wrong := differences(backup.manifest.content, found):
            more = msg("，另有 {count} 处", count=len(wrong) - MOST_TOLD) if len(wrong) > MOST_TOLD else ""
            raise DamagedBackup(
                msg("备份恢复出来的内容与清单不符：{wrong}{more}。请不要使用它", wrong=[*wrong[:MOST_TOLD]], more=more)
            )
        yield url


@contextmanager
def server_lost() -> Iterator[None]:
    """Tell what the driver says of a server that went away as ServerLost."""
    try:
        yield
    except (psycopg2.OperationalError, psycopg2.InterfaceError) as trouble:
        raise ServerLost(
            msg(
                "数据库服务器断开了连接：{trouble}。请看 `anzhi doctor` 的说明，然后重新开始",
                trouble=str(trouble).strip(),
            )
        ) from trouble
