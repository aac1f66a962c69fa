"""Files that pages load: their addresses, which change with what they hold, and how they are sent and kept.

The set-up joins and packs our scripts and styles into ``static/built`` (``static/build.mjs``). Where nothing was made, or of other
sources than stand there now because somebody is writing them, pages load the sources themselves.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

from markupsafe import Markup
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.platform.settings import STATIC

FOR_GOOD: Final = "public, max-age=31536000, immutable"
"""Other contents have another address."""
ASKED_AGAIN: Final = "no-cache"
PACKINGS: Final = {"br": ".br", "gzip": ".gz"}
"""Names of packings in HTTP, the shortest result first, and what a packed file is called."""
MANIFEST: Final = "built/manifest.json"
BUNDLES: Final = "bundles.json"
CLASSIC: Final = ("js/appearance.js", "js/browser-check.js")
"""Scripts that are no modules."""


@dataclass(frozen=True, slots=True)
class Built:
    """What the set-up made: under the name of a source or bundle the file in its stead, and what a script brings along."""

    files: Mapping[str, str] = field(default_factory=dict)
    along: Mapping[str, list[str]] = field(default_factory=dict)


class Assets(StaticFiles):
    """Static files, sent packed where they were packed ahead, kept for good where their address changes with them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or 304 where the client has it."""
        packing = _packing(path, Headers(scope=scope).get("accept-encoding", ""))
        answer = await super().get_response(path + PACKINGS.get(packing, ""), scope)
        if packing:
            answer.headers["Content-Encoding"] = packing
        if packing or path in _packed():
            answer.headers.add_vary_header("Accept-Encoding")
        answer.headers["Cache-Control"] = FOR_GOOD if _lasts(path, scope) else ASKED_AGAIN
        return answer


def asset(path: str) -> str:
    """The address of a file below ``static/``. A module of the sources has one address alone: it is loaded once."""
    built = _built().files.get(path)
    if built is not None:
        return f"/static/{built}"
    file = STATIC / path
    if _is_module(path) or not file.is_file():
        return f"/static/{path}"
    return f"/static/{path}?v={_digest(file)}"


def styles(*names: str) -> Markup:
    """Links to sheets, or to bundles of them, in this order."""
    joined = _built().files.get(f"css/{'+'.join(names)}")
    addresses = [f"/static/{joined}"] if joined else [address for name in names for address in _sheets(name)]
    return Markup("\n").join(Markup('<link rel="stylesheet" href="{}">').format(address) for address in addresses)


def preloads(path: str) -> Markup:
    """Links that tell the browser of all a script will ask for, before it has read it."""
    addresses = [f"/static/{one}" for one in _built().along.get(path, [])]
    return Markup("\n").join(Markup('<link rel="modulepreload" href="{}">').format(address) for address in addresses)


def sheets_of(bundle: str) -> list[str]:
    """The sheets of a bundle, by name."""
    return _bundles()[bundle]


def _sheets(name: str) -> list[str]:
    if f"css/{name}" in _built().files:
        return [f"/static/{_built().files[f'css/{name}']}"]
    return [asset(f"css/{sheet}.css") for sheet in _bundles().get(name, [name])]


def _is_module(path: str) -> bool:
    return path.startswith("js/") and path not in CLASSIC


@cache
def _bundles() -> dict[str, list[str]]:
    told: dict[str, list[str]] = json.loads((STATIC / BUNDLES).read_text("utf-8"))
    return told


@cache
def _built() -> Built:
    manifest = STATIC / MANIFEST
    if not manifest.is_file():
        return Built()
    told = json.loads(manifest.read_text("utf-8"))
    return Built(told["files"], told["along"]) if told["sources"] == digest_of_sources() else Built()


def digest_of_sources() -> str:
    """The digest of all that goes into ``static/built``, as ``static/build.mjs`` makes it too."""
    whole = hashlib.sha256()
    for path in sorted(_sources()):
        whole.update(f"{path}\0".encode() + (STATIC / path).read_bytes() + b"\0")
    return whole.hexdigest()


def _sources() -> Iterator[str]:
    yield from (BUNDLES, "build.mjs")
    for folder, kind in (("js", "*.js"), ("css", "*.css")):
        for path in (STATIC / folder).rglob(kind):
            if not path.name.endswith(".test.js"):
                yield path.relative_to(STATIC).as_posix()


def _digest(file: Path) -> str:
    return _digest_of_state(file, file.stat().st_mtime_ns)


@cache
def _digest_of_state(file: Path, _changed_ns: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]


@cache
def _packed() -> frozenset[str]:
    ending = PACKINGS["gzip"]
    found = (path for folder in ("built", "vendor") for path in (STATIC / folder).rglob(f"*{ending}"))
    return frozenset(path.relative_to(STATIC).as_posix().removesuffix(ending) for path in found)


def _packing(path: str, accepted: str) -> str:
    """The packing in which ``path`` lies ready for a client that accepts these, or none."""
    known = {one.partition(";")[0].strip() for one in accepted.split(",")}
    return next((packing for packing in PACKINGS if packing in known), "") if path in _packed() else ""


def _lasts(path: str, scope: Scope) -> bool:
    if path.startswith("built/") and path != MANIFEST:
        return True
    marks = parse_qs(scope["query_string"].decode("latin-1")).get("v", [])
    file = STATIC / path
    return bool(marks) and file.is_file() and marks[0] == _digest(file)
