"""Published hazard zones that the ground of an enterprise touches, by the judgement that judges sites."""

from __future__ import annotations

import datetime
from typing import TypeAlias

import geopandas as gpd

from app.enterprises.schemas import ExposedTheme, TouchedZone
from app.judgement.screening import check_sites, sites_of
from app.platform.once import Once
from app.platform.work import Work
from gis_layers.stores.editions import current_edition
from risk_model.enterprises import enterprise_terms
from risk_model.rulebook import RuleBook
from risk_model.vocabulary import Opinion, ThemeReport

Key: TypeAlias = tuple[object, ...]

_exposures: Once[Key, list[ExposedTheme]] = Once(20_000)


def read_exposures(work: Work, frame: gpd.GeoDataFrame, on: datetime.date) -> list[list[ExposedTheme]]:
    """For each enterprise (``id version major_hazard_level geometry``) what each theme says of its ground.

    ``theme name status covered_share`` and the ``zones`` it touches; looked up once for each edition, rulebook and version
    of an enterprise. No verdict: it stands there already.
    """
    edition, rulebook = current_edition(work.session), work.rulebook
    state = (work.deployment.url, edition and edition.fingerprint, rulebook.fingerprint, on)
    keys = [(*state, *row) for row in frame[["id", "version", "major_hazard_level"]].itertuples(index=False, name=None)]
    places = {key: place for place, key in enumerate(keys)}
    return _exposures.get_all(keys, lambda missing: _look(work, frame.iloc[[places[key] for key in missing]], on))


def _look(work: Work, frame: gpd.GeoDataFrame, on: datetime.date) -> list[list[ExposedTheme]]:
    classes = enterprise_terms(work.rulebook).exposure_class
    asked = frame.assign(
        project_class=[classes[level is not None] for level in frame["major_hazard_level"]], seismic_class=None
    )
    sites = sites_of(asked, work.settings.metric_crs)
    opinions, _ = check_sites(work, sites, on=on)
    return [_told(opinion, work.rulebook) for opinion in opinions]


def _told(opinion: Opinion, rulebook: RuleBook) -> list[ExposedTheme]:
    """Every theme of zones, those of a hazard without a file among them; land set aside and neighbours are none."""
    others = set(rulebook.themes) - set(rulebook.hazards)
    told = [theme for theme in opinion.themes if theme.theme not in others]
    return [_theme(theme, rulebook.hazard_name(theme.theme)) for theme in told]


def _theme(theme: ThemeReport, name: str) -> ExposedTheme:
    zones: list[TouchedZone] = [
        {
            "zone": finding.zone,
            "name": finding.zone_name,
            "product": finding.product,
            "grade": finding.grade,
            "grade_rank": finding.grade_rank,
            "grade_scheme": finding.grade_scheme,
            "overlap_m2": finding.overlap_m2,
            "overlap_share": finding.overlap_share,
            "distance_m": finding.distance_m,
        }
        for finding in theme.findings
        if finding.zone is not None
    ]
    return {
        "theme": theme.theme,
        "name": name,
        "status": theme.status.value,
        "covered_share": theme.covered_share,
        "zones": zones,
    }
