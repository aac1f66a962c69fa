"""Rows found by words, by what they can do and by what befell their dates: the lists recomputed from all rows."""

import datetime
import json
import re
from pathlib import Path

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.http.masking import masked, telephones_in
from app.main import create_app
from app.platform.clock import today
from app.platform.principals import Role
from app.registers.register_views import SHEETS, limits_of
from gis_layers.stores import places, town
from gis_layers.stores.enterprises import EnterpriseQuery, count_by_colour, read_enterprises
from gis_layers.stores.hidden_dangers import DangerQuery, count_dangers, find_newly_overdue
from gis_layers.stores.lists import LOOKED_THROUGH, ListQuery, count_list, read_list
from risk_model.codes import enumeration
from tests.app.seeds import seeded_database
from tests.app.test_registers import HERE, frame
from tests.app.visitors import add_account, browser, sign_in
from tests.saying import tells

PLACES, THINGS, WORDS = ("南寨子", "北河", "Xin"), ("消防站", "加油站", "救援队"), ("一", "A_1", "50%", "\\甲", "it's")
NAMES = [f"{place}{thing}{word}" for place in PLACES for thing in THINGS for word in WORDS]
PIECES = (*PLACES, *THINGS, *WORDS, "河", "站", "xin", "a_", "%", "北河村", "没有", "_", "\\")
ASKED = st.lists(st.sampled_from(PIECES), max_size=4).flatmap(
    lambda pieces: st.sampled_from((" ", "\u3000", "\t", "  \n ")).map(lambda gap: f"{gap}{gap.join(pieces)}{gap}")
)
DANGER = """
    INSERT INTO hidden_dangers (code, state, channel, found_on, confirmed_on, deadline, closed_on, level, village_code, geom)
    VALUES (:code, :state, 'department', '2020-01-01', '2020-01-02', :deadline, :closed, :level, 'v1', ST_SetSRID(ST_MakePoint(99.8, 39.3), 4490))
"""


def days_ago(days: int | None) -> datetime.date | None:
    return None if days is None else today() - datetime.timedelta(days=days)


AGO = (None, -1, 0, 1, 179, 180, 181, 4000)
ABLE = [["rescue"], ["rescue", "boat"], ["boat"], [], ["自编词"]]


@seeded_database()
def found_among(deployment) -> None:
    """Villages, enterprises and forces of many names, with every combination of dates."""
    square = shapely.multipolygons([shapely.box(99.7, 39.2, 99.9, 39.4)])
    with deployment.sessions.begin() as session:
        places.append_places(session, "villages", frame([square], name=["北河村"], code=["v1"]))
        villages = ["v1" if number % 2 else None for number in range(len(NAMES))]
        columns = {"name": NAMES, "village_code": villages}
        dates = [(expires, verified) for expires in AGO for verified in AGO]
        town.append_register(
            session, "enterprises", frame([HERE] * len(NAMES), **columns, sector=["food"] * len(NAMES))
        )
        town.append_register(session, "stations", frame([HERE] * len(NAMES), **columns))
        town.append_register(session, "forces", frame(
            [HERE] * len(dates),
            name=[NAMES[place % len(NAMES)] for place in range(len(dates))],
            capabilities=[ABLE[place % len(ABLE)] for place in range(len(dates))],
            agreement_expires=[days_ago(expires) for expires, _ in dates],
            last_verified=[days_ago(verified) for _, verified in dates],
            contact_phone=["13800001111、0816-1234567转8"] * len(dates),
        ))  # fmt: skip


def holds(row: dict, words: str, columns: tuple[str, ...]) -> bool:
    """Whether every word stands somewhere in the row; reckoned without the database."""
    values = [str(row[name]).lower() for name in columns if row.get(name)]
    return all(any(word in value for value in values) for word in words.lower().split())


def test_words_in_any_order_find_the_rows_that_hold_them_all(deployment, found_among):
    with deployment.sessions() as session:
        rows = {
            register: read_list(session, register, ListQuery(limit=1000)).to_dict("records")
            for register in ("enterprises", "stations", "forces", "villages")
        }
        everyone = read_enterprises(session).to_dict("records")

        @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(ASKED)
        def law(words: str) -> None:
            turned = " ".join(reversed(words.split()))
            for register, all_rows in rows.items():
                expected = {
                    row["id"] for row in all_rows if holds(row, words, (*LOOKED_THROUGH, "village", "enterprise"))
                }
                for said in (words, turned):
                    found = read_list(session, register, ListQuery(said, limit=1000))
                    assert set(found["id"]) == expected, (register, said)
                assert count_list(session, register, ListQuery(words)) == len(expected)
            if not words.isascii():
                mine = {row["id"] for row in everyone if holds(row, words, ("name", "credit_code", "village"))}
                query = EnterpriseQuery(q=words)
                assert mine <= set(read_enterprises(session, query)["id"])
                assert sum(count_by_colour(session, query).values()) >= len(mine)

        law()


def test_what_a_force_can_do_narrows_the_list(client, deployment, found_among):
    with deployment.sessions() as session:
        all_rows = read_list(session, "forces", ListQuery(limit=1000)).to_dict("records")
        for able in ("rescue", "boat", "自编词", "drone"):
            expected = {row["id"] for row in all_rows if able in row["capabilities"]}
            assert (
                set(read_list(session, "forces", ListQuery(only={"capabilities": able}, limit=1000))["id"]) == expected
            )
    page = client.get("/registers/forces?ability=boat").text
    assert re.search(r'<option value="boat" selected>', page)
    assert '<option value="自编词">' in page
    assert '<option value="drone">' not in page


def test_what_befell_a_date_stands_in_words_and_signs_and_is_what_the_filter_finds(client, deployment, found_among):
    for code, word in enumeration("lapse").items():
        page = client.get(f"/registers/forces?lapse={code}&lang=zh").text
        cells = re.findall(
            r'<span class="lapse is-(\w+)"><span class="sign" aria-hidden="true">(.)</span> ([^<]+)</span>', page
        )
        rows = page.count('<tr id="row-')
        sheet = SHEETS["forces"]
        with deployment.sessions() as session:
            before = limits_of(sheet, code, today())
            total = count_list(session, "forces", ListQuery(before=before))
        assert tells(page, "共 %(count)s 项", count=total)
        if before:
            assert [found[0] for found in cells].count(code) == rows > 0
        for found, sign, said in cells:
            assert (sign, said) == (str(enumeration("lapse")[found].sign), str(enumeration("lapse")[found].name))
        assert bool(before) == (code != "overdue"), word
    at_limit = {(row["agreement_expires"], row["last_verified"]) for row in _listed(deployment, "stale")}
    assert {verified for _, verified in at_limit} == {days_ago(181), days_ago(4000)}
    assert {row["agreement_expires"] for row in _listed(deployment, "expired")} == {
        days_ago(1),
        *map(days_ago, (179, 180, 181, 4000)),
    }


def _listed(deployment, lapse: str) -> list[dict]:
    query = ListQuery(before=limits_of(SHEETS["forces"], lapse, today()), limit=1000)
    with deployment.sessions() as session:
        return read_list(session, "forces", query).to_dict("records")


@pytest.mark.parametrize(
    ("state", "closed", "level"),
    [("rectifying", None, "major"), ("closed", days_ago(0), "major"), ("registered", None, None)],
)
def test_a_danger_is_late_only_while_its_deadline_runs(client, deployment, state, closed, level):
    with deployment.sessions.begin() as session:
        for number, ago in enumerate((-1, 0, 1, 500)):
            told = {"code": f"YH-{number}", "state": state, "deadline": days_ago(ago), "closed": closed, "level": level}
            session.execute(text(DANGER), told)
        late = count_dangers(session, DangerQuery(overdue_on=today()))
        assert len(find_newly_overdue(session, today())) == late
    page = client.get("/registers/hidden-dangers?lapse=overdue").text
    assert page.count('<tr id="row-') == late == page.count('class="lapse is-overdue"')
    whole = client.get("/registers/hidden-dangers").text
    assert whole.count('class="lapse is-overdue"') == late
    assert whole.count('<tr id="row-') == 4


def test_numbers_are_dialled_as_written_and_never_out_of_a_mask():
    cases = json.loads((Path(__file__).parents[1] / "data" / "telephones.json").read_text("utf-8"))
    for written, dialled in cases:
        assert [one.dialled for one in telephones_in(written)] == dialled, written
        assert all(one.dialled is None for one in telephones_in(masked(written) or "")), written


def test_whoever_may_call_gets_a_number_to_dial_and_to_copy_and_others_neither(client, deployment, found_among):
    viewers = client.get("/registers/forces").text
    assert "tel:" not in viewers
    assert "data-copy" not in viewers
    assert "****" in viewers
    add_account(deployment, "duty", Role.DISPATCHER)
    visitor = browser(create_app(deployment, loopback=True))
    assert sign_in(visitor, "duty").status_code == 200
    page = visitor.get("/registers/forces").text
    assert 'href="tel:13800001111"' in page
    assert 'href="tel:08161234567;ext=8"' in page
    assert 'data-copy="13800001111"' in page
