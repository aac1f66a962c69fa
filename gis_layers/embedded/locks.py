"""Two locks that the kernel gives back even after `kill -9`: whose turn it is, and who still uses the cluster."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gis_layers.embedded.errors import UnreachableFolder
from risk_model.message import msg


@contextmanager
def taking_turns(home: Path) -> Iterator[None]:
    """Be the only one who makes, starts or stops the cluster of this folder; waits for its turn."""
    turn = _open(home / "cluster.turn.lock")
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield
    finally:
        os.close(turn)


@contextmanager
def counted_among_users(home: Path, *, arrive: Callable[[], None], leave_last: Callable[[], None]) -> Iterator[None]:
    """Use the cluster between `arrive` and the end of the block; the last user to leave calls `leave_last`.

    Both run while nobody else arrives or leaves.
    """
    users = _open(home / "cluster.users.lock")
    try:
        try:
            with taking_turns(home):
                fcntl.flock(users, fcntl.LOCK_SH)
                arrive()
            yield
        finally:
            with taking_turns(home):
                if _is_last(users):
                    leave_last()
    finally:
        os.close(users)


def _is_last(users: int) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _open(path: Path) -> int:
    try:
        # The folder may be another's: a link laid there would have root make a file anywhere.
        # Reading is enough to lock, so a second user of the machine may hold a lock he could not write.
        return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    except OSError as trouble:
        raise UnreachableFolder(
            msg(
                "锁文件 {path} 无法打开：{reason}。请以数据文件夹所有者的身份运行，或用 --data-dir 换一个",
                path=path,
                reason=trouble.strerror,
            )
        ) from trouble
