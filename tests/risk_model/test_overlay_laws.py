"""Laws of the local overlay: what is called stricter is never milder, a law is never loosened, order says nothing."""

import random
import tomllib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.http.i18n import in_language
from risk_model.errors import ChangeRefused, InvalidRule
from risk_model.rulebook import (
    Backing,
    LocalRule,
    Overlay,
    RuleChange,
    Sense,
    admit_change,
    amend,
    load_rulebook,
    read_overlay,
    toml_of,
)
from risk_model.rulebook.fields import Direction
from risk_model.rulebook.strictness import sense_of
from risk_model.siting import review_site
from risk_model.vocabulary import BasisKind
from tests.risk_model.ground import BOOK, FIELD, ON, extent, extents, site, surveyed, zone, zones
from tests.risk_model.overlays import (
    ARTICLES,
    EVERY_FIELD,
    FILES,
    OURS,
    changes,
    local_rules,
    other_values,
    stricter_changes,
)
from tests.risk_model.test_siting_laws import CLASSES, drawn_extents, drawn_zones
from tests.saying import CHINESE

CALM = settings(max_examples=50, deadline=None)


def sound(overlay: Overlay):
    """The book under an overlay, or None where the new values make no sound book (grades named twice, out of order)."""
    try:
        return amend(FILES, overlay)
    except (InvalidRule, ChangeRefused):
        return None


@CALM
@given(stricter_changes(), st.lists(local_rules(), max_size=2), drawn_zones(), drawn_extents(), CLASSES)
def test_a_tightened_book_is_never_milder_on_any_site(tighter, rules, rows, ground, kind):
    book = sound(Overlay.of(tighter, rules))
    if book is None:
        return
    one, around = site(project_class=kind), zones(*rows)
    before, after = (review_site(one, around, extents(*ground), rules, ON) for rules in (BOOK, book))
    assert after.verdict.severity >= before.verdict.severity
    assert set(after.data_gaps) >= set(before.data_gaps)


def test_every_field_has_a_direction_or_is_refused():
    undeclared = [
        (mark, field) for mark, field in EVERY_FIELD if ARTICLES[mark].field(field).direction is Direction.IDENTITY
    ]
    assert ("FLD-HIGH", "relation") in undeclared
    assert 0 < len(undeclared) < len(EVERY_FIELD)
    for mark, field in undeclared:
        with pytest.raises(ChangeRefused, match="没有声明"):
            admit_change(ARTICLES, RuleChange(mark, field, "x", OURS))


def judged(change: RuleChange) -> Sense | ChangeRefused:
    try:
        return admit_change(ARTICLES, change)
    except ChangeRefused as refusal:
        return refusal


@settings(max_examples=300, deadline=None)
@given(changes())
def test_loosening_a_law_is_always_refused_and_the_refusal_names_it(change):
    answer, kind = judged(change), ARTICLES[change.article].kind_of(change.field)
    if isinstance(answer, ChangeRefused):
        assert (answer.article, answer.field) == change.key
        assert answer.why
        assert not CHINESE.search(in_language(answer.why, "en").translate(CLASSES_OF_THE_STANDARD))
    else:
        assert answer is Sense.TIGHTER or kind is BasisKind.DEFAULT
        assert answer is not Sense.SAME


def test_an_empty_overlay_changes_nothing():
    assert amend(FILES, Overlay.of()) == BOOK
    assert not BOOK.overlay
    taken_back = amend(amend(FILES, Overlay.of([WIDER])).texts, Overlay.of())
    assert taken_back == BOOK
    assert dict(taken_back.texts) == FILES


CLASSES_OF_THE_STANDARD = str.maketrans("", "", "甲乙丙丁")
"""They have no other name in English."""
WIDER = RuleChange("FIR-NEAR", "metres", 80, OURS)


@CALM
@given(st.lists(changes(), max_size=6), st.lists(local_rules(), max_size=3), st.randoms())
@example([WIDER, RuleChange("siting.coverage", "tolerance", 0.0005, OURS)], [], random.Random(1))
def test_the_order_of_changes_says_nothing_and_a_file_tells_all(drawn, rules, chance):
    overlay = Overlay.of({one.key: one for one in drawn}.values(), {one.id: one for one in rules}.values())
    shuffled = [*overlay.changes.values()], [*overlay.rules.values()]
    for each in shuffled:
        chance.shuffle(each)
    assert Overlay.of(*shuffled) == overlay
    step_by_step = Overlay.of()
    for item in [*shuffled[1], *shuffled[0]]:
        step_by_step = step_by_step.with_(item)
    assert step_by_step == overlay
    text = toml_of(overlay.as_document())
    assert read_overlay(tomllib.loads(text)) == overlay


@settings(max_examples=20, deadline=None)
@given(st.lists(changes(), max_size=4))
def test_a_book_under_an_overlay_is_loaded_again_from_its_texts_alone(drawn):
    admitted = [change for change in drawn if isinstance(judged(change), Sense)]
    book = sound(Overlay.of(admitted))
    if book is not None:
        again = load_rulebook(book.texts)
        assert again.fingerprint == book.fingerprint
        assert again.overlay == Overlay.of(admitted)
        assert (book.fingerprint == BOOK.fingerprint) == (not admitted)


@given(st.data())
def test_a_change_is_stricter_one_way_only(data):
    mark, field = data.draw(st.sampled_from(EVERY_FIELD))
    article = ARTICLES[mark]
    old, new = article.fields[field], data.draw(other_values(mark, field))
    direction = article.field(field).direction
    there, back = sense_of(direction, old, new), sense_of(direction, new, old)
    mirror = {Sense.TIGHTER: Sense.LOOSER, Sense.LOOSER: Sense.TIGHTER}
    assert back is mirror.get(there, there)


def test_a_wider_reach_does_not_hide_ground_nobody_surveyed_nearby():
    """Alone, a reach of 5,000 m would thin the missing strip out below the tolerance."""
    strip = FIELD.buffer(45, cap_style="flat").difference(FIELD.buffer(40, cap_style="flat"))
    wide = extents(extent("wildfire", FIELD.buffer(30_000).difference(strip.buffer(0.5))))
    far = amend(FILES, Overlay.of([RuleChange("FIR-NEAR", "metres", 20_000, OURS)]))
    before, after = (review_site(site(), zones(), wide, book, ON) for book in (BOOK, far))
    assert "wildfire" in before.data_gaps
    assert "wildfire" in after.data_gaps


def test_a_local_rule_that_spares_a_class_does_not_call_its_ground_known():
    backing = Backing("镇规", "镇政府", OURS.valid_from)
    ours = LocalRule(
        "LOC-1", "flood", "intersects", ("hazard",), {"K1": "F"}, "x", backing, grades={"prev3": ("重点",)}
    )
    book = amend(FILES, Overlay.of(rules=[ours]))
    row = zone("z", "flood", FIELD, "重点", scheme="prev3")
    spared, hit = (review_site(site(project_class=k), zones(row), surveyed(), book, ON).verdict for k in ("K6", "K1"))
    assert spared == "insufficient_data"
    assert hit == "prohibited"
