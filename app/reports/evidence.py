"""The evidence of an opinion as files: the answer word for word, and the ground it speaks of."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, Final

from shapely.geometry import mapping

from app.judgement.logbook import evidence_text
from app.platform.work import Work
from app.reports.attached import NO_EVIDENCE, Evidence, EvidenceFile
from app.reports.findings import Told
from app.reports.grounds import zones_met
from app.reports.map_objects import mark_of
from gis_layers.canonical import canonical_text
from gis_layers.crs import STORAGE_CRS
from gis_layers.stores.met_objects import Mark, read_object_shapes
from gis_layers.stores.met_zones import ZoneShape, read_zone_shapes
from risk_model.message import msg

ANSWER: Final = "evidence.json"
PLACES: Final = "evidence.geojson"
LARGEST_PLACES: Final = 8 * 1024 * 1024
"""Ground that takes more bytes is not attached: a paper goes by mail."""

MEASURED: Final = ("rule", "verdict", "overlap_m2", "overlap_share", "distance_m")


def evidence_of(work: Work, answer: Told, at: datetime.datetime) -> Evidence:
    """The evidence of an ``answer`` on record, attached at this moment: the digest on record is that of its first file."""
    if not answer["record"]:
        return NO_EVIDENCE
    told = EvidenceFile(ANSWER, msg("筛查意见全文"), evidence_text(answer).encode(), at)
    ground = canonical_text(_places(work, answer)).encode()
    if len(ground) > LARGEST_PLACES:
        words = msg("{answer}（其 SHA-256 即结果摘要）；{places} 太大，未附", answer=ANSWER, places=PLACES)
        return Evidence(told, None, words)
    places = EvidenceFile(PLACES, msg("意见所涉的拟选址范围、区划与周边对象"), ground, at)
    words = msg(
        "{answer}（其 SHA-256 即结果摘要）；{places}（SHA-256 {digest}）",
        answer=ANSWER,
        places=PLACES,
        digest=places.digest,
    )
    return Evidence(told, places, words)


def _places(work: Work, answer: Told) -> dict[str, Any]:
    """The ground of an opinion: the site as it was judged, zones as they were in the edition, objects as they are now, places to compare."""
    edition, rulebook, record = answer["edition"], answer["rulebook"], answer["record"]
    return {
        "type": "FeatureCollection",
        "coordinates": f"CGCS2000 ({STORAGE_CRS}), lon, lat",
        "number": record["number"],
        "result_digest": record["result_digest"],
        "edition": None if edition is None else {name: edition[name] for name in ("number", "fingerprint")},
        "rulebook": {name: rulebook[name] for name in ("version", "fingerprint")},
        "features": [
            _site(answer),
            *_parts(answer),
            *_zones(work, answer),
            *_objects(work, answer),
            *_compared(answer),
        ],
    }


def _site(answer: Told) -> dict[str, Any]:
    site = answer["site"]
    told = {name: site[name] for name in ("name", "project_class", "area_m2")}
    return _feature(site["geometry"], role="site", verdict=answer["verdict"], **told)


def _parts(answer: Told) -> Iterator[dict[str, Any]]:
    for part in answer.get("parts", ()):
        told = {name: part[name] for name in ("name", "project_class", "area_m2", "verdict")}
        yield _feature(part["geometry"], role="part", **told)


def _zones(work: Work, answer: Told) -> Iterator[dict[str, Any]]:
    for zone in read_zone_shapes(work.session, zones_met(answer)):
        findings = [(theme, one) for theme, one in _findings(answer) if one["zone"] and _is_of(one, zone)]
        named = {"zone": zone.zone, "zone_version": zone.version, "hazard": zone.hazard}
        graded = {"grade_scheme": zone.grade_scheme, "grade_rank": zone.grade_rank}
        yield _feature(mapping(zone.geometry), role="zone", **named, **graded, findings=_measured(findings))


def _is_of(finding: Told, zone: ZoneShape) -> bool:
    return (str(finding["zone"]), finding["zone_version"]) == (zone.zone, zone.version)


def _objects(work: Work, answer: Told) -> Iterator[dict[str, Any]]:
    met: dict[Mark, list[tuple[Told, Told]]] = {}
    for theme, finding in _findings(answer):
        mark = mark_of(finding)
        if mark is not None:
            met.setdefault(mark, []).append((theme, finding))
    for mark, shape in read_object_shapes(work.session, [*met]).items():
        kind, number = mark
        yield _feature(mapping(shape), role="object", kind=kind, id=number, findings=_measured(met[mark]))


def _compared(answer: Told) -> Iterator[dict[str, Any]]:
    """Places to compare with by their rank, and the outline moved and cut by the least that changes the verdict."""
    told = answer.get("alternatives")
    if told is None:
        return
    for rank, one in enumerate(told["alternatives"], 1):
        yield from _moved(one, role="alternative", rank=rank)
    for role in ("smallest_move", "smallest_cut"):
        if told[role] is not None:
            yield from _moved(told[role], role=role)


def _moved(one: Told, *, role: str, **known: Any) -> Iterator[dict[str, Any]]:
    """An outline moved or cut, and the parts of the site there."""
    told = {name: value for name, value in one.items() if name not in ("geometry", "parts")}
    yield _feature(one["geometry"], role=role, **known, **told)
    for part in one.get("parts", ()):
        of = {"name": part["name"], "verdict": part["verdict"]}
        yield _feature(part["geometry"], role=f"{role}_part", **known, **of)


def _findings(answer: Told) -> Iterator[tuple[Told, Told]]:
    return ((theme, finding) for theme in answer["themes"] for finding in theme["findings"])


def _measured(findings: list[tuple[Told, Told]]) -> list[dict[str, Any]]:
    part = ("part",)
    return [
        {"theme": theme["theme"], **{name: one[name] for name in (*MEASURED, *part) if name in one}}
        for theme, one in findings
    ]


def _feature(geometry: Any, **told: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": told}
