"""Files whose refusal is to say what was found and what to do."""

from tests.exchange.strangers.case import UNITS, ZONES, Case

CASES: tuple[Case, ...] = (
    Case("headings/title_row.xlsx", ("stations",), 1, says=("表头在第 2 行",), silent=("经纬度列",), stored=1),
    Case("headings/sep.csv", ("stations",), 1, stored=1),
    Case("headings/header_spaces.csv", ("stations",), 1, silent=("没有可用的名称",), stored=1),
    Case("headings/jzd.txt", UNITS, 1, says=("1.2 公顷",)),
    Case("archives/appledouble.zip", ZONES, 1),
    Case("archives/lock.zip", ("stations",), 10),
    Case("archives/mixed_case.zip", ZONES, 1),
    Case(
        "archives/gdb_flat.zip", ZONES, 0, refused=None, says=("File Geodatabase", ".gdb 文件夹", "a00000001.gdbtable")
    ),
    Case("archives/hidden.xlsx", ("stations",), 1, says=("隐藏的工作表", "WpsReserved_CellImgList")),
    Case("signs/ewkt.csv", ZONES, 1),
    Case("signs/dm_decimal.csv", ("stations",), 1),
)
