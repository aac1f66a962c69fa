"""What must not be seen is not seen: passwords of database addresses in any spelling, the secret key."""

import io
import logging
import stat
import sys
import threading
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import create_engine

from app.http.i18n import in_language
from app.platform.concealment import StandardError, conceal_logs, concealed, make_known
from app.platform.secret_key import SecretKeyUnavailable, deployment_secret, describe, read_or_make
from app.platform.settings import Settings
from tests.running import anzhi_here
from tests.saying import refusing

PASSWORD = "p@ss:w/rd 7é"
ENCODED = "p%40ss%3Aw%2Frd%207%C3%A9"
ADDRESSES = (
    f"postgresql+psycopg2://anzhi:{ENCODED}@db.invalid:5432/anzhi",
    f"postgresql://anzhi:{ENCODED}@/anzhi?host=/nonexistent",
    "postgres://anzhi:p@ss:w@db.invalid/anzhi",
    f"postgresql+psycopg2://anzhi@/anzhi?host=/nonexistent&password={ENCODED}",
    f"postgresql+psycopg2://anzhi@/anzhi?host=/nonexistent&sslpassword={ENCODED}&port=1",
)
UNREADABLE = (
    ADDRESSES[2],
    "postgresql+psycopg2://anzhi:p@ss:w/rd@[bad/anzhi",
    f"mysql://anzhi:{ENCODED}@db/anzhi",
    "p@ss:w/rd",
)
READ = tuple(address for address in ADDRESSES if address not in UNREADABLE)
PIECES = (PASSWORD, ENCODED, "p@ss", "p%40ss", "w/rd", "w%2Frd", "ss:w")


def shown_in(text: str) -> list[str]:
    return [piece for piece in PIECES if piece in text]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_shown_without_its_password_and_with_everything_else(address):
    told = concealed(f"cannot reach {address}, sorry")
    assert shown_in(told) == []
    assert "***" in told
    for kept in ("anzhi", "sorry", "cannot reach postgres"):
        assert kept in told


@pytest.mark.parametrize(
    "text",
    [
        f"invalid dsn: host=/x user=anzhi password='{PASSWORD}' dbname=anzhi",
        "invalid dsn: host=/x password='p@ss \\' w/rd' dbname=anzhi",
        f"{{'user': 'anzhi', 'password': '{PASSWORD}', 'port': 1}}",
        f'"password": "{PASSWORD}"',
        "PGPASSWORD=p@ss psql",
        "ANZHI_SECRET_KEY=p@ss:w/rd",
    ],
)
def test_a_password_in_a_connection_string_or_a_mapping_is_struck_out(text):
    assert shown_in(concealed(text)) == []


def test_a_known_password_is_struck_out_wherever_it_stands_in_either_spelling():
    make_known(ADDRESSES[0], "the-key-of-all-keys")
    assert shown_in(concealed(f"{PASSWORD} and {ENCODED}")) == []
    assert concealed("signed with the-key-of-all-keys") == "signed with ***"


def test_a_password_that_is_an_ordinary_word_takes_no_other_word_with_it():
    make_known("postgresql://anzhi-user:anzhi-user@db/anzhi")
    make_known("postgresql://anzhi:db@host/anzhi")
    assert concealed("run anzhi doctor on db as anzhi-user") == "run anzhi doctor on db as anzhi-user"


@pytest.mark.parametrize("address", READ)
@pytest.mark.parametrize("json", [(), ("--json",)])
def test_the_doctor_shows_no_password(address, json, tmp_path):
    report = anzhi_here(tmp_path, "doctor", *json, ANZHI_DATABASE_URL=address, ANZHI_SECRET_KEY="k" * 40)
    assert report.returncode == 1
    assert shown_in(report.stdout + report.stderr) == []
    assert "k" * 40 not in report.stdout + report.stderr
    assert "ANZHI_DATABASE_URL = postgres" in report.stderr


@pytest.mark.parametrize("address", UNREADABLE)
@pytest.mark.parametrize("command", [("doctor",), ("doctor", "--json"), ("user", "list")])
def test_an_address_that_cannot_be_read_is_refused_without_repeating_it(address, command, tmp_path):
    refused = anzhi_here(tmp_path, *command, ANZHI_DATABASE_URL=address)
    assert refused.returncode == 1
    assert "ANZHI_DATABASE_URL" in refused.stderr
    assert "%40" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert shown_in(refused.stdout + refused.stderr.replace("%40 %3A %2F %25", "")) == []


@pytest.mark.parametrize("address", READ)
def test_a_command_without_its_database_shows_no_password(address, tmp_path):
    refused = anzhi_here(tmp_path, "user", "list", ANZHI_DATABASE_URL=address)
    assert refused.returncode == 1
    assert refused.stderr.startswith("anzhi: the database went away")
    assert "Traceback" not in refused.stderr
    assert shown_in(refused.stdout + refused.stderr) == []


def test_logs_and_errors_nobody_caught_show_no_password(monkeypatch):
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    hooks = sys.excepthook, threading.excepthook
    conceal_logs()
    try:
        for address in ADDRESSES:
            try:
                psycopg2.connect(f"nonsense {address}")
            except psycopg2.ProgrammingError as error:
                logging.getLogger("uvicorn.error").exception("Exception in ASGI application %s", address)
                sys.excepthook(type(error), error, error.__traceback__)
            thread = threading.Thread(target=create_engine, args=(f"nonsense {address}",))
            thread.start()
            thread.join()
    finally:
        sys.excepthook, threading.excepthook = hooks
        for handler in list(logging.getLogger().handlers):
            if isinstance(handler, StandardError):
                logging.getLogger().removeHandler(handler)
    assert written.getvalue().count("Traceback") >= 3 * len(ADDRESSES)
    assert shown_in(written.getvalue()) == []


def test_settings_and_deployments_do_not_print_their_secrets(deployment):
    settings = Settings(database_url=ADDRESSES[0], secret_key="k" * 40)
    assert shown_in(repr(settings)) == []
    assert "k" * 40 not in repr(settings)
    assert deployment.url not in repr(deployment)


def kept_by(folder: Path) -> Settings:
    return Settings(data_dir=folder)


def test_the_key_is_made_once_kept_closed_and_the_same_for_all(tmp_path):
    settings = kept_by(tmp_path / "new" / "data")
    assert describe(settings)[0]
    assert not settings.data_dir.exists()
    made = read_or_make(settings)
    path = settings.data_dir / "secret.key"
    assert (made.origin, len(made.value) >= 32) == ("made", True)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (made.value, 0o600)
    assert (read_or_make(settings).origin, deployment_secret(settings)) == ("kept", made.value)
    assert [found.name for found in settings.data_dir.iterdir()] == ["secret.key"]
    assert made.value.decode() not in repr(made)
    assert deployment_secret(kept_by(tmp_path / "other")) != made.value


def test_a_setting_wins_and_makes_no_file(tmp_path):
    settings = Settings(data_dir=tmp_path, secret_key="k" * 40)
    assert read_or_make(settings).origin == "setting"
    assert deployment_secret(settings) == b"k" * 40
    assert list(tmp_path.iterdir()) == []


def test_many_at_once_agree_on_one_key(tmp_path):
    found, ready = [], threading.Barrier(8)

    def ask():
        ready.wait()
        found.append(read_or_make(kept_by(tmp_path)))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({key.value for key in found}) == 1
    assert [key.origin for key in found].count("made") == 1
    assert [file.name for file in tmp_path.iterdir()] == ["secret.key"]


def test_a_link_is_not_taken_for_the_key_and_an_empty_file_is_none(tmp_path):
    (tmp_path / "elsewhere").write_text("somebody's")
    (tmp_path / "secret.key").symlink_to(tmp_path / "elsewhere")
    with refusing(SecretKeyUnavailable, match="ANZHI_SECRET_KEY"):
        deployment_secret(kept_by(tmp_path))
    (tmp_path / "secret.key").unlink()
    (tmp_path / "secret.key").touch()
    with refusing(SecretKeyUnavailable, match="backup"):
        deployment_secret(kept_by(tmp_path))
    assert not describe(kept_by(tmp_path))[0]


def test_where_nothing_can_be_written_the_message_says_what_to_set(tmp_path):
    (tmp_path / "file").touch()
    with refusing(SecretKeyUnavailable, match="openssl rand -hex 32"):
        deployment_secret(kept_by(tmp_path / "file"))


def in_english(settings: Settings) -> tuple[bool, str, str]:
    well, finding, mend = describe(settings)
    return well, in_language(finding, "en"), in_language(mend, "en")


def test_the_doctor_tells_how_the_key_stands(tmp_path):
    read_or_make(kept_by(tmp_path))
    assert in_english(kept_by(tmp_path)) == (True, f"kept in {tmp_path}/secret.key", "")
    (tmp_path / "secret.key").chmod(0o640)
    well, finding, mend = in_english(kept_by(tmp_path))
    assert (well, "mode 640" in finding, mend) == (False, True, f"run: chmod 600 {tmp_path}/secret.key")
    assert describe(Settings(data_dir=tmp_path, secret_key="short"))[0] is False
    assert in_english(Settings(data_dir=tmp_path, secret_key="k" * 40)) == (True, "from ANZHI_SECRET_KEY", "")
