"""Many clients at once on a real server: everybody is answered, and no connection is cut."""

import json
from collections import Counter
from collections.abc import Iterator

import pytest
import shapely

from app.main import create_app
from app.platform.deployment import Deployment, limited
from app.server.web import REQUEST_LIMITS
from gis_layers.stores.records import save_fact
from tests.app.conftest import site
from tests.app.test_reading import SQUARE
from tests.benchmarks.crowd import Asked, Crowd, answers_of, send_crowd, start_crowd
from tests.running import serving

CHECK = json.dumps(site(shapely.box(99.802, 39.302, 99.803, 39.303)))
MIX = [
    Asked("GET", "/tiles/zones/14/12733/6240.mvt"),
    Asked("POST", "/api/siting/check", CHECK),
    Asked("GET", "/api/zones?limit=1"),
]


@pytest.fixture
def web(deployment: Deployment, publish) -> Iterator[Deployment]:
    publish("geological", SQUARE, grade=("高", 2, "geo4"))
    with deployment.sessions.begin() as session:
        save_fact(session, "synthetic", value=True)
    with limited(deployment, REQUEST_LIMITS) as opened:
        yield opened


def test_sixty_clients_with_three_requests_each_are_all_answered(web: Deployment):
    with serving(create_app(web, loopback=True)) as port:
        watching = start_crowd(port, Crowd(1, 1, 10, thinking_s=0.1), [Asked("GET", "/health")])
        answers = send_crowd(port, Crowd(60, 3), MIX)
        healthy = answers_of(watching)
    assert Counter(one.status for one in answers) == {200: 120, 204: 60}
    assert Counter(one.status for one in healthy) == {200: 10}


def test_who_waits_too_long_is_told_and_not_cut_off(web: Deployment):
    with serving(create_app(web, loopback=True, patience_s=0.0)) as port:
        statuses = Counter(one.status for one in send_crowd(port, Crowd(40, 1), MIX))
    assert statuses.total() == 40
    assert set(statuses) <= {200, 204, 503}
