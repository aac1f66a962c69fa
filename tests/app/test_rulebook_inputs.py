"""Inputs of proposals: every field that may be changed is chosen, ticked or given as a number; only wording is written."""

import re
from collections import Counter

import pytest

from app.rulebook.forms import DecisionForm, asked_again, proposed_again, value_given
from app.rulebook.inputs import TYPED, input_of
from app.rulebook.proposals import Proposed
from app.rulebook.rule_view import read_articles
from risk_model.rulebook import articles_of, load_rulebook, packaged_rules, read_documents
from risk_model.rulebook.fields import Direction
from tests.app.test_rulebook_pages import desk, typed  # noqa: F401
from tests.app.test_rulebook_versions import BACKING
from tests.risk_model.ground import ON
from tests.saying import tells

BOOK = load_rulebook()
PACKAGED = articles_of(read_documents(packaged_rules()))
CHANGEABLE = [(view, one) for view in read_articles(BOOK, ON) for one in view.fields if one.changeable]


def test_nothing_but_wording_is_written_freely():
    for view, one in CHANGEABLE:
        asked = input_of(BOOK, PACKAGED[view.id], one.path, one.value)
        assert (asked.kind == "wording") == (one.direction is Direction.TEXT), (view.id, one.path)
        if asked.kind in ("number", "numbers", "distance"):
            name = PACKAGED[view.id].field(one.path).name_zh
            assert asked.unit or "（" not in name, (view.id, one.path)
        elif asked.kind not in TYPED:
            assert set(asked.chosen) <= {value for value, _ in asked.options}, (view.id, one.path)


def test_what_an_input_shows_comes_back_as_it_was():
    for view, one in CHANGEABLE:
        article = PACKAGED[view.id]
        asked = input_of(BOOK, article, one.path, one.value)
        chosen = asked.kind not in TYPED or asked.kind == "numbers" or asked.chosen[0] in ("study", "none")
        text, choices = ("", asked.chosen) if chosen else (asked.chosen[0], ())
        back = value_given(article, one.path, text, choices)
        if one.direction is Direction.SEVERITY:
            assert back == {"-": "A"}.get(str(one.value)[0], str(one.value)[0])
        else:
            assert back == one.value, (view.id, one.path)


def test_proposing_again_keeps_what_nobody_changed_and_takes_what_was_picked():
    steps = (
        {"op": "change", "article": "FLD-HIGH", "field": "verdicts.K1", "value": "F", **BACKING},
        {"op": "change", "article": "FIR-NEAR", "field": "metres", "value": 80, **BACKING},
        {"op": "change", "article": "siting.mandatory", "field": "K5", "value": ["flood", "fault"], **BACKING},
        {"op": "change", "article": "siting.sensitivity", "field": "shifts_m", "value": [10, 20], **BACKING},
    )
    kept = Proposed("加严", steps)
    asked = asked_again(BOOK, PACKAGED, kept)
    values = ["90", "10", "20", "50", ""]
    form = DecisionForm(reason="再加严", values=values, picked=["0:R", "2:flood", "2:wildfire"])
    again = proposed_again(asked, kept, form)
    assert [step["value"] for step in again.steps] == ["R", 90, ["flood", "wildfire"], [10, 20, 50]]
    same = proposed_again(asked, kept, DecisionForm(reason="照旧"))
    assert [step["value"] for step in same.steps] == [step["value"] for step in steps]


@pytest.mark.parametrize(
    ("mark", "field", "holds"),
    [
        ("FIR-NEAR", "metres", '<input type="number" step="any" name="value" value="50"'),
        ("FLD-HIGH", "verdicts.K1", '<select name="values"'),
        ("siting.mandatory", "K5", '<input type="checkbox" name="values" value="flood" checked>'),
        ("FLT-AVOID", "avoidance.rows.8.distances.丁", '<option value="none" selected>'),
        ("grading.weights", "judgements", '<table class="matrix">'),
        ("grades.looks", "major.colour", '<input type="color"'),
    ],
)
def test_the_form_asks_by_what_fits_the_field(desk, mark, field, holds):  # noqa: F811
    page = desk["wang"].get(f"/rulebook/rules/{mark}/propose", params={"field": field}).text
    assert holds in page
    chosen = page[page.index('id="chosen"') : page.index("</fieldset>")]
    assert "<textarea" not in chosen


def test_a_field_is_changed_by_ticking_boxes(desk):  # noqa: F811
    officer = desk["wang"]
    wider = sorted({*BOOK.documents["siting"]["mandatory"]["K5"], "wildfire"})
    boxes = typed(csrf=officer.csrf, field="K5", value="", values=wider)
    assert officer.post("/rulebook/rules/siting.mandatory/propose", data={**boxes, "basis": ""}).status_code == 422
    assert officer.post("/rulebook/rules/siting.mandatory/propose", data=boxes).status_code == 303


def test_a_refused_choice_comes_back_chosen(desk):  # noqa: F811
    officer = desk["wang"]
    milder = typed(csrf=officer.csrf, field="verdicts.K4", value="", values=["R"])
    answer = officer.post("/rulebook/rules/RIV-SCOPE/propose", data=milder)
    assert answer.status_code == 422
    assert '<option value="R" selected>' in answer.text


def test_what_is_missing_is_named_in_the_readers_language(desk):  # noqa: F811
    officer = desk["wang"]
    answer = officer.post("/rulebook/rules/FIR-NEAR/propose?lang=en", data=typed(csrf=officer.csrf, basis=""))
    assert tells(answer.text, "请填写或改正：{fields}", fields="basis")


def test_the_counts_add_up_and_are_what_the_filter_finds(client):
    everything = read_articles(BOOK, ON)
    counts = Counter(one.kind for one in everything)
    assert sum(counts.values()) == len(everything)
    for kind, count in counts.items():
        page = client.get("/rulebook", params={"kind": kind}, headers={"HX-Request": "true"}).text
        assert len(re.findall('class="rule"', page)) == count
        assert tells(page, "显示 %(shown)s 条，共 %(total)s 条。", shown=count, total=len(everything))


def test_the_page_has_contents_and_only_heads_until_little_is_left(client):
    page = client.get("/rulebook").text
    places = re.findall(r'href="#(group-\d+)"', page)
    assert len(places) > 5
    assert all(f'id="{place}"' in page for place in places)
    assert " open>" not in page[page.index('class="contents"') : page.index("</main>")]
    few = client.get("/rulebook", params={"q": "FLD-EXTREME"}).text
    assert 'id="FLD-EXTREME" open>' in few
