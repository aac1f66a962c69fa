"""Which encoding a text is in, by what it says and by its bytes."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_layers.errors import UnreadableFile, UnwritableFile
from gis_layers.exchange import ReadingOptions, read_stations, write_layer
from gis_layers.exchange.text.text_encoding import Claims, RawText, decide_encoding, decode, known_name
from tests.exchange.deliveries import gbk_shapefile, read, rows_of_squares
from tests.saying import refusing

WORDS = ("南华镇小海子村", "高风险区", "滑坡", "骆驼城镇", "易发性分区", "地质灾害")
common_han = st.text(
    st.sampled_from("南华镇小海子村高风险区滑坡泥石流崩塌易发性分地质灾害骆驼城乡河水库断层名称等级"),
    min_size=2,
    max_size=20,
)


def texts(encoding: str, words: tuple[str, ...] = WORDS) -> list[RawText]:
    return [RawText(word.encode(encoding)) for word in words]


@pytest.mark.parametrize(
    ("claim", "name"),
    [("UTF-8", "UTF-8"), ("utf8", "UTF-8"), ("65001", "UTF-8"), ("936", "GBK"), ("ANSI 936", "GBK"), ("CP936", "GBK"), ("GB2312", "GBK"),
     ("gb18030", "GB18030"), ("ISO-8859-1", "ISO8859-1"), ("ANSI 1252", "CP1252"), ("klingon", None), ("", None)],
)  # fmt: skip
def test_a_code_page_is_known_however_it_is_spelt(claim: str, name: str | None) -> None:
    assert known_name(claim) == name


@pytest.mark.parametrize(
    ("actual", "claims", "decided"),
    [
        ("gbk", Claims(), "GB18030"),
        ("utf-8", Claims(), "UTF-8"),
        ("gbk", Claims(declared="GBK"), "GBK"),
        ("gbk", Claims(declared="klingon"), "GB18030"),
        ("gbk", Claims(language=0x4D), "GBK"),
        ("gbk", Claims(language=0x57), "GB18030"),
        ("big5", Claims(declared="big5"), "BIG5"),
        ("gbk", Claims(declared="UTF-8"), "GB18030"),
        ("utf-8", Claims(declared="GBK"), "UTF-8"),
        ("utf-8", Claims(language=0x4D), "UTF-8"),
        ("gbk", Claims(declared="ISO-8859-1"), "GB18030"),
        ("gbk", Claims(declared="UTF-8", wanted="utf-8"), "UTF-8"),
    ],
)
def test_the_encoding_is_the_officers_word_the_files_or_what_the_bytes_are(
    actual: str, claims: Claims, decided: str
) -> None:
    found = decide_encoding(
        texts("gbk" if actual == "gbk" else actual, WORDS if actual != "big5" else ("村", "高雄")), claims
    )
    assert found.name == decided


def test_only_a_claim_that_was_wrong_is_told() -> None:
    note = decide_encoding(texts("gbk"), Claims(declared="UTF-8")).note
    assert note is not None
    assert "GB18030" in note
    assert decide_encoding(texts("gbk"), Claims()).note is None
    assert decide_encoding(texts("gbk"), Claims(declared="936")).note is None


def test_western_text_outside_china_stays_western() -> None:
    western = texts("latin-1", ("Zürich", "Gämsen", "Rhône"))
    assert decide_encoding(western, Claims(declared="ISO-8859-1", in_china=False)).name == "ISO8859-1"
    assert decide_encoding(western, Claims(language=0x57, in_china=False)).name == "CP1252"


def test_one_damaged_value_does_not_make_the_rest_rubbish() -> None:
    damaged = [*texts("utf-8"), RawText("灾害".encode()[:-1] + b"\xff")]
    assert decide_encoding(damaged, Claims(declared="UTF-8")).name == "UTF-8"
    assert decide_encoding([*texts("gbk"), RawText(b"\xff\xff")], Claims()).name == "GB18030"
    assert decide_encoding([RawText(b"\xff\xff")], Claims()).name is None


@given(common_han)
def test_text_in_either_encoding_reads_back_as_it_was_written(text: str) -> None:
    for encoding in ("utf-8", "gb18030"):
        name = decide_encoding([RawText(text.encode(encoding)), *texts(encoding)], Claims()).name
        assert name is not None
        assert decode(RawText(text.encode(encoding)), name) == (text, False)


@given(common_han, st.integers(1, 12), st.sampled_from(["utf-8", "gb18030"]))
def test_a_text_cut_by_its_field_loses_only_the_half_character(text: str, width: int, encoding: str) -> None:
    cut = text.encode(encoding)[:width]
    decoded, halved = decode(RawText(cut, full=True), encoding)
    assert decoded is not None
    assert text.startswith(decoded)
    assert halved == (len(decoded.encode(encoding)) < len(cut))
    if halved:
        assert decode(RawText(cut), encoding) == (None, False)


@pytest.mark.parametrize(
    "codec",
    ["hex", "rot13", "base64", "bz2", "zip", "uu", "quopri", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined",
     "utf-7", "a\0b", "", "no such codec"],
)  # fmt: skip
def test_a_codec_that_is_no_encoding_of_text_is_none_for_whoever_names_it(tmp_path: Path, codec: str) -> None:
    assert known_name(codec) is None
    table = tmp_path / "s.csv"
    table.write_text("name,lon,lat\n甲,99.8,39.33\n", encoding="utf-8")
    if codec:
        with refusing(UnreadableFile, match="no text encoding"):
            read_stations(table, ReadingOptions(encoding=codec))
    with refusing(UnwritableFile, match="no text encoding"):
        write_layer(
            read_stations(table, ReadingOptions()).frame, tmp_path / "out.csv", layer_name="s", encoding=codec or "?"
        )


@pytest.mark.parametrize("page", ["hex", "idna", "\0", "undefined"])
def test_a_code_page_that_is_no_encoding_is_as_good_as_none(tmp_path: Path, page: str) -> None:
    path = gbk_shapefile(tmp_path, rows_of_squares(2))
    path.with_suffix(".cpg").write_text(page)
    assert list(read(path).frame["name"]) == ["图斑0号", "图斑1号"]


def test_text_that_an_encoding_leaves_no_place_for_is_refused_and_not_a_traceback(tmp_path: Path) -> None:
    table = tmp_path / "s.csv"
    table.write_bytes("name,lon,lat\n甲,99.8,39.3\n".encode() + b"\n")
    for encoding in ("utf-16", "utf-32", "utf-16-le"):
        with suppress(UnreadableFile):
            report = read_stations(table, ReadingOptions(encoding=encoding)).report
            assert report.features_loaded == 0
            assert report.problems
