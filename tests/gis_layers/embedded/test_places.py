"""Where the private cluster lives and who gets in, on the real server."""

import os
import shutil
from pathlib import Path

import psutil
import psycopg2
import pytest

from gis_layers.embedded import binaries as installed
from gis_layers.embedded import find_server_binaries, folders, join_cluster
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
from gis_layers.embedded.folders import ClusterFolder, claim_socket_dir, settle, short_hash
from tests.gis_layers.embedded.ground import IS_ROOT, as_another_user, ask, postmaster
from tests.saying import refusing


def test_data_of_another_major_version_is_named_with_the_mend(fresh: Path) -> None:
    (fresh / "postgres").mkdir()
    (fresh / "postgres" / "PG_VERSION").write_text("9\n")
    here = installed.read_major(find_server_binaries())
    with (
        refusing(WrongMajorVersion, match=rf"written by PostgreSQL 9.*has .*{here}.*postgresql-9-postgis-3"),
        join_cluster(fresh),
    ):
        pass


def test_without_a_recent_postgis_the_message_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "OLDEST_POSTGIS", (99, 1))
    with refusing(NoServerFound, match=r"PostGIS 99\.1 or later.*make setup"):
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
            with refusing(UnreachableFolder, match=r"chmod o\+x"):
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
    place = ClusterFolder(fresh, choose_account(None))
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
            with refusing(SocketOccupied, match="ls -ld"):
                claim_socket_dir(place)
    finally:
        link.unlink()
        open_door.rmdir()
        mine.rmdir()


def test_a_socket_folder_where_another_server_listens_is_left_alone(folder: Path) -> None:
    with join_cluster(folder, durable=False) as cluster:
        stranger = ClusterFolder(folder / "stranger", choose_account(folder / "postgres"))
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
        with refusing(ForeignCluster, match="belongs to root"):
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
    with refusing(DiskTooFull, match=r"Only \d+ MB are free.*--data-dir"), join_cluster(folder):
        pass


def test_a_folder_that_holds_something_else_is_not_touched(fresh: Path) -> None:
    (fresh / "postgres").mkdir()
    (fresh / "postgres" / "letter.txt").write_text("dear all")
    with refusing(ClusterBroken, match="holds no database cluster"), join_cluster(fresh):
        pass
    assert (fresh / "postgres" / "letter.txt").read_text() == "dear all"
