"""The private cluster, against the real server: made, shared, killed, copied, squatted upon and outlived."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psutil
import psycopg2
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from gis_layers.embedded import Cluster, find_server_binaries, folders, join_cluster, server
from gis_layers.embedded import binaries as installed
from gis_layers.embedded import postmaster as postmasters
from gis_layers.embedded.account import choose_account
from gis_layers.embedded.errors import (
    ClusterBroken,
    DiskTooFull,
    ForeignCluster,
    NoServerFound,
    SocketOccupied,
    UnreachableFolder,
    WrongMajorVersion,
)
from gis_layers.embedded.folders import Place, claim_socket_dir, settle, short_hash
from gis_layers.embedded.postmaster import Postmaster, find_postmaster

ROOT = Path(__file__).parents[2]
IS_ROOT = os.geteuid() == 0
JOIN = "import sys, time; from pathlib import Path; from gis_layers.embedded import join_cluster\n"


def open_folder() -> Path:
    """Make a folder the server's user can enter; pytest's own ones are closed to him."""
    made = Path(tempfile.mkdtemp(prefix="cluster-test-", dir="/tmp"))
    made.chmod(0o711)
    return made


@pytest.fixture(scope="module")
def lasting() -> Iterator[Path]:
    """Hold one stopped cluster for all tests that leave it whole, since making one takes seconds."""
    made = open_folder()
    with join_cluster(made, durable=False):
        pass
    yield made
    shutil.rmtree(made)


@pytest.fixture
def folder(lasting: Path) -> Iterator[Path]:
    """Give the folder with that cluster, and end what a failed test left running in it."""
    yield lasting
    end_servers(lasting)


@pytest.fixture
def fresh() -> Iterator[Path]:
    """Give an empty folder and leave nothing behind, neither files nor servers."""
    made = open_folder()
    yield made
    end_servers(made)
    shutil.rmtree(made)


@pytest.fixture
def copied(folder: Path, fresh: Path) -> Path:
    """Give a folder with a stopped cluster that the test may spoil."""
    shutil.copytree(folder / "postgres", fresh / "postgres")
    return fresh


def end_servers(folder: Path) -> None:
    for cluster in folder.rglob("PG_VERSION"):
        if running := find_postmaster(cluster.parent):
            psutil.Process(running.pid).kill()


def is_gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def postmaster(folder: Path) -> Postmaster:
    found = find_postmaster(folder / "postgres")
    assert found is not None
    return found


def ask(cluster: Cluster, question: str) -> object:
    engine = create_engine(cluster.url)
    with engine.begin() as connection:
        answer = connection.execute(text(question))
        value = answer.scalar() if answer.returns_rows else None
    engine.dispose()
    return value


def join_elsewhere(folder: Path, then: str) -> subprocess.Popen[str]:
    """Let another process join; it prints one line when it has."""
    script = JOIN + "with join_cluster(Path(sys.argv[1]), durable=False):\n    print('joined', flush=True)\n    " + then
    return subprocess.Popen(
        [sys.executable, "-c", script, str(folder)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def as_another_user(action: Callable[[], object]) -> str:
    """Run `action` in a child as the user nobody (root only becomes him); answer the name of what it raised."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if IS_ROOT:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            action()
            os.write(writing, b"nothing")
        except BaseException as raised:  # noqa: BLE001 - whatever it is, its name goes through the pipe
            os.write(writing, type(raised).__name__.encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    told = os.read(reading, 1000).decode()
    os.close(reading)
    return told


def test_the_first_start_makes_a_durable_postgis_that_listens_on_no_network(fresh: Path) -> None:
    (fresh / "postgres.unfinished-x").mkdir()
    (fresh / "postgres.unfinished-x" / "PG_VERSION").write_text("15\n")
    said: list[str] = []
    with join_cluster(fresh, say=said.append) as cluster:
        assert str(ask(cluster, "SELECT postgis_lib_version()")) >= "3.3"
        expected = {
            "fsync": "on", "synchronous_commit": "on", "data_checksums": "on", "listen_addresses": "", "jit": "off",
            "server_encoding": "UTF8", "lc_collate": "C.UTF-8", "TimeZone": "Asia/Shanghai", "shared_buffers": "256MB",
            "max_connections": "60", "work_mem": "32MB", "maintenance_work_mem": "128MB",
        }  # fmt: skip
        assert {name: ask(cluster, f"SHOW {name}") for name in expected} == expected
    assert any("Making a database cluster" in line for line in said)
    assert sorted(found.name for found in fresh.iterdir() if found.is_dir()) == ["postgres"]


def test_a_start_killed_half_way_through_leaves_nothing_that_passes_for_a_cluster(fresh: Path) -> None:
    starting = join_elsewhere(fresh, "pass")
    deadline = time.monotonic() + 30
    while not list(fresh.glob("postgres.unfinished-*/PG_VERSION")):
        assert time.monotonic() < deadline
        time.sleep(0.005)
    starting.kill()
    starting.communicate()
    assert not (fresh / "postgres").exists()
    with join_cluster(fresh, durable=False) as cluster:
        assert ask(cluster, "SELECT count(*) > 0 FROM spatial_ref_sys") is True
    assert not list(fresh.glob("postgres.unfinished-*"))


def test_a_second_start_keeps_what_the_first_was_told(folder: Path) -> None:
    with join_cluster(folder, durable=False) as cluster:
        ask(cluster, "CREATE TABLE kept AS SELECT 42 AS answer")
    assert find_postmaster(folder / "postgres") is None
    with join_cluster(folder, durable=False) as again:
        assert ask(again, "SELECT answer FROM kept") == 42
        assert again.url == cluster.url
    assert not again.socket_dir.exists()


def test_only_the_last_user_to_leave_stops_the_server(folder: Path) -> None:
    with join_cluster(folder, durable=False):
        first = postmaster(folder).pid
        with join_cluster(folder, durable=False):
            assert postmaster(folder).pid == first
        other = join_elsewhere(folder, "time.sleep(60)")
        assert other.stdout is not None
        assert other.stdout.readline() == "joined\n"
    assert postmaster(folder).pid == first
    os.killpg(other.pid, signal.SIGINT)
    other.communicate(timeout=20)
    assert find_postmaster(folder / "postgres") is None
    assert "was not properly shut down" not in (folder / "postgres" / "postgres.log").read_text()


def test_users_who_arrive_at_once_share_one_server(fresh: Path) -> None:
    arrivals = [join_elsewhere(fresh, "time.sleep(0.2)") for _ in range(3)]
    for arrival in arrivals:
        printed, complaints = arrival.communicate(timeout=60)
        assert (arrival.returncode, printed) == (0, "joined\n"), complaints
    assert find_postmaster(fresh / "postgres") is None


def test_a_server_killed_outright_comes_back_where_it_was_with_what_it_acknowledged(folder: Path) -> None:
    with join_cluster(folder) as cluster:
        ask(cluster, "CREATE TABLE acknowledged AS SELECT 'safe' AS word")
        psutil.Process(postmaster(folder).pid).kill()
        with join_cluster(folder) as revived:
            assert revived.url == cluster.url
            assert ask(cluster, "SELECT word FROM acknowledged") == "safe"
    assert "was not properly shut down" in (folder / "postgres" / "postgres.log").read_text()


def test_a_session_that_outlives_its_killed_server_does_not_block_the_next_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postmasters, "STRAY_PATIENCE_S", 0.3)
    with join_cluster(folder, durable=False) as cluster:
        stubborn = psycopg2.connect(host=str(cluster.socket_dir), user="anzhi", dbname="anzhi")
        session = psutil.Process(stubborn.info.backend_pid)
        session.suspend()
        psutil.Process(postmaster(folder).pid).kill()
        with pytest.raises(ClusterBroken, match=rf"\[{session.pid}\].*kill -9"), join_cluster(folder, durable=False):
            pass
        session.resume()
        with join_cluster(folder, durable=False) as revived:
            assert ask(revived, "SELECT 1") == 1
        stubborn.close()


def test_an_orphaned_server_is_adopted_and_then_stopped(folder: Path) -> None:
    parent = join_elsewhere(folder, "time.sleep(60)")
    assert parent.stdout is not None
    assert parent.stdout.readline() == "joined\n"
    orphan = postmaster(folder).pid
    parent.kill()
    parent.communicate()
    with join_cluster(folder, durable=False):
        assert postmaster(folder).pid == orphan
    assert is_gone(orphan)


def test_a_server_that_is_just_stopping_is_waited_for(folder: Path) -> None:
    with join_cluster(folder, durable=False) as cluster:
        leaving = postmaster(folder).pid
        with closing(psycopg2.connect(host=str(cluster.socket_dir), user="anzhi", dbname="anzhi")):
            os.kill(leaving, signal.SIGTERM)
            while postmaster(folder).state != "stopping":
                time.sleep(0.01)
            late = join_elsewhere(folder, "pass")
            time.sleep(0.3)
            assert late.poll() is None
        assert late.communicate(timeout=20)[0] == "joined\n"
        assert is_gone(leaving)


def test_a_stale_pid_file_whose_number_now_belongs_to_another_program_is_no_obstacle(folder: Path) -> None:
    other = choose_account(folder / "postgres").spawn(["sleep", "60"])
    (folder / "postgres" / "postmaster.pid").write_text(f"{other.pid}\n{folder}/postgres\n")
    with join_cluster(folder, durable=False) as cluster:
        assert ask(cluster, "SELECT 1") == 1
    assert other.poll() is None
    other.kill()
    other.communicate()


def test_a_copy_of_a_running_folder_is_a_cluster_of_its_own(folder: Path, fresh: Path) -> None:
    with join_cluster(folder, durable=False) as original:
        ask(original, "CHECKPOINT")
        shutil.copytree(folder / "postgres", fresh / "copy" / "postgres")
        (fresh / "copy").chmod(0o711)
        with join_cluster(fresh / "copy", durable=False) as copy:
            assert copy.socket_dir != original.socket_dir
            assert postmaster(fresh / "copy").pid != postmaster(folder).pid
            ask(copy, "CREATE TABLE apart (n int)")
        assert ask(original, "SELECT to_regclass('apart')") is None


def test_data_of_another_major_version_is_named_with_the_mend(fresh: Path) -> None:
    (fresh / "postgres").mkdir()
    (fresh / "postgres" / "PG_VERSION").write_text("9\n")
    here = installed.read_major(find_server_binaries())
    with (
        pytest.raises(WrongMajorVersion, match=rf"written by PostgreSQL 9.*has .*{here}.*postgresql-9-postgis-3"),
        join_cluster(fresh),
    ):
        pass


def test_without_a_recent_postgis_the_message_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "OLDEST_POSTGIS", (99, 1))
    with pytest.raises(NoServerFound, match=r"PostGIS 99\.1 or later.*make setup"):
        find_server_binaries()


def test_a_folder_closed_to_the_server_gets_its_cluster_elsewhere_and_keeps_it_there(fresh: Path) -> None:
    closed = fresh / "closed"
    closed.mkdir(mode=0o700)
    said: list[str] = []
    place = settle(closed, say=said.append)
    if not IS_ROOT:
        assert (place.home, said) == (closed, [])
        return
    assert place.home == Path("/var/lib/anzhi") / short_hash(closed)
    assert str(place.home) in said[0]
    assert place.account.name in said[0]
    try:
        (place.home / "postgres").mkdir()
        closed.chmod(0o711)
        assert settle(closed, say=said.append).home == place.home
    finally:
        shutil.rmtree(place.home)


def test_a_cluster_moved_out_of_its_users_reach_is_never_replaced_by_an_empty_one(folder: Path) -> None:
    folder.chmod(0o600)
    try:
        if IS_ROOT:
            with pytest.raises(UnreachableFolder, match=r"chmod o\+x"):
                settle(folder, say=print)
        else:
            with pytest.raises(PermissionError):
                settle(folder, say=print)
    finally:
        folder.chmod(0o711)


def test_deep_paths_and_odd_names_work(copied: Path) -> None:
    deep = copied / "/".join(["a-long-folder-name"] * 12)
    odd = copied / '安置 区\'s "$HOME" `id`'
    where = copied
    for there in (deep, odd):
        there.mkdir(parents=True)
        where = (where / "postgres").rename(there / "postgres").parent
        with join_cluster(where, durable=False) as cluster:
            assert ask(cluster, "SHOW data_directory") == str(there / "postgres")
            assert len(str(cluster.socket_dir / ".s.PGSQL.5432.lock")) < 107


def test_a_socket_folder_in_other_hands_is_left_alone(fresh: Path) -> None:
    place = Place(fresh, choose_account(None))
    link = folders.SOCKET_ROOT / f"anzhi-{short_hash(place.postgres_dir)}"
    link.symlink_to(fresh)
    open_door = link.with_name(f"{link.name}-2")
    open_door.mkdir()
    open_door.chmod(0o755)
    place.account.take_over(open_door)
    mine = claim_socket_dir(place)
    try:
        assert mine.name == f"{link.name}-3"
        assert (mine.stat().st_mode & 0o777, mine.stat().st_uid) == (0o700, place.account.uid)
        assert claim_socket_dir(place) == mine
        mine.chmod(0o711)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(folders, "SOCKET_CHOICES", 3)
            with pytest.raises(SocketOccupied, match="ls -ld"):
                claim_socket_dir(place)
    finally:
        link.unlink()
        open_door.rmdir()
        mine.rmdir()


def test_a_socket_folder_where_another_server_listens_is_left_alone(folder: Path) -> None:
    with join_cluster(folder, durable=False) as cluster:
        stranger = Place(folder / "stranger", choose_account(folder / "postgres"))
        wanted = folders.SOCKET_ROOT / f"anzhi-{short_hash(stranger.postgres_dir)}"
        cluster.socket_dir.rename(wanted)
        given = claim_socket_dir(stranger)
        assert given.name == f"{wanted.name}-2"
        assert (wanted / ".s.PGSQL.5432").exists()
        given.rmdir()
        wanted.rename(cluster.socket_dir)


def test_other_users_of_the_machine_are_kept_out(folder: Path) -> None:
    with join_cluster(folder, durable=False) as cluster:
        assert cluster.socket_dir.stat().st_mode & 0o777 == 0o700
        assert (folder / "postgres" / "pg_hba.conf").read_text() == "local all all peer map=anzhi\n"
        if IS_ROOT:
            cluster.socket_dir.chmod(0o755)
            (cluster.socket_dir / ".s.PGSQL.5432").chmod(0o777)
            address = f"host={cluster.socket_dir} user=anzhi dbname=anzhi"
            assert as_another_user(lambda: psycopg2.connect(address)) == "OperationalError"
            psycopg2.connect(address).close()


def test_a_cluster_of_somebody_else_says_whose_it_is() -> None:
    assert as_another_user(lambda: choose_account(Path("/"))) == "ForeignCluster"
    if not IS_ROOT:
        with pytest.raises(ForeignCluster, match="belongs to root"):
            choose_account(Path("/"))


def test_an_ordinary_user_runs_the_server_himself(copied: Path) -> None:
    if IS_ROOT:
        for path in (copied, *copied.rglob("*")):
            os.chown(path, 65534, 65534)

    def join() -> None:
        with join_cluster(copied, durable=False) as cluster:
            running = psutil.Process(postmaster(copied).pid)
            assert running.uids().real == os.getuid()
            assert ask(cluster, "SELECT 1") == 1

    assert as_another_user(join) == "nothing"
    with join_cluster(copied, durable=False) as cluster:
        assert psutil.Process(postmaster(copied).pid).uids().real == copied.stat().st_uid
        assert ask(cluster, "SELECT current_user") == "anzhi"


def test_a_nearly_full_disk_is_told_before_the_server_starts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "LEAST_FREE_BYTES", 2**60)
    with pytest.raises(DiskTooFull, match=r"Only \d+ MB are free.*--data-dir"), join_cluster(folder):
        pass


def test_a_failed_start_shows_the_end_of_the_log_and_the_mend(copied: Path) -> None:
    (copied / "postgres" / "postgres.log").write_text("an old line\n")
    (copied / "postgres" / "local.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(ClusterBroken) as trouble, join_cluster(copied):
        pass
    assert 'unrecognized configuration parameter "no_such_setting"' in str(trouble.value)
    assert str(trouble.value).endswith("Correct local.conf in the data folder and start again.")
    assert "an old line" not in str(trouble.value)
    (copied / "postgres" / "local.conf").unlink()
    (copied / "postgres" / "global" / "pg_control").unlink()
    with pytest.raises(ClusterBroken, match=r"pg_control[\s\S]*anzhi restore"), join_cluster(copied):
        pass


def test_a_start_beyond_all_patience_ends_with_a_reason_and_no_server(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "START_LIMIT_S", 0.0)
    with pytest.raises(ClusterBroken, match=r"did not start[\s\S]*postgres\.log"), join_cluster(folder, durable=False):
        pass
    assert find_postmaster(folder / "postgres") is None


def test_a_folder_that_holds_something_else_is_not_touched(fresh: Path) -> None:
    (fresh / "postgres").mkdir()
    (fresh / "postgres" / "letter.txt").write_text("dear all")
    with pytest.raises(ClusterBroken, match="holds no database cluster"), join_cluster(fresh):
        pass
    assert (fresh / "postgres" / "letter.txt").read_text() == "dear all"


def test_an_overgrown_log_is_set_aside_at_the_next_start(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "LOG_LIMIT_BYTES", 100)
    log = folder / "postgres" / "postgres.log"
    log.write_text("x" * 101)
    choose_account(folder / "postgres").take_over(log)
    with join_cluster(folder, durable=False):
        assert log.with_name("postgres.log.1").read_text() == "x" * 101
        assert "x" * 101 not in log.read_text()


def test_databases_are_made_copied_and_dropped_beside_the_main_one(folder: Path) -> None:
    with join_cluster(folder, durable=False) as cluster:
        model = create_engine(cluster.create_database("model"))
        with model.begin() as connection:
            connection.execute(text("CREATE TABLE places AS SELECT ST_Point(105, 32) AS geom"))
        model.dispose()
        copied = create_engine(cluster.create_database("拷贝", template="model"))
        with copied.connect() as connection:
            assert connection.execute(text("SELECT ST_X(geom) FROM places")).scalar() == 105
            connection.rollback()
            cluster.drop_database("拷贝")
            with pytest.raises(OperationalError):
                connection.execute(text("SELECT 1"))
        copied.dispose()
        cluster.drop_database("拷贝")
        assert ask(cluster, "SELECT string_agg(datname, ',' ORDER BY datname) FROM pg_database") == (
            "anzhi,model,postgres,template0,template1"
        )
