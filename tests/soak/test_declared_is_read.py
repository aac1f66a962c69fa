"""The law of tests/exchange/test_declared_is_read.py, with many examples of every format."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange import declared

EXAMPLES = 300


@pytest.mark.parametrize("suffix", declared.WRITERS)
@given(data=st.data())
@settings(max_examples=EXAMPLES)
def test_what_is_written_is_read(suffix: str, data: st.DataObject):
    written = data.draw(declared.rows())
    with TemporaryDirectory() as folder:
        declared.hold(declared.WRITERS[suffix](Path(folder) / f"villages{suffix}", written), written)
