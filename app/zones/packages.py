"""Edition packages: an edition in one signed file, from the machine that edits to one that uses, by disc."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import shapely

from app.platform.errors import AnzhiError, NotFound, Refused
from app.platform.signatures import is_signed, public_key, sign
from app.platform.work import Work
from gis_layers.canonical import canonical_text
from gis_layers.stores import draft_zones, edition_content, editions
from gis_layers.stores.draft_zones import SeenZone
from gis_layers.stores.edition_content import EditionContent
from gis_layers.stores.editions import Draft
from gis_layers.stores.records import record_audit
from gis_layers.stores.surveys import NewLayer
from risk_model.message import msg

FORMAT: Final = 2
WITHOUT_TERMS: Final = 1
"""The format of packages none of whose layers states an office, how long it holds or how old it may be."""
MANIFEST, SEAL, LAYERS, ZONES = "manifest.json", "signature.json", "layers.json", "zones.json"
CONTENT: Final = (LAYERS, ZONES)
LARGEST: Final = {MANIFEST: 4 * 1024**2, SEAL: 4 * 1024, LAYERS: 256 * 1024**2, ZONES: 1024**3}
"""Bytes each member may have."""
DAY: Final = "survey_date"
UNTIL: Final = "valid_until"


class PackageRefused(AnzhiError):
    """An edition package that is not what was signed, or not by whom it should be."""

    status, title = 422, "数据包不能使用"
    code = "file"


@dataclass(frozen=True, slots=True)
class EditionPackage:
    """A package that was checked: who signed it, what it says of itself, what is in it."""

    key: str
    manifest: Mapping[str, Any]
    content: EditionContent

    @property
    def fingerprint(self) -> str:
        """The fingerprint of its edition."""
        return str(self.manifest["fingerprint"])


def pack_edition(work: Work, number: int) -> bytes:
    """An edition as a signed package. NotFound, and Refused where what is stored is no longer what was published."""
    edition = editions.find_edition(work.session, number)
    if edition is None:
        raise NotFound(msg("没有第 {number} 版；全部版次见 /api/editions", number=number))
    content = edition_content.read_content(work.session, number)
    if content.fingerprint != edition.fingerprint:
        raise Refused(msg("第 {number} 版的内容与启用时的指纹不符，没有导出；请运行 anzhi audit verify", number=number))
    files = {LAYERS: _layers(content), ZONES: _zones(content)}
    manifest = canonical_text({
        "format": _format(content),
        "edition": number,
        "fingerprint": edition.fingerprint,
        "published_at": edition.published_at.isoformat(),
        "effective_on": edition.effective_on.isoformat(),
        "published_by": edition.published_by,
        "reason": edition.reason,
        "editions": _fingerprints(work, number),
        "files": {name: {"sha256": _digest(content), "bytes": len(content)} for name, content in files.items()},
    }).encode()  # fmt: skip
    seal = canonical_text({"key": public_key(work.settings), "signature": sign(work.settings, manifest)}).encode()
    return _packed({MANIFEST: manifest, SEAL: seal, **files})


def _fingerprints(work: Work, number: int) -> list[str]:
    """Fingerprints of the editions up to this one, oldest first."""
    every = editions.list_editions(work.session, limit=1_000_000, offset=0)
    return [one.fingerprint for one in reversed(every) if one.number <= number]


def _layers(content: EditionContent) -> bytes:
    return canonical_text([
        {
            "layer": number, "hazard": one.hazard, "product": one.product, "name": one.name, "source": one.source,
            DAY: one.survey_date and one.survey_date.isoformat(), "scale": one.scale, "extent_kind": one.extent_kind,
            "extent": None if one.extent is None else draft_zones.wkb_of(one.extent).hex(), **_terms(one),
        }
        for number, one in content.layers.items()
    ]).encode()  # fmt: skip


def _terms(layer: NewLayer) -> dict[str, Any]:
    """Office, validity and greatest age of a layer as far as they are stated."""
    told = {"office": layer.office, UNTIL: _iso(layer.valid_until), "max_age_days": layer.max_age_days}
    return {name: value for name, value in told.items() if value is not None}


def _iso(day: datetime.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _format(content: EditionContent) -> int:
    """The oldest format that holds all of it: whoever reads no terms of a survey must not lose them unseen."""
    return FORMAT if any(_terms(one) for one in content.layers.values()) else WITHOUT_TERMS


def _zones(content: EditionContent) -> bytes:
    told = [
        {
            "zone": one.zone,
            "layer": one.layer,
            "digest": content.digests[one.zone],
            "attributes": draft_zones.as_document(one)["attributes"],
            "wkb": draft_zones.wkb_of(one.geometry).hex(),
        }
        for one in content.zones
    ]
    return canonical_text(told).encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _packed(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


def open_package(path: Path, trusted: Sequence[str]) -> EditionPackage:
    """The package in a file, every byte of which is as it was signed by one of the ``trusted`` keys.

    Raises PackageRefused naming the member that was altered. Nothing is read out of a member before its digest is right.
    """
    files = _members(path)
    seal = _json(SEAL, files[SEAL])
    key, signature = (str(seal.get(name, "")) for name in ("key", "signature")) if isinstance(seal, dict) else ("", "")
    if not is_signed(key, signature, files[MANIFEST]):
        raise _altered(path, MANIFEST)
    if key not in trusted:
        raise PackageRefused(
            msg(
                "{name} 由公钥 {key} 签名，本机没有认可它；向制作单位核对后写明这个公钥（控制台用 --key）再导入",
                name=path.name,
                key=key,
            )
        )
    manifest = _json(MANIFEST, files[MANIFEST])
    if manifest.get("format") not in (WITHOUT_TERMS, FORMAT):
        raise PackageRefused(msg("{name} 由更新的版本制作，请先升级本机的安址", name=path.name))
    for name in CONTENT:
        told = manifest["files"][name]
        if len(files[name]) != told["bytes"] or _digest(files[name]) != told["sha256"]:
            raise _altered(path, name)
    content = _content(_json(LAYERS, files[LAYERS]), _json(ZONES, files[ZONES]))
    if content.fingerprint != manifest["fingerprint"]:
        raise _altered(path, ZONES)
    return EditionPackage(key, manifest, content)


def checked(path: Path, trusted: Sequence[str]) -> EditionPackage | PackageRefused:
    """The same as work of a confined process: why a package is refused is its answer."""
    try:
        return open_package(path, trusted)
    except PackageRefused as refused:
        return refused


def _altered(path: Path, member: str) -> PackageRefused:
    return PackageRefused(
        msg("{name} 里的 {member} 与签名时不同，没有导入；请向制作单位重新索取", name=path.name, member=member)
    )


def _members(path: Path) -> dict[str, bytes]:
    """The four members, stored as they are, so that none unpacks to more than it is."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()}
            if set(entries) != set(LARGEST) or len(archive.infolist()) != len(LARGEST):
                raise PackageRefused(msg("{name} 不是安址的版次数据包", name=path.name))
            for name, entry in entries.items():
                if entry.compress_type != zipfile.ZIP_STORED or entry.file_size > LARGEST[name] or entry.flag_bits & 1:
                    raise _altered(path, name)
            return {name: _bytes_of(archive, path, name) for name in entries}
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, RuntimeError) as error:
        raise PackageRefused(msg("{name} 不是安址的版次数据包", name=path.name)) from error


def _bytes_of(archive: zipfile.ZipFile, path: Path, name: str) -> bytes:
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _altered(path, name) from error


def _json(name: str, content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise PackageRefused(msg("{member} 无法理解，没有导入；请向制作单位重新索取", member=name)) from error


def _content(layers: Sequence[Mapping[str, Any]], zones: Sequence[Mapping[str, Any]]) -> EditionContent:
    digests = {int(one["zone"]): str(one["digest"]) for one in zones}
    return EditionContent({int(one["layer"]): _layer(one) for one in layers}, [_zone(one) for one in zones], digests)


def _layer(told: Mapping[str, Any]) -> NewLayer:
    extent = None if told["extent"] is None else shapely.from_wkb(bytes.fromhex(told["extent"]))
    return NewLayer(
        told["hazard"], told["product"], told["name"], told["source"], _day(told[DAY]), told["scale"],
        told["extent_kind"], extent, replaces=True, office=told.get("office"), valid_until=_day(told.get(UNTIL)),
        max_age_days=told.get("max_age_days"),
    )  # fmt: skip


def _zone(told: Mapping[str, Any]) -> SeenZone:
    attributes = {**told["attributes"], DAY: _day(told["attributes"][DAY])}
    shape = shapely.from_wkb(bytes.fromhex(told["wkb"]))
    return SeenZone(int(told["zone"]), None, None, int(told["layer"]), attributes, shape)


def _day(told: str | None) -> datetime.date | None:
    return None if told is None else datetime.date.fromisoformat(told)


def stage_package(work: Work, package: EditionPackage, *, author: str) -> Draft:
    """A draft whose publication has the package's fingerprint. Raises Refused where what is in force is of another source."""
    session, manifest = work.session, package.manifest
    standing = editions.current_edition(session)
    if standing is not None and standing.fingerprint == package.fingerprint:
        raise Refused(msg("现行第 {number} 版与数据包内容相同，不用导入", number=standing.number), code="unchanged")
    if standing is not None and standing.fingerprint not in manifest["editions"]:
        raise Refused(
            msg(
                "现行第 {number} 版不是从同一来源的数据包来的；数据包只能导入还没有版次、或只用它更新的部署",
                number=standing.number,
            )
        )
    gone = edition_content.themes_in_force(session) - {
        (one.hazard, one.product) for one in package.content.layers.values()
    }
    taken = edition_content.proposed_elsewhere(session, [one.zone for one in package.content.zones])
    if gone or taken:
        raise Refused(
            msg(
                "数据包缺少现行的专题 {themes}，或编号 {zones} 已被本机的草稿占用；请先撤回这些草稿，或从源头核对",
                themes=["/".join(theme) for theme in sorted(gone)],
                zones=[str(zone) for zone in taken[:20]],
            )
        )
    name = msg("第 {number} 版数据包 {fingerprint}", number=manifest["edition"], fingerprint=package.fingerprint[:12])
    draft = editions.open_draft(session, name=str(name), author=author)
    edition_content.stage_content(session, draft.id, package.content, work.settings.metric_crs)
    detail = {"edition": manifest["edition"], "fingerprint": package.fingerprint, "key": package.key}
    record_audit(session, actor=author, action="import edition package", subject=f"draft {draft.id}", detail=detail)
    return draft
