"""The Makefile: every promised word is there, and a step runs again exactly when its inputs changed."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INPUTS = ("Makefile", "pyproject.toml", "requirements.lock", "requirements-dev.lock", "requirements-bench.lock")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a copy of what the set-up reads, with a .venv that was truly made there and holds no packages."""
    for name in INPUTS:
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "docker").mkdir()
    shutil.copy(ROOT / "docker" / "install.sh", tmp_path / "docker" / "install.sh")
    (tmp_path / "static").mkdir()
    for name in ("package.json", "package-lock.json", "vendor.mjs"):
        shutil.copy(ROOT / "static" / name, tmp_path / "static" / name)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / ".venv")], check=True)
    return tmp_path


def make(project: Path, *words: str, dry: bool = True) -> str:
    done = subprocess.run(
        ["make", *(["--dry-run"] if dry else []), *words], cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def stamp_of(plan: str, kind: str) -> str:
    found = re.search(rf"touch (\S*\.{kind}-\w+)", plan)
    assert found, plan
    return found.group(1)


def test_every_promised_word_is_there() -> None:
    listed = subprocess.run(["make", "-pRrq", "nothing"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    targets = set(re.findall(r"^([a-z]+):", listed, re.MULTILINE))
    assert targets >= {"run", "test", "soak", "setup", "bench", "lint", "assets", "lock", "clean"}


def test_a_bare_machine_gets_everything_and_then_serves(project: Path) -> None:
    plan = make(project, "run")
    order = ["install.sh run", "requirements.lock", "-e .", "npm-cli.js", "vendor.mjs", ".venv/bin/anzhi up"]
    places = [plan.index(step) for step in order]
    assert places == sorted(places)
    assert "--require-hashes" in plan


def test_a_second_run_installs_nothing_until_a_list_changes(project: Path) -> None:
    plan = make(project, "setup")
    (project / stamp_of(plan, "run")).touch()
    (project / "static" / "vendor").mkdir()
    (project / stamp_of(plan, "made")).touch()
    assert "pip" not in make(project, "run")
    assert "npm-cli.js" not in make(project, "run")
    with (project / "requirements.lock").open("a") as lock:
        lock.write("# one line more\n")
    assert "--require-hashes --no-deps -r requirements.lock" in make(project, "run")
    (project / "static" / "vendor.mjs").write_text("")
    assert "npm-cli.js" in make(project, "run")


def test_whoever_runs_the_service_fetches_no_tools_of_those_who_write_it(project: Path) -> None:
    assert "ci --ignore-scripts --no-audit --no-fund --omit=dev" in make(project, "run")
    assert "eslint" not in make(project, "run")
    checking = make(project, "lint")
    order = [
        "--omit=dev",
        ".tools-",
        "eslint.js --max-warnings 0",
        "openapi-typescript",
        "tsc -p .",
        "tsc -p tsconfig.pages.json",
    ]
    places = [checking.index(step) for step in order]
    assert places == sorted(places)
    assert 'node --test "js/**/*.test.js"' in make(project, "test")


def test_a_venv_copied_from_elsewhere_is_made_anew(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert "-m venv" not in make(project, "setup")
    moved = tmp_path_factory.mktemp("copy") / "project"
    shutil.copytree(project, moved, symlinks=True)
    assert "rm -rf .venv" in make(moved, "setup")


def test_a_database_elsewhere_needs_no_server_here(project: Path) -> None:
    done = make(project, "setup", "ANZHI_DATABASE_URL=postgresql+psycopg2://elsewhere/anzhi")
    assert "install.sh web" in done


def test_a_failed_step_ends_with_the_next_thing_to_do(project: Path) -> None:
    shutil.rmtree(project / ".venv")
    assert "Making .venv" in make(project, ".venv/bin/python", dry=False)
    (project / "requirements.lock").write_text("no-such-package-anywhere==1 --hash=sha256:" + "0" * 64 + "\n")
    done = subprocess.run(
        ["make", "setup", "PIP=.venv/bin/python -m pip --disable-pip-version-check --no-input", "INSTALL=$(PIP) install -q --no-index"],
        cwd=project, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "the Python packages could not be installed. Check the network" in done.stderr
    assert not list((project / ".venv").glob(".run-*"))


def test_clean_keeps_the_data(project: Path) -> None:
    (project / ".anzhi").mkdir()
    for room in ("app", "gis_layers", "risk_model", "tests"):
        (project / room / "__pycache__").mkdir(parents=True)
    assert "untouched" in make(project, "clean", dry=False)
    assert (project / ".anzhi").is_dir()
    assert not (project / ".venv").exists()
    assert not (project / "app" / "__pycache__").exists()


def test_no_registry_is_named_anywhere_in_the_set_up() -> None:
    names = [
        *INPUTS,
        "docker/install.sh",
        "docker/Dockerfile",
        "docker/compose.yaml",
        ".ci/run",
        ".pre-commit-config.yaml",
    ]
    for name in names:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"pypi\.org|npmjs|(?<!emit-)index-url \S|deb\.debian|https?://(?!127\.0\.0\.1)", text), (
            name
        )


def test_the_hooks_use_the_tools_of_the_project_only() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert re.findall(r"repo: (\S+)", hooks) == ["local"]
    assert set(re.findall(r"entry: (\S+)", hooks)) == {".venv/bin/python"}
