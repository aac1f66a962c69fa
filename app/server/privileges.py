"""Giving up root: what serves and works for others needs none of it, once the database stands and the port is bound."""

from __future__ import annotations

import contextlib
import json
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from app.platform.scratch import NAMED as SCRATCH
from app.platform.secret_key import NAME as SECRET_KEY
from app.platform.secret_key import key_file
from app.platform.settings import STATIC, Settings, live_in
from gis_layers.embedded import ServerAccount, choose_account, home_of
from risk_model.message import msg

ROOMS = ("app", "gis_layers", "risk_model")
OURS = frozenset({"cluster.turn.lock", "cluster.users.lock", SECRET_KEY})
"""What this service keeps beside its database, and may give to the account that serves."""

DEEDS = {"read": msg("读取"), "enter": msg("进入"), "write in": msg("写入"), "run": msg("运行")}
"""What an account may not do, in words."""

PROBE = """
import json, os, sys
ask = json.load(sys.stdin)
def refuse(path, what):
    print(json.dumps([path, what]))
    sys.exit()
def read(path):
    if not os.access(path, os.R_OK | (os.X_OK if os.path.isdir(path) else 0)):
        refuse(path, "read")
for path in ask["enter"]:
    if not os.access(path, os.X_OK):
        refuse(path, "enter")
for path in ask["read"]:
    read(path)
    for folder, folders, files in os.walk(path) if path in ask["whole"] else ():
        for name in folders + files:
            read(os.path.join(folder, name))
for path in ask["write"]:
    if not os.access(path, os.W_OK | os.X_OK):
        refuse(path, "write in")
print("null")
"""


def step_down(settings: Settings, say: Callable[[str], None]) -> None:
    """Run on as the service's account, for good and with all threads, where that account can; say why where it cannot.

    It is the account the private database runs under. Whoever is not root stays who he is.
    """
    if os.geteuid() != 0:
        return
    home = _home(settings)
    account = choose_account(home / "postgres" if (home / "postgres").is_dir() else None)
    if (why := hindrance(account, settings)) is not None:
        say(msg("网页和工作进程以 root 运行：{why}", why=why))
        return
    hand_over(account, settings)
    live_in(Path(tempfile.gettempdir()), account.name)
    account.become()
    say(msg("网页和工作进程以 {name} 运行，不是 root", name=account.name))


def hindrance(account: ServerAccount, settings: Settings) -> str | None:
    """Reason web and worker cannot run as ``account``, and what to do about it; None where they can.

    The kernel is asked, by the interpreter that will serve, started as that account.
    """
    rooms = [str(Path(__file__).parents[2] / room) for room in ROOMS] + [str(STATIC)]
    asked = {
        "enter": [str(path) for path in _entered(settings)],
        "read": [*rooms, *_libraries()],
        "whole": rooms,
        "write": [str(Path(tempfile.gettempdir()).parent if _scratch() else tempfile.gettempdir())],
    }
    try:
        answer = account.run([sys.executable, "-I", "-S", "-c", PROBE], text=json.dumps(asked))
        found = json.loads(answer.stdout)
    except (OSError, ValueError):
        found = (sys.executable, "run")
    if found is None:
        return None
    path, what = found
    return msg(
        "用户 {name} 不能{what} {path}。请在上级文件夹上 `chmod o+x`、在它自身上 `chmod o+rX`，或把安址及其数据装在单独的文件夹中，例如 /opt 之下",
        name=account.name,
        what=DEEDS[what],
        path=path,
    )


def hand_over(account: ServerAccount, settings: Settings) -> None:
    """Give ``account`` what it needs of root's: the locks, the secret key and the folder for what lasts a moment.

    A data folder that holds nothing but ours is given too; one with other things in it keeps its owner.
    """
    for folder in _folders(settings):
        for name in OURS:
            if _is_roots_alone(folder / name):
                account.take_over(folder / name)
        if all(entry.name in OURS or entry.name == "postgres" for entry in folder.iterdir()):
            account.take_over(folder)
    if (scratch := _scratch()) is not None:
        for path in (*scratch.rglob("*"), scratch):
            account.take_over(path)


def _is_roots_alone(path: Path) -> bool:
    """Whether this is a file of root's with no other name: a second name could be that of a file of the system."""
    with contextlib.suppress(FileNotFoundError):
        found = path.lstat()
        return stat.S_ISREG(found.st_mode) and found.st_uid == 0 and found.st_nlink == 1
    return False


def _home(settings: Settings) -> Path:
    return settings.data_dir.expanduser().absolute() if settings.database_url else home_of(settings.data_dir)


def _folders(settings: Settings) -> list[Path]:
    return [folder for folder in dict.fromkeys([_home(settings), key_file(settings).parent]) if folder.is_dir()]


def _entered(settings: Settings) -> Iterable[Path]:
    """Folders the processes stand in and open by name: processes that are started begin where their parent stood."""
    own = [] if settings.secret_key or not key_file(settings).exists() else [key_file(settings).parent]
    home = [] if settings.database_url else [_home(settings)]
    return [Path.cwd(), *home, *own]


def _libraries() -> list[str]:
    """The folders modules come from, and what lies in them, one level deep."""
    folders = [Path(entry) for entry in dict.fromkeys(sys.path) if entry and Path(entry).is_dir()]
    inside = [entry for folder in folders if folder.name == "site-packages" for entry in folder.iterdir()]
    return [str(path) for path in (*folders, *inside)]


def _scratch() -> Path | None:
    folder = Path(tempfile.gettempdir())
    return folder if SCRATCH.fullmatch(folder.name) else None
