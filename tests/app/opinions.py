"""An answer of a check in which everything happens that can: every status, bearing, kind of finding and mark."""

from typing import Any

SITE = [[99.800, 39.300], [99.802, 39.300], [99.802, 39.301], [99.800, 39.301], [99.800, 39.300]]
NASTY = '<script>alert(1)</script> & =HYPERLINK("x") 𠮷㙟'
"""A name of somebody's own that would do harm wherever it is not taken as text, with characters few fonts have."""


def finding(**more: Any) -> dict[str, Any]:
    return {
        "zone": "7", "zone_version": 1, "zone_name": "北沟", "product": "hazard", "grade": "高", "grade_rank": 2,
        "grade_scheme": "flood4", "overlap_m2": 4000.0, "overlap_share": 0.2083, "distance_m": 0.0, "sliver": False,
        "rule": None, "verdict": "permitted", "basis": "", "basis_kind": None, "procedure": [], "message": "",
        "local": False, "basis_en": "", "procedure_en": [], "message_en": "", "object": None, **more,
    }  # fmt: skip


def ruled(rule: str, verdict: str, **more: Any) -> dict[str, Any]:
    told = {
        "basis": "《防洪法》第三十三条", "basis_en": "Flood Control Law, article 33", "basis_kind": "law",
        "procedure": ["洪水影响评价"], "procedure_en": ["flood impact assessment"],
        "message": "用地与洪水高风险区重叠 4000 平方米", "message_en": "The site overlaps 4000 m² of flood grade high",
    }  # fmt: skip
    return finding(rule=rule, verdict=verdict, **{**told, **more})


def theme(key: str, name: str, status: str, *findings: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "theme": key, "name": name, "status": status, "reason": "", "reason_en": "", "covered_share": 1.0,
        "reach_m": 0.0, "reach_share": 1.0, "mandatory": False, "findings": [*findings], **more,
    }  # fmt: skip


def assessment(number: str, bearing: str, name: str = "") -> dict[str, Any]:
    days = {"valid_from": "2025-01-01", "valid_to": "2027-12-31"}
    return {"id": 1, "number": number, "name": name, **days, "bearing": bearing, "covered_share": 0.4}


def condition(procedure: str, *assessments: dict[str, Any]) -> dict[str, Any]:
    closed = any(one["bearing"] == "closes" for one in assessments)
    english = {"procedure_en": f"{procedure} in English".encode("ascii", "ignore").decode().strip()}
    return {"procedure": procedure, **english, "rules": ["FLD-HIGH"], "closed": closed, "assessments": [*assessments]}


def responder(capability: str, access: str, **more: Any) -> dict[str, Any]:
    nobody = dict.fromkeys(("force", "turnout_s", "drive_s", "walk_s", "arrival_s", "road_m", "round_s"))
    return {"capability": capability, "access": access, "cut_by": [], "unknown_m": 0.0, **nobody, **more}


def place(verdict: str, *differences: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "geometry": {"type": "Polygon", "coordinates": [SITE]}, "moved_m": 320.4, "bearing_deg": 359.7, "verdict": verdict,
        "borderline": False, "data_gaps": [], "road_distance_m": 41.0, "differences": [*differences], **more,
    }  # fmt: skip


def compared(**more: Any) -> dict[str, Any]:
    """Places to compare with: one that differs by themes, one on ground not wholly known; the smallest move and cut."""
    state = {"status": "not_concerned", "verdict": None, "grade": None}
    graded = {"status": "concerned", "verdict": "prohibited", "grade": NASTY}
    differs = [
        {"theme": "flood", "name": "洪水", "before": graded, "after": state},
        {"theme": "unheard", "name": NASTY, "before": {**state, "status": None}, "after": {**graded, "grade": None}},
    ]
    move = {
        name: told
        for name, told in place("restricted").items()
        if name in ("geometry", "moved_m", "bearing_deg", "verdict")
    }
    return {
        "original": {"verdict": "prohibited", "data_gaps": ["wildfire"]},
        "alternatives": [
            place("restricted", *differs),
            place("permitted", borderline=True, data_gaps=["wildfire", "dam_break"], road_distance_m=None),
        ],
        "smallest_move": move,
        "smallest_cut": {"geometry": move["geometry"], "cut_m2": 12_345.0, "kept_share": 0.42, "verdict": "restricted"},
        "within_m": 2000.0, "tried": 1234, "unsurveyed": 56, "set_aside": 7, "slope": None, **more,
    }  # fmt: skip


def decider(**more: Any) -> dict[str, Any]:
    return {
        "zone": "8", "zone_version": 4, "name": NASTY, "theme": "flood", "rule": "FLD-HIGH", "verdict": "restricted",
        "distance_m": 12.0, "object": None, **more,
    }  # fmt: skip


def full_answer(**more: Any) -> dict[str, Any]:
    """Everything at once."""
    nobody = {"reason": "没有载入，未核", "reason_en": "not loaded, not checked"}
    school = {"kind": "facilities", "id": 5, "name": "南岔小学"}
    road = {"kind": "roads", "id": 9, "name": ""}
    return {
        "verdict": "prohibited", "borderline": True, "data_gaps": ["wildfire", "dam_break"],
        "site": {
            "geometry": {"type": "Polygon", "coordinates": [SITE]}, "area_m2": 19200.0, "repaired": True,
            "buffered_m": 30.0, "seismic_class": "丙", "name": NASTY, "project_class": "K1",
        },
        "themes": [
            theme("flood", "洪水", "concerned", ruled("FLD-HIGH", "restricted", sliver=True), finding(zone="8"),
                  reach_m=50.0, reach_share=0.97),
            theme("geological", "地质灾害", "concerned",
                  ruled("GEO-EXTREME", "prohibited", zone="9", zone_name="东坡", grade="极高", grade_rank=1,
                        grade_scheme="geo4", overlap_share=0.5, overlap_m2=9600.0, local=True, basis_kind="standard"),
                  finding(zone="10", overlap_m2=0.0, overlap_share=0.0, distance_m=12.4, zone_name="",
                          grade_scheme="gone9")),
            theme("wildfire", "森林草原火灾", "no_data", finding(zone="11", grade_scheme="fire5"), covered_share=0.0,
                  mandatory=True, **nobody),
            theme("dam_break", "水库溃坝淹没", "no_data", covered_share=0.2, **nobody),
            theme("farmland", "永久基本农田", "not_concerned"),
            theme("meteorological", "气象灾害", "not_concerned", reach_m=20.0),
            theme("neighbours", "公路与周边设施", "concerned",
                  ruled("OBJ-SCHOOL", "restricted", zone=None, zone_version=None, zone_name="", grade=None,
                        grade_rank=None, grade_scheme=None, overlap_m2=0.0, overlap_share=0.0, distance_m=88.0,
                        object=school, basis_kind="default", message="", message_en=""),
                  finding(zone=None, zone_version=None, zone_name="", grade=None, grade_rank=None, grade_scheme=None,
                          overlap_m2=0.0, overlap_share=0.0, distance_m=10_400.0, object=road)),
            theme("later_theme", "后来的专题", "not_concerned"),
        ],
        "not_asked": [
            {"theme": "later_theme", "name": "后来的专题", "reason": "规则库对该专题没有选址规则", "reason_en": "no rule on it"},
        ],
        "conditions": [
            condition("洪水影响评价", assessment("甘评〔2025〕1号", "closes", "园区洪评")),
            condition("地质灾害危险性评估", assessment("甘评〔2020〕2号", "expired"), assessment("甘评〔2027〕3号", "not_yet"),
                      assessment("甘评〔2025〕4号", "in_part")),
        ],
        "notes": [{
            "key": "seismic", "message": "按 8 度设防", "message_en": "Fortify for intensity 8", "basis": "GB 18306",
            "basis_en": "GB 18306", "basis_kind": "standard", "confidence": "high",
        }],
        "sensitivity": [
            {"shift_m": -20.0, "verdict": "restricted", "deciders": [decider(zone="9", theme="geological")], "deciders_more": 3},
            {"shift_m": 20.0, "verdict": "prohibited"},
        ],
        "own_scale": {
            "map_error_mm": 0.5, "furthest_m": 50.0,
            "outward": {"verdict": None, "deciders": [decider(zone="8", name="")], "deciders_more": 0},
            "inward": {"verdict": "restricted", "deciders": [decider(object=school, zone=None)], "deciders_more": 1},
            "errors": [{"zone": str(n), "zone_version": 1, "scale": n * 1000, "error_m": n / 2} for n in (10, 25)],
            "unscaled": [decider(zone="11"), decider(object=road, zone=None)], "unscaled_more": 4,
        },
        "response": {
            "unknown": None, "away_m": 24.0, "hazards": ["flood"], "roads_version": "ef" * 32,
            "responders": [
                responder("fire_engine", "way_round", force={"id": "1", "name": "镇队", "kind": "township", "lapse": None},
                          turnout_s=60.0, drive_s=600.0, walk_s=21.6, arrival_s=681.6, road_m=9_800.0, round_s=1260.0,
                          unknown_m=120.0, cut_by=[
                              {"what": "zone", "id": "zone/8", "name": "北沟", "hazard": "flood", "grade": "极高", "reason": None},
                          ]),
                responder("medical", "nobody"),
                responder("rescue", "closed", cut_by=[
                    {"what": "closure", "id": "closure/4", "name": None, "hazard": None, "grade": None, "reason": NASTY},
                ]),
            ],
        },
        "by_class": [
            {"project_class": kind, "seismic_class": "丙", "verdict": verdict}
            for kind, verdict in (("K1", "prohibited"), ("K2", "restricted"), ("K6", "permitted"))
        ],
        "alternatives": compared(),
        "edition": {"number": 3, "published_at": "2026-11-20T20:00:00+00:00", "fingerprint": "ab" * 32},
        "rulebook": {"version": "2026.1", "fingerprint": "cd" * 32, "number": 2},
        "judged_on": "2026-11-26", "data_date": "2026-10-01", "synthetic": True, "disclaimer": "筛查意见，不替代法定评估",
        "record": {
            "number": "筛查-2026-000123", "at": "2026-11-26T20:30:00+00:00", "by": "zhang", "input_digest": "1" * 64,
            "result_digest": "2" * 64,
        },
        **more,
    }  # fmt: skip


def by_class(verdict: str) -> list[dict[str, Any]]:
    """Verdicts by class of a part, which is ``verdict`` as it is declared, and those on its site."""
    own = (("K1", "prohibited"), ("K2", verdict), ("K6", "permitted"))
    return [
        {"project_class": kind, "seismic_class": "丙", "verdict": one, "site_verdict": "prohibited"}
        for kind, one in own
    ]


def parted_answer() -> dict[str, Any]:
    """The answer of a site with two parts and what they leave: each finding is told of one of them."""
    answer, names = full_answer(), [NASTY, "花园", None]
    del answer["by_class"]
    told = {"status", "reason", "reason_en", "covered_share", "reach_m", "reach_share", "mandatory"}
    found = 0
    for of in answer["themes"]:
        of["parts"] = [{"part": name, **{key: of[key] for key in told}} for name in names]
        for one in of["findings"]:
            one["part"], found = names[found % len(names)], found + 1
    lacking = answer["themes"][0]["parts"][1]
    lacking.update(status="no_data", mandatory=True, covered_share=0.0)
    for number, one in enumerate([*answer["conditions"], *answer["notes"]]):
        one["part"] = names[number]
    said = {"seismic_class": "丙", "building_type": None, "geometry": answer["site"]["geometry"], "area_m2": 6400.0}
    verdicts = ("prohibited", "restricted", "insufficient_data")
    answer["parts"] = [
        {"name": name, "project_class": "K2", "verdict": verdict, "borderline": name is None, "rules": [], "data_gaps": [], "by_class": by_class(verdict), **said}
        for name, verdict in zip(names, verdicts, strict=True)
    ]  # fmt: skip
    return answer
