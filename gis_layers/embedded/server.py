"""Starting, adopting and stopping the one PostgreSQL server of a data folder."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from gis_layers.embedded.errors import ClusterBroken
from gis_layers.embedded.folders import ClusterFolder, check_free_space, claim_socket_dir
from gis_layers.embedded.initialise import write_settings
from gis_layers.embedded.postmaster import (
    Postmaster,
    dismiss_stray_backends,
    drop_stale_pid_file,
    end_at_once,
    find_postmaster,
    is_frozen,
)
from risk_model.message import Message, msg

# After a power cut the server first replays its log; killing it then would only make the next start longer.
START_LIMIT_S = 600.0
# An orderly end with everything written, then an end at once that leaves replaying the log to the next start.
STOP_ORDERS = ((signal.SIGINT, 3.0), (signal.SIGQUIT, 1.5))
GRACE_S = 3.0
LOG_LIMIT_BYTES = 10 * 1024 * 1024
LOG_TAIL_LINES = 15

# What the server writes when it gives up, and what a person does about it.
ADVICE = (
    ("No space left on device", msg("磁盘已满：请至少腾出 200 MB 后重新开始")),
    ("could not map anonymous shared memory", msg("可用内存太少：请关闭其他程序后重新开始")),
    ("pre-existing shared memory block", msg("先前的服务器仍有进程在运行：请结束它们，或重启机器")),
    ("has wrong ownership", msg("文件夹中的文件属于别的用户：请用 chown 归还后重新开始")),
    ("unrecognized configuration parameter", msg("请改正数据文件夹中的 local.conf 后重新开始")),
    ("syntax error in file", msg("请改正数据文件夹中的 local.conf 后重新开始")),
)
LAST_ADVICE = msg("如果日志没有帮助，请移走数据文件夹，用 `anzhi restore` 恢复最近的备份")


@dataclass(frozen=True)
class Server:
    """The server of one place, driven by the programs in `binaries`."""

    place: ClusterFolder
    binaries: Path
    say: Callable[[str], None]
    given_up: threading.Event = field(default_factory=threading.Event)
    """Set where whoever starts the server wants it no longer."""

    def ensure_running(self, *, durable: bool) -> Postmaster:
        """Adopt the server that runs in the folder, or start one; it answers when this returns.

        The caller holds the cluster's start lock. Raises DiskTooFull, SocketOccupied and ClusterBroken.
        """
        adopted = self._settled_postmaster()
        if adopted is None:
            self._start(durable=durable)
            adopted = self._settled_postmaster()
        if adopted is None:
            raise self._broken(msg("数据库服务器刚启动就结束了"))
        return adopted

    def stop(self) -> None:
        """End the server, if one runs, together with the sessions that are still open, within a few seconds.

        One that is frozen or busy is killed in the end: a recovery is left to the next start, nothing acknowledged is lost.
        """
        running = find_postmaster(self.place.postgres_dir)
        if running is None:
            return
        for order, limit_s in STOP_ORDERS:
            if is_frozen(running.pid) or self._stops(running.pid, order, limit_s=limit_s):
                break
        if find_postmaster(self.place.postgres_dir) is not None:
            end_at_once(running.pid)
        if find_postmaster(self.place.postgres_dir) is not None:
            raise self._broken(msg("数据库服务器（进程 {pid}）停不下来。请用 `kill -9` 结束它", pid=running.pid))
        if running.socket_dir.is_absolute() and not any(running.socket_dir.glob("*")):
            self.place.account.run(["rmdir", str(running.socket_dir)])

    def _stops(self, pid: int, order: int, *, limit_s: float) -> bool:
        with suppress(ProcessLookupError):
            os.kill(pid, order)
        folder = self.place.postgres_dir
        return self._wait(lambda: find_postmaster(folder) is None, doing=msg("正在停止数据库"), limit_s=limit_s)

    def _settled_postmaster(self) -> Postmaster | None:
        """Wait until a server that starts or stops has done so; None when none runs (any more)."""

        def has_settled() -> bool:
            found = find_postmaster(self.place.postgres_dir)
            return found is None or found.state == "ready"

        if not self._wait(has_settled, doing=msg("正在等待数据库"), limit_s=START_LIMIT_S):
            raise self._broken(msg("数据库服务器正忙于启动或停止。请几分钟后再试"))
        return find_postmaster(self.place.postgres_dir)

    def _start(self, *, durable: bool) -> None:
        check_free_space(self.place)
        if strays := dismiss_stray_backends(self.place.postgres_dir):
            raise self._broken(msg("先前服务器的会话没有结束：进程 {strays}。请用 `kill -9` 结束它们", strays=strays))
        drop_stale_pid_file(self.place.postgres_dir)
        write_settings(self.place, claim_socket_dir(self.place), durable=durable)
        self._rotate_log()
        began = self.place.log.stat().st_size if self.place.log.exists() else 0
        arguments = ("start", "-l", self.place.log.name)
        if not self._pg_ctl(*arguments, limit_s=START_LIMIT_S, doing=msg("正在启动数据库")):
            raise self._broken(msg("数据库服务器没有启动起来"), since=began)

    def _pg_ctl(self, action: str, *options: str, limit_s: float, doing: str) -> bool:
        waiting = ["-D", ".", "-w", "-t", str(int(limit_s) + 1)]
        command = self.place.account.spawn(
            [str(self.binaries / "pg_ctl"), action, *waiting, *options],
            cwd=self.place.postgres_dir,
            output=subprocess.DEVNULL,
        )
        with command:
            try:
                ended = self._wait(lambda: command.poll() is not None, doing=doing, limit_s=limit_s)
            finally:
                # An impatient Ctrl-C must find a server that can be stopped, not one that is about to appear.
                with suppress(subprocess.TimeoutExpired):
                    command.wait(GRACE_S)
                command.kill()
        return ended and command.returncode == 0

    def _rotate_log(self) -> None:
        log = self.place.log
        if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
            self.place.account.run(["mv", "-f", log.name, f"{log.name}.1"], cwd=log.parent)

    def _broken(self, trouble: Message, *, since: int = 0) -> ClusterBroken:
        printed = ""
        if self.place.log.exists():
            printed = self.place.log.read_bytes()[since:].decode(errors="replace")
        tail = "\n".join(printed.splitlines()[-LOG_TAIL_LINES:])
        advice = [mend for sign, mend in ADVICE if sign in printed] or [LAST_ADVICE]
        return ClusterBroken(
            msg(
                "{trouble}\n{log} 的末尾：\n{tail}\n{advice}",
                trouble=trouble,
                log=self.place.log,
                tail=tail,
                advice=advice,
            )
        )

    def _wait(self, done: Callable[[], bool], *, doing: str, limit_s: float) -> bool:
        began = time.monotonic()
        next_word_s = 1.0
        while not done():
            waited_s = time.monotonic() - began
            if waited_s > limit_s or self.given_up.is_set():
                return False
            if waited_s > next_word_s:
                self.say(msg("{doing}… {seconds} 秒", doing=doing, seconds=f"{waited_s:.0f}"))
                next_word_s = max(5.0, next_word_s * 2)
            time.sleep(0.02)
        return True
