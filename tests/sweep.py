"""The sweep: every file below a folder through every door that takes files, and what must never be seen there.

``python -m tests.sweep FOLDER [--spoil N] [--json OUT]`` imports each file as each kind into a scratch database. A fault is
a traceback, a hang, a report in which features are missing, or a register that holds another number than was loaded.
``--spoil`` adds N spoilt copies of each file: cut off, with wrong bytes, under a wrong name. Exit code 1 where there is one.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import shutil
import signal
import sys
import tempfile
import traceback
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, text

from gis_layers.database import migrate
from gis_layers.embedded import join_cluster
from tests.exchange.tallies import tally
from tests.running import anzhi_here
from tests.sharing import reachable_folder

LONGEST_S = 60
KINDS: dict[str, tuple[str, ...]] = {
    "zones": ("zones", "--hazard", "geological", "--product", "hazard"),
    "villages": ("villages",),
    "units": ("units", "--name", "扫过的单元"),
    "projects": ("projects",),
    "constraints": ("constraints", "--kind", "farmland"),
    "enterprises": ("enterprises",),
    "hidden-dangers": ("hidden-dangers",),
    "geohazard-sites": ("geohazard-sites",),
    "stations": ("stations",),
    "forces": ("forces",),
    "facilities": ("facilities",),
    "regional-assessments": ("regional-assessments",),
    "roads": ("roads",),
}
CHECK = "check"
STORED_IN = {
    "zones": "draft_zones", "villages": "villages", "units": "unit_polygons", "projects": "projects", "enterprises": "enterprises",
    "hidden-dangers": "hidden_dangers", "stations": "stations", "forces": "forces", "facilities": "facilities",
    "regional-assessments": "regional_assessments", "geohazard-sites": "geohazard_sites",
}  # fmt: skip
"""Of constraints one area may become several rows, of roads one feature."""
SIDECARS = frozenset({".shx", ".dbf", ".prj", ".cpg", ".qpj", ".sbn", ".sbx", ".xml"})


class Hang(BaseException):
    """An import that took longer than it may; no library is to catch it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one file as one kind: ``fault`` is None where nothing is wrong with it."""

    file: str
    kind: str
    read: int = 0
    loaded: int = 0
    refused: int = 0
    said: str = ""
    fault: str | None = None


def main(words: Sequence[str] | None = None) -> int:
    """Sweep a folder and tell; 1 where a fault was seen."""
    parser = argparse.ArgumentParser(prog="python -m tests.sweep", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--spoil", type=int, default=0, metavar="N", help="add N spoilt copies of each file")
    parser.add_argument("--seed", type=int, default=20261126)
    parser.add_argument("--kinds", nargs="*", default=[*KINDS, CHECK], choices=[*KINDS, CHECK])
    parser.add_argument("--json", type=Path, metavar="OUT", help="write all that was seen")
    asked = parser.parse_args(words)
    with ExitStack() as stack:
        url = stack.enter_context(scratch_database())
        files = [*files_below(asked.folder)]
        if asked.spoil:
            made = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="anzhi-spoilt-")))
            files += [*spoilt_copies(files, made, each=asked.spoil, chance=random.Random(asked.seed))]
        seen = [*sweep(files, url, asked.kinds)]
    if asked.json:
        asked.json.write_text(json.dumps([asdict(one) for one in seen], ensure_ascii=False, indent=1), encoding="utf-8")
    faults = [one for one in seen if one.fault]
    for one in faults:
        sys.stdout.write(f"{one.file} as {one.kind}: {one.fault}\n")
    loaded = sum(one.loaded > 0 for one in seen)
    sys.stdout.write(f"{len(files)} files, {len(seen)} imports, {loaded} loaded, {len(faults)} faults\n")
    return 1 if faults else 0


@contextmanager
def scratch_database() -> Iterator[str]:
    """A migrated database on a server of its own."""
    with reachable_folder() as folder, join_cluster(folder, durable=False) as running:
        url = running.create_database("anzhi_sweep")
        migrate(url)
        yield url


def files_below(folder: Path) -> Iterator[Path]:
    """Every file, a geodatabase as one; not the parts of a shapefile that stand beside it."""
    for path in sorted(folder.rglob("*")):
        within = any(parent.suffix.lower() == ".gdb" for parent in path.parents)
        beside = path.suffix.lower() in SIDECARS and any(path.parent.glob(f"{path.name.split('.')[0]}.[sS][hH][pP]"))
        if not within and not beside and (path.is_file() or path.suffix.lower() == ".gdb"):
            yield path


def sweep(files: Sequence[Path], url: str, kinds: Sequence[str]) -> Iterator[Seen]:
    """Import each file as each of ``kinds``, the registers empty again after each."""
    engine = create_engine(url)
    with tempfile.TemporaryDirectory(prefix="anzhi-sweep-") as data_dir:
        for path in files:
            for kind in kinds:
                seen = _timed(path, kind, Path(data_dir), url)
                yield replace(seen, fault=seen.fault or _fault_of(seen, path, _stored(engine, kind)))
                _empty(engine)
    engine.dispose()


def _timed(path: Path, kind: str, data_dir: Path, url: str) -> Seen:
    before = signal.signal(signal.SIGALRM, _ring)
    signal.alarm(LONGEST_S)
    try:
        return _seen(path, kind, data_dir, url)
    except Hang:
        return Seen(str(path), kind, fault=f"a hang: no end after {LONGEST_S} s")
    except Exception as trouble:  # noqa: BLE001 - whatever it is, it is what is looked for
        told = "".join(traceback.format_exception(trouble)[-3:])
        return Seen(str(path), kind, fault=f"a traceback: {told}")
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _ring(*_: object) -> None:
    raise Hang


def _seen(path: Path, kind: str, data_dir: Path, url: str) -> Seen:
    words: tuple[object, ...] = ("import", KINDS[kind][0], path, *KINDS[kind][1:]) if kind in KINDS else ()
    words = words or (CHECK, path, "--out", data_dir / "check.csv", "--class", "K4")
    (data_dir / "check.csv").unlink(missing_ok=True)
    ended = anzhi_here(data_dir, *words, "--json", ANZHI_DATABASE_URL=url, LC_ALL="zh_CN.UTF-8")
    report: dict[str, Any] = {}
    with suppress(ValueError):
        report = json.loads(ended.stdout)
    report = report.get("report", report)
    if not report and not ended.stderr.strip():
        return Seen(str(path), kind, fault="neither a report nor a refusal")
    told = " ".join(str(problem["problem"]) for problem in report.get("problems", [])) or ended.stderr.strip()
    numbers = [int(report.get(f"features_{name}", 0)) for name in ("read", "loaded", "refused")]
    return Seen(str(path), kind, *numbers, said=told[:2000])


def _fault_of(seen: Seen, path: Path, stored: int | None) -> str | None:
    if seen.read != seen.loaded + seen.refused:
        return f"uncounted: {seen.read} read, {seen.loaded} loaded, {seen.refused} refused"
    if seen.refused and not seen.said:
        return f"{seen.refused} refused without a word"
    if "读取" in seen.said and "时出错" in seen.said:
        return f"a reader stumbled: {seen.said[:300]}"
    if stored is not None and stored != seen.loaded:
        return f"uncounted: {seen.loaded} loaded, {stored} stored"
    declared = tally(path) if seen.read else None
    if declared is not None and declared != seen.read:
        return f"uncounted: {declared} declared, {seen.read} read"
    return None


def _stored(engine: Engine, kind: str) -> int | None:
    table = STORED_IN.get(kind)
    if table is None:
        return None
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def _empty(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        for table in (*STORED_IN.values(), "constraint_areas", "drafts", "unit_sets"):
            if connection.execute(text("SELECT to_regclass(:name)"), {"name": table}).scalar():
                connection.execute(text(f"DELETE FROM {table}"))


def spoilt_copies(files: Sequence[Path], folder: Path, *, each: int, chance: random.Random) -> Iterator[Path]:
    """Copies of files that something happened to; a shapefile and a geodatabase keep their other parts."""
    suffixes = sorted({path.suffix for path in files})
    for number, path in enumerate(files):
        for turn in range(each):
            home = folder / f"{number}-{turn}"
            home.mkdir()
            if path.is_dir():
                yield _spoilt_folder(path, home / path.name, chance)
                continue
            for beside in path.parent.glob(f"{path.stem}.*"):
                if beside.is_file() and beside.suffix.lower() in SIDECARS:
                    content = beside.read_bytes()
                    (home / beside.name).write_bytes(_spoilt(content, chance) if turn % 2 else content)
            name = path.name if chance.random() < 0.8 else f"{path.stem}{chance.choice(suffixes)}"
            inside = zipfile.is_zipfile(path) and chance.random() < 0.7
            content = _spoilt_archive(path, chance) if inside else _spoilt(path.read_bytes(), chance)
            (home / name).write_bytes(content)
            yield home / name


def _spoilt_folder(path: Path, home: Path, chance: random.Random) -> Path:
    """A copy of a folder in one file of which something happened."""
    shutil.copytree(path, home)
    part = chance.choice(sorted(one for one in home.iterdir() if one.is_file()))
    part.write_bytes(_spoilt(part.read_bytes(), chance))
    return home


def _spoilt_archive(path: Path, chance: random.Random) -> bytes:
    """An archive that is whole, but for the content of one of its members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        names = source.namelist()
        spoilt = chance.choice(names) if names else ""
        for name in names:
            content = source.read(name)
            target.writestr(name, _spoilt(content, chance) if name == spoilt else content)
    return packed.getvalue()


def _spoilt(content: bytes, chance: random.Random) -> bytes:
    """Content that was cut off, lost a piece, has a piece twice, or some of its bytes changed."""
    if not content:
        return content
    spoilt = bytearray(content)
    at = chance.randrange(len(spoilt))
    piece = spoilt[at : at + chance.randint(1, 64)]
    match chance.choice(("cut", "flip", "flip", "lose", "twice", "as it is")):
        case "cut":
            del spoilt[at:]
        case "flip":
            for _ in range(chance.randint(1, 8)):
                spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        case "lose":
            del spoilt[at : at + len(piece)]
        case "twice":
            spoilt[at:at] = piece
    return bytes(spoilt)


if __name__ == "__main__":
    sys.exit(main())
