"""Officers who write at once: what the service acknowledged stands, though its process was killed; of two who publish one wins."""
# ruff: noqa: F811 - fixtures of other files

import random
import sys
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from app.platform.principals import Role
from tests.app.test_rulebook_versions import as_  # noqa: F401
from tests.app.test_zone_drafts import Officer, done, flooded, two_of  # noqa: F401
from tests.running import free_port
from tests.zone_writers import PATIENCE_S, Servers, Writer, check_written, write_together

WRITERS, DRAFTS, EACH, KILLS = 8, 4, 8, 3


@pytest.fixture
def servers(deployment) -> Iterator[Servers]:
    """A web process on the test's database that can be killed."""
    found = Servers(deployment.url, free_port())
    found.start()
    yield found
    found.close()


def test_every_acknowledged_edit_stands_once_though_the_web_process_is_killed(flooded, token, servers):
    seed = random.SystemRandom().randrange(2**32)
    sys.stderr.write(f"the moments come from seed {seed}\n")
    chance, key = random.Random(seed), token(Role.OFFICER)
    with httpx.Client(base_url=servers.base, headers={"Authorization": f"Bearer {key}"}) as client:
        drafts = [client.post("/api/zones/drafts", json={"name": f"{i}"}).json()["id"] for i in range(DRAFTS)]
    writers = [
        Writer(servers.base, key, drafts[i % DRAFTS], f"w{i}", (99.81, 39.31 + i * 0.002)) for i in range(WRITERS)
    ]
    threads = write_together(writers, EACH)
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.1, 1.0))
        servers.kill()
        servers.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert [len(one.acknowledged) for one in writers] == [EACH] * WRITERS
    check_written(writers)


def test_of_two_who_publish_at_once_one_wins_and_the_other_sees_both(as_, flooded, servers, token):
    west, _ = two_of(officer := Officer(as_(Role.OFFICER)))
    other, approver = Officer(as_(Role.OFFICER, "colleague")), as_(Role.APPROVER)
    for one, name in ((officer, "甲"), (other, "乙")):
        done(one.edit("update", zone=west, attributes={"name": name}))
        done(one.take("submit"))
        done(one.take("approve", approver))
    gate, answers = threading.Barrier(2), {}
    headers = {"Authorization": f"Bearer {token(Role.OFFICER)}"}

    def publish(one: Officer) -> None:
        with httpx.Client(base_url=servers.base, headers=headers, timeout=PATIENCE_S) as client:
            gate.wait()
            answers[one.id] = client.post(f"{one.address}/publish", json={}, headers={"If-Match": one.tag})

    threads = [threading.Thread(target=publish, args=(one,)) for one in (officer, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    won, lost = sorted(answers.values(), key=lambda one: one.status_code)
    assert (won.status_code, lost.status_code, lost.json()["code"]) == (200, 409, "overtaken")
    (conflict,) = lost.json()["conflicts"]
    assert {conflict["mine"]["name"], conflict["theirs"]["name"]} == {"甲", "乙"}
    assert conflict["base"]["name"] is None
