"""A deployment goes into one file and comes back whole, whoever works on or is killed on the way."""

import hashlib
import io
import json
import re
import stat
import sys
import threading
import zipfile
from contextlib import closing

import psycopg2
import pytest
from alembic import command

from gis_layers.backups import BackupOrder, make_backup
from gis_layers.database import head_revision, migration_config
from tests.deployments import ATTACHMENT, KEY, Content, ask, databases, plain, read_content


def without_own_notes(content: Content) -> Content:
    """All but what backups and restores note of themselves."""
    own = re.compile("'(make|restore) backup'|'last_backup'")
    return {table: [row for row in rows if not own.search(row)] for table, rows in content.items()}


def unfinished(folder) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".anzhi-backup-")]


def test_what_was_backed_up_comes_back_row_by_row_on_a_new_machine(kept, tmp_path):
    before, out = kept.content(), tmp_path / "out.zip"
    ended = kept.done("backup", out, "--json")
    told = json.loads(ended.stdout)
    assert (told["verified"], told["secret_key"]) == (True, True)
    assert told["rows"] == sum(map(len, before.values()))
    assert KEY not in ended.stdout + ended.stderr
    assert "keep it where you would keep a key" in ended.stderr
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    new = kept.elsewhere(tmp_path / "new")
    back = json.loads(new.done("restore", out, "--json").stdout)
    assert (back["former"], back["lost"]) == (None, [])
    assert without_own_notes(new.content()) == without_own_notes(before)
    assert new.key() == KEY
    assert stat.S_IMODE((new.data_dir / "secret.key").stat().st_mode) == 0o600
    assert (new.data_dir / ATTACHMENT).read_bytes() == (kept.data_dir / ATTACHMENT).read_bytes()


def test_an_archivist_needs_none_of_our_programs(kept, archive, tmp_path):
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path / "x")
    lines = (tmp_path / "x" / "SHA256SUMS").read_text("utf-8").splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    found = {str(path.relative_to(tmp_path / "x")) for path in (tmp_path / "x").rglob("*") if path.is_file()}
    assert {*sums, "SHA256SUMS"} == found
    assert all(hashlib.sha256((tmp_path / "x" / name).read_bytes()).hexdigest() == sums[name] for name in sums)
    manifest = json.loads((tmp_path / "x" / "manifest.json").read_text("utf-8"))
    told = {name.removeprefix("public."): table["rows"] for name, table in manifest["content"]["tables"].items()}
    assert told == {table: len(rows) for table, rows in kept.content().items()}
    assert (manifest["edition"]["number"], manifest["schema_revision"]) == (1, head_revision())


def test_the_service_writes_on_and_the_backup_is_of_one_moment(kept, tmp_path):
    ask(kept.url, "CREATE TABLE left_hand (n int); CREATE TABLE right_hand (n int)")
    over, written = threading.Event(), []

    def write() -> None:
        with closing(psycopg2.connect(plain(kept.url))) as connection, connection.cursor() as cursor:
            while not over.is_set():
                for hand in ("left_hand", "right_hand"):
                    cursor.execute(f"INSERT INTO {hand} SELECT count(*) FROM {hand}")
                connection.commit()
                written.append(None)
                over.wait(0.005)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        kept.done("backup", tmp_path / "out.zip")
    finally:
        over.set()
        writer.join()
    kept.done("restore", tmp_path / "out.zip", "--yes")
    left, right = (sorted(ask(kept.url, f"SELECT n FROM {hand}")) for hand in ("left_hand", "right_hand"))
    assert left == right == [(n,) for n in range(len(left))]
    assert len(left) < len(written)


def test_a_file_that_is_there_is_not_overwritten(kept, tmp_path):
    out = tmp_path / "out.zip"
    out.write_text("somebody's")
    refused = kept.anzhi("backup", out)
    assert (refused.returncode, out.read_text()) == (1, "somebody's")
    assert "--force" in refused.stderr
    kept.done("backup", out, "--force")
    assert zipfile.is_zipfile(out)
    assert unfinished(tmp_path) == []


BACKUP_POINTS = (
    "gis_layers.backups.trial_restore.differences",
    "gis_layers.backups.creation.Target.publish",
)


def test_a_backup_killed_on_the_way_leaves_no_file(kept, tmp_path):
    before = kept.content()
    for point in BACKUP_POINTS:
        kept.killed(point, "backup", tmp_path / "out.zip")
        assert not (tmp_path / "out.zip").exists()
        assert len(unfinished(tmp_path)) == 1
        assert len(databases(kept.url)) == (1 if point.endswith("differences") else 0)
    assert kept.content() == before
    kept.done("backup", tmp_path / "out.zip")
    assert unfinished(tmp_path) == []


RESTORE_POINTS = {
    "gis_layers.backups.restoration.Workplace.swap": False,
    "gis_layers.backups.companions._put_in_place": True,
}


def test_a_restore_killed_on_the_way_leaves_the_old_or_the_new_whole(kept, archive):
    kept.work("newer than the backup")
    (kept.data_dir / "secret.key").write_text("the present key")
    before = kept.content()
    for point, is_new in RESTORE_POINTS.items():
        kept.killed(point, "restore", archive, "--yes")
        assert (kept.content() == before) is not is_new, point
        kept.done("token", "list")
        assert kept.key() == (KEY if is_new else "the present key"), point
    assert "newer than the backup" not in str(kept.content()["tokens"])
    kept.done("restore", archive)
    assert not (kept.data_dir / "restoring").exists()


def test_what_a_restore_brings_works_as_before_and_what_was_there_is_kept(kept, archive):
    """Triggers, constraints and the numbers that columns give out are a part of what is kept."""
    (kept.data_dir / "secret.key").write_text("the present key")
    (kept.data_dir / ATTACHMENT).write_bytes(b"newer")
    told = kept.done("restore", archive)
    assert (kept.key(), (kept.data_dir / ATTACHMENT).read_bytes()[:2]) == (KEY, b"\xff\xd8")
    (key,) = kept.data_dir.glob("secret.key.before_restore_*")
    (files,) = kept.data_dir.glob("attachments.before_restore_*")
    assert (key.read_text(), str(key) in told.stderr) == ("the present key", True)
    assert (files / ATTACHMENT.relative_to("attachments")).read_bytes() == b"newer"
    seals = json.loads(kept.done("audit", "verify", "--json").stdout)
    assert (seals["days"] > 0, seals["troubles"]) == (True, [])
    last = ask(kept.url, "SELECT max(id) FROM audit_entries")[0][0]
    for statement in ("UPDATE audit_entries SET actor = 'x'", "DELETE FROM editions", "TRUNCATE zone_versions CASCADE"):
        with pytest.raises(psycopg2.Error):
            ask(kept.url, statement)
    kept.work("after the restore")
    assert ask(kept.url, "SELECT max(id) FROM audit_entries")[0][0] > last


def test_a_restore_over_newer_entries_tells_them_and_asks(kept, archive):
    kept.done("restore", archive)
    kept.work("newer than the backup")
    before = kept.content()
    refused = kept.anzhi("restore", archive)
    assert refused.returncode == 1
    assert re.search(r"audit_entries: 1, the last at 20\d\d-", refused.stderr)
    assert re.search(r"tokens: 1, ", refused.stderr)
    assert "--yes" in refused.stderr
    assert answered(kept, archive, "n\n").returncode == 1
    assert kept.content() == before
    assert answered(kept, archive, "y\n").returncode == 0
    assert "newer than the backup" not in str(kept.content()["tokens"])


def answered(kept, archive, answer: str):
    typed = io.StringIO(answer)
    typed.isatty = lambda: True
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", typed)
        return kept.anzhi("restore", archive)


def test_another_deployments_data_are_not_replaced_unasked(kept, archive, tmp_path):
    """Nothing in it is newer than the backup, and yet all of it would go."""
    kept.done("backup", tmp_path / "own.zip")
    other = kept.elsewhere(tmp_path / "other")
    other.done("restore", archive)
    for statement in (
        "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
        "UPDATE audit_entries SET at = at - interval '9 days'",
    ):
        ask(other.url, statement)
    refused = other.anzhi("restore", tmp_path / "own.zip")
    assert refused.returncode == 1
    assert "another deployment" in refused.stderr


def test_the_replaced_database_is_kept_until_it_is_discarded(kept, archive):
    before = kept.content()
    former = json.loads(kept.done("restore", archive, "--json").stdout)["former"]
    address = kept.url.replace("/anzhi_kept?", f"/{former}?")
    assert read_content(address) == before
    assert former in kept.done("doctor").stderr
    kept.done("restore", "--discard-former")
    assert databases(kept.url) == []
    assert json.loads(kept.done("restore", archive, "--discard-former", "--json").stdout)["former"] is None
    assert databases(kept.url) == []


def test_a_database_that_is_in_use_is_not_replaced(kept, archive):
    before = kept.content()
    with closing(psycopg2.connect(plain(kept.url))):
        refused = kept.anzhi("restore", archive)
    assert refused.returncode == 1
    assert "stop the service" in refused.stderr
    assert kept.content() == before


def test_an_older_backup_is_brought_to_this_version(kept, tmp_path):
    command.downgrade(migration_config(kept.url), "-1")
    older = ask(kept.url, "SELECT version_num FROM alembic_version")
    make_backup(BackupOrder(kept.url, kept.data_dir, tmp_path / "old.zip", "0.0.9", {}), print)
    kept.done("migrate")
    kept.done("restore", tmp_path / "old.zip")
    assert older != [(head_revision(),)] == ask(kept.url, "SELECT version_num FROM alembic_version")
    kept.work("on the restored one")


def test_the_doctor_tells_the_last_good_backup(kept, tmp_path):
    before = kept.anzhi("doctor")
    assert (before.returncode, "no good backup yet" in before.stderr) == (1, True)
    told = json.loads(kept.done("backup", tmp_path / "out.zip", "--json").stdout)
    after = kept.done("doctor")
    assert (
        f"last good one 0 hours ago: {tmp_path / 'out.zip'}, {told['rows']:,} rows in {told['tables']} tables"
        in after.stderr
    )
    (tmp_path / "out.zip").unlink()
    assert "not there any more" in kept.done("doctor").stderr
    ask(
        kept.url,
        "UPDATE deployment_facts SET value = jsonb_set(value, '{taken_at}', '\"2026-01-01T00:00:00+00:00\"') WHERE name = 'last_backup'",
    )
    assert kept.anzhi("doctor").returncode == 1
