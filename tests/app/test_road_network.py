"""The network every process reads: made within the import, there before anybody asks, and never half of it."""

import pytest
from sqlalchemy import update

from app.judgement import road_network
from app.platform.once import Once
from app.platform.work import Work
from gis_layers.roads import SUFFIX
from gis_layers.tables.places import Road
from tests.app.test_dispatch import AT_BEND, TWO_ROADS, ask, load, manned

__all__ = ["load", "manned"]

MORE = {"line": [(0, 0), (0, 900)], "road_class": "village", "name": "丙路"}


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """Every network is kept, in a folder of the test's own."""
    monkeypatch.setattr(road_network, "MANY", 1)
    monkeypatch.setattr(road_network, "FOLDER", str(tmp_path / "networks"))
    return tmp_path / "networks"


@pytest.fixture
def another_process(monkeypatch):
    """Forgets what this process knows, as another one never knew it, and counts the networks it makes itself."""
    made = []
    make = road_network._made

    def begin():
        made.clear()
        monkeypatch.setattr(road_network, "_networks", Once(3))
        monkeypatch.setattr(road_network, "_made", lambda *given: made.append(1) or make(*given))
        return made

    return begin


def version(client) -> str:
    return ask(client, AT_BEND).json()["graph"]["version"]


def test_the_first_question_after_an_import_reads_what_the_import_made(client, manned, load, folder, another_process):
    load(*TWO_ROADS)
    assert len(list(folder.glob(f"*{SUFFIX}"))) == 1
    another_process()
    before = version(client)
    load(MORE, name="more.gpkg")
    made = another_process()
    after = version(client)
    assert before != after
    assert made == []
    assert len(list(folder.iterdir())) == 2
    made = another_process()
    assert version(client) == after, "every process answers by one version"
    for one in folder.glob(f"*{SUFFIX}"):
        one.write_bytes(one.read_bytes()[:-1])
    made = another_process()
    assert version(client) == after
    assert len(made) == 1, "what is damaged is made anew"
    made = another_process()
    assert (version(client), made) == (after, []), "and kept again"


def test_while_an_import_is_under_way_the_network_before_it_answers(client, deployment, manned, load, folder):
    load(*TWO_ROADS)
    before = version(client)
    with deployment.sessions() as session:
        work = Work(session, deployment)
        session.execute(update(Road).values(oneway="forward"))
        coming = road_network.find_network(work)
        assert coming is not None
        assert coming.version != before
        assert version(client) == before
        session.commit()
    assert version(client) == coming.version
