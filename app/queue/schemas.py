"""Shapes of jobs: what each kind is ordered with, and what comes of it."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypeAliasType, TypedDict

from app.platform.iso import IsoDay, IsoMoment
from app.queue.import_schemas import LoadOrder, LoadResult, PreviewOrder, PreviewResult
from gis_layers.exchange import WrittenReport
from gis_layers.stores.jobs import JobState
from gis_layers.stores.runs import UnitKind


class JobLinks(TypedDict):
    """Addresses of a job, and of the files that came of it by name."""

    self: str
    files: dict[str, str]


class JobFacts(TypedDict):
    """State of a job: how far it is, why nothing came of it; ``files_until`` its files are kept."""

    id: int
    state: JobState
    cancel_asked: bool
    progress: float
    step: str | None
    attempts: int
    created_at: IsoMoment
    created_by: str
    started_at: IsoMoment | None
    ended_at: IsoMoment | None
    error: str | None
    files_until: IsoMoment | None
    links: JobLinks


class NoOrder(TypedDict):
    """Order of a kind that can be done in one way only."""


class GradeOrder(TypedDict):
    """Units a run is to grade: ``cell_m`` of a grid, ``set_id`` of uploaded polygons."""

    unit: UnitKind
    cell_m: NotRequired[float | None]
    set_id: NotRequired[int | None]


class GradeResult(TypedDict):
    """The run that was recorded."""

    run: int
    unit: UnitKind
    areas: int
    results_digest: str


class GradeJob(JobFacts):
    """A grading run."""

    kind: Literal["grade"]
    order: GradeOrder
    result: GradeResult | None


CheckOrder = TypedDict(
    "CheckOrder",
    {
        "file": NotRequired[str],
        "class": NotRequired[str | None],
        "crs": NotRequired[str | None],
        "layer": NotRequired[str | None],
        "accept_repairs": NotRequired[bool],
        "role": NotRequired[str],
        "department": NotRequired[str | None],
    },
)
"""A file of sites and how it is to be read; ``role`` and ``department`` are those of whoever ordered."""


class FileRecord(TypedDict):
    """Under which number the check of a file is kept, and what was asked and answered as digests."""

    number: str
    at: IsoMoment
    by: str
    input_digest: str
    result_digest: str


class CheckResult(TypedDict):
    """Sites of a file by verdict, what the answers rest on, and the gate's report."""

    verdicts: dict[str, int]
    edition: int | None
    rulebook: str
    data_date: NotRequired[IsoDay | None]
    judged_on: NotRequired[IsoDay]
    report: WrittenReport
    disclaimer: NotRequired[str]
    record: NotRequired[FileRecord]


class CheckJob(JobFacts):
    """A bulk siting check."""

    kind: Literal["check sites"]
    order: CheckOrder
    result: CheckResult | None


class ReportsOrder(TypedDict):
    """A bulk check whose sites are printed: the job it was, in which language and for whom."""

    batch: int
    language: str
    profile: str
    role: NotRequired[str]
    department: NotRequired[str | None]


class ReportsResult(TypedDict):
    """Reports printed, of how many sites of which bulk check."""

    reports: int
    sites: int
    batch: int


class ReportsJob(JobFacts):
    """Reports of the sites of a bulk check as one archive."""

    kind: Literal["write reports"]
    order: ReportsOrder
    result: ReportsResult | None


class ForgetResult(TypedDict):
    """Jobs whose files were kept long enough."""

    jobs: int


class ForgetJob(JobFacts):
    """Files of old jobs forgotten."""

    kind: Literal["forget results"]
    order: NoOrder
    result: ForgetResult | None


class RegradeResult(TypedDict):
    """Enterprises whose grade changed."""

    changed: int


class RegradeJob(JobFacts):
    """Every enterprise graded anew."""

    kind: Literal["regrade enterprises"]
    order: NoOrder
    result: RegradeResult | None


class OverdueResult(TypedDict):
    """Hidden dangers on which it was noted that their deadline has passed."""

    dangers: int


class OverdueJob(JobFacts):
    """Deadlines that passed, noted once each."""

    kind: Literal["mark overdue"]
    order: NoOrder
    result: OverdueResult | None


class EnforceResult(TypedDict):
    """The editions that came of drafts whose day had come, and the drafts that were held back instead."""

    editions: list[int]
    held: list[int]


class EnforceJob(JobFacts):
    """Drafts of zones put in force on the day that was set."""

    kind: Literal["enforce drafts"]
    order: NoOrder
    result: EnforceResult | None


class JudgedAnewResult(TypedDict):
    """Reviews looked at, and the numbers of those that go on by another judgement, were told of, were told of no more, could not be judged."""

    judged: int
    changed: list[int]
    told: list[int]
    withdrawn: list[int]
    unjudged: list[int]


class JudgeAnewJob(JobFacts):
    """Joint reviews judged anew by zones, rules and registers in force."""

    kind: Literal["judge anew"]
    order: NoOrder
    result: JudgedAnewResult | None


class HandbookResult(TypedDict):
    """Villages with a sheet of their own; none where no roads are loaded."""

    villages: int


class HandbookJob(JobFacts):
    """The handbook of villages that are cut off, written."""

    kind: Literal["write handbook"]
    order: NoOrder
    result: HandbookResult | None


class VerifyResult(TypedDict):
    """Sealed days that hold, and the hash of the last."""

    days: int
    last_hash: str | None


class VerifyJob(JobFacts):
    """Seals of the audit computed anew."""

    kind: Literal["verify seals"]
    order: NoOrder
    result: VerifyResult | None


class SealOrder(TypedDict):
    """How long (s) the sealing waits for whoever still writes."""

    patience_s: NotRequired[float]


class SealResult(TypedDict):
    """Days sealed."""

    days: int


class SealJob(JobFacts):
    """Days of the audit sealed."""

    kind: Literal["seal days"]
    order: SealOrder
    result: SealResult | None


class BackedUpVersion(TypedDict):
    """The edition, or the rulebook, a backup holds."""

    number: int
    fingerprint: str


class BackupResult(TypedDict):
    """A backup that was made and proven, and which older ones were removed for it."""

    out: str
    bytes: int
    sha256: str
    secret_key: bool
    taken_at: IsoMoment
    software: str
    schema_revision: str
    edition: BackedUpVersion | None
    rulebook: BackedUpVersion | None
    tables: int
    rows: int
    verified: bool
    removed: list[str]


class BackupJob(JobFacts):
    """A nightly backup."""

    kind: Literal["back up"]
    order: NoOrder
    result: BackupResult | None


class PreviewJob(JobFacts):
    """A preview of an import."""

    kind: Literal["preview import"]
    order: PreviewOrder
    result: PreviewResult | None


class LoadJob(JobFacts):
    """An import loaded as it was seen."""

    kind: Literal["load import"]
    order: LoadOrder
    result: LoadResult | None


JobAnswer = TypeAliasType(
    "JobAnswer",
    Annotated[
        GradeJob
        | CheckJob
        | ReportsJob
        | ForgetJob
        | RegradeJob
        | OverdueJob
        | EnforceJob
        | JudgeAnewJob
        | VerifyJob
        | HandbookJob
        | SealJob
        | BackupJob
        | PreviewJob
        | LoadJob,
        Field(discriminator="kind"),
    ],
)
"""A job: what was ordered, how far it is, what came of it or why nothing did; ``kind`` says which."""
