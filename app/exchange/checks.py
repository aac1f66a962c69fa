"""A bulk siting check told in order: sites through the gate, judged by the one judgement, two tables out."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from app.exchange.provenance import DISCLAIMER, provenance_of_check
from app.judgement.logbook import Grounds
from app.judgement.screening import Judging, declarations_of, screen_many, sites_of
from app.platform.errors import Refused
from app.platform.work import Work
from gis_layers.canonical import canonical_text, digest_of
from gis_layers.exchange import ImportReport, Provenance, ReadingOptions, read_sites, write_layer, write_tables
from gis_layers.partitions import Parallelism
from risk_model.conditions import Condition
from risk_model.message import msg
from risk_model.shapes import as_array
from risk_model.siting import FindingColumns, Screened
from risk_model.vocabulary import ProjectClass, Verdict

SITE_COLUMNS = ["site", "name", "verdict", "data_gaps"]
FINDING_COLUMNS = ["site", "zone", "hazard", "grade", "overlap_m2", "overlap_share", "distance_m", "rule", "verdict"]
MORE_OF_SITES = ["borderline", "sensitivity", "project_class", "seismic_class", "conditions", "notes", "building_type"]
MORE_OF_FINDINGS = ["sliver", "object"]
"""What follows the columns that programs rely on: how firm an opinion is, by which classes it was given, what it asks for and points to, which object it is."""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file of sites as checked; ``tables`` holds ``sites`` (with geometry) and ``findings``."""

    report: ImportReport
    verdicts: dict[str, int]
    grounds: Grounds
    data_date: datetime.date | None
    tables: dict[str, Any]

    @property
    def provenance(self) -> Provenance:
        """Grounds of the answers, in the words of files that leave."""
        return provenance_of_check(self.grounds, self.data_date)

    def outcome(self) -> tuple[dict[str, int], str]:
        """The sites by verdict, and the digest of all rows of both tables but their geometry."""
        rows = {
            name: list(zip(*(table[column].tolist() for column in table.columns if column != "geometry"), strict=True))
            for name, table in self.tables.items()
        }
        return self.verdicts, digest_of(canonical_text(rows))

    def told(self) -> dict[str, Any]:
        """The answer about the file besides its tables."""
        return {
            "verdicts": self.verdicts,
            "edition": self.grounds.edition,
            "rulebook": self.grounds.rulebook_fingerprint,
            "data_date": self.data_date and self.data_date.isoformat(),
            "judged_on": self.grounds.on.isoformat(),
            "report": self.report.to_dict(),
            "disclaimer": DISCLAIMER,
        }


def check_file(
    work: Work,
    path: Path,
    options: ReadingOptions,
    *,
    default_class: ProjectClass | None,
    on: datetime.date,
    spread: Parallelism | None = None,
    progress: Callable[[float], None] | None = None,
) -> CheckedFile:
    """Judge every readable feature of a file; raises Refused where a feature's class is neither given nor defaulted."""
    delivery = read_sites(path, options, declarations_of(work.rulebook, default_class))
    frame = delivery.frame.copy()
    frame["project_class"] = _classes(frame, default_class)
    sites = sites_of(frame, work.settings.metric_crs)
    judging = Judging(spread, progress)
    screened, standing = screen_many(work, sites, on=on, judging=judging)
    edition, rulebook = standing.edition, work.rulebook
    return CheckedFile(
        report=delivery.report,
        verdicts=_count(screened),
        grounds=Grounds(
            on=on,
            edition=None if edition is None else edition.number,
            edition_fingerprint=None if edition is None else edition.fingerprint,
            rulebook_version=rulebook.version,
            rulebook_fingerprint=rulebook.fingerprint,
        ),
        data_date=standing.data_date,
        tables={"sites": _sites(frame, screened), "findings": _findings(frame, screened.findings)},
    )


def _classes(frame: gpd.GeoDataFrame, default_class: ProjectClass | None) -> pd.Series[str]:
    classes = frame["project_class"].where(frame["project_class"].notna(), default_class)
    missing = frame.loc[classes.isna(), "feature"]
    if len(missing):
        shown = ", ".join(str(number) for number in missing.head(5))
        raise Refused(
            msg(
                "有 {count} 个要素没有 project_class（首先是 {shown}）：请补上这一列，或给出 --class K1…K7",
                count=len(missing),
                shown=shown,
            )
        )
    known = set(ProjectClass)
    wrong = frame.loc[~classes.isin(list(known)), "feature"]
    if len(wrong):
        raise Refused(
            msg(
                "要素 {iloc} 的 project_class 不认识；可用：{projectclass}",
                iloc=wrong.iloc[0],
                projectclass=[*ProjectClass],
            )
        )
    return classes


VERDICTS = as_array([verdict.value for verdict in sorted(Verdict, key=lambda verdict: verdict.severity)])
"""Verdicts by their severity."""


def _count(screened: Screened) -> dict[str, int]:
    counted = np.bincount(screened.sites.severity, minlength=len(VERDICTS))
    return {verdict.value: int(counted[verdict.severity]) for verdict in Verdict}


def _sites(frame: gpd.GeoDataFrame, screened: Screened) -> gpd.GeoDataFrame:
    told = screened.sites
    columns = {
        "site": frame["feature"].to_numpy(),
        "name": frame["name"].to_numpy(),
        "verdict": VERDICTS[told.severity].tolist(),
        "data_gaps": [";".join(gaps) for gaps in told.data_gaps],
        "borderline": told.borderline.tolist(),
        "sensitivity": _told_sensitivity(screened),
        "project_class": frame["project_class"].to_numpy(),
        "seismic_class": [seismic.value for seismic in told.seismic_class],
        "conditions": [_told_conditions(conditions) for conditions in told.conditions],
        "notes": [" ".join(note.message for note in notes) for notes in told.notes],
        "building_type": frame["building_type"].to_numpy(),
    }
    return gpd.GeoDataFrame(columns, geometry=frame.geometry.to_numpy(), crs=frame.crs)


def _told_conditions(conditions: tuple[Condition, ...]) -> str:
    """``PROCEDURE:open;PROCEDURE:closed NUMBER until DAY``: what restricted ground asks for, and what a regional assessment closed."""
    return ";".join(
        f"{one.procedure}:closed {by.number} until {by.valid_to.isoformat()}" if by else f"{one.procedure}:open"
        for one in conditions
        for by in (one.closed_by,)
    )


def _told_sensitivity(screened: Screened) -> list[str]:
    """``permitted:-50;…;prohibited:50``: the verdict were every border so many metres further out (negative: in).

    The verdict stands first, because a spreadsheet takes what begins with a sign for a formula.
    """
    ladders, which = np.unique(screened.sites.shifted, axis=0, return_inverse=True)
    told = [
        ";".join(f"{verdict}:{shift:g}" for verdict, shift in zip(VERDICTS[ladder], screened.shifts_m, strict=True))
        for ladder in ladders
    ]
    return [told[number] for number in which.ravel().tolist()]


def _findings(frame: gpd.GeoDataFrame, found: FindingColumns) -> pd.DataFrame:
    columns = {
        "site": frame["feature"].to_numpy()[found.site],
        "zone": found.zone.tolist(),
        "hazard": found.hazard.tolist(),
        "grade": found.grade.tolist(),
        "overlap_m2": found.overlap_m2,
        "overlap_share": found.overlap_share,
        "distance_m": found.distance_m,
        "rule": found.rule.tolist(),
        "verdict": VERDICTS[found.severity].tolist(),
        "sliver": found.sliver,
        "object": [one and f"{one.kind} {one.id} {one.name}".strip() for one in found.object],
    }
    return pd.DataFrame(columns)[[*FINDING_COLUMNS, *MORE_OF_FINDINGS]]


def write_check(tables: dict[str, Any], out: Path, provenance: Provenance, *, inputs: Sequence[Path] = ()) -> None:
    """Write ``sites`` and ``findings``: two layers or sheets where the format has them, else one table with ``row``.

    What they rest on comes last. Raises UnwritableFile, also where ``out`` is one of ``inputs``.
    """
    if out.suffix.lower() in (".gpkg", ".xlsx"):
        write_tables(tables, out, provenance=provenance, inputs=inputs)
        return
    sites: gpd.GeoDataFrame = tables["sites"].assign(row="site")
    findings = tables["findings"].assign(row="finding", geometry=None)
    together = pd.concat([pd.DataFrame(sites), findings], ignore_index=True)
    named = dict.fromkeys([*SITE_COLUMNS, *FINDING_COLUMNS, *MORE_OF_SITES, *MORE_OF_FINDINGS])
    frame = gpd.GeoDataFrame(together[["row", *named, "geometry"]], geometry="geometry", crs=sites.crs)
    write_layer(frame, out, layer_name="check", provenance=provenance, inputs=inputs)
