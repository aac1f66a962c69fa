"""The secret key of a deployment: given by a setting, else made once and kept in the data folder."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

from app.platform.errors import Refused
from app.platform.settings import Settings
from risk_model.message import msg

NAME = "secret.key"
LEAST_LETTERS = 32
ELSEWHERE = msg("或把 ANZHI_SECRET_KEY 设为至少 32 个随机字符（`openssl rand -hex 32`），服务各部分都用同一个")


class SecretKeyUnavailable(Refused):
    """There is no secret key and none can be made or read here."""

    title = "没有密钥"


@dataclass(frozen=True, slots=True)
class SecretKey:
    """The key; ``origin`` is ``setting``, ``kept`` or ``made`` (a moment ago)."""

    value: bytes = field(repr=False)
    origin: str


def deployment_secret(settings: Settings) -> bytes:
    """The deployment's secret, to sign and to check what was signed; the same for as long as the data folder is kept.

    Raises SecretKeyUnavailable.
    """
    return read_or_make(settings).value


def read_or_make(settings: Settings) -> SecretKey:
    """The key and where it comes from; made, whole or not at all, where there is none. Raises SecretKeyUnavailable."""
    if settings.secret_key:
        return SecretKey(settings.secret_key.encode(), "setting")
    path = key_file(settings)
    try:
        if (kept := _read(path)) is not None:
            return SecretKey(kept, "kept")
        made = _make(path)
        kept = _read(path)
    except OSError as trouble:
        raise SecretKeyUnavailable(
            msg(
                "密钥 {path} 既不能读取也不能生成（{reason}）：请让服务能在那里写入，{elsewhere}",
                path=path,
                reason=trouble.strerror,
                elsewhere=ELSEWHERE,
            )
        ) from trouble
    assert kept is not None, "a key that was made is there"
    return SecretKey(kept, "made" if made else "kept")


def key_file(settings: Settings) -> Path:
    """Place of the key where no setting gives it."""
    return settings.data_dir.expanduser().absolute() / NAME


def describe(settings: Settings) -> tuple[bool, str, str]:
    """Whether all is well with the key, how it stands, and what to do otherwise. Makes none and shows nothing of it."""
    if settings.secret_key:
        short = len(settings.secret_key) < LEAST_LETTERS
        finding = msg("取自 ANZHI_SECRET_KEY")
        if short:
            finding = msg("取自 ANZHI_SECRET_KEY，只有 {count} 个字符", count=len(settings.secret_key))
        return not short, finding, msg("请把 ANZHI_SECRET_KEY 设为此命令的输出：openssl rand -hex 32") if short else ""
    path = key_file(settings)
    try:
        if _read(path) is None:
            return True, msg("还没有；`anzhi up` 会在 {path} 生成", path=path), ""
        mode = stat.S_IMODE(path.lstat().st_mode)
    except (OSError, SecretKeyUnavailable) as trouble:
        return (
            False,
            msg("{path} 无法读取：{trouble}", path=path, trouble=trouble),
            msg("请把它归还给服务的账号，{elsewhere}", elsewhere=ELSEWHERE),
        )
    if mode & 0o077:
        return (
            False,
            msg("{path} 对其他用户开放（权限 {mode}）", path=path, mode=f"{mode:o}"),
            msg("请运行：chmod 600 {path}", path=path),
        )
    return True, msg("保存在 {path}", path=path), ""


def _read(path: Path) -> bytes | None:
    """The key; None where there is none. A link is not followed: it could have anybody's file taken for the key."""
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with os.fdopen(opened, "rb") as file:
        key = file.read().strip()
    if not key:
        raise SecretKeyUnavailable(
            msg("{path} 是空的：请从备份中恢复密钥，{elsewhere}", path=path, elsewhere=ELSEWHERE)
        )
    return key


def _make(path: Path) -> bool:
    """Make the key under its name only when it is complete; False where another process was faster."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{NAME}.{secrets.token_hex(8)}")
    opened = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(opened, "wb") as file:
            file.write(secrets.token_urlsafe(48).encode())
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(unfinished, path)
            _flush(path.parent)
            return True
    finally:
        unfinished.unlink(missing_ok=True)
    return False


def _flush(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
