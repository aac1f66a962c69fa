"""Who serves: the unprivileged account where it can read the program and enter the data, and root only where it says so."""

import json
import os
import site
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from app.http.i18n import in_language
from app.platform.secret_key import read_or_make
from app.platform.settings import Settings
from app.server import privileges
from app.server.privileges import hand_over, hindrance, step_down
from gis_layers.embedded.account import ServerAccount, choose_account
from tests.gis_layers.embedded.ground import IS_ROOT, as_another_user
from tests.journeys.test_starting_and_stopping import servers_of
from tests.running import ANZHI, anzhi_here, start
from tests.sharing import reachable_folder

ROOT = Path(__file__).parents[2]
CALL = ("-c", "from app.cli import main; main()")


@pytest.fixture
def folder() -> Iterator[Path]:
    with reachable_folder() as made:
        yield made


@pytest.fixture
def account() -> ServerAccount:
    return choose_account(None)


def programs_for(account: ServerAccount) -> list[str]:
    """Interpreters of this minor version which the account can run."""
    found = []
    for candidate in (sys.executable, f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"):
        try:
            if account.run([candidate, "-c", ""]).returncode == 0:
                found.append(candidate)
        except OSError:
            continue
    return found


def readable(account: ServerAccount) -> bool:
    libraries = site.getsitepackages()[0]
    return all(account.run(["test", "-r", path]).returncode == 0 for path in (str(ROOT / "app"), libraries))


def test_the_service_gives_up_root_or_says_why_not(folder: Path, account: ServerAccount):
    programs = programs_for(account) if readable(account) else []
    program = (programs[0], *CALL) if programs else (str(ANZHI),)
    path = os.pathsep.join([str(ROOT), site.getsitepackages()[0]])
    running = start(folder / "data", "--empty", program=program, environment={"PYTHONPATH": path})
    try:
        processes = [psutil.Process(running.process.pid), *psutil.Process(running.process.pid).children(recursive=True)]
        assert len(processes) > 1
        said = running.said.read_text(encoding="utf-8")
        if not IS_ROOT:
            assert "run as" not in said
            expected = os.getuid()
        elif programs:
            assert f"web and worker run as {account.name}, not as root" in said
            expected = account.uid
        else:
            assert "web and worker run as root: " in said
            expected = 0
        assert {uid for process in processes for uid in process.uids()} == {expected}
        assert {process.gids().real for process in processes} == ({account.gid} if programs else {os.getgid()})
        made = anzhi_here(folder / "data", "token", "create", "--role", "viewer", "--name", "test")
        headers = {"Authorization": f"Bearer {made.stdout.strip().splitlines()[-1]}"}
        assert httpx.get(f"{running.base}/api/zones", headers=headers).status_code == 200
        key = folder / "data" / "secret.key"
        assert (key.stat().st_uid, key.stat().st_mode & 0o777) == (expected, 0o600)
        database = psutil.Process(servers_of(folder / "data")[0])
        database.kill()
        database.wait(30)
    finally:
        assert running.stop() == 0
    assert servers_of(folder / "data") == []


def installed_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A small installation that the probe is asked about instead of this one."""
    rooms = [folder / room for room in privileges.ROOMS]
    for room in rooms:
        room.mkdir(parents=True)
        (room / "module.py").touch()
    monkeypatch.setattr(privileges, "__file__", str(folder / "app" / "server" / "privileges.py"))
    monkeypatch.setattr(privileges, "STATIC", folder / "static")
    (folder / "static").mkdir()
    monkeypatch.setattr(privileges, "_libraries", lambda: [str(folder)])
    monkeypatch.setattr(sys, "executable", "/usr/bin/python3")
    monkeypatch.chdir("/")
    return rooms


@pytest.mark.parametrize(
    ("closed", "mode", "verb"),
    [
        ("program", 0o700, "read"),
        ("program/gis_layers", 0o700, "read"),
        ("program/app/module.py", 0o600, "read"),
        ("data", 0o700, "enter"),
        ("scratch", 0o755, "write in"),
        ("here", 0o700, "enter"),
    ],
)
def test_what_the_account_cannot_reach_is_named_with_the_mend(folder, account, monkeypatch, closed, mode, verb):
    for name in ("data", "scratch", "here"):
        (folder / name).mkdir(mode=0o777)
        (folder / name).chmod(0o777)
    installed_in(folder / "program", monkeypatch)
    settings = Settings(data_dir=folder / "data")
    read_or_make(settings)
    monkeypatch.chdir(folder / "here")
    monkeypatch.setattr(privileges.tempfile, "tempdir", str(folder / "scratch"))
    assert hindrance(account, settings) is None
    (folder / closed).chmod(mode)
    why = hindrance(account, settings)
    if IS_ROOT:
        assert why is not None
        assert f"the user {account.name} cannot {verb} {folder / closed}" in in_language(why, "en")
        assert "chmod o+x" in why
    else:
        assert why is None


def test_an_interpreter_that_the_account_cannot_run_is_named(folder, account, monkeypatch):
    installed_in(folder / "program", monkeypatch)
    monkeypatch.setattr(sys, "executable", str(folder / "python3"))
    assert f"cannot run {folder / 'python3'}" in in_language(hindrance(account, Settings(data_dir=folder)) or "", "en")


def test_only_what_is_ours_changes_hands(folder, account, monkeypatch):
    monkeypatch.setattr(privileges.tempfile, "tempdir", str(folder))
    data = folder / "data"
    settings = Settings(data_dir=data)
    read_or_make(settings)
    (data / "cluster.turn.lock").touch()
    (data / "letter.txt").touch()
    owner = os.getuid()
    hand_over(account, settings)
    assert (data.stat().st_uid, (data / "letter.txt").stat().st_uid) == (owner, owner)
    assert (data / "secret.key").stat().st_uid == (account.uid if IS_ROOT else owner)
    (data / "letter.txt").unlink()
    hand_over(account, settings)
    assert data.stat().st_uid == (account.uid if IS_ROOT else owner)


def test_a_second_name_of_a_file_of_the_system_is_not_given_away(folder, account, monkeypatch):
    monkeypatch.setattr(privileges.tempfile, "tempdir", str(folder))
    (folder / "data").mkdir()
    (folder / "passwords").touch()
    (folder / "data" / "secret.key").hardlink_to(folder / "passwords")
    (folder / "data" / "cluster.turn.lock").symlink_to(folder / "passwords")
    hand_over(account, Settings(data_dir=folder / "data"))
    assert (folder / "passwords").stat().st_uid == os.getuid()


def test_there_is_no_way_back(account):
    """A process that gave root up cannot take it again, nor read what is root's."""
    script = (
        "import json, os, sys\n"
        "from gis_layers.embedded.account import ServerAccount\n"
        "account = ServerAccount(*json.loads(sys.argv[1]))\n"
        "account.become()\n"
        "assert os.getresuid() == (account.uid,) * 3 and os.getgroups() == [account.gid], os.getresuid()\n"
        "try:\n    os.setuid(0)\nexcept PermissionError:\n    print('no way back')\n"
    )
    if not IS_ROOT:
        assert as_another_user(lambda: os.setuid(0)) == "PermissionError"
        return
    whom = json.dumps([account.name, account.uid, account.gid])
    done = subprocess.run([sys.executable, "-c", script, whom], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "no way back\n", done.stderr


def test_whoever_is_not_root_stays_who_he_is():
    said: list[str] = []
    assert as_another_user(lambda: step_down(Settings(), said.append)) == "nothing"
    assert said == []
