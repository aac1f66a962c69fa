"""What is damaged, hostile, too new or has no room is refused before anything is touched, in words that say why."""

import hashlib
import json
import os
import resource
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.platform.deployment import connect
from app.platform.settings import Settings
from gis_layers.backups.archive import opened_backup
from gis_layers.backups.databases import workplace
from gis_layers.backups.errors import DamagedBackup
from gis_layers.database import SchemaAhead
from gis_layers.embedded import binaries, find_client_binaries
from gis_layers.embedded.errors import NoClientFound, OutdatedClient
from gis_layers.errors import GisError
from tests.deployments import Kept, ask, databases
from tests.saying import refusing

NEW_REVISION = "9999"


def members(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def read_whole(path: Path) -> dict[str, bytes]:
    """All that a restore would take from the file."""
    with opened_backup(path) as backup, backup.dump() as dump:
        files = {}
        for name in backup.names():
            with backup.file(name) as source:
                files[name] = source.read()
        return {
            "manifest": backup.manifest.model_dump_json().encode(),
            "dump": dump.read(),
            "key": backup.key(),
            **files,
        }


def pack(out: Path, parts: dict[str, bytes], *, compression: int = zipfile.ZIP_STORED) -> Path:
    """A backup with digests that fit, whatever is in it."""
    content = {name: part for name, part in parts.items() if name != "SHA256SUMS"}
    sums = "".join(f"{hashlib.sha256(part).hexdigest()}  {name}\n" for name, part in content.items())
    with zipfile.ZipFile(out, "w", compression) as packed:
        for name, part in {**content, "SHA256SUMS": sums.encode()}.items():
            packed.writestr(name, part)
    return out


def changed(archive: Path, out: Path, change: Callable[[dict], None]) -> Path:
    """The backup with another manifest."""
    parts = members(archive)
    manifest = json.loads(parts["manifest.json"])
    change(manifest)
    return pack(out, {**parts, "manifest.json": json.dumps(manifest).encode()})


def refused(kept: Kept, file: Path) -> str:
    """What the restore says that refuses ``file``; nothing has changed by it."""
    content, files = kept.content(), sorted(map(str, kept.data_dir.rglob("*")))
    ended = kept.anzhi("restore", file, "--yes")
    assert ended.returncode == 1, ended.stderr
    assert (kept.content(), sorted(map(str, kept.data_dir.rglob("*")))) == (content, files)
    assert databases(kept.url) == []
    return ended.stderr


@pytest.fixture(scope="module")
def whole(archive: Path) -> tuple[bytes, dict[str, bytes]]:
    return archive.read_bytes(), read_whole(archive)


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("spoilt") / "spoilt.zip"


@settings(max_examples=150)
@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255), from_end=st.booleans())
def test_a_changed_byte_is_refused_or_changes_nothing(whole, spoilt, place, flip, from_end):
    content, held = bytearray(whole[0]), whole[1]
    spot = int(place * len(content)) if not from_end else len(content) - 1 - int(place * 2000)
    content[spot] ^= flip
    spoilt.write_bytes(content)
    try:
        found = read_whole(spoilt)
    except DamagedBackup:
        found = held
    assert found == held


@settings(max_examples=40)
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_file_cut_short_is_refused(whole, spoilt, share):
    spoilt.write_bytes(whole[0][: int(share * len(whole[0]))])
    with refusing(GisError, match="damaged or no backup"):
        read_whole(spoilt)


def test_a_damaged_file_is_refused_at_the_console(kept, archive, tmp_path):
    content = bytearray(archive.read_bytes())
    content[len(content) // 3] ^= 1
    (tmp_path / "spoilt.zip").write_bytes(content)
    assert "Nothing was changed; use another backup" in refused(kept, tmp_path / "spoilt.zip")
    assert "cannot be read" in refused(kept, tmp_path / "nowhere.zip")


HOSTILE = (
    "../escaped",
    "/tmp/escaped",
    "files/../../escaped",
    "files/attachments\\..\\x",
    "files/elsewhere/x",
    "secret.key/x",
)


def test_a_member_that_leads_elsewhere_is_refused(kept, archive, tmp_path):
    for name in HOSTILE:
        file = pack(tmp_path / "hostile.zip", {**members(archive), name: b"escaped"})
        with refusing(DamagedBackup, match="it holds"):
            read_whole(file)
    assert "Nothing was changed" in refused(kept, file)
    assert not list(tmp_path.rglob("*escaped*"))


def test_a_bomb_a_doublet_and_a_missing_part_are_refused(archive, tmp_path):
    parts = members(archive)
    bomb = pack(
        tmp_path / "bomb.zip", {**parts, "files/attachments/x": bytes(5_000_000)}, compression=zipfile.ZIP_DEFLATED
    )
    assert bomb.stat().st_size < 1_000_000
    double = pack(tmp_path / "double.zip", parts)
    with zipfile.ZipFile(double, "a") as packed, pytest.warns(UserWarning, match="Duplicate"):
        packed.writestr("secret.key", b"another")
    less = pack(tmp_path / "less.zip", {name: part for name, part in parts.items() if name != "database.dump"})
    for file in (bomb, double, less):
        with refusing(GisError, match="damaged or no backup"):
            read_whole(file)


def test_a_backup_that_does_not_hold_what_it_says_never_takes_the_place(kept, archive, tmp_path):
    def lie(manifest: dict) -> None:
        manifest["content"]["tables"]["public.tokens"]["rows"] += 1
        manifest["content"]["structure"].append("table audit_entries has trigger that_is_not_there (O)")

    told = refused(kept, changed(archive, tmp_path / "lie.zip", lie))
    assert "table public.tokens has 1 row instead of 2" in told
    assert "that_is_not_there" in told


def test_a_dump_that_fails_half_way_leaves_nothing(kept, archive, tmp_path):
    parts = members(archive)
    told = refused(kept, pack(tmp_path / "half.zip", {**parts, "database.dump": parts["database.dump"][:-20_000]}))
    assert "pg_restore ended with code" in told


def test_a_backup_of_a_newer_program_is_refused_with_the_versions(kept, archive, tmp_path):
    newer = changed(
        archive, tmp_path / "schema.zip", lambda told: told.update(schema_revision=NEW_REVISION, software="9.0")
    )
    told = refused(kept, newer)
    assert f"Anzhi 9.0, stands at revision {NEW_REVISION}" in told
    newer = changed(archive, tmp_path / "format.zip", lambda told: told.update(format=99, software="9.0"))
    assert "format 99, written by Anzhi 9.0; this version reads formats up to 1" in refused(kept, newer)
    newer = changed(archive, tmp_path / "server.zip", lambda told: told.update(server_major=99))
    assert "PostgreSQL 99" in refused(kept, newer)


DOORS = (
    ("up", "--port", "8799"),
    ("worker",),
    ("migrate",),
    ("doctor",),
    ("backup", "{folder}/out.zip"),
    ("token", "list"),
    ("user", "list"),
    ("rulebook", "show"),
    ("place", "find", "村"),
    ("grade",),
    ("regrade",),
    ("export", "zones", "{folder}/zones.gpkg"),
    ("check", "{folder}/sites.geojson", "--out", "{folder}/out.gpkg"),
    ("import", "zones", "{folder}/sites.geojson", "--hazard", "flood", "--product", "hazard"),
)


def test_every_door_of_an_older_program_refuses_a_newer_database(kept, archive, tmp_path):
    (tmp_path / "sites.geojson").write_text('{"type":"FeatureCollection","features":[]}')
    ask(kept.url, "UPDATE alembic_version SET version_num = %s", NEW_REVISION)
    content = kept.content()
    for words in DOORS:
        ended = kept.anzhi(*(word.format(folder=tmp_path) for word in words))
        assert ended.returncode == 1, words
        assert f"revision {NEW_REVISION}, which this version does not know" in ended.stderr, words
    with pytest.raises(SchemaAhead):  # the worker beside the service, when it is started again
        connect(Settings(), kept.url)
    assert kept.content() == content
    assert not (tmp_path / "out.zip").exists()
    kept.done("restore", archive, "--yes")
    kept.done("token", "list")


def test_a_full_disk_leaves_no_file_and_is_told(kept, tmp_path):
    out = tmp_path / "out.zip"
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        ended = kept.anzhi("backup", out)
        os._exit(7 if ended.returncode == 1 and "is full" in ended.stderr else 8)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_too_little_room_for_the_second_database_is_told_before_anything_is_written(
    kept, archive, tmp_path, monkeypatch
):
    usage = shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr("gis_layers.backups.databases.shutil.disk_usage", lambda _: usage)
    monkeypatch.setattr("gis_layers.backups.creation.write_dump", lambda *_, **__: pytest.fail("it began all the same"))
    ended = kept.anzhi("backup", tmp_path / "out.zip")
    assert ended.returncode == 1
    assert "1 MB are free" in ended.stderr
    assert "1 MB are free" in refused(kept, archive)


def test_a_role_that_may_not_make_databases_is_told_what_is_needed(kept, archive, tmp_path):
    ask(kept.url, "DROP ROLE IF EXISTS plain_clerk; CREATE ROLE plain_clerk")
    limited = Kept(f"{kept.url}&options=-crole%3Dplain_clerk", kept.data_dir)
    try:
        ended = limited.anzhi("restore", archive)
    finally:
        ask(kept.url, "DROP ROLE plain_clerk")
    assert ended.returncode == 1
    assert 'ALTER ROLE "plain_clerk" CREATEDB' in ended.stderr


def test_two_backups_at_once_take_turns(kept, tmp_path):
    with pytest.MonkeyPatch.context() as patch, workplace(kept.url):
        patch.setattr("gis_layers.backups.databases.LOCK_PATIENCE_S", 0.0)
        ended = kept.anzhi("backup", tmp_path / "out.zip")
    assert ended.returncode == 1
    assert "under way" in ended.stderr
    assert not (tmp_path / "out.zip").exists()


def test_programs_are_taken_of_the_servers_version_or_the_next_newer(tmp_path, monkeypatch):
    for major in (14, 16, 17):
        (tmp_path / str(major)).mkdir()
        for name in ("pg_dump", "pg_restore"):
            program = tmp_path / str(major) / name
            program.write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {major}.3'\n")
            program.chmod(0o755)
    monkeypatch.setattr(binaries, "_client_folders", lambda: iter(sorted(tmp_path.iterdir())))
    assert [find_client_binaries(server_major=server).name for server in (14, 15, 16, 17)] == ["14", "16", "16", "17"]
    with refusing(OutdatedClient, match="server is PostgreSQL 18; the newest pg_dump here is 17"):
        find_client_binaries(server_major=18)
    monkeypatch.setattr(binaries, "_client_folders", lambda: iter(()))
    with refusing(NoClientFound, match="postgresql-client-15"):
        find_client_binaries(server_major=15)
