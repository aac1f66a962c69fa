"""Eight officers and a thousand edits, while the web process or the database is killed again and again.

Every acknowledged edit stands, once.
"""

import os
import random
import signal
import sys
import time
from contextlib import suppress

import httpx
import psutil

from tests.running import Running, start
from tests.sharing import reachable_folder
from tests.soak.test_dying_database import postmaster
from tests.zone_writers import Writer, check_written, write_together

WRITERS, EACH, PAUSE_S = 8, 125, (1.0, 6.0)


def kill_one(service: Running, chance: random.Random) -> Running:
    """The service after its database, or all of it, was killed; a database that is just being started is left alone."""
    if chance.random() < 0.5:
        with suppress(FileNotFoundError, IndexError, psutil.NoSuchProcess):
            postmaster(service).kill()
        return service
    os.killpg(service.process.pid, signal.SIGKILL)
    service.process.wait()
    return start(service.data_dir, port=int(service.base.rpartition(":")[2]))


def test_a_thousand_edits_outlive_every_kill():
    seed = random.SystemRandom().randrange(2**32)
    sys.stderr.write(f"the moments come from seed {seed}\n")
    chance = random.Random(seed)
    with reachable_folder() as folder:
        service = start(folder / "data")
        key = service.anzhi("token", "create", "--role", "officer", "--name", "writers").stdout.split()[-1]
        with httpx.Client(base_url=service.base, headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
            drafts = [client.post("/api/zones/drafts", json={"name": f"{i}"}).json()["id"] for i in range(4)]
        writers = [
            Writer(service.base, key, drafts[i % 4], f"w{i}", (99.81, 39.31 + i * 0.002)) for i in range(WRITERS)
        ]
        threads, kills = write_together(writers, EACH), 0
        try:
            while any(thread.is_alive() for thread in threads):
                time.sleep(chance.uniform(*PAUSE_S))
                service, kills = kill_one(service, chance), kills + 1
            assert [len(one.acknowledged) for one in writers] == [EACH] * WRITERS
            unknown = sum(len(one.unknown) for one in writers)
            sys.stderr.write(f"{kills} kills; {unknown} edits without an answer\n")
            check_written(writers)
        finally:
            service.stop(signal.SIGKILL)
