"""``anzhi up``: the service, its worker and its database, until Ctrl-C."""

from __future__ import annotations

import contextlib
import ipaddress
import signal
import socket
from typing import Annotated

import typer
import uvicorn

from app.accounts.service import open_first_admin_link, seat_demo_accounts
from app.assessments.service import GradingOrder, grade_town
from app.cli.console import DataDir, author, deployed, say
from app.clock import now
from app.deployment import Deployment
from app.enterprise_grades import regrade_by_other_rules
from app.errors import Refused
from app.exchange.township import AUTHOR as DEMO_AUTHOR
from app.exchange.township import first_start, load_township
from app.main import create_app
from app.security import DEMO_ROLES
from app.working import worker_beside
from gis_layers.stores.records import read_facts


class Announcing(uvicorn.Server):
    """A server that says where it is once it answers."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell the address."""
        await super().startup(sockets)
        if self.started:
            say(f"Anzhi answers at {address_of(self.config.host, self.config.port)}  (Ctrl-C stops it)")


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
    with deployed(data_dir) as deployment:
        prepare(deployment, empty=empty)
        loopback = is_loopback(host)
        _introduce(deployment, address_of(host, port), loopback=loopback)
        app = create_app(deployment, loopback=loopback)
        config = uvicorn.Config(app, host=host, port=port, log_level="warning", access_log=False, server_header=False)
        beside = contextlib.nullcontext() if no_worker else worker_beside(deployment.settings, deployment.url)
        with contextlib.suppress(KeyboardInterrupt), beside:
            Announcing(config).run()
    say("Anzhi has stopped.")


def prepare(deployment: Deployment, *, empty: bool) -> None:
    """Grade enterprises by the rules in force; on a first start load the synthetic township, unless told not to."""
    with deployment.sessions.begin() as session:
        within = deployment.within(session)
        changed = regrade_by_other_rules(session, within, actor=author())
        if changed:
            say(f"{changed} enterprises graded anew by the rules in force")
        if empty or not first_start(session):
            return
        say("first start: building the synthetic township (less than a minute) …")
        load_township(session, within)
        grade_town(session, within, GradingOrder("village", DEMO_AUTHOR))


def check_port(host: str, port: int) -> None:
    """Raises Refused, before anything is started, where the address cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(
                f"cannot listen on {host}:{port} ({error.strerror}): stop what runs there, or choose another --port"
            ) from error


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches ``host``."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def address_of(host: str, port: int) -> str:
    """The address to type into a browser on this machine."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"


def _introduce(deployment: Deployment, address: str, *, loopback: bool) -> None:
    with deployment.sessions.begin() as session:
        demo = bool(read_facts(session).get("synthetic")) and loopback
        if demo:
            seat_demo_accounts(session)
        token = None if demo else open_first_admin_link(session, now())
    if demo:
        roles = ", ".join(DEMO_ROLES)
        say(f"demo data (synthetic): guests look around as viewers; one click at {address}/sign-in makes you {roles}")
        return
    say(f"no guests here: people sign in at {address}/sign-in, programs with a token (`anzhi token create`)")
    if token is not None:
        say(
            f"nobody has an account yet. Make the first administrator here, within a day and once:\n  {address}/first-admin/{token}"
        )
