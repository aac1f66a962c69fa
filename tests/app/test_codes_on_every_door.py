"""One code reads the same on the register, on its own page, in the workbook and in scripts, in both languages."""

import io
import json
import re

import pytest
from openpyxl import load_workbook

from gis_layers.stores import town
from gis_layers.stores.gazetteer import refresh_names
from risk_model.codes import enumeration
from tests.app.conftest import METRIC
from tests.app.seeds import seeded_database
from tests.app.test_registers import HERE, frame

SECTORS = tuple(enumeration("sector"))


@seeded_database()
def every_sector(deployment) -> None:
    """An enterprise of each sector, a facility, station and force of each kind."""
    with deployment.sessions.begin() as session:
        for register, column, key in (
            ("enterprises", "sector", "sector"),
            ("facilities", "kind", "facility_kind"),
            ("stations", "kind", "station_kind"),
            ("forces", "kind", "force_kind"),
        ):
            codes = list(enumeration(key))
            rows = {"name": [f"{register}-{code}" for code in codes], column: codes}
            more = {"capabilities": [["rescue"]] * len(codes)} if register == "forces" else {}
            town.append_register(session, register, frame([HERE] * len(codes), **rows, **more))
        refresh_names(session, METRIC)


def names(key: str, language: str) -> dict[str, str]:
    return {code.code: code.name.told(language, lambda template, _: template) for code in enumeration(key).values()}


def cells_beside(page: str, text: str) -> str:
    """What a table says in the row in which ``text`` stands."""
    (row,) = [row for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL) if f"{text}<" in row]
    return row


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_sector_is_called_alike_on_register_page_workbook_and_in_scripts(client, every_sector, language):
    told, asked = names("sector", language), {"lang": language}
    register = client.get("/registers/enterprises", params=asked).text
    colours = client.get("/enterprises/table", params=asked).text
    (served,) = re.findall(r"window\.ANZHI = (.*);\n", client.get(f"/words/{language}.js").text)
    book = load_workbook(io.BytesIO(client.get("/enterprises/list.xlsx", params=asked).content))
    written = {row[1]: row[2] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)}
    assert {code: entry["name"] for code, entry in json.loads(served)["codes"]["sector"].items()} == told
    for code in SECTORS:
        name = f"enterprises-{code}"
        assert told[code] in cells_beside(register, name), code
        assert told[code] in cells_beside(colours, name), code
        assert written[name] == told[code]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("register", "key"),
    [("facilities", "facility_kind"), ("stations", "station_kind"), ("forces", "force_kind")],
)
def test_a_kind_is_called_on_its_register_as_the_file_says(client, every_sector, register, key, language):
    page = client.get(f"/registers/{register}", params={"lang": language}).text
    for code, name in names(key, language).items():
        assert name in cells_beside(page, f"{register}-{code}"), code


def test_a_place_is_told_apart_by_the_same_word(client, every_sector):
    found = client.get("/api/places", params={"q": "stations-fire"}).json()["items"]
    assert [place["detail"] for place in found if place["name"] == "stations-fire"] == ["消防救援站"]
