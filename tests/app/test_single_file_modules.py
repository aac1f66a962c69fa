"""Modules that travel in one file share one scope: no two of them may name a thing alike."""

import re
from collections import Counter
from pathlib import Path

import pytest

from app.maps.modules import flatten_modules

PAGES = Path(__file__).parents[2] / "static/js/pages"
NAMED = re.compile(r"^(?:const|let|class|(?:async )?function) ([A-Za-z_$]\w*)", re.MULTILINE)


@pytest.mark.parametrize("page", ["standalone.js", "areas-standalone.js", "coverage-standalone.js"])
def test_no_two_modules_of_a_single_file_name_a_thing_alike(page):
    named = Counter(NAMED.findall(flatten_modules(PAGES / page)))
    assert [name for name, times in named.items() if times > 1] == []
