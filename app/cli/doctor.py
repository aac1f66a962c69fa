"""``anzhi doctor``: every part looked at, and how to mend what is not well."""

from __future__ import annotations

import datetime
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import typer
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.cli.console import DataDir, Json, deployed, in_console_language, print_json, read_settings, say
from app.platform.clock import now
from app.platform.concealment import concealed
from app.platform.errands import OWN
from app.platform.errors import AnzhiError
from app.platform.secret_key import describe
from app.platform.settings import STATIC, Settings
from app.reports.picture import find_chinese_font
from app.reports.word import try_template
from app.reports.word_template import PATH, template_bytes
from gis_layers.backups import former_databases
from gis_layers.database import current_revision, head_revision
from gis_layers.embedded import find_server_binaries
from gis_layers.errors import GisError
from gis_layers.sandbox import Limits, describe_belts, run_confined
from gis_layers.stores.backups import LastBackup, read_last_backup
from gis_layers.stores.editions import current_edition
from gis_layers.stores.records import read_facts
from risk_model.message import Message, msg

ENOUGH_DISK = 2 * 1024**3
OLDEST_BACKUP = datetime.timedelta(days=7)


PARTS = {
    "Python": msg("Python"),
    "PostGIS": msg("PostGIS"),
    "data folder": msg("数据文件夹"),
    "secret key": msg("密钥"),
    "reading apart": msg("隔离读取"),
    "assets": msg("前端文件"),
    "database": msg("数据库"),
    "migrations": msg("数据库结构"),
    "fonts": msg("中文字体"),
    "report template": msg("Word 模板"),
    "backup": msg("备份"),
    "replaced databases": msg("被替换的数据库"),
}
"""What each part is called."""
BELTS = {
    "empty network": msg("没有网络"),
    "no rights of root": msg("没有 root 的权限"),
    "no new rights": msg("不能取得新的权限"),
    "no sockets": msg("不能建立套接字"),
    "named files only": msg("只见指定的文件"),
}
"""What keeps a process that reads apart."""
MEND, SET = msg("待处理"), msg("（已设置）")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One part: how it is, and what to do where it is not well."""

    part: str
    well: bool
    finding: str
    mend: str = ""


def doctor(data_dir: DataDir = None, json: Json = False) -> None:
    """Check every part of this installation.

    Exit code 1 where something needs mending.
    """
    settings = read_settings(data_dir)
    checks = [_told(check) for check in (*_before_the_database(settings), *_database(data_dir))]
    if json:
        print_json({"well": all(check.well for check in checks), "checks": [_as_dict(check) for check in checks]})
    for check in checks:
        word = "ok  " if check.well else in_console_language(MEND)
        say(f"{word}  {in_console_language(PARTS[check.part])}: {check.finding}")
        if not check.well:
            say(f"      {check.mend}")
    say(msg("设置："))
    for name, field in Settings.model_fields.items():
        value = in_console_language(SET) if name == "secret_key" and settings.secret_key else getattr(settings, name)
        say(f"      ANZHI_{name.upper()} = {concealed(str(value))}  — {field.description}")
    if not all(check.well for check in checks):
        raise typer.Exit(1)


def _told(check: Diagnosis) -> Diagnosis:
    """A diagnosis in the language of the console, without a secret; its part is named for programs."""
    finding, mend = in_console_language(check.finding), in_console_language(check.mend)
    return replace(check, finding=concealed(finding), mend=concealed(mend))


def _as_dict(check: Diagnosis) -> dict[str, object]:
    return {"part": check.part, "well": check.well, "finding": check.finding, "mend": check.mend}


def _before_the_database(settings: Settings) -> Iterator[Diagnosis]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Diagnosis(
        "Python", sys.version_info >= (3, 11), version, msg("请安装 Python 3.11 或更新版本，再运行 make setup")
    )
    yield _server(settings)
    yield _disk(settings)
    yield Diagnosis("secret key", *describe(settings))
    yield _confinement()
    yield _fonts()
    yield _template(settings)
    missing = [name for name in ("leaflet",) if not (STATIC / "vendor" / name).is_dir()]
    found = msg("前端库齐备") if not missing else msg("缺少：{missing}", missing=missing)
    yield Diagnosis("assets", not missing, found, msg("请运行：make setup"))


def _fonts() -> Diagnosis:
    """Whether PDF files and map pictures can show Chinese: a font that cannot shows boxes and says nothing."""
    found = find_chinese_font()
    missing = msg("没有找到能显示中文的字体，PDF 和地图图片中的汉字会变成方框")
    mend = msg("请安装 fonts-noto-cjk（或运行 make setup）")
    return Diagnosis("fonts", bool(found), found or missing, mend)


def _template(settings: Settings) -> Diagnosis:
    own = settings.report_template
    mend = msg("请改正模板，或取消 ANZHI_REPORT_TEMPLATE；自带的模板可作样本：{path}", path=PATH)
    try:
        run_confined(try_template, template_bytes(own), limits=Limits(), readable=(OWN,))
    except (AnzhiError, GisError) as error:
        told = msg("{path}：{why}", path=own or PATH, why=error.args[0])
        return Diagnosis("report template", False, told, mend)
    return Diagnosis("report template", True, str(own) if own else msg("自带的模板"), mend)


def _server(settings: Settings) -> Diagnosis:
    if settings.database_url:
        return Diagnosis("PostGIS", True, msg("使用 ANZHI_DATABASE_URL；没有自带的数据库集群"))
    try:
        return Diagnosis("PostGIS", True, msg("服务器程序在 {value}", value=find_server_binaries()))
    except GisError as error:
        return Diagnosis("PostGIS", False, str(error), msg("请运行：make setup"))


def _confinement() -> Diagnosis:
    """Whether what strangers hand in is read apart: without a belt against the network it is not safe to take any."""
    try:
        belts = describe_belts()
    except GisError as error:
        return Diagnosis("reading apart", False, str(error), msg("请看上面的说明；现在不能读取外来文件"))
    holding = [BELTS[belt] for belt in belts.holding]
    missing = [msg("{belt}（{why}）", belt=BELTS[belt], why=why) for belt, why in belts.missing.items()]
    finding = msg("{holding}", holding=holding)
    if missing:
        finding = msg("{holding}；缺少：{missing}", holding=holding, missing=missing)
    return Diagnosis(
        "reading apart", belts.no_network, finding, msg("请在支持 seccomp 过滤器的 Linux 内核（3.17 或更新）上运行")
    )


def _disk(settings: Settings) -> Diagnosis:
    folder = next(
        parent for parent in [settings.data_dir.absolute(), *settings.data_dir.absolute().parents] if parent.exists()
    )
    free = shutil.disk_usage(folder).free
    writable = os.access(folder, os.W_OK)
    finding = msg(
        "{folder}：剩余 {free} GiB，{writable}",
        folder=folder,
        free=f"{free / 1024**3:.1f}",
        writable=msg("可写") if writable else msg("不可写"),
    )
    return Diagnosis(
        "data folder", free > ENOUGH_DISK and writable, finding, msg("请腾出空间，或用 --data-dir 换一个文件夹")
    )


def _database(data_dir: Path | None) -> Iterator[Diagnosis]:
    try:
        with deployed(data_dir) as deployment, deployment.engine.connect() as connection:
            versions = connection.execute(text("SELECT current_setting('server_version'), postgis_lib_version()")).one()
            yield Diagnosis("database", True, f"PostgreSQL {versions[0]}, PostGIS {versions[1]}")
            revision = current_revision(connection)
            yield Diagnosis(
                "migrations",
                revision == head_revision(),
                msg("版本 {revision}", revision=str(revision)),
                msg("请运行：anzhi migrate"),
            )
            with deployment.sessions() as session:
                yield _last_backup(read_last_backup(session), _why_none_is_needed(session))
            yield _former_databases(deployment.url)
    except (GisError, SQLAlchemyError, OSError) as error:
        yield Diagnosis("database", False, str(error), msg("请看上面的说明；服务器的日志在数据文件夹中"))


def _why_none_is_needed(session: Session) -> str | None:
    if read_facts(session).get("synthetic"):
        return msg("数据是合成的")
    return msg("还没有启用过") if current_edition(session) is None else None


def _last_backup(last: LastBackup | None, not_needed: str | None) -> Diagnosis:
    """Whether the last proven backup is young enough, where there is anything to lose."""
    mend = msg("请每晚运行：anzhi backup OUT（见 docs/guide.md 的 Backup and restore），并在另一台机器上留一份")
    if last is None:
        finding = msg("还没有完好的备份")
        if not_needed:
            finding = msg("还没有完好的备份（{reason}）", reason=not_needed)
        return Diagnosis("backup", not_needed is not None, finding, mend)
    age = now() - datetime.datetime.fromisoformat(last["taken_at"])
    out = Path(last["out"])
    edition = msg("第 {number} 版区划", number=last["edition"]["number"]) if last["edition"] else msg("没有区划")
    finding = msg(
        "最近一次完好的备份在{age}前：{out}{gone}，{tables} 张表共 {rows} 行，{edition}",
        age=_age(age),
        out=out,
        gone="" if out.exists() else msg("（已不在原处：被移走，或所在的磁盘没有接上）"),
        tables=last["tables"],
        rows=f"{last['rows']:,}",
        edition=edition,
    )
    return Diagnosis("backup", not_needed is not None or age <= OLDEST_BACKUP, finding, mend)


def _age(age: datetime.timedelta) -> Message:
    hours = age.total_seconds() / 3600
    if hours >= 48:
        return msg("{days} 天", days=f"{hours / 24:.0f}")
    return msg("{hours} 小时", hours=f"{hours:.0f}")


def _former_databases(url: str) -> Diagnosis:
    kept = former_databases(url)
    if not kept:
        return Diagnosis("replaced databases", True, msg("没有保留"))
    names = [f"{former.name} ({former.bytes / 2**20:,.0f} MB)" for former in kept]
    return Diagnosis(
        "replaced databases", True, msg("{names}；要删除请运行：anzhi restore --discard-former", names=names)
    )
