"""Random local changes of the packaged rules, for the laws of the overlay."""

from datetime import date

from hypothesis import strategies as st

from risk_model.errors import ChangeRefused
from risk_model.rulebook import (
    Backing,
    LocalRule,
    RuleChange,
    Sense,
    admit_change,
    articles_of,
    packaged_rules,
    read_documents,
)
from risk_model.rulebook.fields import Direction
from risk_model.vocabulary import BasisKind

FILES = packaged_rules()
DOCUMENTS = read_documents(FILES)
ARTICLES = articles_of(DOCUMENTS)
OURS = Backing("镇政府会议纪要", "南华镇人民政府", date(2025, 1, 1))
EVERY_FIELD = sorted((article.id, field) for article in ARTICLES.values() for field in article.fields)
RULE_FIELDS = [(mark, field) for mark, field in EVERY_FIELD if ARTICLES[mark].kind == "rule"]
THRESHOLDS = [
    ("siting.coverage", "tolerance"),
    *((mark, field) for mark, field in EVERY_FIELD if mark == "siting.mandatory"),
]


def other_values(mark: str, field: str):
    """Values of the right kind for a field, stricter ones and milder ones."""
    article = ARTICLES[mark]
    old, direction = article.fields[field], article.field(field).direction
    if direction is Direction.SEVERITY:
        return st.sampled_from(["F", "R", "A"])
    if direction is Direction.DISTANCE:
        return st.sampled_from(["none", "study", 0, 50, 100, 200, 300, 1000])
    if isinstance(old, list):
        return st.lists(st.sampled_from(_members(mark, field, old)), unique_by=str)
    if isinstance(old, int | float):
        return st.sampled_from([old * factor for factor in (0, 0.25, 0.5, 2, 6)])
    return st.sampled_from([old, "另说"])


def _members(mark: str, field: str, old: list) -> list:
    if field.startswith("grades."):
        return [row["name"] for row in DOCUMENTS["grades"]["schemes"][field.removeprefix("grades.")]["grades"]]
    if mark == "siting.mandatory":
        return sorted(key.rpartition("/")[2] for key in DOCUMENTS if "/" in key)
    return [*old, "另行论证"] if field == "procedure" else old or ["-"]


@st.composite
def changes(draw, fields=EVERY_FIELD):
    mark, field = draw(st.sampled_from(fields))
    return RuleChange(mark, field, draw(other_values(mark, field)), OURS)


@st.composite
def stricter_changes(draw, most=4):
    """Changes the model itself calls stricter, of rules and of the thresholds a verdict depends on."""
    drawn = draw(st.lists(changes([*RULE_FIELDS, *THRESHOLDS]), min_size=1, max_size=most * 3))
    return [change for change in drawn if _sense(change) is Sense.TIGHTER][:most]


def _sense(change: RuleChange) -> Sense | None:
    try:
        return admit_change(ARTICLES, change)
    except ChangeRefused:
        return None


@st.composite
def local_rules(draw):
    hazard, products = draw(
        st.sampled_from(
            [
                ("flood", ("hazard",)),
                ("earthquake", ("hazard",)),
                ("wildfire", ("susceptibility",)),
                ("fault", ("hazard",)),
            ]
        )
    )
    relation = draw(st.sampled_from(["intersects", "distance_lt", "within_m"]))
    grades = {"flood": {"flood4": ("低",), "prev3": ("重点",)}, "wildfire": {"fire5": ("低", "中")}}.get(hazard)
    return LocalRule(
        id=f"LOC-{draw(st.integers(1, 9))}",
        hazard=hazard,
        relation=relation,
        products=products,
        verdicts=draw(st.dictionaries(st.sampled_from(["K1", "K4", "K6"]), st.sampled_from(["F", "R"]), min_size=1)),
        message="本地要求：{zone}",
        backing=Backing(OURS.basis, OURS.source, OURS.valid_from, draw(st.sampled_from(list(BasisKind)))),
        metres=None if relation == "intersects" else draw(st.sampled_from([10.0, 120.0])),
        grades=draw(st.sampled_from([None, grades])),
    )
