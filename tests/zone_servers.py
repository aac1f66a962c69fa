"""Web processes on one database and one port, forked by a process of one thread with all the programs loaded: so each starts at once.

``python -m tests.zone_servers URL PORT`` starts one for each byte it reads and tells its number; it ends with its standard input.
"""

import os
import signal
import sys

import uvicorn

from app.main import create_app
from app.platform.deployment import connect
from app.platform.settings import Settings


def main(url: str, port: int) -> None:
    """Fork servers as long as somebody asks."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while os.read(0, 1):
        child = os.fork()
        if child == 0:
            _serve(url, port)
        os.write(1, child.to_bytes(8))


def _serve(url: str, port: int) -> None:
    # What asks and what is told are not held open by who serves.
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    try:
        app = create_app(connect(Settings(), url), loopback=True)
        uvicorn.run(app, port=port, log_config=None, access_log=False, lifespan="off")
    finally:
        os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
