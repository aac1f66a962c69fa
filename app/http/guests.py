"""Guests: whoever looks at the synthetic township on the very machine it runs on."""

from __future__ import annotations

from fastapi import Request


def guests_welcome(request: Request) -> bool:
    """Whether this request may come from a guest, or from a demo account.

    The township is synthetic, the service listens on loopback alone, and the request came straight from this machine
    under a loopback name: what a proxy passes on, even unnoticed by its operator, comes from nobody.
    """
    return bool(getattr(request.app.state, "guests_welcome", False)) and bool(getattr(request.state, "straight", False))
