"""Imports as jobs: one previews a file, the other loads what was seen, in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from app.exchange.import_orders import ImportOrder
from app.exchange.imports import FILE, SHOWN, standing_of
from app.exchange.loaders import GivenFiles, load_layer, taken_back
from app.exchange.previews import digest_of_delivery, preview_import
from app.platform.errors import Refused, Stale
from app.platform.work import Work
from app.queue.orders import Progress
from gis_layers.exchange import Delivery, name_of
from gis_layers.stores import jobs
from gis_layers.stores.jobs import Job
from risk_model.message import msg

READ = 0.05
GROUND = "ground"
ROLES = ("given", "made")


def preview_as_ordered(work: Work, job: Job, progress: Progress) -> dict[str, object]:
    """Do the import of a job's file, take it back, and keep what it would have come to."""
    order, number, author = ImportOrder.model_validate(job.payload), job.id, job.created_by
    state = standing_of(work, order.layer)
    with files_of(work, number, order) as given:
        progress(READ, msg("读取文件"))
        preview = preview_import(work, order, given, author=author)
        _keep(work, number, given)
    jobs.save_file(work.session, number, "made", SHOWN, preview.features())
    return {
        "digest": preview.digest,
        "report": replace(preview.seen.report, draft=None).to_dict(),
        "repairs": preview.repairs(),
        "refused": preview.refused(),
        "shown": len(preview.shown),
        "state": state,
    }


def load_as_ordered(work: Work, job: Job, progress: Progress) -> dict[str, object]:
    """Load what a preview showed with the accepted repairs. Raises Stale where it would come out otherwise than it was seen."""
    author, asked = job.created_by, job.payload
    preview = jobs.lock_job(work.session, asked["preview"])
    if preview is None:
        raise Refused(msg("导入预览 {number} 已不再保留", number=asked["preview"]))
    order, repaired = ImportOrder.model_validate(preview.payload), frozenset(asked["repairs"])
    with files_of(work, preview.id, order) as given:
        progress(READ, msg("读取文件"))
        if repaired:
            with taken_back(work.session):
                _check_same(load_layer(work, order, given, author=author), asked["digest"])
        loaded = load_layer(work, order, given, author=author, repaired=repaired)
    if not repaired:
        _check_same(loaded, asked["digest"])
    jobs.forget_files(work.session, asked["preview"])
    return {"report": loaded.report.to_dict(), "preview": asked["preview"]}


def _check_same(delivery: Delivery, digest: str) -> None:
    if digest_of_delivery(delivery) != digest:
        raise Stale(msg("预览之后登记、边界或规则有了变化，载入的可能不是看到的；请重新预览后再确认"))


def _keep(work: Work, number: int, given: GivenFiles) -> None:
    """Keep the files for the job that loads them: what is handed in with a job is gone when that job ends."""
    for kept, path in ((FILE, given.path), (GROUND, given.ground)):
        if path is not None:
            jobs.save_file(work.session, number, "made", kept, path.read_bytes())


@contextmanager
def files_of(work: Work, number: int, order: ImportOrder) -> Iterator[GivenFiles]:
    """The files of a preview on disk for as long as the block runs. Raises Refused once they are kept no more."""
    with TemporaryDirectory(prefix="anzhi-import-") as made:
        path = _written(work, number, (order.file, FILE), Path(made) / "file")
        ground = _written(work, number, (order.ground, GROUND), Path(made) / "ground") if order.ground else None
        yield GivenFiles(path, ground)


def _written(work: Work, number: int, names: tuple[str, str], folder: Path) -> Path:
    """A file by its sender's name while the preview is made, by ours once it is."""
    given, made = (jobs.find_file(work.session, number, role, name) for role, name in zip(ROLES, names, strict=True))
    found = given or made
    if found is None:
        raise Refused(msg("导入预览 {number} 的文件已不再保留；请重新选择文件预览", number=number))
    folder.mkdir()
    path = folder / name_of(names[0], "handed-in")
    path.write_bytes(found[1])
    return path
