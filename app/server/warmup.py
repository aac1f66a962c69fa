"""The warming up: the confined processes of requests load what heavy work needs before anybody asks for such work."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from gis_layers.errors import ConfinedTrouble
from gis_layers.sandbox import PLAIN, load_ahead, reading_with

log = logging.getLogger(__name__)

FIRST_PAGE_S: Final = 2.0
"""So long whoever starts the service and looks at it at once has the machine for the first page."""

LIBRARIES: Final = (
    "sqlalchemy.orm",
    "fastapi",
    "jinja2",
    "folium",
    "pandas.core.methods.to_dict",
    "pandas.io.formats.csvs",
    "encodings.utf_8_sig",
    "openpyxl.packaging.extended",
    "pyarrow.pandas_compat",
    "pyarrow.vendored.version",
    "segno",
    "weasyprint",
    "docxtpl",
    "matplotlib.backends.backend_agg",
    "matplotlib.figure",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PpmImagePlugin",
    "email.policy",
    "email.headerregistry",
    "email.contentmanager",
    "encodings.cp437",
)
"""What the work of several processes needs is held once for all, also what it loads only when used. None of it may load GDAL."""

WORK: Final[Mapping[str, Sequence[str]]] = {
    PLAIN: (
        "risk_model.guidance",
        "risk_model.people",
        "risk_model.chains.streams",
        "gis_layers.exchange.checks.coordinates",
        "app.judgement.screening",
        "app.chains.service",
        "app.judgement.inventory",
        "app.overview.gaps",
        "app.guidance.counts",
        "app.guidance.relocation",
        "app.guidance.workbook",
        "app.trials.service",
        "app.assessments.service",
        "app.assessments.comparison",
        "app.assessments.pages",
        "app.maps.standalone",
        "app.http.geojson",
        "app.enterprises.workbook",
        "app.exchange.pages",
        "app.exchange.received_pages",
        "app.reports.files",
        "app.reports.register_files",
        "app.dispatch.coverage_pages",
        "app.dispatch.station_plan",
        "app.dispatch.shelter_allocation",
        "app.dispatch.losses",
        "app.zones.files",
        "app.zones.packages",
    ),
    reading_with("GPKG"): ("app.exchange.pages", "app.zones.files"),
}
"""By process: the modules of the work that requests order (``app.platform.errands``), and of what is handed to it."""


@contextmanager
def warming() -> Iterator[Callable[[], None]]:
    """What begins the warming up, in a thread of its own; it ends with the block, wherever it has come to."""
    stop = threading.Event()
    thread = threading.Thread(target=_warm_up_soon, args=(stop,), name="warming up", daemon=True)
    try:
        yield thread.start
    finally:
        stop.set()


def _warm_up_soon(stop: threading.Event) -> None:
    if stop.wait(FIRST_PAGE_S):
        return
    try:
        warm_up(stop)
    except ConfinedTrouble as trouble:
        log.warning("the confined processes are not warm, the first heavy answers wait for them: %s", trouble)


def warm_up(stop: threading.Event) -> None:
    """Load everything, module by module, so that a request which comes meanwhile waits for one at most.

    Raises ConfinedDied where no confined process can be started.
    """
    steps = [(None, name) for name in LIBRARIES]
    for profile, module in [*steps, *((profile, name) for profile, names in WORK.items() for name in names)]:
        if stop.is_set():
            return
        load_ahead(profile, module)
