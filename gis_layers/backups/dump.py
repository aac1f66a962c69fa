"""`pg_dump` and `pg_restore` at work: a database as a stream of bytes, and back."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Protocol

from gis_layers.backups.addresses import told_to_programs
from gis_layers.backups.errors import FailedDump
from risk_model.message import msg

BLOCK = 1024 * 1024
TAIL_LINES = 6
NOT_OURS = ("--no-owner", "--no-privileges", "--no-tablespaces", "--no-publications", "--no-subscriptions")
"""Whose a database is and who may enter is the matter of the server it is restored on."""

ADVICE = (
    ("permission denied to create extension", msg("请管理员在该服务器的 template1 中安装 PostGIS")),
    ("No space left on device", msg("请腾出磁盘空间")),
    ("lock timeout", msg("请等占用数据表的迁移或导入结束")),
)


class Taker(Protocol):
    """Taker of the dump, block by block."""

    def write(self, block: bytes, /) -> Any:
        """Take one block."""


def write_dump(binaries: Path, url: str, snapshot: str, target: Taker) -> None:
    """Write the database as an exported ``snapshot`` sees it to ``target``, in PostgreSQL's custom format."""
    options = ["--format=custom", f"--snapshot={snapshot}", "--encoding=UTF8", "--lock-wait-timeout=60s", *NOT_OURS]
    with _running(binaries / "pg_dump", url, options, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None, "it was asked for"
        while block := program.stdout.read(BLOCK):
            target.write(block)


def load_dump(binaries: Path, url: str, source: IO[bytes], *, superuser: bool) -> None:
    """Fill the empty database at ``url`` from a dump, all of it or nothing."""
    options = ["--single-transaction", "--exit-on-error", *NOT_OURS]
    if not superuser:
        options.append("--no-comments")  # the one on the extension is its owner's to make
    with _running(binaries / "pg_restore", url, options, stdin=subprocess.PIPE) as program:
        assert program.stdin is not None, "it was asked for"
        with suppress(BrokenPipeError):  # it gave up, and its own words say why
            while block := source.read(BLOCK):
                program.stdin.write(block)
        with suppress(BrokenPipeError):
            program.stdin.close()


@contextmanager
def _running(
    program: Path, url: str, options: list[str], *, stdin: int | None = None, stdout: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """The program on one end of a pipe: when this process is killed the pipe breaks and the program ends."""
    with told_to_programs(url) as (address, files), TemporaryFile() as printed:
        process = subprocess.Popen(  # noqa: S603 - a list for the kernel, no shell reads it
            [str(program), "--dbname", address, *options],
            stdin=stdin,
            stdout=stdout,
            stderr=printed,
            pass_fds=files,
        )
        try:
            with process:
                yield process
        except BaseException:
            process.kill()
            process.wait()
            raise
        if process.returncode != 0:
            raise _failed(program.name, process.returncode, printed)


def _failed(name: str, code: int, printed: IO[bytes]) -> FailedDump:
    printed.seek(0)
    lines = printed.read().decode(errors="replace").strip().splitlines()
    tail = "\n".join(lines[-TAIL_LINES:])
    advice = next((mend for sign, mend in ADVICE if sign in tail), msg("请按其中所说处理"))
    return FailedDump(
        msg(
            "{name} 以代码 {code} 结束：\n{tail}\n{advice}，然后重新开始",
            name=name,
            code=code,
            tail=tail,
            advice=advice,
        )
    )
