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
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # an orderly end, as with Ctrl-C: the database stops too
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
        ):
            app = create_app(web, loopback=is_loopback(host), listening_on=host)
            _introduce(deployment, public_address(deployment, host, port), guests=app.state.guests_welcome)
            behind = f" as {deployment.settings.public_url}" if deployment.settings.public_url else ""
            answering = f"Anzhi answers at {address_of(host, port)}{behind}  (Ctrl-C stops it)"

            def announce() -> None:
                say(answering)
                warm_up()

            serve(app, host, port, announce=announce, leaving=leaving, bound=bound)
    say("Anzhi has stopped.")
    end_process()


def no_worker_beside() -> contextlib.AbstractContextManager[Callable[[], None]]:
    """Nobody to tell when the service ends."""
    return contextlib.nullcontext(lambda: None)


def keep_secret_key(settings: Settings) -> None:
    """Have the secret key made at a first start; a service that can have none serves all the same, and says so."""
    try:
        key = read_or_make(settings)
    except SecretKeyUnavailable as trouble:
        say(f"without a secret key nothing can be signed: {trouble}")
        return
    if key.origin == "made":
        say(f"made the secret key {key_file(settings)}: it signs what leaves, keep it with the backups")
    well, finding, mend = describe(settings)
    if not well:
        say(f"secret key: {finding}. {mend}")


def prepare(deployment: Deployment, *, empty: bool) -> None:
    """Grade enterprises by the rules in force; on a first start load the synthetic township, unless told not to."""
    with deployment.sessions.begin() as session:
        work = Work(session, deployment)
        changed = regrade_by_other_rules(work, actor=author())
        if changed:
            say(f"{changed} enterprises graded anew by the rules in force")
        if empty or not first_start(session):
            return
        say("first start: building the synthetic township (less than a minute) …")
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
            f"cannot listen on {host}:{port} ({error.strerror}): stop what runs there, or choose another --port"
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
        say(f"demo data (synthetic): guests look around as viewers; one click at {address}/sign-in makes you {roles}")
        return
    say(f"no guests here: people sign in at {address}/sign-in, programs with a token (`anzhi token create`)")
    if token is not None:
        say(
            f"nobody has an account yet. Make the first administrator here, within a day and once:\n  {address}/first-admin/{token}"
        )
