"""Files that left are known by their bytes: one byte altered is told, and so is what came into force since."""
# ruff: noqa: F811 - fixtures of other files

import json

import pytest
import shapely
from typer.testing import CliRunner

from app.archive.issued import verify_issued
from app.platform.principals import Role
from app.platform.work import Work
from tests.app.conftest import site
from tests.app.seeds import publish_zones
from tests.app.test_rulebook_versions import as_  # noqa: F401

HERE = shapely.box(99.8000, 39.3000, 99.8010, 39.3010)
pytestmark = pytest.mark.usefixtures("surveyed")


@pytest.fixture
def planner(as_):
    return as_(Role.PLANNER)


@pytest.fixture
def verified(deployment):
    def do(path):
        with deployment.sessions() as session:
            return verify_issued(Work(session, deployment), path)

    return do


def kept(folder, name, content):
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("kind", ["html", "pdf", "docx", "xlsx"])
def test_a_report_is_known_as_it_left_and_altered_by_one_byte(planner, verified, tmp_path, kind):
    number = planner.post("/api/siting/check", json=site(HERE)).json()["record"]["number"]
    content = planner.get(f"/api/siting/checks/{number}/report.{kind}").content
    found = verified(kept(tmp_path, f"a.{kind}", content))
    assert (found.status, found.check, found.by) == ("unchanged", number, "token:planner")
    for place in (0, len(content) // 2, len(content) - 1):
        altered = bytearray(content)
        altered[place] ^= 1
        assert verified(kept(tmp_path, f"b.{kind}", bytes(altered))).status == "altered"


def test_the_answer_of_a_check_is_known_however_it_is_laid_out_and_altered_by_any_word(planner, verified, tmp_path):
    answer = planner.post("/api/siting/check", json=site(HERE)).json()
    for text in (json.dumps(answer), json.dumps(answer, indent=4, ensure_ascii=False, sort_keys=True)):
        found = verified(kept(tmp_path, "a.json", text.encode()))
        assert (found.status, found.check) == ("unchanged", answer["record"]["number"])
    for change in ({"verdict": "permitted_"}, {"borderline": not answer["borderline"]}, {"more": 1}):
        assert verified(kept(tmp_path, "b.json", json.dumps({**answer, **change}).encode())).status == "altered"
    other = {**answer, "record": {**answer["record"], "by": "somebody"}}
    assert verified(kept(tmp_path, "c.json", json.dumps(other).encode())).status == "altered"
    for strange in (b"", b"[" * 100_000, b"{}", b'{"record": {"number": 7}}', b"\xff\xfe", b'{"record": "x"}'):
        assert verified(kept(tmp_path, "d.json", strange)).status == "altered"


def test_a_paper_whose_zones_changed_since_is_superseded_and_says_by_what(planner, verified, tmp_path, deployment):
    number = planner.post("/api/siting/check", json=site(HERE)).json()["record"]["number"]
    path = kept(tmp_path, "a.html", planner.get(f"/api/siting/checks/{number}/report.html").content)
    publish_zones(deployment, "flood", shapely.box(99.79, 39.29, 99.81, 39.31), grade=("中", 3, "flood4"))
    found = verified(path)
    assert (found.status, found.check, len(found.since)) == ("superseded", number, 1)


def test_the_command_answers_by_its_exit_code(deployment, tmp_path, monkeypatch):
    from contextlib import contextmanager

    from app.cli import cli
    from app.cli import verify as command

    @contextmanager
    def here(_data_dir):
        with deployment.sessions.begin() as session:
            yield Work(session, deployment)

    monkeypatch.setattr(command, "one_transaction", here)
    path = kept(tmp_path, "never.pdf", b"%PDF-never left")
    done = CliRunner().invoke(cli, ["verify", str(path), "--json"])
    assert done.exit_code == 1
    assert json.loads(done.stdout)["status"] == "altered"
    assert CliRunner().invoke(cli, ["verify", str(tmp_path / "missing")]).exit_code == 2
