"""Host names: under which ones the service answers, so that no other name makes a browser speak to it."""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass

from pydantic import AnyHttpUrl

from app.platform.settings import Settings

WRITTEN = re.compile(
    r"(?P<name>[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?", re.IGNORECASE
)
"""A host with or without a port. A dot at the end, a name before an ``@`` and anything else is none."""


@dataclass(frozen=True, slots=True)
class HostNames:
    """The names of this service: that of ``public_url`` alone where it is set, else the machine's own.

    ``own`` are names of the machine beside the loopback ones, in small letters.
    """

    public_url: AnyHttpUrl | None = None
    own: frozenset[str] = frozenset()

    def admit(self, host: str, arrived_at: str) -> bool:
        """Whether requests for ``host`` are answered; ``arrived_at`` is the address of ours the connection came to.

        An address cannot be pointed elsewhere as a name can, so the one that was really called is always right.
        """
        if self.public_url is None:
            return is_loopback(host) or host in self.own or (host == arrived_at and address_of(host) is not None)
        public = named(self.public_url)
        return host == public or (is_loopback(public) and is_loopback(host))

    @property
    def authority(self) -> str:
        """Host and port of the public address as a ``Host`` header names them; empty where none is set."""
        if self.public_url is None:
            return ""
        usual = {"http": 80, "https": 443}[self.public_url.scheme]
        port = self.public_url.port
        return str(self.public_url.host) + ("" if port in (None, usual) else f":{port}")

    def advice(self, port: int) -> str:
        """The address to open instead; ``port`` is the one listened on."""
        return str(self.public_url or f"http://127.0.0.1:{port}").rstrip("/")


def names_of(settings: Settings, *, loopback: bool, listening_on: str = "") -> HostNames:
    """The names of a service by its settings and by where it listens; one on loopback has the loopback names only."""
    if settings.public_url is not None or loopback:
        return HostNames(settings.public_url)
    own = {socket.gethostname(), socket.getfqdn(), listening_on}
    return HostNames(None, frozenset(name.lower().rstrip(".") for name in own if name))


def host_of(written: str) -> str | None:
    """The host of a ``Host`` header in small letters, an IPv6 address without its brackets; None for what is none."""
    found = WRITTEN.fullmatch(written)
    if found is None or int(found["port"] or 0) > 65535:
        return None
    return bare(found["name"])


def named(url: AnyHttpUrl) -> str:
    """The host of an address, as ``host_of`` tells it."""
    return bare(str(url.host))


def bare(name: str) -> str:
    """A host in small letters without brackets; an address in its shortest spelling, without being mapped into IPv6."""
    address = address_of(name.strip("[]"))
    return name.strip("[]").lower() if address is None else str(address)


def address_of(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that ``name`` is; None for a name."""
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches ``host``."""
    address = address_of(host.strip("[]"))
    return host == "localhost" if address is None else address.is_loopback
