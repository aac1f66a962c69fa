"""Installed PostgreSQL that can serve us, and its programs that can dump and restore a server that runs."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from gis_layers.embedded.errors import NoClientFound, NoServerFound, OutdatedClient, WrongMajorVersion
from risk_model.message import msg

OLDEST_POSTGIS = (3, 3)
INSTALL_ADVICE = msg(
    "请运行 `make setup`，从发行版安装带 PostGIS 的 PostgreSQL，或把 ANZHI_DATABASE_URL 设为别处运行的 PostGIS"
)


def find_server_binaries(*, major: int | None = None) -> Path:
    """Find the folder with `initdb`, `postgres` and `pg_ctl` of the newest usable PostgreSQL.

    `major` asks for exactly that major version. Raises NoServerFound when nothing usable is installed and
    WrongMajorVersion when something is, but not the version asked for.
    """
    usable = {read_major(folder): folder for folder in _candidate_folders() if _has_postgis(folder)}
    if not usable:
        least = ".".join(map(str, OLDEST_POSTGIS))
        raise NoServerFound(
            msg(
                "没有找到 PostgreSQL 服务器及 PostGIS {least} 或更新版本。{install_advice}",
                least=least,
                install_advice=INSTALL_ADVICE,
            )
        )
    if major is None:
        return usable[max(usable)]
    if major not in usable:
        here = ", ".join(str(found) for found in sorted(usable))
        raise WrongMajorVersion(
            msg(
                "数据由 PostgreSQL {major} 写成，本机是 {here}。请安装 postgresql-{major}-postgis-3；或在有 PostgreSQL {major} 的机器上备份（`anzhi backup`），移走数据文件夹，再在此恢复（`anzhi restore`）",
                major=major,
                here=here,
            )
        )
    return usable[major]


def find_client_binaries(*, server_major: int) -> Path:
    """Find the folder with the `pg_dump` and `pg_restore` for a server: of its own major version, else the next newer.

    What a much newer program writes, an older server may not read, so the nearest is taken. Raises NoClientFound when
    there is none and OutdatedClient when all are older than the server.
    """
    found = {read_major(folder, "pg_dump"): folder for folder in reversed(list(_client_folders()))}
    install = msg("请在本机安装 postgresql-client-{server_major} 后重新开始", server_major=server_major)
    if not found:
        raise NoClientFound(msg("没有找到 pg_dump 和 pg_restore。{install}", install=install))
    fitting = [major for major in found if major >= server_major]
    if not fitting:
        raise OutdatedClient(
            msg(
                "数据库服务器是 PostgreSQL {server_major}，本机最新的 pg_dump 是 {found}，读不了它。{install}",
                server_major=server_major,
                found=max(found),
                install=install,
            )
        )
    return found[min(fitting)]


def read_major(binaries: Path, program: str = "postgres") -> int:
    """Read the major version of the server, or of another program, in this folder."""
    found = re.search(r"\(PostgreSQL\) (\d+)", _ask(binaries / program, "--version"))
    return int(found.group(1)) if found else 0


def _candidate_folders() -> Iterator[Path]:
    folders = _installed_folders()
    if on_path := shutil.which("pg_config"):
        folders.append(Path(_ask(Path(on_path), "--bindir")))
    for folder in folders:
        if all((folder / program).is_file() for program in ("initdb", "postgres", "pg_ctl", "pg_config")):
            yield folder


def _client_folders() -> Iterator[Path]:
    folders = _installed_folders()
    if on_path := shutil.which("pg_dump"):
        folders.append(Path(on_path).parent)
    for folder in folders:
        if all((folder / program).is_file() for program in ("pg_dump", "pg_restore")):
            yield folder


def _installed_folders() -> list[Path]:
    return [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]


def _has_postgis(binaries: Path) -> bool:
    control = Path(_ask(binaries / "pg_config", "--sharedir"), "extension", "postgis.control")
    if not control.is_file():
        return False
    found = re.search(r"default_version\s*=\s*'(\d+)\.(\d+)", control.read_text())
    return found is not None and (int(found.group(1)), int(found.group(2))) >= OLDEST_POSTGIS


def _ask(program: Path, question: str) -> str:
    answer = subprocess.run([program, question], capture_output=True, text=True, check=False)  # noqa: S603 - no shell
    return answer.stdout.strip()
