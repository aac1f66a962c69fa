"""A site judged by drawing, for each hazard, the ground of each severity and laying the site over it."""

import datetime

import shapely

from tests.recomputed.ground import rule_file, theme_files

CHINA = datetime.timezone(datetime.timedelta(hours=8))
ROUND = 200
SEVERITY = {"F": 3, "R": 2, "A": 0}
WORDS = {3: "prohibited", 2: "restricted", 1: "insufficient_data", 0: "permitted"}
STRICT = "丁丙乙甲"
LINE_M = 1e-5
SLIT_M = 0.05


class Judge:
    """The rules as the files tell them on one day, and what is published."""

    def __init__(self, published, on=None):
        self.published, self.on = published, on or datetime.datetime.now(CHINA).date()
        self.terms, self.set_aside = rule_file("siting"), theme_files("constraints")
        self.hazards = theme_files("hazards") | self.set_aside
        self.drawn = [*published.zones, *(one for one in published.areas if one.hazard in self.set_aside)]
        self.near = shapely.STRtree([zone.shape for zone in self.drawn])
        self.objects = rule_file("objects")
        self.regional = {key: one for key, one in rule_file("regional_assessments").items() if key != "version"}
        self.beside = shapely.STRtree([thing.shape for thing in published.things])

    building = None

    def judge(self, shape, project_class, seismic=None, building=None):
        """Verdict, shifted verdicts by metres, whether borderline, and the themes without data; ``shape`` in metres."""
        self.building = building
        footprint = self.footprint(shape, project_class)
        seismic = seismic or self.terms["seismic_class"][project_class]
        floor = self.floor(footprint, project_class, seismic)
        grounds = self.grounds(footprint, project_class, seismic)
        verdict = self.worst(footprint, grounds, floor)
        shifts = self.terms["sensitivity"]["shifts_m"]
        shifted = {shift: self.worst(footprint, grounds, floor, shift) for near in shifts for shift in (near, -near)}
        steady = self.worst(footprint, grounds, floor, slivers=False)
        borderline = steady != verdict or any(shifted[shift] != verdict for shift in (shifts[0], -shifts[0]))
        return WORDS[verdict], {shift: WORDS[one] for shift, one in shifted.items()}, borderline

    def footprint(self, shape, project_class):
        dimension, sizes = shapely.get_dimensions(shape), self.terms["footprint"]
        if dimension == 2:
            return shape
        if dimension == 1:
            return shape.buffer(sizes["line_m"][project_class], quad_segs=ROUND, cap_style="flat")
        return shape.buffer(sizes["point_m"][project_class], quad_segs=ROUND)

    def worst(self, footprint, grounds, floor, shift=0.0, *, slivers=True):
        """The worst severity whose ground, its border ``shift`` metres further out, lies under the footprint."""
        severity = floor
        for of_hazard in grounds.values():
            for level in sorted({one for one, _ in of_hazard}, reverse=True):
                if level > severity and self.met(footprint, of_hazard, level, shift, slivers=slivers):
                    severity = level
        return severity

    def met(self, footprint, of_hazard, level, shift, *, slivers):
        whole = shapely.union_all([ground for one, ground in of_hazard if one >= level])
        if shift < 0:
            whole = whole.buffer(SLIT_M, join_style="mitre").buffer(-SLIT_M, join_style="mitre")
        if shift:
            whole = whole.buffer(shift, quad_segs=ROUND)
        shared = whole.intersection(footprint).area
        if shared <= 1e-6 * footprint.length:
            return False
        small = self.terms["sliver"]
        return slivers or shared >= small["area_m2"] or shared / footprint.area >= small["share"]

    def grounds(self, footprint, project_class, seismic):
        """For each hazard the grounds near the footprint with their severities: zones, or what lies within a reach."""
        found = {}
        longest = max(5000.0 if seismic == "甲" else 0.0, 1000.0)
        for number in self.near.query(footprint.buffer(longest)).tolist():
            zone = self.drawn[number]
            for severity, reach in self.demands(zone, project_class, seismic):
                room = footprint.envelope.buffer(200 + (reach or 0.0), join_style="mitre")
                part = zone.shape.intersection(room)
                ground = part if reach is None else part.buffer(reach, quad_segs=ROUND)
                if not ground.is_empty:
                    found.setdefault(zone.hazard, []).append((severity, ground))
        beside = [
            (SEVERITY[rule["verdicts"][project_class][0]], ground.buffer(rule["metres"], quad_segs=ROUND))
            for rule in self.objects["rules"]
            if rule["verdicts"][project_class][0] in "FR" and self.addresses(rule) and self.holds(rule)
            for number in self.beside.query(footprint.buffer(rule["metres"] + 150)).tolist()
            for ground in self.edges(self.published.things[number], rule["products"])
        ]
        return found | ({"objects": beside} if beside else {})

    def edges(self, thing, kinds):
        """The ground of a registered thing from which a rule on ``kinds`` measures."""
        land = self.objects["road_land"]["half_width_m"].get(thing.sort, 0.0)
        if thing.register == "roads":
            if f"road.{thing.sort}" in kinds:
                yield thing.shape.buffer(land, quad_segs=ROUND)
            if f"control.{thing.sort}" in kinds:
                yield thing.shape.buffer(land + self.objects["road_control"]["width_m"][thing.sort], quad_segs=ROUND)
            if "bridge" in kinds and land and thing.bridge and thing.shape.length >= self.objects["bridges"]["least_m"]:
                yield thing.shape.buffer(land, quad_segs=ROUND)
        elif thing.register == "facilities" and f"facility.{thing.sort}" in kinds:
            around = 0 if thing.shape.area else self.terms["footprint"]["point_m"]["K2"]
            yield thing.shape.buffer(around, quad_segs=ROUND)
        elif thing.register == "buildings" and "home" in kinds and not self.works(thing):
            yield thing.shape

    def works(self, thing):
        return any(word in thing.sort for word in self.objects["homes"]["other_uses"])

    def demands(self, zone, project_class, seismic):
        """Severity above 0 and reach in metres (None: by overlap) of everything the rules ask around a zone."""
        hazard = self.hazards.get(zone.hazard)
        if hazard is None:
            return [(1, None if zone.shape.area else LINE_M)]
        reading = [rule for rule in hazard.get("rules", ()) if zone.product in rule["products"] and self.holds(rule)]
        if not any(zone.product in rule["products"] for rule in hazard.get("rules", ())):
            return []
        asked, spoken = [], False
        for rule in reading:
            cell = rule["verdicts"][project_class]
            if cell != "-" and self.addresses(rule) and self.speaks(rule, zone):
                spoken = True
                asked += self.asked(rule, zone, SEVERITY[cell[0]], seismic)
        if not spoken:
            reach = max((rule.get("metres", 0.0) for rule in reading), default=0.0)
            asked.append((1, reach or (None if zone.shape.area else LINE_M)))
        return [(severity, reach) for severity, reach in asked if severity > 0]

    def addresses(self, rule):
        """Whether the rule is about such a building; one nobody named is any building, never a named one."""
        if rule.get("building_types"):
            return self.building in rule["building_types"]
        return self.building is None or self.building not in rule.get("except_building_types", ())

    def holds(self, rule):
        return rule["valid_from"] <= self.on <= rule.get("valid_to", datetime.date.max)

    @staticmethod
    def speaks(rule, zone):
        if "grades" in rule and zone.grade not in rule["grades"].get(zone.scheme, ()):
            return False
        if rule.get("corridor_kinds") and (zone.corridor_kind or "unknown") not in rule["corridor_kinds"]:
            return False
        if zone.fault_age and zone.fault_age in rule.get("except_fault_ages", ()):
            return False
        compare = {"at_most": lambda a, b: a is None or a <= b, "at_least": lambda a, b: a is None or a >= b,
                   "above": lambda a, b: a is not None and a > b, "below": lambda a, b: a is not None and a < b}  # fmt: skip
        return all(
            compare[one["operator"]](getattr(zone, one["attribute"]), one["value"])
            for one in rule.get("conditions", ())
        )

    def asked(self, rule, zone, severity, seismic):
        if rule["relation"] == "intersects":
            return [(severity, None if zone.shape.area else LINE_M)]
        if rule["relation"] in ("distance_lt", "within_m"):
            return [(severity, rule["metres"])]
        table = rule["avoidance"]
        intensity = self.terms["intensity"]["default"] if zone.intensity is None else zone.intensity
        rows = [row for row in table["rows"] if row["intensity"] <= intensity]
        if not rows or zone.fault_age in table["older_ages"]:
            return []
        row = rows[-1]
        if zone.overburden_m is not None and zone.overburden_m > row["exempt_overburden_m"]:
            return []
        asked = [row["distances"][one] for one in STRICT[: STRICT.index(seismic) + 1]]
        kept = [(severity, max(one for one in asked if not isinstance(one, str)))] if any(not isinstance(one, str) for one in asked) else []  # fmt: skip
        return kept + ([(2, table["study_reach_m"])] if row["distances"][seismic] == "study" else [])

    def known(self, theme):
        """All ground a theme is known on; of one made of all others only where they are known too."""
        read = {product for rule in self.hazards[theme].get("rules", ()) for product in rule["products"]}
        own = [
            g for (key, product), g in self.published.surveys.items() if key == theme and (not read or product in read)
        ]
        ground = shapely.union_all(own)
        if self.hazards[theme].get("composed"):
            for other in {key for key, _ in self.published.surveys} - {theme}:
                ground = ground.intersection(self.known(other))
        return ground

    def floor(self, footprint, project_class, seismic):
        """1 where a theme nobody may do without was not surveyed as far as its rules look, else 0."""
        tolerance = self.terms["coverage"]["tolerance"]
        for theme in self.terms["mandatory"][project_class]:
            for reach in (0.0, *self.reaches(theme, project_class, seismic)):
                looked = footprint.buffer(reach, quad_segs=ROUND) if reach else footprint
                if self.known(theme).intersection(looked).area < (1 - tolerance) * looked.area:
                    return 1
        return 0

    def unchecked(self, footprint):
        """The kinds of land set aside that nobody looked for on all of the footprint."""
        known = {kind: self.published.looked_at.get(kind, shapely.Polygon()) for kind in self.set_aside}
        least = (1 - self.terms["coverage"]["tolerance"]) * footprint.area
        return {kind for kind, ground in known.items() if ground.intersection(footprint).area < least}

    def closed(self, procedure, footprint, project_class):
        """Whether some regional assessment closes what a rule asks for; None where a hand's breadth decides it."""
        kinds = {
            key
            for key, kind in self.regional.items()
            if procedure in kind["closes"] and project_class not in kind["except_classes"]
        }
        holding = [one for one in self.published.assessed if kinds & {*one.kinds} and one.since <= self.on <= one.until]
        told = {any(one.shape.buffer(hair).covers(footprint) for one in holding) for hair in (-0.1, 0.1)}
        return told.pop() if len(told) == 1 else None

    def reaches(self, theme, project_class, seismic):
        found = set()
        for rule in self.hazards[theme].get("rules", ()):
            if rule["verdicts"][project_class][0] not in "FR":
                continue
            if "avoidance" not in rule:
                found.add(rule.get("metres", 0.0))
                continue
            rows = [one for one in rule["avoidance"]["rows"] if one["intensity"] <= self.terms["intensity"]["default"]]
            asked = [rows[-1]["distances"][one] for one in STRICT[: STRICT.index(seismic) + 1]]
            study = rule["avoidance"]["study_reach_m"] if rows[-1]["distances"][seismic] == "study" else 0.0
            found.add(max([study, *(one for one in asked if not isinstance(one, str))]))
        return found - {0.0}
