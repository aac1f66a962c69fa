"""Tables, all that a GeoPackage may hold. A view, a trigger or a virtual table is a program, and is not read."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from gis_layers.errors import UnreadableFile
from gis_layers.exchange.formats.signatures import head_of, refused
from risk_model.message import msg

_MAGIC: Final = b"SQLite format 3\0"
_APPLICATION_AT: Final = 68
_WITH_LOG: Final = 2
"""In bytes 18 and 19 of the header: written and read with a log beside the file."""
_APPLICATIONS: Final = (b"GP10", b"GP11", b"GPKG", b"\0\0\0\0")
"""Some programs leave the number out; the tables every GeoPackage has are asked for in any case."""
_NEEDED: Final = {"gpkg_contents", "gpkg_spatial_ref_sys"}
_NAME: Final = r"""(?:"(?:[^"]|"")*"|'(?:[^']|'')*'|`(?:[^`]|``)*`|\[[^\]]*\]|\w+)"""
_TABLE: Final = re.compile(rf"CREATE\s+TABLE\s+{_NAME}\s*\(", re.IGNORECASE)
_INDEX_OF_SPACE: Final = re.compile(rf"CREATE\s+VIRTUAL\s+TABLE\s+{_NAME}\s+USING\s+rtree\s*\(", re.IGNORECASE)
_KNOWN_TRIGGERS: Final = re.compile(
    r"(?:rtree_|trigger_insert_feature_count_|trigger_delete_feature_count_|gpkg_|fgti_|fgtu_|st_).*",
    re.IGNORECASE | re.DOTALL,
)
"""By their first word: after it comes the layer's name, which may be anything. None of them ever runs, for nothing is written."""
_KNOWN_VIEWS: Final = frozenset({"st_spatial_ref_sys", "st_geometry_columns"})
"""Written into every GeoPackage by earlier programs; nobody reads them, and no layer may rest on them."""
_HIDDEN_GENERATED: Final = (2, 3)


@contextmanager
def settled(path: Path) -> Iterator[Path]:
    """The database in one file: itself, or where a log of what was written last belongs to it, a copy with that in it.

    The log is looked for where the header says so, with or without one beside it, for a reader that finds it changes
    the folder it lies in. Raises UnreadableFile.
    """
    if _WITH_LOG not in head_of(path, 20)[18:]:
        yield path
        return
    with TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        for end in ("", "-wal"):
            if (part := path.with_name(path.name + end)).exists():
                shutil.copyfile(part, copy.with_name(copy.name + end))
        with _opened(copy, "rw", path) as database:
            database.execute("PRAGMA journal_mode = DELETE")
        yield copy


def check_geopackage(path: Path) -> None:
    """The signature of a GeoPackage and of every thing in its schema. Raises UnreadableFile."""
    head = head_of(path, _APPLICATION_AT + 4)
    if not head.startswith(_MAGIC) or head[_APPLICATION_AT:] not in _APPLICATIONS:
        raise refused(path, "GeoPackage")
    with settled(path) as whole, _opened(whole, "ro&immutable=1", path) as database:
        _check_schema(database, path)


def count_table(path: Path, name: str) -> int:
    """Number of rows of the table ``name``, whatever its own books say of it. Raises UnreadableFile."""
    quoted = name.replace('"', '""')
    with settled(path) as whole, _opened(whole, "ro&immutable=1", path) as database:
        return int(database.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()[0])  # noqa: S608 - a name, quoted


@contextmanager
def _opened(database: Path, mode: str, path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode={mode}", uri=True)) as opened:
            opened.execute("PRAGMA trusted_schema = OFF")
            yield opened
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise UnreadableFile(
            msg("{name} 无法打开（{error}）；请检查文件是否完整，用 QGIS 打开看看它是什么", name=path.name, error=error)
        ) from error


def _check_schema(database: sqlite3.Connection, path: Path) -> None:
    things = database.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master").fetchall()
    tables = {str(name) for kind, name, _ in things if kind == "table"}
    if not tables >= _NEEDED:
        raise refused(path, "GeoPackage")
    for kind, name, sql in things:
        if not _is_plain(str(kind), str(name), str(sql)):
            raise _programmed(path, str(name))
    contents = {str(row[0]) for row in database.execute("SELECT table_name FROM gpkg_contents")}
    if contents & _KNOWN_VIEWS:
        raise _programmed(path, min(contents & _KNOWN_VIEWS))
    for name in sorted(tables - {str(name) for _, name, sql in things if _INDEX_OF_SPACE.match(str(sql))}):
        columns = database.execute("SELECT hidden FROM pragma_table_xinfo(?)", (name,))
        if any(row[0] in _HIDDEN_GENERATED for row in columns):
            raise _programmed(path, name)


def _is_plain(kind: str, name: str, sql: str) -> bool:
    match kind:
        case "table":
            return bool(_TABLE.match(sql) or _INDEX_OF_SPACE.match(sql))
        case "index":
            return True
        case "trigger":
            return bool(_KNOWN_TRIGGERS.fullmatch(name))
        case "view":
            return name in _KNOWN_VIEWS
        case _:
            return False


def _programmed(path: Path, name: str) -> UnreadableFile:
    return UnreadableFile(
        msg(
            "{name} 含有会执行的内容「{thing}」（视图、触发器、虚拟表或计算列），没有打开；请把图层另存为普通表后重新提交",
            name=path.name,
            thing=name,
        )
    )
