"""What a name answers to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_layers.spelling import MOST_READINGS, fold, spell, stem

HAN = st.text(st.sampled_from("小海子村南华重庆乐厦长行单朴社大"), min_size=1, max_size=24)


def test_width_case_space_and_punctuation_make_no_difference():
    assert fold("Ｇ３１２　国道·（东段）") == fold("g312国道 东段") == "g312国道东段"


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("小海子村", "小海子"),
        ("南苑社区", "南苑"),
        ("小海子村委会", "小海子"),
        ("三社", "三社"),
        ("明水村三社", "明水村三"),
    ],
)
def test_the_suffix_may_be_left_out_but_a_name_stays_a_name(name, rest):
    assert stem(name) == rest


def test_pinyin_comes_whole_and_as_initials():
    spelling = spell("小海子村")
    assert " xiaohaizi " in spelling.pinyin
    assert " xiaohaizicun " in spelling.pinyin
    assert spelling.initials == " xhzc xhz "


def test_a_character_with_two_readings_is_found_by_either():
    pinyin = spell("单家庄").pinyin
    assert " danjiazhuang " in pinyin
    assert " shanjiazhuang " in pinyin


@pytest.mark.parametrize(("name", "typed"), [("十二社", "12社"), ("小海子村三社", "小海子村3社"), ("二十社", "20社")])
def test_a_numbered_group_is_found_by_digits(name, typed):
    assert f" {typed} " in spell(name).words


def test_a_numbered_road_is_found_the_way_people_say_it():
    words = spell("X210 高南公路").words.split()
    assert {"x210高南公路", "x210", "高南公路", "210县道", "县道210"} <= set(words)


@given(HAN)
def test_every_name_has_its_folded_self_first_and_a_bounded_number_of_readings(name):
    spelling = spell(name)
    assert spelling.words.split()[0] == fold(name)
    assert 1 <= len(spelling.pinyin.split()) <= MOST_READINGS * len(spelling.words.split())
    assert all(line.startswith(" ") and line.endswith(" ") for line in (spelling.pinyin, spelling.initials))


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing_more_and_leaves_no_wildcard(text):
    folded = fold(text)
    assert fold(folded) == folded
    assert not set(folded) & set("%_ \\")
