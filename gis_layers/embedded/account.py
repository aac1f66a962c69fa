"""Whose account the server runs under: one's own, and for root an unprivileged one, since PostgreSQL refuses root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from gis_layers.embedded.errors import ClusterBroken, ForeignCluster
from risk_model.message import msg

SERVER_NAMES = ("postgres", "anzhi")
# The caller's PG* and PROJ variables must not steer the server; it gets a small environment of its own.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True)
class ServerAccount:
    """A user of this machine, able to run programs as himself."""

    name: str
    uid: int
    gid: int

    def spawn(
        self, argv: list[str], *, cwd: Path = Path("/"), output: int | IO[Any] | None = None
    ) -> subprocess.Popen[str]:
        """Start a program in a session of its own, so that Ctrl-C in the terminal does not reach it."""
        return subprocess.Popen(  # noqa: S603 - a list for the kernel, no shell reads it
            argv, cwd=cwd, stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT, text=True,
            env=ENVIRONMENT, umask=0o077, start_new_session=True, **self._identity(),
        )  # fmt: skip

    def run(self, argv: list[str], *, cwd: Path = Path("/"), text: str = "") -> subprocess.CompletedProcess[str]:
        """Run a program to its end with `text` on its standard input; `stdout` holds both outputs."""
        program = self.spawn(argv, cwd=cwd, output=subprocess.PIPE)
        try:
            printed, _ = program.communicate(text)
        except BaseException:
            program.kill()
            program.wait()
            raise
        return subprocess.CompletedProcess(argv, program.returncode, printed)

    def can_enter(self, folder: Path) -> bool:
        """Ask the kernel whether this account may pass through every parent and into the folder."""
        return self.run(["test", "-x", str(folder)]).returncode == 0

    def take_over(self, path: Path) -> None:
        """Make this account the owner of one file or folder; of a symbolic link itself, not of its target."""
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def become(self) -> None:
        """Have this whole process, its threads and what it will start, be this account, with no way back."""
        os.setgroups([self.gid])
        os.setresgid(self.gid, self.gid, self.gid)
        os.setresuid(self.uid, self.uid, self.uid)

    def _identity(self) -> dict[str, Any]:
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": [self.gid]}


def choose_account(existing: Path | None) -> ServerAccount:
    """Choose who runs the server of an `existing` data folder, or of one that is still to be made.

    Raises ForeignCluster when the folder belongs to a user one cannot become.
    """
    owner = None if existing is None else existing.lstat().st_uid
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise ForeignCluster(
                msg(
                    "{existing} 中的数据库属于 {owner}。请以该用户身份或用 sudo 运行本命令，或用 --data-dir 换一个文件夹",
                    existing=existing,
                    owner=_name_of(owner),
                )
            )
        return _account_of(pwd.getpwuid(os.geteuid()))
    # Root joins the cluster of whoever made it. A folder of root's own is a copy: no server ever wrote it as root.
    if owner:
        return _account_of(pwd.getpwuid(owner))
    return _unprivileged_account()


def _unprivileged_account() -> ServerAccount:
    for name in SERVER_NAMES:
        try:
            return _account_of(pwd.getpwnam(name))
        except KeyError:
            continue
    name = SERVER_NAMES[-1]
    made = subprocess.run(  # noqa: S603 - every word is written here
        ["/usr/sbin/useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode != 0:
        raise ClusterBroken(
            msg(
                "PostgreSQL 不能以 root 运行，也没能为它建立用户：{stderr}。请用 `useradd --system {name}` 建立后重新开始",
                stderr=made.stderr.strip(),
                name=name,
            )
        )
    return _account_of(pwd.getpwnam(name))


def _account_of(entry: pwd.struct_passwd) -> ServerAccount:
    return ServerAccount(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _name_of(uid: int | None) -> str:
    try:
        return pwd.getpwuid(uid or 0).pw_name
    except KeyError:
        return f"user {uid}"
