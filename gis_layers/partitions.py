"""A layer spread over partitions, and one pure function mapped over them: here, in processes of this machine, on a cluster.

The same function judges everywhere, partitions keep the order of the layer, and workers are handed all they need: they
open no database and read no file of rules.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import platform
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_layers.errors import ClusterFailed, ClusterUnreachable, ForeignWorkers
from gis_layers.sandbox import MOST_AT_ONCE, Limits, run_confined
from risk_model.message import msg

PACKAGES: Final = ("risk_model", "gis_layers", "app")
CONNECT_S: Final = 10
WITHOUT_WORKERS_S: Final = 60
RETRIES: Final = 5
"""How often a partition is tried anew after its worker was lost."""
OF_A_PARTITION: Final = Limits(wall_s=24 * 3600.0, memory_bytes=8 * 1024**3)
"""Limits of one partition in a process of this machine: what it works on is our own, and it may take its time."""

Judge = Callable[[gpd.GeoDataFrame, Any], Any]
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Parallelism:
    """Spread of work: ``partitions`` of the layer, and the address of a dask scheduler (None: this machine)."""

    partitions: int = 1
    cluster: str | None = None


# dask takes a second or two to load, and only who spreads work needs it: it is imported where it is used.
LOCAL: Final = Parallelism()


def map_partitions(
    layer: gpd.GeoDataFrame, judge: Judge, shared: Any, spread: Parallelism, *, progress: Progress | None = None
) -> list[Any]:
    """Answers of ``judge(part, shared)`` for every partition of ``layer``, in the order of its rows.

    ``judge`` must be a function of a module, pure, and say of each row what it says of it alone. ``progress`` hears the
    share of partitions done in this thread; what it raises ends the work. Raises ClusterUnreachable, ForeignWorkers
    and ClusterFailed, in all of which nothing came of it.
    """
    tell = progress or _silent
    if spread.cluster is not None:
        return _on_cluster(layer, judge, shared, spread, tell)
    if min(spread.partitions, len(layer)) <= 1:
        said = [judge(layer, shared)]
        tell(1.0)
        return said
    return _in_processes(layer, judge, shared, spread, tell)


def _in_processes(layer: gpd.GeoDataFrame, judge: Judge, shared: Any, spread: Parallelism, tell: Progress) -> list[Any]:
    """The answers of confined processes, which have the libraries loaded; as many work at once as there are cores."""
    enough = threading.Event()
    cuts = np.linspace(0, len(layer), min(spread.partitions, len(layer)) + 1).astype(int).tolist()
    parts = [layer.iloc[start:end] for start, end in itertools.pairwise(cuts)]
    confined = partial(run_confined, judge, limits=OF_A_PARTITION, cancelled=enough)
    with ThreadPoolExecutor(min(len(parts), cores())) as pool:
        try:
            tasks = [pool.submit(confined, part, shared) for part in parts]
            for done, _ in enumerate(as_completed(tasks), 1):
                tell(done / len(tasks))
            return [task.result() for task in tasks]
        finally:
            enough.set()


def cores() -> int:
    """How many processors this process may use, as far as confined processes may run at once."""
    return min(len(os.sched_getaffinity(0)), MOST_AT_ONCE)


def _on_cluster(layer: gpd.GeoDataFrame, judge: Judge, shared: Any, spread: Parallelism, tell: Progress) -> list[Any]:
    dask: Any = import_module("dask")
    with _connected(str(spread.cluster)) as client:
        _check_workers(client)
        (handed,) = client.scatter([(judge, shared, describe_programs())], broadcast=True, hash=False)
        tasks = [dask.delayed(_judge_as_told, pure=False)(part, handed) for part in _parts(layer, spread)]
        futures = client.compute(tasks, retries=RETRIES)
        try:
            said = dict(_results(client, futures, tell))
            return [said[future] for future in futures]
        finally:
            with suppress(OSError, CancelledError):
                client.cancel(futures, force=True)


def _parts(layer: gpd.GeoDataFrame, spread: Parallelism) -> list[Any]:
    dask, dask_geopandas = import_module("dask"), import_module("dask_geopandas")

    with dask.config.set({"dataframe.convert-string": False}):
        ordered = layer.reset_index(drop=True)
        parts = dask_geopandas.from_geopandas(ordered, npartitions=min(spread.partitions, len(layer)), sort=True)
        return list(parts.to_delayed())


def _judge_as_told(part: gpd.GeoDataFrame, told: tuple[Judge, Any, dict[str, str]]) -> Any:
    judge, shared, asked_by = told
    here = describe_programs()
    if here != asked_by:
        raise ForeignWorkers(_differences("a worker", here, asked_by))
    return judge(part, shared)


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    distributed: Any = import_module("distributed")
    try:
        client = distributed.Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as trouble:
        raise ClusterUnreachable(
            msg("{address} 上没有 dask 调度器回应：请启动一个，或去掉 --cluster", address=address)
        ) from trouble
    with client, client.as_current():
        try:
            yield client
        except distributed.KilledWorker as trouble:
            raise ClusterFailed(
                msg(
                    "有一份任务使 {address} 上领到它的工作进程都终止了：请增加 --partitions，每份需要的内存就少",
                    address=address,
                )
            ) from trouble
        except CancelledError as trouble:
            raise ClusterFailed(
                msg("{address} 上的集群在工作中失去联系：请重新启动后再来一次", address=address)
            ) from trouble


def _check_workers(client: Any) -> None:
    try:
        client.wait_for_workers(1, timeout=CONNECT_S)
    except TimeoutError as trouble:
        raise ClusterUnreachable(
            msg("{address} 上的调度器没有工作进程：请用 `dask worker` 启动几个", address=client.scheduler.address)
        ) from trouble
    try:
        found = client.run(_programs_there)
    except (ImportError, AttributeError) as trouble:
        raise ForeignWorkers(
            msg("有的工作进程不能载入本程序（{trouble}）：请在那里安装同一版本的安址", trouble=trouble)
        ) from trouble
    here = describe_programs()
    for address, there in found.items():
        if there != here:
            raise ForeignWorkers(_differences(f"worker {address}", there, here))


def _results(client: Any, futures: Sequence[Any], tell: Progress) -> Iterator[tuple[Any, Any]]:
    """Each future with its result, taken as soon as it is there: then it cannot be lost with its worker."""
    wait: Any = import_module("distributed").wait
    pending, seen = set(futures), monotonic()
    while pending:
        try:
            done, pending = wait(pending, timeout=2, return_when="FIRST_COMPLETED")
        except TimeoutError:
            done = set()
        for future in done:
            yield future, future.result()
        if done:
            tell(1.0 - len(pending) / len(futures))
        if done or _has_workers(client):
            seen = monotonic()
        elif monotonic() - seen > WITHOUT_WORKERS_S:
            raise ClusterFailed(
                msg("{address} 上的调度器失去了全部工作进程：请启动几个后再来一次", address=client.scheduler.address)
            )


def _has_workers(client: Any) -> bool:
    try:
        return bool(client.nthreads())
    except OSError:
        return False


@lru_cache(maxsize=1)
def describe_programs() -> dict[str, str]:
    """Programs an answer depends on besides its data: versions, and a fingerprint of Anzhi's own files."""
    digest = hashlib.sha256()
    for package in PACKAGES:
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            for file in sorted(path for path in Path(folder).rglob("*") if path.suffix in (".py", ".toml")):
                digest.update(f"{package}/{file.relative_to(folder)}".encode() + file.read_bytes())
    return {
        "anzhi": digest.hexdigest()[:12],
        "python": platform.python_version(),
        "numpy": np.__version__,
        "pandas": pd.__version__,
        "geopandas": gpd.__version__,
        "shapely": shapely.__version__,
        "GEOS": shapely.geos_version_string,
    }


def _programs_there() -> dict[str, str]:
    return describe_programs()


def _differences(who: str, there: dict[str, str], here: dict[str, str]) -> str:
    unlike = [
        msg("{name} 为 {there}，不是 {here}", name=name, there=str(there.get(name)), here=here[name])
        for name in here
        if there.get(name) != here[name]
    ]
    return msg("{who} 运行的程序与本命令不同（{unlike}）：请在各处安装同一版本的安址", who=who, unlike=unlike)


def _silent(_share: float) -> None:
    """Nobody asked how far the work is."""
