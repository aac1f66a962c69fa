"""Creation of a data folder, whole or not at all, and the settings every start writes into it."""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from gis_layers.embedded.account import ServerAccount
from gis_layers.embedded.errors import ClusterBroken
from gis_layers.embedded.folders import ClusterFolder
from gis_layers.embedded.postmaster import PORT, end_processes_in
from risk_model.message import msg

SUPERUSER = "anzhi"
UNFINISHED = "postgres.unfinished-"
LEAST_SHARED_MEMORY_BYTES = 256 * 1024 * 1024

SETTINGS = {
    "listen_addresses": "''",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "jit": "off",
    "timezone": "'Asia/Shanghai'",
    "log_timezone": "'Asia/Shanghai'",
    "log_checkpoints": "off",
    "log_line_prefix": "'%m [%p] '",
}
# Work whose client is gone is given up; older versions do not know how.
SINCE_14 = {"client_connection_check_interval": "2s"}
# Told that something is kept means it survives a power cut.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
PERISHABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

# The kernel names the caller of a socket, so a session needs no secret: root and the server's own user are let in,
# everybody else is refused even where the socket folder's mode should be loosened by accident.
ACCESS = "local all all peer map=anzhi\n"


def ensure_initialised(place: ClusterFolder, binaries: Path, *, say: Callable[[str], None], durable: bool) -> None:
    """Make the data folder unless it is there; it appears under its name only when it is complete.

    What an interrupted attempt left behind is removed. Raises ClusterBroken when `initdb` fails, or when the folder
    holds something that is no cluster.
    """
    for leftover in place.home.glob(f"{UNFINISHED}*"):
        end_processes_in(leftover)
        shutil.rmtree(leftover, ignore_errors=True)
    if read_cluster_major(place.postgres_dir) is not None:
        _take_over_a_copy(place)
        return
    if place.postgres_dir.is_dir() and any(place.postgres_dir.iterdir()):
        raise ClusterBroken(
            msg(
                "{postgres_dir} 不是空的，里面也没有数据库集群。请移走后重新开始；届时会建立新的数据库，再用 `anzhi restore` 从备份恢复",
                postgres_dir=place.postgres_dir,
            )
        )
    say(msg("正在 {postgres_dir} 建立数据库集群（只此一次，几秒钟）…", postgres_dir=place.postgres_dir))
    unfinished = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=place.home))
    try:
        place.account.take_over(unfinished)
        _run_initdb(place.account, binaries, unfinished, durable=durable)
        unfinished.rename(place.postgres_dir)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    _flush(place.home)


def read_cluster_major(postgres_dir: Path) -> int | None:
    """Read which major version wrote this data folder; None when it is no cluster."""
    try:
        return int((postgres_dir / "PG_VERSION").read_text())
    except (FileNotFoundError, ValueError):
        return None


def write_settings(place: ClusterFolder, socket_dir: Path, *, durable: bool) -> None:
    """Write the server's settings and who may enter; `local.conf` in the same folder is left to the administrator."""
    settings = SETTINGS | (DURABLE if durable else PERISHABLE) | {"unix_socket_directories": f"'{socket_dir}'"}
    if (read_cluster_major(place.postgres_dir) or 0) >= 14:
        settings |= SINCE_14
    if _shared_memory_is_small():
        settings["max_parallel_workers_per_gather"] = "0"
    lines = ["# Written anew at every start. Put your own settings into local.conf."]
    lines += [f"{name} = {value}" for name, value in settings.items()]
    lines += ["include_if_exists = 'local.conf'", ""]
    _write(place, "postgresql.conf", "\n".join(lines))
    _write(place, "pg_hba.conf", ACCESS)
    callers = dict.fromkeys(["root", place.account.name])
    _write(place, "pg_ident.conf", "".join(f'anzhi "{caller}" {SUPERUSER}\n' for caller in callers))
    # A copy made with a loose umask opens the folder to others, and PostgreSQL refuses to start on it.
    place.account.run(["chmod", "0700", "."], cwd=place.postgres_dir)


def _write(place: ClusterFolder, name: str, text: str) -> None:
    # The folder is not root's, so root does not write in it: a link laid there could lead anywhere.
    done = place.account.run(["tee", name], cwd=place.postgres_dir, text=text)
    if done.returncode != 0:
        raise ClusterBroken(
            msg(
                "{postgres_dir} 无法写入：{stdout}。请腾出磁盘空间，或把文件夹归还给 {name}，然后重新开始",
                postgres_dir=place.postgres_dir / name,
                stdout=done.stdout.strip(),
                name=place.account.name,
            )
        )


def _run_initdb(account: ServerAccount, binaries: Path, folder: Path, *, durable: bool) -> None:
    # "." instead of the path: some of these programs pass paths through a shell.
    done = account.run(
        [
            str(binaries / "initdb"), "-D", ".", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums",
            f"--username={SUPERUSER}", "--auth=peer", *([] if durable else ["--no-sync"]),
        ],
        cwd=folder,
    )  # fmt: skip
    if done.returncode != 0:
        raise ClusterBroken(
            msg(
                "initdb 在 {folder} 中失败：\n{printed}\n请按其中所说处理（多半是磁盘已满或缺少 C.UTF-8 区域设置），然后重新开始",
                folder=folder.parent,
                printed=done.stdout.strip(),
            )
        )


def _take_over_a_copy(place: ClusterFolder) -> None:
    if os.geteuid() != 0 or place.postgres_dir.lstat().st_uid == place.account.uid:
        return
    for folder, _, files in os.walk(place.postgres_dir):
        for name in ("", *files):
            place.account.take_over(Path(folder, name))


def _shared_memory_is_small() -> bool:
    # Containers often get 64 MB of it; a parallel query then fails half-way instead of running a little slower.
    shared_memory = Path("/dev/shm")  # noqa: S108 - only its size is read
    return shared_memory.is_dir() and shutil.disk_usage(shared_memory).total < LEAST_SHARED_MEMORY_BYTES


def _flush(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
