"""Edition packages over the network: one handed in is checked as at the console, and becomes a draft."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import orjson
from fastapi import APIRouter, File, Form, Response, UploadFile

from app.http.dependencies import Officer, WorkOf, ended_here
from app.http.uploads import received_file
from app.intake.receipts import refusals_told, refuse_secrets
from app.platform.errands import MANY, reckon
from app.platform.errors import NotAllowed
from app.platform.principals import Principal, Role
from app.platform.signatures import public_key
from app.platform.work import Work
from app.zones.package_schemas import PackageTold
from app.zones.packages import EditionPackage, PackageRefused, checked, stage_package
from gis_layers.exchange import UPLOAD, ReadingOptions
from gis_layers.stores import editions
from risk_model.message import msg

router = APIRouter(prefix="/api", tags=["zones"])
LARGEST_FILE: Final = 200 * 1024 * 1024
Key = Annotated[
    str | None,
    Form(pattern=r"^[0-9a-f]{64}$", description="public key of the deployment it came from, as it is on the paper"),
]


@router.post("/zones/packages", response_model=PackageTold)
def take_in(
    file: Annotated[UploadFile, File(description="an edition package; at most 200 MB")],
    work: WorkOf,
    principal: Officer,
    key: Key = None,
    apply: Annotated[bool, Form(description="make a draft of it; else it is only checked")] = False,
) -> Response:
    """Check a package to its last byte; with ``apply`` make a draft of it, to be approved and published as any other."""
    too_large = msg("文件超过 200 MB；更大的数据包请在控制台用 anzhi zones import-edition 导入")
    told = refusals_told(work.session, principal.name, "zone draft", only_secrets=True)
    with received_file(file, most_bytes=LARGEST_FILE, too_large=too_large, stem="edition") as path, told:
        refuse_secrets(work.deployment, path, ReadingOptions(limits=UPLOAD), file.filename)
        package = _opened(work, path, key)
    require_whole_rights(principal, package)
    answer = _told(work, package)
    if apply:
        with ended_here(work.session):
            answer["draft"] = stage_package(work, package, author=principal.name).id
    return Response(orjson.dumps(answer), media_type="application/json")


def _opened(work: Work, path: Path, key: str | None) -> EditionPackage:
    """The package, read in a confined process however small it is. Raises PackageRefused."""
    trusted = [public_key(work.settings), *([key] if key else [])]
    found = reckon(MANY + 1, checked, path, trusted, readable=(path,))
    if isinstance(found, PackageRefused):
        raise found
    return found


def require_whole_rights(principal: Principal, package: EditionPackage) -> None:
    """Raises NotAllowed for an account that may not change every theme of a package, everywhere."""
    for layer in package.content.layers.values():
        if not principal.may_edit(layer.hazard):
            raise NotAllowed(
                msg("您的账号不编制 {hazard} 的区划；整版数据包请由编制全部灾种的账号导入", hazard=layer.hazard)
            )
    if principal.area is not None and principal.role is not Role.ADMIN:
        raise NotAllowed(msg("您的账号只编制一部分地面；整版数据包请由不限范围的账号导入"))


def _told(work: Work, package: EditionPackage) -> PackageTold:
    standing, manifest = editions.current_edition(work.session), package.manifest
    return {
        "edition": int(manifest["edition"]),
        "fingerprint": package.fingerprint,
        "key": package.key,
        "own": package.key == public_key(work.settings),
        "published_at": str(manifest["published_at"]),
        "published_by": str(manifest["published_by"]),
        "reason": str(manifest["reason"]),
        "zones": len(package.content.zones),
        "layers": len(package.content.layers),
        "edition_in_force": None if standing is None else standing.number,
        "fingerprint_in_force": None if standing is None else standing.fingerprint,
        "draft": None,
    }
