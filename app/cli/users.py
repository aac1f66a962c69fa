"""``anzhi user``: accounts of people from the console, audited."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import shapely
import typer

from app.accounts import people
from app.accounts.passwords import one_time_password
from app.accounts.people import NewPerson, Rights
from app.cli.console import DataDir, Json, author, in_console_language, one_transaction, print_json, say
from app.platform.clock import now
from app.platform.errors import Refused
from app.platform.principals import Role
from app.platform.work import Work
from gis_layers.exchange import ReadingOptions, read_extent
from gis_layers.stores import accounts
from gis_layers.stores.accounts import Account
from gis_layers.stores.places import find_boundary
from risk_model.message import msg

cli = typer.Typer(help="Accounts of people.", no_args_is_help=True, add_completion=False)

Name = Annotated[str, typer.Argument(help="the username")]
PasswordStdin = Annotated[bool, typer.Option("--password-stdin", help="read the password from standard input")]
Hazards = Annotated[
    list[str] | None, typer.Option("--hazard", help="a hazard an officer may edit, may be repeated; * is every one")
]
Area = Annotated[
    Path | None, typer.Option(help="polygon file of the ground an officer may edit", exists=True, readable=True)
]


@cli.callback()
def users() -> None:
    """Accounts of people."""


@cli.command()
def add(
    name: Name,
    role: Annotated[str, typer.Option(help="viewer planner dispatcher officer approver admin")] = "viewer",
    department: Annotated[str | None, typer.Option(help="the department the person works for")] = None,
    display_name: Annotated[str, typer.Option(help="the person's name as shown; default the username")] = "",
    hazard: Hazards = None,
    area: Area = None,
    password_stdin: PasswordStdin = False,
    data_dir: DataDir = None,
) -> None:
    """Add an account; a one-time password is made and printed, alone on the last line, unless one is given.

    An officer may edit every hazard everywhere, unless --hazard or --area says less.
    """
    known = read_role(role)
    password, one_time = _password(name, from_stdin=password_stdin)
    with one_transaction(data_dir) as work:
        hazards = hazard if hazard is not None else (["*"] if known is Role.OFFICER else [])
        rights = _rights(work, hazards, area)
        person = NewPerson(name, password, known, display_name, department, rights, one_time)
        made = people.add_person(work.session, person, actor=author())
        username = made.username
    say(msg("账号 {username}（{value}）已建立", username=username, value=known.value))
    _tell(password, one_time=one_time)


@cli.command("list")
def list_(json: Json = False, data_dir: DataDir = None) -> None:
    """Every account with its role, department and state."""
    with one_transaction(data_dir) as work:
        rows = [_row(account) for account in accounts.list_accounts(work.session)]
    if json:
        print_json({"items": rows, "total": len(rows)})
        return
    for row in rows:
        print(*(row[column] or "-" for column in ("username", "role", "department", "display_name", "state")), sep="\t")


@cli.command()
def disable(name: Name, data_dir: DataDir = None) -> None:
    """Close an account; whoever is signed in with it is out at once."""
    with one_transaction(data_dir) as work:
        ended = people.disable(work.session, people.find_person(work.session, name), actor=author(), now=now())
    say(msg("账号 {name} 已停用；{ended} 个浏览器已退出登录", name=name, ended=ended))


@cli.command()
def enable(name: Name, data_dir: DataDir = None) -> None:
    """Open a disabled account again."""
    with one_transaction(data_dir) as work:
        people.enable(work.session, people.find_person(work.session, name), actor=author())
    say(msg("账号 {name} 已恢复", name=name))


@cli.command("reset-password")
def reset_password(name: Name, password_stdin: PasswordStdin = False, data_dir: DataDir = None) -> None:
    """Give an account another password, a one-time one unless one is given; it is signed out everywhere."""
    password, one_time = _password(name, from_stdin=password_stdin)
    with one_transaction(data_dir) as work:
        account = people.find_person(work.session, name)
        ended = people.reset_password(work.session, account, password, one_time=one_time, actor=author())
    say(msg("账号 {name} 已换密码；{ended} 个浏览器已退出登录", name=name, ended=ended))
    _tell(password, one_time=one_time)


@cli.command()
def change(
    name: Name,
    role: Annotated[str | None, typer.Option(help="viewer planner dispatcher officer approver admin")] = None,
    department: Annotated[str | None, typer.Option(help="the department the person works for")] = None,
    hazard: Hazards = None,
    area: Area = None,
    everywhere: Annotated[bool, typer.Option("--everywhere", help="an officer may edit the whole deployment")] = False,
    data_dir: DataDir = None,
) -> None:
    """Change an account's role, department or an officer's rights; what is not named stays."""
    if everywhere and area is not None:
        raise Refused(msg("--area FILE 与 --everywhere 只能给一个"))
    with one_transaction(data_dir) as work:
        account = people.find_person(work.session, name)
        hazards = account.hazards if hazard is None else hazard
        change = people.AccountChange(
            role=None if role is None else read_role(role),
            department=department,
            rights=_rights(work, hazards, area),
            area_too=everywhere or area is not None,
        )
        people.change_person(work.session, account, change, actor=author())
    say(msg("账号 {name} 已修改", name=name))


def read_role(word: str) -> Role:
    """A role by its name; raises Refused with the roles there are."""
    allowed = [known.value for known in Role if known is not Role.PUBLIC]
    if word not in allowed:
        raise Refused(msg("没有角色「{word}」；可用的角色：{allowed}", word=word, allowed=[*allowed]))
    return Role(word)


def _password(name: str, *, from_stdin: bool) -> tuple[str, bool]:
    """The password and whether it is a one-time one; asked without echo where somebody sits at a terminal."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n"), False
    if sys.stdin.isatty():
        question = in_console_language(msg("{name} 的密码（留空则生成一次性密码）", name=name))
        typed = typer.prompt(
            question, default="", hide_input=True, confirmation_prompt=True, show_default=False, err=True
        )
        if typed:
            return str(typed), False
    return one_time_password(), True


def _tell(password: str, *, one_time: bool) -> None:
    if one_time:
        say(msg("一次性密码，不会再次显示；首次登录时必须修改："))
        print(password)


def _rights(work: Work, hazards: list[str], area: Path | None) -> Rights:
    known = work.rulebook.hazards
    unknown = [key for key in hazards if key != "*" and key not in known]
    if unknown:
        raise Refused(msg("没有灾种 {unknown}；可用的灾种：{known}", unknown=[*unknown], known=[*known]))
    return Rights(tuple(hazards), None if area is None else _read_area(work, area))


def _read_area(work: Work, area: Path) -> shapely.MultiPolygon:
    options = ReadingOptions(metric_crs=work.settings.metric_crs, boundary=find_boundary(work.session))
    found = read_extent(area, options).geometry
    assert isinstance(found, shapely.MultiPolygon), "a polygon file was read"
    return found


def _row(account: Account) -> dict[str, object]:
    state = "disabled" if account.disabled_at else "password due" if account.must_change_password else "open"
    return {
        "id": account.id,
        "username": account.username,
        "display_name": account.display_name,
        "role": account.role,
        "department": account.department,
        "hazards": account.hazards,
        "area": account.area is not None,
        "demo": account.demo,
        "state": state,
        "created_at": account.created_at.isoformat(),
    }
