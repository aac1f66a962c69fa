"""The container files: valid, and true to the commands, files and packages they name."""

import json
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from distributed.cli import dask_scheduler, dask_worker
from ruamel.yaml import YAML

from app.cli import COMMANDS
from app.platform.settings import Settings

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker" / "compose.yaml"
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8")
INSTALL = ROOT / "docker" / "install.sh"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(YAML(typ="safe").load(COMPOSE))


def known_options(words: list[str]) -> set[str]:
    """Follow `anzhi` words down the command tree; answer the options of the command they name."""
    command, below = None, {command.name: command.loaded() for command in COMMANDS}
    for word in words:
        assert word in below, f"{word} is no command below {command and command.name}"
        command = below[word]
        below = getattr(command, "commands", {})
    assert command is not None
    return {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}


def anzhi_commands(compose: dict[str, Any]) -> list[list[str]]:
    commands = [json.loads(found) for found in re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)]
    commands += [service["command"] for service in compose["services"].values()]
    return [[str(word) for word in command[1:]] for command in commands if command[0] == "anzhi"]


def install(*arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = None if path is None else {"PATH": path}
    bash = shutil.which("bash")
    assert bash is not None
    return subprocess.run(
        [bash, str(INSTALL), *arguments], capture_output=True, text=True, check=False, env=environment
    )


@cache
def packages(mode: str) -> dict[str, str]:
    """Answer each package of a way of installing with its state here; version numbers read N."""
    done = install("--dry-run", mode)
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    return {re.sub(r"[0-9]+(\.[0-9]+)?", "N", name): state for name, state in lines}


def test_compose_follows_its_specification() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_anzhi_command_in_a_container_is_one_the_command_line_knows(compose: dict[str, Any]) -> None:
    commands = anzhi_commands(compose)
    assert ["migrate"] in commands
    for command in commands:
        options = {word for word in command if word.startswith("--")}
        assert options <= known_options(command[:1]), command


def test_containers_set_only_settings_the_service_reads(compose: dict[str, Any]) -> None:
    known = {f"ANZHI_{name.upper()}" for name in Settings.model_fields}
    for service in ("web", "migrate"):
        assert set(compose["services"][service]["environment"]) <= known
    assert set(re.findall(r"\b(ANZHI_[A-Z_]+)=", DOCKERFILE)) <= known


def test_the_example_settings_name_exactly_what_compose_asks_for() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE.read_text(encoding="utf-8")))
    example = (ROOT / "docker" / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) == asked


def test_ports_are_bound_to_this_machine_and_only_the_web_has_one(compose: dict[str, Any]) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in compose["services"]["web"]["ports"])


def test_the_web_waits_for_a_healthy_database_with_its_schema(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["web"]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert services["migrate"]["depends_on"]["db"] == {"condition": "service_healthy"}
    named = {volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])}
    assert named == set(compose["volumes"])
    assert re.fullmatch(r"postgis/postgis:\d+-\d+\.\d+", services["db"]["image"])


def test_the_cluster_starts_only_when_asked_for_and_sees_no_database(compose: dict[str, Any]) -> None:
    services, programs = compose["services"], {"scheduler": dask_scheduler.main, "worker": dask_worker.main}
    members = [service for service in services.values() if service.get("profiles") == ["cluster"]]
    assert {service["command"][1] for service in members} == set(programs)
    for service in members:
        assert service["networks"] == ["cluster"]
        assert not {"environment", "volumes", "ports"} & set(service)
        dask, program, *words = service["command"]
        assert dask == "dask"
        known = {
            option for parameter in programs[program].params for option in (*parameter.opts, *parameter.secondary_opts)
        }
        assert {word for word in words if word.startswith("--")} <= known
    assert compose["networks"]["cluster"]["internal"]
    assert "cluster" in services["web"]["networks"]
    assert "cluster" not in services["db"].get("networks", [])


def test_everything_the_dockerfile_copies_is_there_and_not_ignored() -> None:
    lines = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
    sources = [source for line in lines for source in line.split()[:-1]]
    assert "Makefile" in sources
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    for source in sources:
        assert (ROOT / source).exists(), source
        assert source not in ignored


def test_the_container_does_not_serve_as_root() -> None:
    last_stage = DOCKERFILE.split("\nFROM ")[-1]
    assert re.findall(r"^USER (\w+)$", last_stage, re.MULTILINE) == ["anzhi"]
    assert last_stage.index("\nUSER ") < last_stage.index("\nCMD ")


def test_scripts_are_executable_and_sound() -> None:
    for script in (INSTALL, ROOT / ".ci" / "run"):
        assert script.stat().st_mode & 0o111 == 0o111
        assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0


def test_each_way_of_installing_names_its_packages() -> None:
    web, everything = packages("web"), packages("test")
    python = {name for name in web if name.startswith("python")}
    assert python == {"pythonN", "pythonN-venv"}
    paper = {"libpango-N-N", "libpangoftN-N-N", "libharfbuzz-subsetN", "fonts-noto-cjk", "fonts-dejavu-core"}
    assert set(web) == python | paper | {"postgresql-client"}
    rest = {"postgresql-N-postgis-N", "poppler-utils", "gdal-bin", *paper}
    assert set(everything) - {"chromium", "chromium-headless-shell"} == python | rest
    assert len(everything) == len(python | rest) + 1
    assert set(everything.values()) <= {"present", "missing"}


def test_a_missing_program_is_noticed(tmp_path: Path) -> None:
    for name in ("bash", "python3", "find", "head", "cut", "tr", "sed", "sort", "grep", "apt-cache", "dpkg"):
        found = shutil.which(name)
        assert found is not None, name
        (tmp_path / name).symlink_to(found)
    states = dict(line.split() for line in install("--dry-run", "test", path=str(tmp_path)).stdout.splitlines())
    assert states["gdal-bin"] == next(state for name, state in states.items() if "chromium" in name) == "missing"
    assert packages("test")["gdal-bin"] == "present"


def test_a_wrong_word_is_wrong_usage() -> None:
    done = install("everything")
    assert done.returncode == 2
    assert "usage: docker/install.sh" in done.stderr


def test_without_apt_the_message_names_the_packages(tmp_path: Path) -> None:
    for name in ("bash", "find", "head", "cut", "tr", "sed", "sort", "grep"):
        found = shutil.which(name)
        assert found is not None, name
        (tmp_path / name).symlink_to(found)
    done = install("test", path=str(tmp_path))
    assert done.returncode == 1
    assert "no apt-get" in done.stderr
    assert "gdal-bin" in done.stderr
