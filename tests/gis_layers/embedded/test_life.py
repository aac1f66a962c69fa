"""The life of the private cluster, on the real server: made, shared, killed, copied, outlived."""

import os
import shutil
import signal
import time
from contextlib import closing
from pathlib import Path

import psutil
import psycopg2
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from gis_layers.embedded import join_cluster, server
from gis_layers.embedded import postmaster as postmasters
from gis_layers.embedded.account import choose_account
from gis_layers.embedded.errors import (
    ClusterBroken,
)
from gis_layers.embedded.postmaster import find_postmaster
from tests.gis_layers.embedded.ground import ask, is_gone, join_elsewhere, postmaster
from tests.saying import refusing, says


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
    assert any(says(line, "正在 {postgres_dir} 建立数据库集群（只此一次，几秒钟）…") for line in said)
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
        with refusing(ClusterBroken, match=rf"processes {session.pid}\..*kill -9"), join_cluster(folder, durable=False):
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


def test_a_failed_start_shows_the_end_of_the_log_and_the_mend(copied: Path) -> None:
    (copied / "postgres" / "postgres.log").write_text("an old line\n")
    (copied / "postgres" / "local.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(ClusterBroken) as trouble, join_cluster(copied):
        pass
    assert 'unrecognized configuration parameter "no_such_setting"' in str(trouble.value)
    assert str(trouble.value).endswith("请改正数据文件夹中的 local.conf 后重新开始")
    assert "an old line" not in str(trouble.value)
    (copied / "postgres" / "local.conf").unlink()
    (copied / "postgres" / "global" / "pg_control").unlink()
    with refusing(ClusterBroken, match=r"pg_control[\s\S]*anzhi restore"), join_cluster(copied):
        pass


def test_a_start_beyond_all_patience_ends_with_a_reason_and_no_server(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "START_LIMIT_S", 0.0)
    with refusing(ClusterBroken, match=r"did not start[\s\S]*postgres\.log"), join_cluster(folder, durable=False):
        pass
    assert find_postmaster(folder / "postgres") is None


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
