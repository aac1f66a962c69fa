"""A file of any format, written with so many features and such values, reads as them or names what differs."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_layers.exchange.formats.registry import known_formats
from tests.exchange import declared
from tests.exchange.test_drawings import WRITERS as DRAWINGS

EXTRACTS = (".pbf",)
"""Their own tests write them: ``test_osm_pbf``."""


def test_every_format_that_is_read_has_a_writer():
    """A drawing has no values but its shapes, an extract of OpenStreetMap roads alone: their own tests hold those."""
    read = {known.name: known.suffixes for known in known_formats() if known.read}
    held = {*declared.WRITERS, *(Path(name).suffix for name in DRAWINGS), *EXTRACTS}
    assert [name for name, suffixes in read.items() if not set(suffixes) & held] == []


@pytest.mark.parametrize("suffix", declared.WRITERS)
@given(data=st.data())
@settings(max_examples=4)
def test_what_is_written_is_read(suffix: str, data: st.DataObject):
    written = data.draw(declared.rows())
    with TemporaryDirectory() as folder:
        declared.hold(declared.WRITERS[suffix](Path(folder) / f"villages{suffix}", written), written)
