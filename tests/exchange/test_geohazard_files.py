"""The ledger of geohazard sites with its Chinese heading: what is unknown stays unknown, what contradicts itself is refused."""

from datetime import date

from gis_layers.exchange import ReadingOptions, read_geohazard_sites
from tests.saying import tells

HEADING = "隐患点编号,隐患点名称,灾害类型,经度,纬度,威胁户数,威胁人数,群测群防员,监测员电话,认定文号,认定日期,核销文号,核销日期,状态,所属风险区"


def read(folder, *lines):
    path = folder / "sites.csv"
    path.write_text("\ufeff" + "\n".join([HEADING, *lines]), encoding="utf-8")
    return read_geohazard_sites(path, ReadingOptions(crs="EPSG:4490"))


def test_a_ledger_of_sites_is_read_and_numbers_nobody_wrote_stay_unknown(tmp_path):
    delivery = read(
        tmp_path,
        "DZ-1,示例沟,泥石流,99.80,39.33,3户,,孙某,13900001234,示自然资发〔2025〕1号,2025-03-01,,,群测群防,II-3",
        "DZ-2,示例坡,不稳定斜坡,99.81,39.33,,0,,,,,,,,",
        "DZ-3,示例崖,崩塌,99.82,39.33,,,,,示自然资发〔2020〕1号,2020-03-01,示自然资发〔2024〕1号,2024-03-01,已核销,",
    )
    frame = delivery.frame
    assert list(frame["code"]) == ["DZ-1", "DZ-2", "DZ-3"]
    assert list(frame["kind"]) == ["debris_flow", "landslide", "collapse"]
    assert list(frame["state"]) == ["monitored", "recognised", "struck_off"]
    first, second, _ = frame.to_dict("records")
    assert (first["people"], first["contact_name"], first["told_zone"]) == (None, "孙某", "II-3")
    assert (second["people"], second["households"]) == (0, None)
    assert first["recognised_on"] == date(2025, 3, 1)
    assert [
        problem.feature
        for problem in delivery.report.problems
        if tells(problem.problem, "隐患点「{code}」没有认定文号")
    ] == [1]


def test_a_line_that_lacks_what_it_cannot_lack_or_contradicts_itself_is_refused(tmp_path):
    delivery = read(
        tmp_path,
        ",无编号,滑坡,99.80,39.33,,,,,文,2025-03-01,,,,",
        "DZ-1,,滑坡,99.80,39.33,,,,,文,2025-03-01,,,,",
        "DZ-2,战争点,战争,99.80,39.33,,,,,文,2025-03-01,,,,",
        "DZ-3,无文号核销,滑坡,99.80,39.33,,,,,文,2025-03-01,,,已核销,",
        "DZ-4,倒流,滑坡,99.80,39.33,,,,,文,2025-03-01,文,2024-03-01,已核销,",
        "DZ-5,未核销,滑坡,99.80,39.33,,,,,文,2025-03-01,文,2026-03-01,已认定,",
        "DZ-6,好,滑坡,99.80,39.33,,,,,文,2025-03-01,,,,",
        "DZ-6,重,滑坡,99.80,39.33,,,,,文,2025-03-01,,,,",
        "DZ-8,不明,滑坡,99.80,39.33,,,,,文,2025-03-01,,,撤了,",
    )
    assert list(delivery.frame["code"]) == ["DZ-6"]
    assert delivery.report.features_refused == 8
