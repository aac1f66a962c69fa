"""Four lists: every theme of the rulebook is concerned, not concerned, without data or not asked, and is one of them only."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk_model.siting import review_site
from risk_model.siting.unasked import NO_RULE
from risk_model.vocabulary import ProjectClass, Site, ThemeStatus
from tests.recomputed.ground import rule_file, theme_files
from tests.risk_model.ground import BOOK, FIELD, ON, surveyed, zone, zones
from tests.risk_model.set_aside import set_aside, survey
from tests.risk_model.test_neighbours import objects, road
from tests.risk_model.test_siting_laws import GRADES, drawn_zones

FILES = theme_files("hazards") | theme_files("constraints") | {"neighbours": rule_file("objects")}
KNOWN = {key: [one for one in grades if one] for key, grades in GRADES.items() if key in BOOK.hazards}


def told(project_class, rows=(), missing=(), building=None):
    land = set_aside(surveys=[survey(kind) for kind in BOOK.constraints if kind not in missing])
    one = Site(FIELD, ProjectClass(project_class), building_type=building)
    ground = surveyed(*(key for key in missing if key in BOOK.hazards))
    return review_site(one, zones(*rows), ground, BOOK, ON, objects=objects(road(900)), constraints=land)


def may_object(theme, project_class, building):
    """Whether a rule of the file may object to such a project: by the letters of its table."""
    return any(
        rule["verdicts"][project_class][0] in "FR"
        and rule["valid_from"] <= ON <= rule.get("valid_to", ON)
        and (building in rule["building_types"] if rule.get("building_types") else building is None or building not in rule.get("except_building_types", ()))
        for rule in FILES[theme].get("rules", ())
    )  # fmt: skip


@pytest.mark.parametrize("project_class", list(ProjectClass))
@pytest.mark.parametrize("building", [None, "fuel_station", "planting_facility"])
def test_a_theme_is_not_asked_where_no_rule_of_its_file_may_object(project_class, building):
    asked = {key for key in FILES if may_object(key, project_class, building)}
    asked |= set(rule_file("siting")["mandatory"][project_class])
    opinion = told(project_class, building=building)
    assert {one.theme for one in opinion.not_asked} == set(FILES) - asked
    assert all(one.reason and one.reason_en for one in opinion.not_asked)
    for one in opinion.not_asked:
        assert (one.reason == NO_RULE.zh) is not any(
            rule["valid_from"] <= ON for rule in FILES[one.theme].get("rules", ())
        )


@settings(max_examples=40, deadline=None)
@given(drawn_zones(), st.sets(st.sampled_from(sorted(FILES))), st.sampled_from(list(ProjectClass)))
def test_the_four_lists_hold_every_theme_once(rows, missing, project_class):
    rows = [one for one in rows if one["hazard"] in BOOK.hazards]
    opinion = told(project_class, rows, missing)
    unasked = {one.theme for one in opinion.not_asked}
    lists = [unasked, *({one.theme for one in opinion.themes if one.status is status} - (unasked if status is ThemeStatus.NOT_CONCERNED else set()) for status in ThemeStatus)]  # fmt: skip
    assert Counter(key for one in lists for key in one) == Counter([*BOOK.themes])
    silent = {one.theme for one in opinion.themes if one.status is not ThemeStatus.NOT_CONCERNED or one.findings}
    assert not unasked & silent


@settings(max_examples=40, deadline=None)
@given(st.data(), st.sampled_from(list(ProjectClass)))
def test_ground_of_a_theme_that_is_not_asked_changes_no_verdict(data, project_class):
    before = told(project_class)
    themes = sorted({one.theme for one in before.not_asked} & {key for key, grades in KNOWN.items() if grades})
    if themes:
        key = data.draw(st.sampled_from(themes))
        after = told(project_class, [zone("z", key, FIELD, data.draw(st.sampled_from(KNOWN[key])))])
        assert after.verdict == before.verdict
        assert key not in {one.theme for one in after.not_asked}
        assert [one.status for one in after.themes if one.theme == key] == [ThemeStatus.CONCERNED]
