"""A message is its Chinese sentence everywhere, and can still be told in another language."""

import copy
import json
import pickle

import pytest

from risk_model.errors import ChangeRefused
from risk_model.message import Message, as_plain, bilingual, from_plain, msg

ENGLISH = {
    "没有{what}；可用：{known}": "no {what}; there are {known}",
    "名称": "name",
    "「{column}」{trouble}": "“{column}”: {trouble}",
}


def english(message: Message) -> str:
    return message.told("en", lambda template, _: ENGLISH.get(template, template))


@pytest.fixture
def message() -> Message:
    return msg("没有{what}；可用：{known}", what=msg("名称"), known=["甲", msg("名称"), 3])


def test_a_message_is_its_chinese_sentence(message):
    assert message == "没有名称；可用：甲、名称、3"
    assert json.loads(json.dumps(message)) == message
    assert f"{message}。" == "没有名称；可用：甲、名称、3。"


def test_a_message_is_told_with_everything_in_it_in_another_language(message):
    assert english(message) == "no name; there are 甲, name, 3"


def test_an_error_hands_its_message_on_whole(message):
    again = msg("「{column}」{trouble}", column="等级", trouble=ValueError(message))
    assert again == "「等级」没有名称；可用：甲、名称、3"
    assert english(again) == "“等级”: no name; there are 甲, name, 3"


def test_an_error_of_a_plain_sentence_is_translated_too():
    assert english(msg("「{column}」{trouble}", column="等级", trouble=ValueError("名称"))) == "“等级”: name"
    assert msg("{trouble}", trouble=ValueError("没有 {n}")) == "没有 {n}"


def test_braces_in_a_value_are_text():
    assert msg("没有 {name}", name="{n} {0}") == "没有 {n} {0}"


@pytest.mark.parametrize("carry", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))], ids=["copy", "pickle"])
def test_a_message_arrives_in_another_process_with_what_it_was_made_of(message, carry):
    assert english(carry(message)) == english(message)


def test_a_message_comes_back_from_plain_json_with_what_it_was_made_of(message):
    kept = json.loads(json.dumps(as_plain({"problems": [{"problem": message, "feature": 3}], "crs": None})))
    back = from_plain(kept)
    assert back == {"problems": [{"problem": message, "feature": 3}], "crs": None}
    assert english(back["problems"][0]["problem"]) == english(message)


def test_what_the_rules_say_in_both_languages_needs_no_translation():
    refused = ChangeRefused("GEO-1", "metres", bilingual("只能收紧", "only stricter"))
    assert str(refused) == "GEO-1 · metres：只能收紧"
    assert english(str(refused)) == "GEO-1 · metres：only stricter"
    assert from_plain(as_plain(bilingual("甲", "one"))).english == "one"
