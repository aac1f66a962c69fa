"""Registers as pages, pieces of pages and files; errors as pages or documents, whichever was asked for."""

import csv
import io

import pytest
from sqlalchemy.exc import OperationalError

from app.registers.register_views import SHEETS
from gis_layers.stores.lists import ListQuery, count_list, read_list
from gis_layers.stores.town import append_register
from risk_model.codes import enumerations
from tests.app.test_registers import HERE, frame, stocked  # noqa: F401 - a fixture
from tests.app.visitors import browser
from tests.saying import tells

PAGE = {"Accept": "text/html,application/xhtml+xml"}


@pytest.mark.parametrize("layer", SHEETS)
def test_every_register_is_a_page_even_when_it_is_empty(client, layer):
    answer = client.get(f"/registers/{layer}")
    assert answer.status_code == 200
    assert tells(answer.text, "这份台账还是空的：没有载入，不等于没有。")


def test_every_column_of_codes_names_an_enumeration():
    asked = {column.words for sheet in SHEETS.values() for column in sheet.columns if column.words}
    assert asked
    assert asked <= set(enumerations())
    assert set(SHEETS) == set(enumerations()["register"])
    assert all(sheet.key == layer for layer, sheet in SHEETS.items())


def test_a_piece_is_the_table_alone_and_is_never_kept_for_the_page(client, stocked):  # noqa: F811
    whole, piece = (client.get("/registers/enterprises", headers=asked) for asked in ({}, {"HX-Request": "true"}))
    assert "<html" in whole.text
    assert "<html" not in piece.text
    assert piece.text.strip() in whole.text
    assert "HX-Request" in piece.headers["vary"]
    assert piece.headers["cache-control"] == "no-store"


def test_an_unknown_register_names_those_that_are_known(client):
    answer = client.get("/registers/none")
    assert answer.status_code == 404
    assert "enterprises" in answer.json()["detail"]
    assert client.get("/downloads/none.csv").status_code == 404
    assert client.get("/lists?list=none").status_code == 404


def test_a_file_holds_the_register_with_numbers_as_the_asker_may_see_them(client, stocked):  # noqa: F811
    answer = client.get("/downloads/stations.csv")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == client.get("/api/stations").json()["total"]
    assert all("*" in row["duty_phone"] for row in rows if row["duty_phone"])
    assert "contact_phone" not in client.get("/downloads/enterprises.csv").text
    assert client.get("/downloads/enterprises.gpkg").content.startswith(b"SQLite format 3")


def test_trouble_is_a_page_for_a_person_and_a_document_for_a_program(client):
    app = client.app
    app.state.guests_welcome = True
    person = browser(app)
    page = person.get("/nowhere", headers=PAGE)
    assert (page.status_code, page.headers["content-type"].split(";")[0]) == (404, "text/html")
    assert tells(page.text, "没有找到这一页")
    assert "No such page" in person.get("/nowhere?lang=en", headers=PAGE).text
    for address, headers in (
        ("/api/nowhere", PAGE),
        ("/nowhere", {"Accept": "*/*"}),
        ("/nowhere", PAGE | {"HX-Request": "true"}),
    ):
        document = person.get(address, headers=headers)
        assert document.headers["content-type"] == "application/problem+json", address


def test_a_database_that_is_gone_is_told_on_a_page_that_needs_none(client):
    @client.app.get("/gone")
    def gone() -> None:
        raise OperationalError("SELECT 1", {}, Exception("no server"))

    answer = browser(client.app).get("/gone", headers=PAGE)
    assert answer.status_code == 503
    assert tells(answer.text, "再试一次")


def test_a_list_is_ordered_with_the_unknown_last_and_filtered_by_words(deployment):
    with deployment.sessions.begin() as session:
        rows = frame([HERE] * 3, name=["甲100%厂", "乙厂", "丙店"], staff=[5, None, 2])
        append_register(session, "enterprises", rows)
        for turned, staff in ((False, [2, 5, None]), (True, [5, 2, None])):
            found = read_list(session, "enterprises", ListQuery(order="staff", descending=turned))
            assert found["staff"].tolist() == staff
        for words, count in (("厂", 2), ("%", 1), ("_", 0), ("", 3)):
            assert count_list(session, "enterprises", ListQuery(words=words)) == count, words
        assert count_list(session, "enterprises", ListQuery(only={"nothing": "x"})) == 0
        part = read_list(session, "enterprises", ListQuery(limit=1, offset=1))
        assert part["name"].tolist() == ["乙厂"]


def test_where_nobody_is_signed_in_a_piece_of_a_page_sends_the_whole_page_to_the_way_in(client):
    client.app.state.guests_welcome = False
    shown = {"HX-Request": "true", "HX-Current-URL": "http://127.0.0.1:8000/registers/roads?q=G312"}
    answer = browser(client.app).get("/registers/roads?q=G31", headers=shown)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in?next=%2Fregisters%2Froads%3Fq%3DG312"
