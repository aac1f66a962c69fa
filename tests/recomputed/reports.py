"""Every number of a report computed once more with geopandas: from the site as it was sent, the zones of its edition, the registers."""

import re
from decimal import ROUND_HALF_UP, Decimal

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import shapely.ops
from sqlalchemy import create_engine, text

from tests.recomputed.ground import read_published
from tests.recomputed.own_scale import OwnScale
from tests.recomputed.siting import ROUND, WORDS, Judge

DEGREES, METRES = 4490, 4542
ZONES = (
    "SELECT z.zone_id::text AS mark, z.version, z.hazard, z.grade_rank, z.geom, coalesce(z.scale, l.scale)::int AS scale,"
    " coalesce(z.survey_date, l.survey_date) AS survey_date, coalesce(z.source, l.source) AS source"
    " FROM zone_versions z JOIN surveyed_layers l ON l.id = z.layer_id"
    " WHERE z.from_edition <= :edition AND (z.to_edition IS NULL OR z.to_edition > :edition)"
)
LAYERS = (
    "SELECT l.id::text AS mark, l.product, l.scale, l.survey_date, l.source, l.office, l.max_age_days, coalesce(l.extent,"
    " (SELECT ST_Union(z.geom) FROM zone_versions z WHERE z.layer_id = l.id AND z.to_edition IS NULL AND ST_Dimension(z.geom) = 2))"
    " AS geom FROM surveyed_layers l WHERE l.from_edition IS NOT NULL AND l.to_edition IS NULL AND l.hazard = :hazard"
    " AND coalesce(l.valid_until >= :on, true) ORDER BY l.id"
)
OF_KINDS = {
    "roads": "SELECT id::text AS mark, road_class AS sort, geom FROM roads",
    "facilities": "SELECT id::text AS mark, kind AS sort, geom FROM facilities",
    "buildings": "SELECT id::text AS mark, coalesce(use, '') AS sort, geom FROM buildings",
}
AREAS = "SELECT id::text AS mark, '' AS sort, geom FROM constraint_areas WHERE kind = :kind"
NEWEST = "SELECT (SELECT max(number) FROM editions), (SELECT max(number) FROM rulebook_versions)"
EDGE_M = 2e-3
"""Two programs may draw the ground within so many metres of something so far apart, for they draw arcs by other corners."""


class Recomputed:
    """Numbers of the report on ``feature`` as it was sent, by the path they have in the answer: each with its tolerance."""

    def __init__(self, url: str, feature: dict, answer: dict):
        self.engine, self.answer = create_engine(url), answer
        sent = gpd.GeoSeries([shapely.geometry.shape(feature["geometry"])], crs=DEGREES)
        self.sent, self.asked = sent, feature["properties"]
        self.judge = Judge(read_published(url))
        placed = sent.to_crs(METRES).iloc[0]
        self.site = gpd.GeoSeries([self.judge.footprint(placed, self.asked["project_class"])], crs=METRES)
        with self.engine.connect() as connection:
            self.edition, self.rules = connection.execute(text(NEWEST)).one()

    def table(self, query: str, **values) -> gpd.GeoDataFrame:
        with self.engine.connect() as connection:
            found = gpd.read_postgis(text(query), connection, geom_col="geom", crs=DEGREES, params=values)
        return found.to_crs(METRES).set_index("mark")

    def numbers(self) -> dict[tuple, tuple[float, float]]:
        """Every number the answer must have, by path."""
        area = float(self.site.area.iloc[0])
        found = {
            ("site", "area_m2"): (area, 1e-6 * area),
            ("site", "buffered_m"): (self.widened(), 0),
            ("edition", "number"): (self.edition, 0),
            ("rulebook", "number"): (self.rules, 0),
        }
        if "Line" in self.sent.geom_type.iloc[0]:
            found["site", "line_m"] = float(self.line().length), 1e-6
        if not self.widened():
            corners = shapely.get_coordinates(self.sent.iloc[0]).ravel().tolist()
            places = paths_below(self.answer["site"]["geometry"], ("site", "geometry"))
            found |= {place: (value, 1e-9) for place, value in zip(places, corners, strict=True)}
        for number, theme in enumerate(self.answer["themes"]):
            found |= self.of_theme(("themes", number), theme)
        shifts = self.shifted()
        for number, shift in enumerate(sorted(shifts)):
            found["sensitivity", number, "shift_m"] = shift, 0
            if shifts[shift] != self.answer["verdict"]:
                found |= self.of_deciders(("sensitivity", number), "deciders")
        return found | self.by_own_scale()

    def of_deciders(self, path: tuple, name: str) -> dict:
        """What is named as deciding: the version of each zone, how far it lies; all are named where there are few."""
        found = {(*path, f"{name}_more"): (0, 0)}
        for number, decider in enumerate(at(self.answer, (*path, name))):
            place = (*path, name, number)
            if decider["zone"]:
                row = self.table(ZONES, edition=self.edition).loc[decider["zone"]]
                found[*place, "zone_version"], ground, slack = (row.version, 0), row.geom, 1e-6
            else:
                found[*place, "object", "id"] = int(decider["object"]["id"]), 0
                ground, slack = self.edge(decider), EDGE_M
            found[*place, "distance_m"] = float(self.site.distance(ground).iloc[0]), slack
        return found

    def by_own_scale(self) -> dict:
        terms, zones = self.judge.terms, self.table(ZONES, edition=self.edition)
        own = ("own_scale",)
        found = {
            (*own, "map_error_mm"): (terms["own_scale"]["map_error_mm"], 0),
            (*own, "furthest_m"): (terms["sensitivity"]["shifts_m"][-1], 0),
            **self.of_deciders(own, "unscaled"),
            **self.of_deciders((*own, "outward"), "deciders"),
            **self.of_deciders((*own, "inward"), "deciders"),
        }
        for number, error in enumerate(self.answer["own_scale"]["errors"]):
            row, place = zones.loc[error["zone"]], (*own, "errors", number)
            found[*place, "zone_version"], found[*place, "scale"] = (row.version, 0), (row.scale, 0)
            found[*place, "error_m"] = row.scale * terms["own_scale"]["map_error_mm"] / 1000, 1e-9
        return found

    def own_scale(self) -> OwnScale:
        """The grounds near the site with the errors of their own surveys."""
        asked = self.asked["project_class"]
        seismic = self.asked.get("seismic_class") or self.judge.terms["seismic_class"][asked]
        return OwnScale(self.judge, self.site.iloc[0], asked, seismic)

    def widened(self) -> float:
        kind, sizes = self.sent.geom_type.iloc[0], self.judge.terms["footprint"]
        if "Polygon" in kind:
            return 0.0
        return sizes["line_m" if "Line" in kind else "point_m"][self.asked["project_class"]]

    def verdicts(self):
        """Verdict, those with moved borders, whether borderline: by drawing."""
        placed = self.sent.to_crs(METRES).iloc[0]
        return self.judge.judge(placed, self.asked["project_class"], self.asked.get("seismic_class"))

    def by_class(self) -> dict[str, str]:
        """The verdict on the outline as a project of each class, of its own seismic class where the site declares none."""
        placed, judge, found = self.sent.to_crs(METRES).iloc[0], self.judge, {}
        for kind, seismic in judge.terms["seismic_class"].items():
            if kind not in judge.terms["classes"]:
                continue
            footprint = judge.footprint(placed, kind)
            grounds = judge.grounds(footprint, kind, seismic)
            found[kind] = WORDS[judge.worst(footprint, grounds, judge.floor(footprint, kind, seismic))]
        return found

    def shifted(self) -> dict[float, str]:
        return self.verdicts()[1]

    def of_theme(self, path: tuple, theme: dict) -> dict:
        key, asked = theme["theme"], self.asked["project_class"]
        seismic = self.asked.get("seismic_class") or self.judge.terms["seismic_class"][asked]
        site = self.site.iloc[0]
        if key in self.judge.hazards:
            looked_at = self.judge.published.looked_at
            known = looked_at.get(key, shapely.Polygon()) if key in self.judge.set_aside else self.judge.known(key)
            reaches = self.judge.reaches(key, asked, seismic)
            around = [site.buffer(one, quad_segs=ROUND) for one in reaches]
            share = known.intersection(site).area / site.area
            beyond = min((known.intersection(one).area / one.area for one in around), default=1.0)
        else:
            share, beyond, reaches = self.beside(asked)
        found = {
            (*path, "covered_share"): (share, 1e-6),
            (*path, "reach_m"): (max(reaches, default=0.0), 0),
            (*path, "reach_share"): (beyond, 1e-4),
        }
        for number, finding in enumerate(theme["findings"]):
            found |= self.of_finding((*path, "findings", number), finding)
        if theme["status"] == "not_concerned" and key in self.judge.hazards and key not in self.judge.set_aside:
            found |= self.of_surveys((*path, "surveys"), key, theme["surveys"])
        return found

    def of_surveys(self, path: tuple, key: str, told: list[dict]) -> dict:
        """Layers that hold and whose ground lies at the site, of the products the rules of a theme read."""
        read = {product for rule in self.judge.hazards[key].get("rules", ()) for product in rule["products"]}
        layers, found = self.table(LAYERS, hazard=key, on=self.judge.on), {}
        here = [
            row for row in layers[layers.intersects(self.site.iloc[0])].itertuples() if not read or row.product in read
        ]
        assert [(one["source"], one["office"]) for one in told] == [(row.source, row.office) for row in here]
        for number, row in enumerate(here):
            if pd.notna(row.survey_date):
                found[*path, number, "age_days"] = (self.judge.on - row.survey_date).days, 0
            for name in ("scale", "max_age_days"):
                if pd.notna(getattr(row, name)):
                    found[*path, number, name] = getattr(row, name), 0
        return found

    def beside(self, asked: str) -> tuple[float, float, set[float]]:
        """Whether every register some rule reads is filled, and how far from its lines and points an object may matter."""
        objects = self.judge.objects
        rules = [one for one in objects["rules"] if one["verdicts"][asked][0] in "FR" and self.judge.addresses(one)]
        kinds = {kind.partition(".")[0] for rule in rules for kind in rule["products"]}
        read = {"facilities" if kind == "facility" else "buildings" if kind == "home" else "roads" for kind in kinds}
        share = float(all(len(self.table(OF_KINDS[register])) for register in read))
        edge = max(objects["road_land"]["half_width_m"].values()) + max(objects["road_control"]["width_m"].values())
        return share, 1.0, {rule["metres"] + edge for rule in rules}

    def of_finding(self, path: tuple, finding: dict) -> dict:
        found = {}
        if finding["zone"]:
            row = self.table(ZONES, edition=self.edition).loc[finding["zone"]]
            ground, slack = row.geom, 1e-6
            found[*path, "zone_version"] = row.version, 0
            surveyed = finding["survey"]
            if pd.notna(row.survey_date):
                found[*path, "survey", "age_days"] = (self.judge.on - row.survey_date).days, 0
                assert surveyed["survey_date"] == row.survey_date.isoformat()
            if pd.notna(row.scale):
                found[*path, "survey", "scale"] = row.scale, 0
            assert surveyed["source"] == row.source
            if finding["grade"]:
                found[*path, "grade_rank"] = row.grade_rank, 0
        else:
            ground, slack = self.edge(finding), EDGE_M
            found[*path, "object", "id"] = int(finding["object"]["id"]), 0
        shared = gpd.GeoSeries([ground], crs=METRES).intersection(self.site.iloc[0])
        overlap, area = float(shared.area.iloc[0]), float(self.site.area.iloc[0])
        room = slack * (1 + shared.length.iloc[0])
        found[*path, "overlap_m2"] = overlap, room
        found[*path, "overlap_share"] = overlap / area, room / area
        found[*path, "distance_m"] = float(self.site.distance(ground).iloc[0]), slack
        on_record = finding["object"] and finding["object"]["kind"] in OF_KINDS
        if "Line" in self.sent.geom_type.iloc[0] and not on_record:
            found |= self.by_stake(path, ground)
        return found

    def line(self):
        return self.sent.to_crs(METRES).iloc[0]

    def by_stake(self, path: tuple, ground) -> dict:
        """Where along the line ground is met, by linear referencing; where it is nearest if it is not."""
        line, reach = self.line(), self.widened()
        if self.site.distance(ground).iloc[0] > 0:
            return {(*path, "nearest_m"): (line.project(shapely.ops.nearest_points(line, ground)[0]), 1e-2)}
        near = gpd.GeoSeries([line], crs=METRES).intersection(ground.buffer(reach, quad_segs=ROUND)).explode()
        found = {}
        spans = sorted(
            sorted(line.project(shapely.Point(end)) for end in (one.coords[0], one.coords[-1])) for one in near
        )
        for number, (low, high) in enumerate(spans):
            inside = shapely.intersection(shapely.ops.substring(line, low, high), ground).length
            told = {"from_m": low, "to_m": high, "inside_m": inside}
            found |= {(*path, "stretches", number, name): (value, 1e-2) for name, value in told.items()}
        return found

    def edge(self, finding: dict):
        """The ground of an object from which its rule measures."""
        kind, mark = finding["object"]["kind"], str(finding["object"]["id"])
        if kind not in OF_KINDS:
            return self.table(AREAS, kind=kind).loc[mark].geom
        row = self.table(OF_KINDS[kind]).loc[mark]
        if kind == "roads":
            rule = next(one for one in self.judge.objects["rules"] if one["id"] == finding["rule"])
            width = self.judge.objects["road_land"]["half_width_m"][row.sort]
            if f"road.{row.sort}" not in rule["products"]:
                width += self.judge.objects["road_control"]["width_m"][row.sort]
            return row.geom.buffer(width, quad_segs=ROUND)
        if row.geom.area:
            return row.geom
        return row.geom.buffer(self.judge.terms["footprint"]["point_m"]["K2"], quad_segs=ROUND)

    def words(self) -> set[str]:
        """Every measure that may stand on a paper, as people write it; blanks left out."""
        values = {path: value for path, (value, _) in self.numbers().items()}
        found: set[str] = set()
        for path, value in values.items():
            name = path[-1]
            if str(name).endswith("_m2"):
                found |= set(areas(value))
            elif name in ("line_m", "inside_m") or (name == "buffered_m" and value):
                found.add(length(value))
            elif name == "to_m":
                found.add(length(value - values[*path[:-1], "from_m"]))
            elif name == "distance_m":
                found |= {length(value), f"{tenths_down(value)}m", f"{tenths_down(value)}米"}
            elif str(name).endswith("_share"):
                found |= {share(value), f"{tenths_down(value * 100)}%"}
            elif name == "reach_m" and value:
                found |= {length(value), f"{value:g}米"}
            elif name == "error_m":
                found.add(f"{rounded(value, 1)}m")
            elif name == "shift_m":
                found.add(f"{abs(value):g}m")
        return found


def compared_ground(collection: dict) -> dict[tuple, dict[str, float]]:
    """Places to compare of an ``evidence.geojson`` by role and rank, measured on its ground alone: metres moved, m² and share cut off."""
    frame = gpd.GeoDataFrame.from_features(collection["features"], crs=DEGREES).to_crs(METRES)
    (site,) = frame.geometry[frame["role"] == "site"]
    found = {}
    for one in frame[frame["role"].isin(["alternative", "smallest_move", "smallest_cut"])].itertuples():
        if one.role == "smallest_cut":
            kept = site.intersection(one.geometry).area / site.area
            measured = {"cut_m2": site.area - one.geometry.area, "kept_share": one.geometry.area / site.area}
            assert kept == pytest.approx(measured["kept_share"], abs=1e-6), "a cut adds no ground"
        else:
            measured = {"moved_m": site.centroid.distance(one.geometry.centroid)}
        found[one.role, one.rank if one.role == "alternative" else 0] = measured
    return found


def paths_below(told, path=()) -> list[tuple]:
    """Paths of all numbers in a JSON document."""
    if isinstance(told, dict):
        return [one for key, value in told.items() for one in paths_below(value, (*path, key))]
    if isinstance(told, list | tuple):
        return [one for number, value in enumerate(told) for one in paths_below(value, (*path, number))]
    return [path] if isinstance(told, int | float) and not isinstance(told, bool) else []


def at(told, path):
    for step in path:
        told = told[step]
    return told


def rounded(value: float, places: int) -> str:
    told = f"{Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}"
    return told.rstrip("0").rstrip(".") if "." in told else told


def tenths_down(value: float) -> str:
    return f"{int(value * 10) / 10:,g}"


def areas(value: float) -> list[str]:
    if value >= 999_950:
        return [f"{rounded(value / 1e6, 2)}km²"]
    if value >= 9_999.5:
        return [f"{rounded(value / 1e4, 2)}公顷", f"{rounded(value / 1e4, 2)}ha"]
    return ["<1m²" if 0 < value < 1 else f"{rounded(value, 0)}m²"]


def length(value: float) -> str:
    return f"{rounded(value / 1000, 2)}km" if value >= 9_999.5 else f"{rounded(value, 0)}m"


def share(value: float) -> str:
    per_cent = min(value, 1.0) * 100
    if 0 < per_cent < 0.1:
        return "<0.1%"
    if 99.9 < per_cent < 100:
        return ">99.9%"
    return f"{rounded(per_cent, 1)}%"


MEASURE = re.compile(r"[<>]?\d[\d,]*(?:\.\d+)?(?:m²|km²|公顷|ha(?![a-z])|km|m(?![a-z²])|%|米)")


def measures(page: str, answer: dict) -> list[str]:
    """Every measure in the text of a paper (blanks left out) but those in the words of the rules themselves."""
    said = [one for theme in answer["themes"] for finding in theme["findings"] for one in rule_words(finding)]
    said += [one for part in (*answer["notes"], *answer["conditions"]) for one in rule_words(part)]
    for words in sorted({re.sub(r"\s+", "", one) for one in said if one}, key=len, reverse=True):
        page = page.replace(words, "|")
    return MEASURE.findall(page)


def rule_words(told: dict) -> list[str]:
    words = [told.get(name) for name in ("message", "message_en", "basis", "basis_en")]
    steps = [step for name in ("procedure", "procedure_en") for step in told.get(name, ()) if isinstance(step, str)]
    return [*(one for one in words if one), *(one for one in steps if len(one) > 1)]
