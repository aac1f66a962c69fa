"""``anzhi up`` serves; ``anzhi migrate`` only brings the schema up to date."""

from __future__ import annotations

import contextlib
import ipaddress
import signal
import socket
from typing import Annotated

import typer
import uvicorn

from app.cli.console import DataDir, deployed, say
from app.deployment import Deployment
from app.errors import Refused
from app.exchange.township import first_start, load_township
from app.main import create_app
from gis_layers.stores.records import read_facts


class Announcing(uvicorn.Server):
    """A server that says where it is once it answers."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell the address."""
        await super().startup(sockets)
        if self.started:
            host = f"[{self.config.host}]" if ":" in self.config.host else self.config.host
            say(f"Anzhi answers at http://{host}:{self.config.port}  (Ctrl-C stops it)")


def up(
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="port to listen on", min=1, max=65535)] = 8000,
    data_dir: DataDir = None,
    empty: Annotated[bool, typer.Option("--empty", help="load no demo data")] = False,
) -> None:
    """Start everything and serve until Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # an orderly end, as with Ctrl-C: the database stops too
    check_port(host, port)
    with deployed(data_dir) as deployment:
        prepare(deployment, empty=empty)
        loopback = is_loopback(host)
        _introduce(deployment, loopback=loopback)
        app = create_app(deployment, loopback=loopback)
        config = uvicorn.Config(app, host=host, port=port, log_level="warning", access_log=False, server_header=False)
        with contextlib.suppress(KeyboardInterrupt):
            Announcing(config).run()
    say("Anzhi has stopped.")


def migrate(data_dir: DataDir = None) -> None:
    """Bring the database's schema to this version and stop."""
    with deployed(data_dir):
        say("the database stands at this version's schema")


def prepare(deployment: Deployment, *, empty: bool) -> None:
    """Load the synthetic township on a first start, unless told not to."""
    with deployment.sessions.begin() as session:
        if empty or not first_start(session):
            return
        say("first start: building the synthetic township (about a quarter of a minute) …")
        load_township(session, deployment)


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


def _introduce(deployment: Deployment, *, loopback: bool) -> None:
    with deployment.sessions() as session:
        synthetic = bool(read_facts(session).get("synthetic"))
    if synthetic and loopback:
        say("demo data (synthetic): guests may look around as viewers, no sign-in needed")
    else:
        say("no guests here: programs sign in with a token, made by `anzhi token create --role viewer --name NAME`")
