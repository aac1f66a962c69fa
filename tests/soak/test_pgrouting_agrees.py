"""The demo's roads searched by pgRouting as well: every junction is as far within a tenth of a per cent."""

import numpy as np
import pytest
import shapely

from app.exchange.township import load_township
from app.judgement.road_network import find_network
from app.platform.work import Work
from gis_layers.embedded import Cluster
from gis_layers.roads import RoadClosure, RoadPlace, cut_out, find_closed, travel_to
from tests.app.conftest import deployment, grounds, template
from tests.pgrouting import PgRouting

__all__ = ["deployment", "grounds", "template"]

PLACES = 25
WITHIN = 0.001


def test_every_junction_is_as_far_by_pgrouting_also_round_closures(deployment, cluster: Cluster):
    with deployment.sessions.begin() as session:
        work = Work(session, deployment)
        load_township(work)
        whole = find_network(work)
    assert whole is not None
    chance = np.random.default_rng(7)
    closed = shapely.centroid(whole.line[chance.choice(len(whole.tail), 12, replace=False)])
    lasting = [RoadClosure(str(one), ground, 0.0) for one, ground in enumerate(shapely.buffer(closed, 40))]
    cut = cut_out(whole, lasting, find_closed(whole, lasting)).network
    for name, network in (("whole", whole), ("cut", cut)):
        theirs = PgRouting(cluster.create_database(f"pgrouting_{name}"), network)
        reached = 0
        for stretch in chance.choice(np.flatnonzero(np.isfinite(network.seconds)), PLACES, replace=False):
            place = RoadPlace(int(stretch), 0.3, 0.0)
            ours, other = travel_to(network, place).seconds, theirs.seconds_to(place)
            assert (np.isfinite(ours) == np.isfinite(other)).all()
            there = np.isfinite(ours)
            assert other[there] == pytest.approx(ours[there], rel=WITHIN, abs=1e-6)
            reached += int(there.sum())
        assert reached > PLACES
        theirs.close()
