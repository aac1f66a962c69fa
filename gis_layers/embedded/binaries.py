"""Which installed PostgreSQL can serve us: one with `initdb` and a PostGIS that is new enough."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from gis_layers.embedded.errors import NoServerFound, WrongMajorVersion

OLDEST_POSTGIS = (3, 3)
INSTALL_ADVICE = (
    "Run `make setup`, which installs PostgreSQL with PostGIS from the distribution, "
    "or set ANZHI_DATABASE_URL to a PostGIS that runs elsewhere."
)


def find_server_binaries(*, major: int | None = None) -> Path:
    """Find the folder with `initdb`, `postgres` and `pg_ctl` of the newest usable PostgreSQL.

    `major` asks for exactly that major version. Raises NoServerFound when nothing usable is installed and
    WrongMajorVersion when something is, but not the version asked for.
    """
    usable = {read_major(folder): folder for folder in _candidate_folders() if _has_postgis(folder)}
    if not usable:
        least = ".".join(map(str, OLDEST_POSTGIS))
        raise NoServerFound(f"No PostgreSQL server with PostGIS {least} or later was found. {INSTALL_ADVICE}")
    if major is None:
        return usable[max(usable)]
    if major not in usable:
        here = ", ".join(str(found) for found in sorted(usable))
        raise WrongMajorVersion(
            f"The data was written by PostgreSQL {major}; this machine has {here}. Install postgresql-{major}-postgis-3, "
            f"or make a backup where PostgreSQL {major} runs (`anzhi backup`), move the data folder aside, "
            "and load the backup here (`anzhi restore`)."
        )
    return usable[major]


def read_major(binaries: Path) -> int:
    """Read the major version of the server in this folder."""
    found = re.search(r"\(PostgreSQL\) (\d+)", _ask(binaries / "postgres", "--version"))
    return int(found.group(1)) if found else 0


def _candidate_folders() -> Iterator[Path]:
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    if on_path := shutil.which("pg_config"):
        folders.append(Path(_ask(Path(on_path), "--bindir")))
    for folder in folders:
        if all((folder / program).is_file() for program in ("initdb", "postgres", "pg_ctl", "pg_config")):
            yield folder


def _has_postgis(binaries: Path) -> bool:
    control = Path(_ask(binaries / "pg_config", "--sharedir"), "extension", "postgis.control")
    if not control.is_file():
        return False
    found = re.search(r"default_version\s*=\s*'(\d+)\.(\d+)", control.read_text())
    return found is not None and (int(found.group(1)), int(found.group(2))) >= OLDEST_POSTGIS


def _ask(program: Path, question: str) -> str:
    answer = subprocess.run([program, question], capture_output=True, text=True, check=False)  # noqa: S603 - no shell
    return answer.stdout.strip()
