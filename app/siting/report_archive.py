"""Reports of the sites of a bulk check as one archive: each judged under a number of its own, printed, and told on an index sheet."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from app.judgement.screening import CheckedSite
from app.platform import clock
from app.platform.allowance import allow
from app.platform.deployment import Deployment
from app.platform.errors import AnzhiError, NotFound, Refused
from app.platform.principals import Principal, Role
from app.platform.work import Work
from app.queue.orders import CHECK_SITES, SITES_SHOWN, WRITE_REPORTS, JobRequest, Progress, find_own
from app.reports.archive_index import IndexRow, write_index
from app.reports.findings import Told
from app.reports.imprint import Order, Profile, house_of, refuse_unapproved
from app.reports.kept import print_opinion
from app.siting.schemas import SiteFeature
from app.siting.single_check import judge
from gis_layers.canonical import digest_of_bytes
from gis_layers.errors import GisError
from gis_layers.stores import jobs
from gis_layers.stores.jobs import DONE, Job
from risk_model.codes import code_name
from risk_model.errors import RiskModelError
from risk_model.message import msg

MOST_REPORTS: Final = 100
ARCHIVE, INDEX, FOLDER = "reports.zip", "index.xlsx", "reports"
DECLARED: Final = ("name", "project_class", "seismic_class", "building_type")
PRINTED: Final = 0.97
"""How far the work is when the last report is printed."""


@dataclass(frozen=True, slots=True)
class Printing:
    """How the reports of one archive are judged and printed: in whose name, in which language, for whom."""

    principal: Principal
    language: str
    profile: Profile

    @classmethod
    def of(cls, job: Job) -> Printing:
        """As a job orders it."""
        order = job.payload
        principal = Principal(job.created_by, Role(order["role"]), order.get("department"))
        return cls(principal, order["language"], Profile(order["profile"]))


def report_order(work: Work, number: int, principal: Principal, printed: tuple[str, Profile]) -> JobRequest:
    """The order to print the sites of one's own bulk check ``number`` in a language and for whom.

    Raises NotFound for others' jobs and other kinds, Refused for one that is not done.
    """
    language, profile = printed
    batch = find_own(work.session, number, principal)
    if batch.kind != CHECK_SITES:
        raise NotFound(msg("任务 {number} 不是批量筛查", number=number))
    refuse_unapproved(work, profile)
    if batch.state != DONE:
        raise Refused(msg("任务 {number} 还没有完成，不能打印报告", number=number), code="not-ended")
    told = {"role": principal.role.value, "department": principal.department}
    return JobRequest(WRITE_REPORTS, {"batch": number, "language": language, "profile": profile.value, **told})


def write_reports(deployment: Deployment, job: Job, progress: Progress) -> dict[str, object]:
    """Print the sites of an earlier bulk check, at most ``MOST_REPORTS``, the most severe first, and keep the archive with the job.

    Every site is judged by what is in force and kept in a transaction of its own, so that nobody waits for the numbers
    of all of them. Raises Refused where the files of the bulk check are kept no more.
    """
    with deployment.sessions() as session:
        batch = jobs.read_job(session, job.payload["batch"])
        kept = jobs.find_file(session, batch.id, "made", SITES_SHOWN)
        house = house_of(Work(session, deployment))
    if kept is None:
        raise Refused(msg("任务 {number} 的成果文件已不再保存；请重新提交批量筛查", number=batch.id))
    shown = orjson.loads(kept[1])
    printing, content = Printing.of(job), io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        rows = [*_rows(deployment, (shown["features"], archive), printing, progress)]
        if not shown["left_out"]:
            rows += _refused(batch, {row.site for row in rows})
        rows.sort(key=lambda row: row.site)
        archive.writestr(zipfile.ZipInfo(INDEX), write_index(rows, shown["left_out"], house, printing.language))
    with deployment.sessions.begin() as session:
        jobs.save_file(session, job.id, "made", ARCHIVE, content.getvalue())
    printed = sum(row.file != "" for row in rows)
    return {"reports": printed, "sites": len(rows) + shown["left_out"], "batch": batch.id}


def _rows(
    deployment: Deployment, files: tuple[Sequence[Told], zipfile.ZipFile], printing: Printing, progress: Progress
) -> Iterator[IndexRow]:
    """A row for every site, the reports of the first of them in the archive."""
    sites, archive = files
    most = min(len(sites), MOST_REPORTS)
    for place, site in enumerate(sites):
        if place >= MOST_REPORTS:
            yield _left_out(site, msg("一次至多打印 {n} 份，结论较重的先印", n=MOST_REPORTS))
            continue
        progress(PRINTED * place / most, msg("正在打印第 {n} 份，共 {m} 份", n=place + 1, m=most))
        yield _printed(deployment, archive, site, printing)


def _printed(deployment: Deployment, archive: zipfile.ZipFile, site: Told, printing: Printing) -> IndexRow:
    """One site judged, kept, and printed into the archive."""
    try:
        answer, checked = _judged(deployment, site, printing)
        with deployment.sessions.begin() as session:
            order = Order(printing.language, printing.profile, clock.now())
            one = Work(session, deployment)
            name, content = print_opinion(one, answer, "pdf", rulebook=checked.rulebook, order=order)
    except (AnzhiError, GisError, RiskModelError) as refusal:
        return _left_out(site, str(refusal))
    archive.writestr(zipfile.ZipInfo(f"{FOLDER}/{name}"), content)
    edition, record = answer["edition"], answer["record"]
    return IndexRow(
        site=site["properties"]["site"],
        name=answer["site"]["name"],
        project_class=answer["site"]["project_class"],
        verdict=code_name("verdict", answer["verdict"]),
        borderline=answer["borderline"],
        number=record["number"],
        edition=edition and edition["number"],
        rulebook=answer["rulebook"]["version"],
        digest=record["result_digest"],
        file=f"{FOLDER}/{name}",
        file_digest=digest_of_bytes(content),
        synthetic=answer["synthetic"],
    )


def _judged(deployment: Deployment, site: Told, printing: Printing) -> tuple[Told, CheckedSite]:
    """The site judged and recorded as though it had been sent alone."""
    asked = feature_of(site)
    allowed = allow(printing.principal.role, deployment.settings, threading.Event())
    with deployment.sessions() as session:
        one, feature = Work(session, deployment), SiteFeature.model_validate(asked)
        judged = judge(one, feature=feature, principal=printing.principal, asked=asked, allowed=allowed)
    return judged.answer, judged.checked


def feature_of(site: Told) -> dict[str, Any]:
    """A shown site as ``POST /api/siting/check`` would be sent it."""
    said = {name: site["properties"][name] for name in DECLARED if site["properties"][name] is not None}
    return {"type": "Feature", "geometry": site["geometry"], "properties": said}


def _left_out(site: Told, why: str) -> IndexRow:
    said = site["properties"]
    return IndexRow(said["site"], said["name"] or "", said["project_class"], why=why)


def _refused(batch: Job, loaded: set[int]) -> list[IndexRow]:
    """Features of the file the gate did not let in, each with what it said first."""
    why: dict[int, str] = {}
    result: Mapping[str, Any] = batch.result or {}
    for problem in result["report"]["problems"]:
        if problem["feature"] is not None and problem["feature"] not in loaded:
            why.setdefault(problem["feature"], problem["problem"])
    return [IndexRow(feature, "", "", why=said) for feature, said in why.items()]
