"""What every opinion rests on, read in one statement."""

import dataclasses
import datetime

from sqlalchemy.orm import Session, sessionmaker

from gis_layers.stores import editions, records, surveys
from gis_layers.stores.publication import PublicationState
from gis_layers.stores.surroundings import read_everything
from tests.gis_layers.ground import METRIC, SQUARE, layer, publish, zone_frame


def test_nothing_published_stands_on_nothing(sessions: sessionmaker[Session]):
    with sessions() as session:
        assert read_everything(session, METRIC).standing == PublicationState(None, None, synthetic=False)


def test_it_is_what_its_parts_say_one_by_one(sessions: sessionmaker[Session]):
    dated = dataclasses.replace(layer(), survey_date=datetime.date(2024, 5, 1))
    publish(sessions, zone_frame(SQUARE), dated)
    newest = publish(sessions, zone_frame(SQUARE), layer())
    with sessions.begin() as session:
        records.save_fact(session, "synthetic", value=True)
        records.save_fact(session, "township", value="somewhere")
    with sessions() as session:
        standing = read_everything(session, METRIC).standing
        assert standing.data_date == datetime.date(2024, 5, 1)
    assert standing.synthetic
    assert standing.edition is not None
    assert standing.edition.number == newest.number == 2
    assert standing.edition.published_at == newest.published_at
    assert standing.edition.fingerprint == newest.fingerprint


def test_a_survey_no_longer_in_force_gives_no_date(sessions: sessionmaker[Session]):
    dated = dataclasses.replace(layer(), survey_date=datetime.date(2024, 5, 1))
    publish(sessions, zone_frame(SQUARE), dated)
    publish(sessions, zone_frame(SQUARE), layer(replaces=True))
    with sessions() as session:
        assert read_everything(session, METRIC).standing.data_date is None


def test_layers_that_share_an_extent_each_speak_for_it(sessions: sessionmaker[Session]):
    """A shared outline is carried once; every layer still has all its pieces."""
    for _ in range(2):
        publish(sessions, zone_frame(SQUARE), layer(extent=SQUARE.buffer(0.01, quad_segs=64)))
    publish(sessions, zone_frame(SQUARE), layer(extent=SQUARE))
    with sessions() as session:
        ground = read_everything(session, METRIC).ground
    read = [shape is not None for shape in ground.geometry]
    by_layer = [ground.geometry[read & (ground.extent_id == number)] for number in sorted(set(ground.extent_id))]
    first, second, third = by_layer
    assert len(first) == len(second) > 1
    assert {shape.wkb for shape in first} == {shape.wkb for shape in second}
    assert len(third) == 1
    assert third[0].area < sum(shape.area for shape in first)


def test_a_draft_has_no_standing(sessions: sessionmaker[Session]):
    with sessions.begin() as session:
        draft = editions.open_draft(session, name="draft", author="officer")
        surveys.save_layer(session, draft.id, layer(extent=SQUARE), METRIC)
    with sessions() as session:
        assert read_everything(session, METRIC).standing.edition is None
        assert len(read_everything(session, METRIC).ground) == 0
