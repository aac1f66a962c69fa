"""Files that are received: refused where they are state secrets, else written into the list with what was told of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from app.platform.clock import today
from app.platform.deployment import Deployment
from app.platform.errors import AnzhiError, Refused
from gis_layers.canonical import digest_of_file
from gis_layers.errors import GisError
from gis_layers.exchange import SECRECY_NAMES, Handover, ImportReport, ReadingOptions, name_of
from gis_layers.exchange.secrecy.marking import Mark
from gis_layers.exchange.secrecy.marks import Marks, marks_outside, read_marks
from gis_layers.stores.receipts import NewReceipt, save_receipt
from gis_layers.stores.records import record_audit
from risk_model.message import msg

TURN_AWAY = "refuse state secret"
REFUSE_IMPORT = "refuse import"


class StateSecretRefused(Refused):
    """A file marked as a state secret where none may stand; nothing of it is kept. ``mark`` says how it was known."""

    status, title = 422, "涉密文件不得导入"
    code = "state-secret"

    def __init__(self, mark: Mark) -> None:
        super().__init__(
            msg(
                "文件标有密级「{level}」（{where}），本部署没有声明与其他网络隔离，没有导入，也没有留存任何内容；"
                "请在物理隔离并设置了 ANZHI_SEPARATED=yes 的部署中导入，或向提供单位索取脱密后的公开版；"
                "标错的请由提供单位更正后重新提供",
                level=SECRECY_NAMES[mark.secrecy],
                where=mark.where,
            )
        )
        self.mark = mark


@dataclass(frozen=True, slots=True)
class AcceptedFile:
    """A file at the door: looked at, its digest taken, nothing of it loaded yet."""

    path: Path
    name: str
    size: int
    sha256: str
    handover: Handover


def refuse_secrets(deployment: Deployment, path: Path, options: ReadingOptions, name: str | None = None) -> Marks:
    """The marks of a file; raises StateSecretRefused where they are a state secret's and this place is not separated.

    ``name`` is what its sender called it.
    """
    separated = deployment.settings.separated
    for mark in marks_outside(options, name or path.name):
        _refuse(mark, separated=separated)
    marks = read_marks(path, options, name)
    if marks.worst:
        _refuse(marks.worst, separated=separated)
    return marks


def _refuse(mark: Mark, *, separated: bool) -> None:
    if mark.secrecy.is_state_secret and not separated:
        raise StateSecretRefused(mark)


def refuse_secrets_in(deployment: Deployment, content: bytes, name: str, *, options: ReadingOptions) -> None:
    """The same of a file that is not on disk yet; what is written to look at it is gone when this returns."""
    with TemporaryDirectory(prefix="anzhi-marks-") as folder:
        path = Path(folder) / name_of(name, "handed-in")
        path.write_bytes(content)
        refuse_secrets(deployment, path, options, name)


def take_in(deployment: Deployment, path: Path, options: ReadingOptions, name: str | None = None) -> AcceptedFile:
    """A file about to be imported. Raises StateSecretRefused, UnreadableFile."""
    marks = refuse_secrets(deployment, path, options, name)
    return AcceptedFile(path, name or path.name, _size_of(path), digest_of_file(path), marks.handover)


def take_in_ground(deployment: Deployment, extent: str, options: ReadingOptions) -> AcceptedFile | None:
    """The file of surveyed ground that comes with another; None where ``extent`` names none."""
    return None if extent in ("zones", "boundary") else take_in(deployment, Path(extent), options)


def enter(
    session: Session,
    taken: AcceptedFile,
    report: ImportReport,
    *,
    layers: Sequence[str],
    by: str,
    detail: str | None = None,
    draft: int | None = None,
) -> None:
    """Write a loaded file into the list; where nothing of it was loaded, tell the audit alone.

    Raises Refused where the file is no longer the one that was looked at.
    """
    if digest_of_file(taken.path) != taken.sha256:
        raise Refused(msg("文件 {name} 在读取时被改动，没有导入；请在写完后重新导入", name=taken.name))
    if report.features_loaded == 0:
        tell_refusal(session, by, layers[0], report.whole_file_error or msg("没有一个要素可以载入"), taken)
        return
    told = taken.handover
    save_receipt(
        session,
        NewReceipt(
            layers=list(layers),
            detail=detail,
            file_name=taken.name,
            file_size=taken.size,
            sha256=taken.sha256,
            declared=report.features_read,
            loaded=report.features_loaded,
            refused=report.features_refused,
            provider=told.provider,
            document_number=told.document_number,
            handed_over_by=told.handed_over_by,
            received_on=told.received_on or today(),
            secrecy=told.secrecy and told.secrecy.value,
            imported_by=by,
            draft_id=draft,
        ),
    )


def tell_refusal(session: Session, by: str, subject: str, why: str, taken: AcceptedFile | None = None) -> None:
    """Tell the audit of an import that came to nothing."""
    known = {"file": taken.name, "sha256": taken.sha256} if taken else {}
    record_audit(session, actor=by, action=REFUSE_IMPORT, subject=subject, detail={**known, "why": str(why)})


@contextmanager
def refusals_told(session: Session, by: str, subject: str, *, only_secrets: bool = False) -> Iterator[None]:
    """Take back whatever is refused in the block and tell it in the audit, in a transaction of its own."""
    try:
        yield
    except (AnzhiError, GisError) as error:
        if only_secrets and not isinstance(error, StateSecretRefused):
            raise
        if session.in_transaction():
            session.rollback()
        with session.get_transaction() or session.begin():
            tell_error(session, by, subject, error)
        raise


def tell_error(session: Session, by: str, subject: str, error: Exception) -> None:
    """Tell the audit what was refused and why; of a state secret its level and how it was known, no name, no digest."""
    if not isinstance(error, StateSecretRefused):
        tell_refusal(session, by, subject, str(error))
        return
    mark = error.mark
    detail = {"secrecy": mark.secrecy.value, "known_by": mark.kind}
    record_audit(session, actor=by, action=TURN_AWAY, subject=subject, detail=detail)


def _size_of(path: Path) -> int:
    if path.is_dir():
        return sum(part.stat().st_size for part in path.rglob("*") if part.is_file())
    return path.stat().st_size
