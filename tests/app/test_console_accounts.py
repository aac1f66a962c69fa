"""Accounts and tokens from the console: what it prints, what it refuses, what it leaves in the audit."""

import json

import geopandas as gpd
import pytest
import shapely
from fastapi import FastAPI
from typer.testing import CliRunner

from app.cli import cli
from app.http.i18n import in_language
from app.main import create_app
from app.platform.deployment import Deployment
from app.platform.errors import Refused
from tests.app.visitors import PASSWORD, add_account, audited, browser, sign_in
from tests.saying import says


@pytest.fixture
def app(deployment: Deployment) -> FastAPI:
    return create_app(deployment, loopback=True)


@pytest.fixture
def anzhi(database_url: str, monkeypatch):
    """The console on the test's database."""
    monkeypatch.setenv("ANZHI_DATABASE_URL", database_url)
    runner = CliRunner()
    return lambda *words, **options: runner.invoke(cli, [str(word) for word in words], **options)


def last_line(result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout.strip().splitlines()[-1]


def test_the_console_adds_an_account_with_a_one_time_password(anzhi, app: FastAPI):
    password = last_line(anzhi("user", "add", "Li", "--role", "officer", "--department", "应急办"))
    visitor = browser(app)
    entered = sign_in(visitor, "li", password).json()
    assert (entered["role"], entered["department"], entered["hazards"]) == ("officer", "应急办", ["*"])
    assert entered["must_change_password"] is True


def test_the_console_takes_a_password_from_standard_input(anzhi, app: FastAPI):
    assert anzhi("user", "add", "li", "--password-stdin", input=f"{PASSWORD}\n").exit_code == 0
    assert sign_in(browser(app), "li").json()["must_change_password"] is False
    refused = anzhi("user", "add", "wu", "--password-stdin", input="short\n")
    assert isinstance(refused.exception, Refused)
    assert "wu" not in anzhi("user", "list").stdout


def test_the_console_refuses_a_name_twice_a_role_and_a_hazard_that_do_not_exist(anzhi):
    anzhi("user", "add", "li")
    for words, reason in (
        (("add", "LI"), "choose another name"),
        (("add", "wu", "--role", "king"), "roles: viewer"),
        (("add", "wu", "--role", "officer", "--hazard", "meteors"), "hazards: "),
        (("disable", "nobody"), "no account"),
        (("reset-password", "demo-officer"), "no account"),
    ):
        refused = anzhi("user", *words)
        assert refused.exit_code == 1
        assert reason in in_language(str(refused.exception), "en")


def test_an_officer_may_be_bounded_to_hazards_and_an_area(anzhi, deployment: Deployment, tmp_path):
    ground = shapely.box(99.8, 39.3, 99.85, 39.35)
    gpd.GeoDataFrame({"name": ["北片"]}, geometry=[ground], crs=4490).to_file(tmp_path / "north.gpkg")
    added = anzhi("user", "add", "li", "--role", "officer", "--hazard", "flood", "--area", tmp_path / "north.gpkg")
    assert added.exit_code == 0, added.exception
    listed = json.loads(anzhi("user", "list", "--json").stdout)["items"][0]
    assert (listed["hazards"], listed["area"], listed["state"]) == (["flood"], True, "password due")
    assert anzhi("user", "change", "li", "--hazard", "*", "--everywhere", "--role", "approver").exit_code == 0
    listed = json.loads(anzhi("user", "list", "--json").stdout)["items"][0]
    assert (listed["hazards"], listed["area"], listed["role"]) == (["*"], False, "approver")


def test_rights_reach_whoever_asks(anzhi, app: FastAPI, tmp_path):
    gpd.GeoDataFrame({"name": ["北"]}, geometry=[shapely.box(99.8, 39.3, 99.85, 39.35)], crs=4490).to_file(
        tmp_path / "north.gpkg"
    )
    words = ("--role", "officer", "--hazard", "flood", "--area", tmp_path / "north.gpkg", "--password-stdin")
    anzhi("user", "add", "li", *words, input=f"{PASSWORD}\n")
    entered = sign_in(browser(app), "li").json()
    assert (entered["hazards"], entered["area"]) == (["flood"], True)


def test_resetting_and_disabling_end_what_was_signed_in(anzhi, app: FastAPI, deployment: Deployment):
    add_account(deployment)
    visitor = browser(app)
    sign_in(visitor)
    password = last_line(anzhi("user", "reset-password", "zhang"))
    assert visitor.get("/api/session").status_code == 401
    assert sign_in(visitor, password=password).json()["must_change_password"] is True
    assert anzhi("user", "disable", "ZHANG").exit_code == 0
    assert visitor.get("/api/session").status_code == 401
    assert "disabled" in anzhi("user", "list").stdout
    anzhi("user", "enable", "zhang")
    assert sign_in(visitor, password=password).status_code == 200


def test_tokens_are_made_listed_and_revoked(anzhi, app: FastAPI):
    token = last_line(anzhi("token", "create", "--role", "viewer", "--name", "map", "--days", 3))
    program = browser(app, headers={"Authorization": f"Bearer {token}"})
    assert program.get("/api/zones").status_code == 200
    listed = anzhi("token", "list").stdout
    assert token not in listed
    assert "map\tviewer\topen" in listed
    assert anzhi("token", "revoke", "map").exit_code == 0
    assert program.get("/api/zones").status_code == 401
    assert json.loads(anzhi("token", "list", "--json").stdout)["items"][0]["state"] == "revoked"
    assert says(
        str(anzhi("token", "revoke", "map").exception), "没有仍然有效的令牌「{token}」；用 `anzhi token list` 查看"
    )
    assert says(
        str(anzhi("token", "create", "--role", "king", "--name", "x").exception),
        "没有角色「{word}」；可用的角色：{allowed}",
    )
    for _ in range(2):
        anzhi("token", "create", "--role", "viewer", "--name", "twin")
    assert "2, 3" in str(anzhi("token", "revoke", "twin").exception)


def test_every_change_from_the_console_is_audited(anzhi, deployment: Deployment):
    anzhi("user", "add", "li")
    for words in (
        ("change", "li", "--department", "应急办"),
        ("disable", "li"),
        ("enable", "li"),
        ("reset-password", "li"),
    ):
        assert anzhi("user", *words).exit_code == 0
    anzhi("token", "create", "--role", "viewer", "--name", "map")
    anzhi("token", "revoke", "map")
    entries = audited(deployment)
    assert all(actor.startswith("console:") for actor, _ in entries)
    assert [action for _, action in entries] == [
        "add account", "change account", "disable account", "enable account", "reset password",
        "create token", "revoke token",
    ]  # fmt: skip
