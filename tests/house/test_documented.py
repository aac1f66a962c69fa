"""Documentation that fails the build: every command, option and setting is told of."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from app.cli import COMMANDS
from app.platform.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")


def loaded() -> dict[str, Any]:
    return {command.name: command.loaded() for command in COMMANDS}


def commands() -> list[str]:
    found = []
    for name, command in loaded().items():
        children = getattr(command, "commands", None)
        found.extend([f"{name} {child}" for child in children] if children else [name])
    return found


def test_every_command_is_in_the_guide():
    assert [command for command in commands() if f"anzhi {command}" not in GUIDE] == []


def test_a_command_says_of_itself_what_the_list_of_commands_says_of_it():
    whole = {name: command.help.split("\n")[0] for name, command in loaded().items()}
    assert whole == {command.name: command.help for command in COMMANDS}


def test_a_command_loads_no_more_than_its_own_work():
    """The console is slow where a list of commands loads a map, or a file's check the whole service."""
    names = ("geopandas", "fastapi", "folium", "alembic", "openpyxl", "pypinyin", "scipy")
    heavy = f"[name for name in {names} if name in sys.modules]"
    for module, expected in (
        ("app.cli", []),
        ("app.cli.check", ["geopandas"]),
        ("app.cli.worker", ["geopandas", "scipy"]),
    ):
        asked = [sys.executable, "-c", f"import sys, {module}; print({heavy})"]
        assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip() == str(expected)


def test_every_option_of_a_command_explains_itself():
    silent = []
    for name, command in loaded().items():
        for child in getattr(command, "commands", {name: command}).values():
            silent += [f"{child.name} {option.opts}" for option in child.params if not getattr(option, "help", None)]
    assert [entry for entry in silent if "--help" not in entry] == []


def test_every_setting_is_in_the_guide_and_describes_itself():
    for name, field in Settings.model_fields.items():
        assert f"ANZHI_{name.upper()}" in GUIDE
        assert field.description


def test_the_readme_shows_the_two_commands_and_a_picture_that_exists():
    assert "make run" in README
    assert "make test" in README
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README)
    assert pictures
    assert [picture for picture in pictures if not (ROOT / picture).is_file()] == []


def test_links_between_documents_lead_somewhere():
    documents = [ROOT / "README.md", ROOT / "README.zh.md", *(ROOT / "docs").rglob("*.md")]
    links = [
        (document, target)
        for document in documents
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
        if not target.startswith("http")
    ]
    assert [
        f"{document.name} → {target}" for document, target in links if not (document.parent / target).exists()
    ] == []


def test_every_proof_that_the_page_on_security_names_exists():
    told = re.findall(
        r"`([a-z_/]+/test_\w+\.py)(?:::(test_\w+))?`", (ROOT / "docs/security.md").read_text(encoding="utf-8")
    )
    assert len(told) > 40
    missing = [
        f"{file}::{test}"
        for file, test in told
        if not (ROOT / "tests" / file).is_file()
        or (test and f"def {test}(" not in (ROOT / "tests" / file).read_text(encoding="utf-8"))
    ]
    assert missing == []
