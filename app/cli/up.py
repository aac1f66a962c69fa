"""``anzhi up``: the service, its worker and its database, until Ctrl-C."""

from __future__ import annotations

import contextlib
import signal
import socket
from collections.abc import Callable
from typing import Annotated

import typer

from app import __version__
from app.accounts.service import open_first_admin_link, seat_demo_accounts
from app.assessments.service import GradingOrder, grade_town
from app.cli.console import DataDir, author, deployed, say
from app.exchange.township import AUTHOR as DEMO_AUTHOR
from app.exchange.township import first_start, load_township
from app.judgement.enterprise_grades import regrade_by_other_rules
from app.main import create_app
from app.middleware.hosts import is_loopback
from app.platform.clock import now
from app.platform.deployment import Deployment, limited
from app.platform.errors import Refused
from app.platform.principals import DEMO_ROLES
from app.platform.scratch import scratch_folder
from app.platform.secret_key import SecretKeyUnavailable, describe, key_file, read_or_make
from app.platform.settings import SECRET, Settings
from app.platform.work import Work
from app.server.privileges import step_down
from app.server.warmup import warming
from app.server.web import REQUEST_LIMITS, end_process, serve
from app.worker.process import worker_beside
from gis_layers.stores.records import record_audit
from risk_model.message import Message, msg

FIRST_FREE_PORT = 1024
"""Below it only root binds a port, and root is given up before the service begins."""


def up(
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="port to listen on", min=1, max=65535)] = 8000,
    data_dir: DataDir = None,
    empty: Annotated[bool, typer.Option("--empty", help="load no demo data")] = False,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="leave jobs to `anzhi worker` in another place")
    ] = False,
) -> None:
    """Start everything and serve until Ctrl-C."""
    for order in (signal.SIGINT, signal.SIGTERM):  # an orderly end by either, also where a shell had SIGINT ignored
        signal.signal(order, signal.default_int_handler)
    check_port(host, port)
    with scratch_folder(), deployed(data_dir, keep=True) as deployment:
        prepare(deployment, empty=empty)
        keep_secret_key(deployment.settings)
        note_start(deployment, host, port)
        bound = [bind(host, port)] if port < FIRST_FREE_PORT else None
        step_down(deployment.settings, say)
        beside = no_worker_beside() if no_worker else worker_beside(deployment.settings, deployment.url)
        with (
            contextlib.suppress(KeyboardInterrupt),
            limited(deployment, REQUEST_LIMITS) as web,
            beside as leaving,
            warming() as warm_up,
            deployment.editions.reading(deployment.sessions, deployment.settings.metric_crs),
        ):
            app = create_app(web, loopback=is_loopback(host), listening_on=host)
            _introduce(deployment, public_address(deployment, host, port), guests=app.state.guests_welcome)
            answering = _answering(address_of(host, port), deployment.settings.public_url)

            def announce() -> None:
                say(answering)
                warm_up()

            serve(app, host, port, announce=announce, leaving=leaving, bound=bound)
    say(msg("安址已停止"))
    end_process()


def _answering(address: str, public_url: object) -> Message:
    if public_url:
        return msg(
            "安址的地址是 {address}，对外为 {public_url}（按 Ctrl-C 停止）", address=address, public_url=public_url
        )
    return msg("安址的地址是 {address}（按 Ctrl-C 停止）", address=address)


def no_worker_beside() -> contextlib.AbstractContextManager[Callable[[], None]]:
    """Nobody to tell when the service ends."""
    return contextlib.nullcontext(lambda: None)


def keep_secret_key(settings: Settings) -> None:
    """Have the secret key made at a first start; a service that can have none serves all the same, and says so."""
    try:
        key = read_or_make(settings)
    except SecretKeyUnavailable as trouble:
        say(msg("没有密钥，什么也不能签署：{trouble}", trouble=trouble))
        return
    if key.origin == "made":
        say(msg("已生成密钥 {settings}：对外签发都用它，请与备份一起保管", settings=key_file(settings)))
    well, finding, mend = describe(settings)
    if not well:
        say(msg("密钥：{finding}。{mend}", finding=finding, mend=mend))


def prepare(deployment: Deployment, *, empty: bool) -> None:
    """Grade enterprises by the rules in force; on a first start load the synthetic township, unless told not to."""
    with deployment.sessions.begin() as session:
        work = Work(session, deployment)
        changed = regrade_by_other_rules(work, actor=author())
        if changed:
            say(msg("{changed} 家企业已按现行规则重新评级", changed=changed))
        if empty or not first_start(session):
            return
        say(msg("首次启动：正在生成合成的乡镇数据（不到一分钟）…"))
        load_township(work)
        grade_town(work, GradingOrder("village", DEMO_AUTHOR))


def note_start(deployment: Deployment, host: str, port: int) -> None:
    """Write into the audit that the service starts, with which settings; secrets and addresses of databases left out."""
    told = deployment.settings.model_dump(mode="json", exclude=set(SECRET))
    detail = {"version": __version__, "host": host, "port": port, "settings": told}
    with deployment.sessions.begin() as session:
        record_audit(session, actor=author(), action="start", subject="service", detail=detail)


def check_port(host: str, port: int) -> None:
    """Raises Refused, before anything is started, where the address cannot be listened on."""
    bind(host, port).close()


def bind(host: str, port: int) -> socket.socket:
    """A socket bound to the address, to listen on later. Raises Refused."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError as error:
        made.close()
        raise Refused(
            msg(
                "无法在 {host}:{port} 上监听（{reason}）：请停止占用它的程序，或用 --port 换一个端口",
                host=host,
                port=port,
                reason=error.strerror,
            )
        ) from error
    return made


def address_of(host: str, port: int) -> str:
    """The address to type into a browser on this machine."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"


def public_address(deployment: Deployment, host: str, port: int) -> str:
    """The address people open: the one that is set, else the one listened on."""
    public_url = deployment.settings.public_url
    return address_of(host, port) if public_url is None else str(public_url).rstrip("/")


def _introduce(deployment: Deployment, address: str, *, guests: bool) -> None:
    with deployment.sessions.begin() as session:
        if guests:
            seat_demo_accounts(session)
        token = None if guests else open_first_admin_link(session, now())
    if guests:
        roles = ", ".join(DEMO_ROLES)
        say(
            msg(
                "演示数据（合成）：访客以浏览者身份查看；在 {address}/sign-in 点一下可以成为 {roles}",
                address=address,
                roles=roles,
            )
        )
        return
    say(msg("这里不接待访客：人员在 {address}/sign-in 登录，程序使用令牌（`anzhi token create`）", address=address))
    if token is not None:
        say(
            msg(
                "还没有任何账号。请在一天之内、凭此链接（只能用一次）建立第一位管理员：\n  {address}/first-admin/{token}",
                address=address,
                token=token,
            )
        )
