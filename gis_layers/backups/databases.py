"""The databases a backup or a restore works with: scratch ones, the present one, and those a restore replaced."""

from __future__ import annotations

import datetime
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg2 import sql
from psycopg2.errors import ObjectInUse

from gis_layers.backups.addresses import Connection, connect, connected, name_of, sibling
from gis_layers.backups.errors import BackupUnderWay, DatabaseInUse, MissingRight, TooLittleRoom
from risk_model.message import msg

LOCK_PATIENCE_S = 5.0
"""How long a process that was killed a moment ago may still seem to be there."""
SPARE_BYTES = 200 * 1024 * 1024
LONGEST_NAME = 63


@dataclass(frozen=True, slots=True)
class Former:
    """A database that a restore replaced and kept."""

    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Workplace:
    """The server seen from outside of the database it is about; nobody else makes or restores backups meanwhile."""

    url: str
    admin: Connection

    @property
    def database(self) -> str:
        """The name of the database that is in use."""
        return name_of(self.url)

    def server_major(self) -> int:
        """The major version of the server."""
        return int(self.admin.server_version) // 10000

    def exists(self) -> bool:
        """Whether the present database is there at all."""
        return bool(self._ask("SELECT 1 FROM pg_database WHERE datname = %s", self.database))

    def oid_of(self, database: str) -> int:
        """The number that stays with a database when it is renamed."""
        return int(self._ask("SELECT oid FROM pg_database WHERE datname = %s", database)[0][0])

    def bytes(self) -> int:
        """Bytes the present database takes on the disk."""
        return int(self._ask("SELECT pg_database_size(%s::name)", self.database)[0][0])

    def refuse_users(self) -> None:
        """Raise DatabaseInUse while anybody else is connected to the present database."""
        found = self._ask(
            "SELECT pid FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend' ORDER BY pid",
            self.database,
        )
        if found:
            raise _in_use(len(found))

    def check_room(self, needed: int) -> None:
        """Raise TooLittleRoom where the server's disk can be seen from here and has no ``needed`` bytes to spare."""
        folder = self._folder()
        if folder is None:
            return
        free = shutil.disk_usage(folder).free
        if free < needed + SPARE_BYTES:
            raise TooLittleRoom(
                msg(
                    "数据库要在原处旁边再写一份，需要 {needed}；{folder} 之下只剩 {free}。请腾出空间后重新开始",
                    needed=_megabytes(needed + SPARE_BYTES),
                    free=_megabytes(free),
                    folder=folder,
                )
            )

    @contextmanager
    def scratch(self) -> Iterator[str]:
        """The address of an empty database that is gone after the block, unless it was given the present one's name."""
        name = f"{self._stem()}_scratch_{secrets.token_hex(4)}"
        try:
            self._create(name)
            yield sibling(self.url, name)
        finally:
            self.drop(name)

    def swap(self, scratch: str) -> str | None:
        """Give the scratch database the present one's name, all at once; answers what the replaced one is called now."""
        new, former = name_of(scratch), None
        steps = []
        if self.exists():
            former = self._former_name()
            steps.append(_rename(self.database, former))
        steps.append(_rename(new, self.database))
        self.admin.autocommit = False
        try:
            with self.admin, self.admin.cursor() as cursor:
                for step in steps:
                    cursor.execute(step)
        except ObjectInUse as trouble:
            raise _in_use(1) from trouble
        finally:
            self.admin.autocommit = True
        return former

    def former(self) -> list[Former]:
        """Databases that restores replaced and kept, oldest first."""
        rows = self._ask("SELECT datname, pg_database_size(oid) FROM pg_database ORDER BY datname")
        pattern = re.compile(re.escape(self._stem()) + r"_before_restore_\d{8}t\d{6}(_\d+)?")
        return [Former(name, size) for name, size in rows if pattern.fullmatch(name)]

    def drop(self, name: str) -> None:
        """Remove a database and end every session in it; one that is not there is no error."""
        self._do(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def sweep(self) -> None:
        """Remove scratch databases of runs that were killed; call it only while no other run can be there."""
        pattern = re.compile(re.escape(self._stem()) + r"_scratch_[0-9a-f]{8}")
        for (name,) in self._ask("SELECT datname FROM pg_database"):
            if pattern.fullmatch(name):
                self.drop(name)

    def is_superuser(self) -> bool:
        """Whether the role may do everything."""
        return bool(self._ask("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")[0][0])

    def refuse_missing_rights(self) -> None:
        """Raise MissingRight where the role may not make databases."""
        role, may = self._ask("SELECT rolname, rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user")[0]
        if not may:
            raise MissingRight(
                msg(
                    '数据库角色 {role} 不能建立数据库，而试恢复备份和恢复都需要。请服务器管理员执行：ALTER ROLE "{role}" CREATEDB',
                    role=role,
                )
            )

    def _create(self, name: str) -> None:
        # A role that may not make extensions needs them in the template already.
        template = "template0" if self.is_superuser() else "template1"
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {} {}")
        self._do(make.format(sql.Identifier(name), sql.Identifier(template), self._locale()))

    def _locale(self) -> sql.Composable:
        """The sorting and lettering of the present database, for another one."""
        rows = self._ask("SELECT to_jsonb(d) FROM pg_database d WHERE datname = %s", self.database)
        if not rows:
            return sql.SQL("ENCODING 'UTF8'")
        told: dict[str, Any] = rows[0][0]
        words = [("LC_COLLATE", told["datcollate"]), ("LC_CTYPE", told["datctype"])]
        own = told.get("datlocale") or told.get("daticulocale")
        provider = {"i": ("icu", "ICU_LOCALE"), "b": ("builtin", "BUILTIN_LOCALE")}.get(told.get("datlocprovider", "c"))
        if provider and own:
            words += [("LOCALE_PROVIDER", provider[0]), (provider[1], own)]
        clauses = [sql.SQL(f"{word} {{}}").format(sql.Literal(value)) for word, value in words]
        return sql.SQL(" ").join([sql.SQL("ENCODING 'UTF8'"), *clauses])

    def _folder(self) -> Path | None:
        if not str(self.admin.info.host).startswith("/") or not self.is_superuser():
            return None
        folder = Path(self._ask("SELECT current_setting('data_directory')")[0][0])
        return folder if folder.is_dir() else None

    def _former_name(self) -> str:
        stamp = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dt%H%M%S")
        wanted, taken = f"{self._stem()}_before_restore_{stamp}", {former.name for former in self.former()}
        names = [wanted, *(f"{wanted}_{number}" for number in range(2, len(taken) + 3))]
        return next(name for name in names if name not in taken)

    def _stem(self) -> str:
        return self.database[: LONGEST_NAME - len("_before_restore_20260101t000000_99")]

    def _do(self, statement: sql.Composable) -> None:
        with self.admin.cursor() as cursor:
            cursor.execute(statement)

    def _ask(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        with self.admin.cursor() as cursor:
            cursor.execute(question, values or None)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


@contextmanager
def workplace(url: str) -> Iterator[Workplace]:
    """The one place of work on the database at ``url``; what killed runs left there is removed first.

    Raises BackupUnderWay while another run is at it, and MissingRight where the role may not make databases.
    """
    outside = "template1" if name_of(url) == "postgres" else "postgres"
    with closing(connect(sibling(url, outside))) as admin:
        admin.autocommit = True
        place = Workplace(url, admin)
        _take_lock(place)
        place.refuse_missing_rights()
        place.sweep()
        yield place


def former_databases(url: str) -> list[Former]:
    """Databases that restores replaced and kept; asked of the database itself, so that no other one need be entered."""
    with connected(url) as connection:
        return Workplace(url, connection).former()


def _take_lock(place: Workplace) -> None:
    until = time.monotonic() + LOCK_PATIENCE_S
    while True:
        with place.admin.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", (f"anzhi backups of {place.database}",))
            if cursor.fetchone()[0]:
                return
        if time.monotonic() > until:
            raise BackupUnderWay(msg("数据库 {database} 正在进行另一次备份或恢复；请等它结束", database=place.database))
        time.sleep(0.1)


def _rename(old: str, new: str) -> sql.Composable:
    return sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new))


def _in_use(sessions: int) -> DatabaseInUse:
    return DatabaseInUse(
        msg(
            "数据库正在使用（会话 {sessions} 个）：请停止服务（在 `anzhi up` 和 `anzhi worker` 处按 Ctrl-C）和其他命令，再重新恢复",
            sessions=sessions,
        )
    )


def _megabytes(count: int) -> str:
    return f"{count / 2**20:,.0f} MB"
