"""A small deployment that people worked in, on a database of its own, and eyes that read it without our programs."""

import os
import signal
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from unittest import mock

import psycopg2
from sqlalchemy.engine import make_url

from app.cli import main
from tests.running import anzhi_here

KEY = "a key that nobody guesses: 安址 0123456789abcdef"
ATTACHMENT = Path("attachments/2026/现场照片.jpg")
Content = dict[str, list[str]]


@dataclass(frozen=True)
class Kept:
    """A deployment: its database and its data folder."""

    url: str
    data_dir: Path

    @property
    def environment(self) -> dict[str, str]:
        return {"ANZHI_DATABASE_URL": self.url, "ANZHI_CONSOLE_PUBLISH": "always"}

    def anzhi(self, *arguments: object, **environment: str) -> CompletedProcess[str]:
        """A command of the console on this deployment, in this process."""
        return anzhi_here(self.data_dir, *arguments, **{**self.environment, **environment})

    def done(self, *arguments: object) -> CompletedProcess[str]:
        """A command that must go well."""
        ended = self.anzhi(*arguments)
        assert ended.returncode == 0, ended.stderr
        return ended

    def work(self, name: str) -> None:
        """One entry more of a person's work."""
        self.done("token", "create", "--role", "viewer", "--name", name)

    def killed(self, point: str, *arguments: object) -> None:
        """A command in a process of its own that is killed (SIGKILL) the moment it comes to ``point``, ``module.name``."""
        child = os.fork()
        if child == 0:
            _die_on_the_way(self, point, arguments)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), f"{point} was never reached: {status}"

    def elsewhere(self, data_dir: Path) -> "Kept":
        """A new machine: neither its database nor its data folder is there."""
        address = make_url(self.url)
        beside = address.set(database=f"{address.database}_elsewhere")
        return Kept(beside.render_as_string(hide_password=False), data_dir)

    def key(self) -> str:
        """The secret key in the data folder."""
        return (self.data_dir / "secret.key").read_text(encoding="utf-8")

    def content(self) -> Content:
        """Every row of every table as text."""
        return read_content(self.url)


def _die_on_the_way(kept: Kept, point: str, arguments: tuple[object, ...]) -> None:
    def die(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    words = ["anzhi", *(str(argument) for argument in arguments), "--data-dir", str(kept.data_dir)]
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115 - it dies with the process
    with mock.patch.dict(os.environ, kept.environment), mock.patch.object(sys, "argv", words), mock.patch(point, die):
        try:
            main()
        finally:
            os._exit(3)


def plain(url: str) -> str:
    """The address as psycopg2 takes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def ask(url: str, question: str, *values: object) -> list[tuple]:
    """The rows of one statement, which is kept."""
    with closing(psycopg2.connect(plain(url))) as connection, connection, connection.cursor() as cursor:
        cursor.execute(question, values or None)
        return cursor.fetchall() if cursor.description else []


def read_content(url: str) -> Content:
    tables = ask(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'spatial_ref_sys'")
    return {table: sorted(map(repr, ask(url, f'SELECT * FROM "{table}"'))) for (table,) in tables}


def databases(url: str) -> list[str]:
    """The databases whose name begins with this one's."""
    name = make_url(url).database
    return [found for (found,) in ask(url, "SELECT datname FROM pg_database") if found.startswith(f"{name}_")]
