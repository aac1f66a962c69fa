"""Networks as files: made once by whoever imports, read by every process in a fraction of a second, refused where a byte is wrong."""

from __future__ import annotations

import hashlib
import io
import logging
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
import shapely

from gis_layers.roads.network import RoadLines, RoadNetwork, Stretches, build_network, join_stretches
from gis_layers.roads.speeds import read_speeds
from risk_model.vocabulary import Geometries

log = logging.getLogger(__name__)

FORMAT: Final = 2
"""Raised whenever the same roads would make another network, or its file another one."""
KEPT: Final = 3
"""So many are kept in a folder: the one in force, the one before it, and one that is only tried."""
SUFFIX: Final = ".network"
_MARK: Final = b"anzhi road network\n"
_DIGEST_BYTES: Final = 32
_PLAIN: Final = ("tail", "head", "road", "bridge", "length_m", "seconds", "forth", "back")
Columns = Mapping[str, np.ndarray[Any, Any]]


def packed_network(lines: RoadLines) -> bytes:
    """The network of ``lines`` at the packaged speeds, as bytes; a function for a process of its own."""
    return pack_network(build_network(lines, read_speeds()))


def pack_network(network: RoadNetwork) -> bytes:
    """A network as bytes with their digest."""
    words, word = np.unique(network.road_class.astype(str), return_inverse=True)
    told: dict[str, Any] = {name: getattr(network, name) for name in _PLAIN} | _packed_lines(network.line)
    told |= {"words": words, "word": word.astype(np.int16), "node": network.node}
    told |= {"hull": np.frombuffer(shapely.to_wkb(network.hull), dtype=np.uint8), "version": np.array(network.version)}
    content = io.BytesIO()
    np.savez(content, **told)
    body = content.getvalue()
    return _MARK + hashlib.sha256(body).digest() + body


def unpack_network(content: bytes) -> RoadNetwork | None:
    """The network in ``content``; None where it is not whole."""
    head = len(_MARK) + _DIGEST_BYTES
    body = memoryview(content)[head:]
    if not content.startswith(_MARK) or content[len(_MARK) : head] != hashlib.sha256(body).digest():
        return None
    try:
        with np.load(io.BytesIO(body), allow_pickle=False) as told:
            return _joined({name: told[name] for name in told.files})
    except (BadZipFile, KeyError, ValueError, OSError):
        return None


def save_network(content: bytes, path: Path) -> None:
    """Put a packed network where it is looked for, whole or not at all; the oldest beside it go. A full disk is only logged."""
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        _owned_like_parent(path.parent)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix="making-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            _owned_like_parent(Path(name))
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
        _sweep(path.parent)
    except OSError as trouble:
        log.warning("the road network is not kept as a file, each process makes its own: %s", trouble)


def load_network(path: Path) -> RoadNetwork | None:
    """The network in a file; None where there is none, or where it is damaged, which is logged."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    network = unpack_network(content)
    if network is None:
        log.warning("%s is damaged; the road network is made anew", path)
    return network


def _packed_lines(lines: Geometries) -> dict[str, Any]:
    corners, line = shapely.get_coordinates(lines, return_index=True)
    return {"corners": corners, "line": line.astype(np.int32)}


def _joined(told: Columns) -> RoadNetwork:
    lines = np.asarray(shapely.linestrings(told["corners"], indices=told["line"]), dtype=object)
    classes = told["words"].astype(object)[told["word"]]
    plain = {name: told[name] for name in _PLAIN}
    hull = shapely.from_wkb(told["hull"].tobytes())
    return join_stretches(
        told["node"], Stretches(line=lines, road_class=classes, **plain), hull=hull, version=str(told["version"])
    )


def _sweep(folder: Path) -> None:
    kept = sorted(folder.glob(f"*{SUFFIX}"), key=lambda one: one.stat().st_mtime, reverse=True)
    for one in kept[KEPT:]:
        one.unlink(missing_ok=True)


def _owned_like_parent(path: Path) -> None:
    """What root's console makes belongs to the account that serves."""
    owner = path.parent.stat()
    with suppress(PermissionError):
        os.chown(path, owner.st_uid, owner.st_gid)
