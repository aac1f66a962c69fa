"""Units graded by laying the ground of each score over them, worst first, and by the arithmetic the rule files tell of."""

from fractions import Fraction

import numpy as np
import psycopg2
import shapely

from tests.recomputed.ground import in_metres, rule_file

LEAST_TOLD_M2, HIDDEN_BELOW = 100.0, 0.8


class Grader:
    """The rules of grading as the files tell them, and what is published."""

    def __init__(self, published):
        self.terms, self.schemes = rule_file("grading"), rule_file("grades")["schemes"]
        self.hazards, self.bounds = self.terms["hazards"], self.terms["breaks"]["lower_bounds"]
        self.weights = self._weights()
        self.grounds = [self._ground(hazard, published) for hazard in self.hazards]

    def _weights(self):
        """The principal eigenvector of the judgements, each criterion's part shared by its hazards."""
        matrix = np.array([[float(Fraction(cell)) for cell in row] for row in self.terms["weights"]["judgements"]])
        values, vectors = np.linalg.eig(matrix)
        vector = np.abs(vectors[:, np.argmax(values.real)].real)
        of_criterion = dict(zip(self.terms["weights"]["criteria"], vector / vector.sum(), strict=True))
        return np.array([of_criterion[one["criterion"]] * one["share"] for one in self.hazards])

    def _ground(self, hazard, published):
        """What is known of a hazard, and the ground of each score and mark (scheme, rank), worst first."""
        key = hazard["key"]
        product = next((one for one in hazard["products"] if (key, one) in published.surveys), None)
        if product is None:
            return shapely.Polygon(), {}
        zones = [
            zone for zone in published.zones if (zone.hazard, zone.product) == (key, product) and zone.shape.area > 0
        ]
        silent = shapely.union_all([zone.shape for zone in zones if not zone.grade])
        marks = {}
        for zone in zones:
            if zone.grade:
                names = [grade["name"] for grade in self.schemes[zone.scheme]["grades"]]
                rank = names.index(zone.grade) + 1
                marks.setdefault((-(len(names) - rank + 1) / len(names), zone.scheme, rank), []).append(zone.shape)
        reaches = {mark: shapely.union_all(marks[mark]) for mark in sorted(marks)}
        return published.surveys[key, product].difference(silent), reaches

    def measure(self, unit):
        """For each hazard: square metres by (scheme, rank), with (None, None) for ground free of it; share known; score."""
        return [self._measure(unit, hazard, *ground) for hazard, ground in zip(self.hazards, self.grounds, strict=True)]

    def _measure(self, unit, hazard, known, reaches):
        here = known.intersection(unit)
        areas, total, above = {}, 0.0, shapely.Polygon()
        for (score, scheme, rank), reach in reaches.items():
            before, above = above, above.union(reach.intersection(unit))
            areas[scheme, rank] = here.intersection(above).area - here.intersection(before).area
            total += -score * areas[scheme, rank]
        if hazard["without_zone"] == "not_prone":
            areas[None, None] = here.difference(above).area
        share = sum(areas.values()) / unit.area
        enough = share >= self.terms["coverage"]["least_surveyed_share"] and share > 0
        return areas, share, total / unit.area + 1.0 - share if enough else None

    def grade(self, scores):
        """Rank (None: lacking data), weighted sum, maximum, and the ranks that either alone would give."""
        if any(score is None and one["mandatory"] for score, one in zip(scores, self.hazards, strict=True)):
            return None
        worst, best = (self._rank([unknown if score is None else score for score in scores]) for unknown in (1.0, 0.0))
        return worst if worst[0] == best[0] else None

    def _rank(self, scores):
        total, most = float(self.weights @ scores), max(scores)
        by_sum, by_most = self._cut(total), self._cut(most)
        eased = min(by_most + self.terms["composite"]["ease_steps"], len(self.bounds) + 1)
        return min(by_sum, eased), total, most, by_sum, by_most

    def _cut(self, score):
        return 1 + sum(round(score, 12) < bound for bound in self.bounds)

    def name(self, rank):
        return self.schemes[self.terms["composite"]["scheme"]]["grades"][rank - 1]["name"]

    def hidden(self, measured, unit, rank):
        """Square metres of a worst grade, by hazard, that the mean over a unit of a milder grade hides."""
        return {
            hazard["key"]: area
            for hazard, (areas, _, _) in zip(self.hazards, measured, strict=True)
            for (_, mark), area in areas.items()
            if rank != 1 and mark == 1 and LEAST_TOLD_M2 <= area < HIDDEN_BELOW * unit.area
        }

    def risks(self, hazard, units, town):
        """Score (None: not known), exposure, vulnerability and capacity of every unit, compared with each other."""
        area = np.array([unit.area for unit in units])
        people = np.array([np.nan if one is None else one for one in town.people], dtype=float)
        words = self.terms["fragility"]["words"]
        frail_of = np.array([words.get(word, np.nan) for word in town.structures])
        under, frail = np.zeros(len(units)), np.zeros(len(units))
        near = shapely.STRtree(town.buildings)
        for number, unit in enumerate(units):
            found = near.query(unit, predicate="intersects")
            shared = shapely.area(shapely.intersection(town.buildings[found], unit))
            met = shared > 0
            under[number], frail[number] = shared.sum(), (shared[met] * frail_of[found][met]).sum()
        places = [sum(count for at, count in town.shelters if unit.intersects(at)) for unit in units]
        raw = {
            "population_density": people / (area / 1e6),
            "building_share": under / area,
            "fragile_share": np.where(under > 0, frail / np.where(under > 0, under, 1.0), 0.0),
        }
        exposure, vulnerability = (self._part(part, raw) for part in ("exposure", "vulnerability"))
        least = self.terms["risk"]["least_exposure"]
        exposure = least + (1 - least) * exposure
        needed = people * self.terms["risk"]["places_per_person"]
        capacity = np.minimum(np.divide(places, needed, out=np.full(len(units), np.nan), where=needed > 0), 1.0)
        joined = np.cbrt(hazard * exposure * vulnerability)
        score = joined * (1 - self.terms["risk"]["relief"] * np.nan_to_num(capacity, nan=0.0))
        return score, exposure, vulnerability, capacity

    def _part(self, part, raw):
        total, weights = 0.0, 0.0
        for one in self.terms["indicators"]:
            if one["part"] == part:
                figures = raw[one["key"]]
                if one["scale"] == "by_range":
                    low, high = np.nanmin(figures), np.nanmax(figures)
                    figures = (figures - low) / (high - low)
                total, weights = total + one["weight"] * figures, weights + one["weight"]
        return total / weights


class Town:
    """Villages with their people, buildings and shelters, read by plain SQL; shapes in metres."""

    def __init__(self, url):
        with psycopg2.connect(url.replace("+psycopg2", "")) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT code, name, population, ST_AsBinary(geom) FROM villages ORDER BY id")
            rows = cursor.fetchall()
            self.codes, self.names, self.people = (list(column) for column in list(zip(*rows, strict=True))[:3])
            self.shapes = [_shape(row[3]) for row in rows]
            cursor.execute("SELECT structure, ST_AsBinary(geom) FROM buildings")
            buildings = cursor.fetchall()
            self.structures = [row[0] for row in buildings]
            self.buildings = np.array([_shape(row[1]) for row in buildings], dtype=object)
            cursor.execute("SELECT coalesce(capacity, 0), ST_AsBinary(geom) FROM facilities WHERE kind = 'shelter'")
            self.shelters = [(shapely.point_on_surface(_shape(row[1])), row[0]) for row in cursor]


def _shape(wkb):
    return in_metres(shapely.from_wkb(bytes(wkb)))
