"""Values that reading might change."""

from tests.exchange.strangers.case import ZONES, Case

GRADED = (*ZONES, "--grade-scheme", "geo4")

CASES: tuple[Case, ...] = (
    Case("values/dms60.csv", ("stations",), 0, 3, ("99°75′00″", "39°19′99″", "39:90:00")),
    Case("values/dm_decimal.csv", ("stations",), 1),
    Case("values/thousands.csv", ("enterprises",), 4, 0, ("50个",), upload_says=()),
    Case("values/hd_bigint.geojson", ("hidden-dangers",), 2, 1, ("2024-05-01",), uploaded=None),
    Case("values/utc_date.geojson", ZONES, 1, 0, ("2024-05-01",), upload_says=()),
    Case("values/sci_code.csv", ("stations",), 2, 0, ("6.20724E+11", "末几位已丢失"), upload_says=()),
    Case("values/errors.xlsx", ("stations",), 0, 3, ("#N/A", "公式 =A1", "=99.8+0.02"), uploaded=2),
    Case("values/k10.csv", ("projects",), 0, 2, ("K10", "K1-K3")),
    Case(
        "values/odd_dates.csv",
        ZONES,
        15,
        0,
        ("2024-05-01", "2024年3月；", "05/03/2024", "2024113", "24.3.5"),
        upload_says=(),
    ),
    Case("values/zerowidth.csv", ZONES, 7, 0, ("U+200B", "U+FEFF", "1.0"), upload_says=()),
    Case(
        "values/registers.csv",
        ("enterprises",),
        5,
        0,
        (
            "1.5万",
            "约100",
            "≥50",
            "10-20",
            "1,5",
            "500kg",
            "15,30",
            "约15",
            "-5",
            "13800000000.0",
            "1.38E+10",
            "2024年5月",
            "24/5/1",
            "03/04/2024",
            "2024-04-13",
            "五级",
            "50%",
            "TRUE",
            "暂无",
            "018",
            "R22、UN1005",
        ),
        upload_says=(),
    ),
    Case(
        "values/shown.xlsx",
        ("forces",),
        2,
        2,
        ("00000936", "2024-03-05", "逻辑值", "5%", "2024-05-01", "末几位已丢失", "=IF(1,2)"),
        uploaded=4,
        upload_says=(),
    ),
)
