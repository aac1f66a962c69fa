"""Place of a cluster on disk, and of its socket."""

import hashlib
import os
import shutil
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gis_layers.disk import LEAST_FREE_BYTES
from gis_layers.embedded.account import ServerAccount, choose_account
from gis_layers.embedded.errors import DiskTooFull, SocketOccupied, UnreachableFolder
from gis_layers.embedded.postmaster import socket_is_taken
from risk_model.message import msg

ELSEWHERE = Path("/var/lib/anzhi")
# The kernel allows 107 bytes for a socket's whole path, so it never lies below a folder whose depth is the user's.
SOCKET_ROOT = Path("/tmp")  # noqa: S108 - claim_socket_dir trusts nothing it finds there
SOCKET_CHOICES = 9


@dataclass(frozen=True)
class ClusterFolder:
    """The folder a cluster was given, who runs it, and the files that are its own."""

    home: Path
    account: ServerAccount

    @property
    def postgres_dir(self) -> Path:
        """The folder PostgreSQL itself writes."""
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        """Log of what the server printed since its last starts."""
        return self.postgres_dir / "postgres.log"


def settle(data_dir: Path, *, say: Callable[[str], None]) -> ClusterFolder:
    """Decide where the cluster of a data folder lives and who runs it, making the folder where it is missing.

    An existing cluster is always kept. A new one goes into `data_dir`, or below /var/lib/anzhi where the server's
    user cannot enter that folder, which is told through `say`. Raises UnreachableFolder and ForeignCluster.
    """
    data_dir = data_dir.expanduser().absolute().resolve()
    elsewhere = ELSEWHERE / short_hash(data_dir)
    for home in (data_dir, elsewhere):
        if (home / "postgres").is_dir():
            if home == elsewhere:
                say(msg("{data_dir} 的数据库在 {elsewhere}", data_dir=data_dir, elsewhere=elsewhere))
            return _reachable(ClusterFolder(home, choose_account(home / "postgres")))
    account = choose_account(None)
    _make_folder(data_dir)
    if account.can_enter(data_dir):
        return ClusterFolder(data_dir, account)
    _make_folder(ELSEWHERE)
    _make_folder(elsewhere)
    say(
        msg(
            "用户 {name} 不能进入 {data_dir}；数据库改放在 {elsewhere}",
            name=account.name,
            data_dir=data_dir,
            elsewhere=elsewhere,
        )
    )
    return _reachable(ClusterFolder(elsewhere, account))


def home_of(data_dir: Path) -> Path:
    """Place of a data folder's cluster, or of one to be made as far as can be told without making it."""
    data_dir = data_dir.expanduser().absolute().resolve()
    elsewhere = ELSEWHERE / short_hash(data_dir)
    return elsewhere if (elsewhere / "postgres").is_dir() and not (data_dir / "postgres").is_dir() else data_dir


def check_free_space(place: ClusterFolder) -> None:
    """Raise DiskTooFull when a server started now could run out of disk at once."""
    free = shutil.disk_usage(place.home).free
    if free < LEAST_FREE_BYTES:
        raise DiskTooFull(
            msg(
                "{home} 之下只剩 {free} MB，数据库需要 {least_free_bytes} MB。请腾出空间，或把数据文件夹移到更大的磁盘并用 --data-dir 指明",
                free=free // 2**20,
                home=place.home,
                least_free_bytes=LEAST_FREE_BYTES // 2**20,
            )
        )


def claim_socket_dir(place: ClusterFolder) -> Path:
    """Make or take a short folder that only the server's user and root can enter, and where no other server listens.

    The name follows from the place, so a restarted server answers where it answered before. Raises SocketOccupied.
    """
    name = f"anzhi-{short_hash(place.postgres_dir)}"
    for choice in range(1, SOCKET_CHOICES + 1):
        folder = SOCKET_ROOT / (name if choice == 1 else f"{name}-{choice}")
        # Anybody may write in /tmp: a link, or a folder of another owner or with open doors, is left alone.
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            place.account.take_over(folder)
        if _is_private(folder, place.account) and not socket_is_taken(folder, place.postgres_dir):
            return folder
    raise SocketOccupied(
        msg(
            "从 {socket_root} 到 {name}-{socket_choices} 的套接字文件夹都归别人所有。请用 `ls -ld` 查看归属，删除后重新开始",
            socket_root=SOCKET_ROOT / name,
            name=name,
            socket_choices=SOCKET_CHOICES,
        )
    )


def short_hash(path: Path) -> str:
    """Eight hexadecimal digits that stand for an absolute path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:8]


def _is_private(folder: Path, account: ServerAccount) -> bool:
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and stat.S_IMODE(found.st_mode) == 0o700


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Root's server runs as another user, who must pass through but need not look around.
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except OSError as trouble:
        raise UnreachableFolder(
            msg(
                "无法建立文件夹 {folder}：{reason}。请用 --data-dir 换一个可写的位置",
                folder=folder,
                reason=trouble.strerror,
            )
        ) from trouble


def _reachable(place: ClusterFolder) -> ClusterFolder:
    if not place.account.can_enter(place.home):
        raise UnreachableFolder(
            msg(
                "{postgres_dir} 中数据库的所有者 {name} 不能进入该文件夹。请在上级文件夹上 `chmod o+x`，或移动数据文件夹并用 --data-dir 指明",
                name=place.account.name,
                postgres_dir=place.postgres_dir,
            )
        )
    return place
