"""A bulk siting check as a job: the file that was handed in, judged, and written in the formats officers take away."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.exchange.checks import check_file, write_check
from app.exchange.shown_sites import shown_sites
from app.judgement.logbook import FileInput, Maker, record_file
from app.platform.clock import today
from app.platform.errors import Refused
from app.platform.work import Work
from app.queue.orders import SITES_SHOWN, Progress
from gis_layers.exchange import UPLOAD, ReadingOptions, name_of
from gis_layers.geometry import Bounds
from gis_layers.stores import jobs
from gis_layers.stores.jobs import Job
from risk_model.message import msg
from risk_model.vocabulary import ProjectClass

MADE = ("check.gpkg", "check.xlsx")
READ, JUDGED = 0.05, 0.9
"""How far the work is when the file is read, and when all sites are judged."""


def check_as_ordered(work: Work, job: Job, progress: Progress) -> dict[str, object]:
    """Judge the file of a job and keep the answers with it; Refused where not one site of it could be read."""
    given = jobs.find_file(work.session, job.id, "given")
    if given is None:
        raise Refused(msg("任务 {number} 没有附文件", number=job.id))
    name, content = given
    with TemporaryDirectory(prefix="anzhi-batch-") as made:
        folder = Path(made)
        path = folder / name_of(name, "sites")
        path.write_bytes(content)
        progress(READ, msg("判断地块"))
        return _judge(work, job, (path, folder), progress)


def _judge(work: Work, job: Job, places: tuple[Path, Path], progress: Progress) -> dict[str, Any]:
    (path, folder), order = places, job.payload
    options = ReadingOptions(
        crs=order.get("crs"),
        layer=order.get("layer"),
        accept_repairs=bool(order.get("accept_repairs")),
        metric_crs=work.settings.metric_crs,
        limits=UPLOAD,
        bounds=Bounds(work.settings.most_vertices, work.settings.most_parts),
    )
    default_class = order.get("class")
    checked = check_file(
        work,
        path,
        options,
        default_class=default_class and ProjectClass(default_class),
        on=today(),
        progress=lambda share: progress(READ + (JUDGED - READ) * share, msg("判断地块")),
    )
    if not checked.report.features_loaded:
        first = next((problem.problem for problem in checked.report.problems), msg("文件里没有地块"))
        raise Refused(msg("没有一个地块可以筛查：{reason}", reason=first))
    for name in MADE:
        progress(JUDGED, msg("写出成果文件"))
        write_check(checked.tables, folder / name, checked.provenance)
        jobs.save_file(work.session, job.id, "made", name, (folder / name).read_bytes())
    jobs.save_file(work.session, job.id, "made", SITES_SHOWN, shown_sites(checked.tables["sites"], checked.provenance))
    maker = Maker(job.created_by, order.get("role", ""), order.get("department"))
    record = record_file(work.session, maker, FileInput.of(path, order.get("file")), checked.outcome(), checked.grounds)
    return {**checked.told(), "record": record}
