"""The rulebook at the console: what is in force, its versions, its local changes as a file."""

import json
import tomllib

import pytest
from typer.testing import CliRunner

from app.cli import cli
from risk_model.rulebook import load_rulebook
from tests.app.test_rulebook_versions import WIDER, as_, put_in_force  # noqa: F401


@pytest.fixture
def anzhi(database_url, monkeypatch):
    monkeypatch.setenv("ANZHI_DATABASE_URL", database_url)

    def run(*arguments: object):
        ran = CliRunner().invoke(cli, ["rulebook", *map(str, arguments)])
        assert ran.exit_code == 0, ran.output
        return ran

    return run


def test_the_console_tells_the_rules_in_force_and_exports_what_is_local(anzhi, as_, tmp_path):  # noqa: F811
    told = json.loads(anzhi("show", "--json").stdout)
    assert (told["number"], told["fingerprint"]) == (1, load_rulebook().fingerprint)
    rule = {
        "id": "LOC-1", "hazard": "flood", "relation": "intersects", "products": ["hazard"], "verdicts": {"K2": "F"},
        "message": "本地", "basis": "镇规", "source": "镇政府", "valid_from": "2026-01-01",
    }  # fmt: skip
    put_in_force(as_, WIDER, {"op": "add_rule", "rule": rule})
    shown = anzhi("show").stderr
    assert "local: FIR-NEAR metres = 80" in shown
    assert "local: LOC-1" in shown
    versions = json.loads(anzhi("versions", "--json").stdout)["versions"]
    assert [(one["number"], one["changes"]) for one in versions] == [(2, 2), (1, 0)]
    assert "token:officer → token:approver" in anzhi("versions").stderr
    anzhi("export", tmp_path / "overlay.toml")
    exported = tomllib.loads((tmp_path / "overlay.toml").read_text("utf-8"))
    assert exported["changes"][0]["value"] == 80
    assert exported["rules"][0]["id"] == "LOC-1"
