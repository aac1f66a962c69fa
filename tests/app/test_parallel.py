"""Work spread over partitions, processes and a cluster: the same answer to the bit, also when a worker is killed."""

import json
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from distributed import LocalCluster
from typer.testing import CliRunner

from app.assessments.service import GradingOrder, grade_town
from app.cli import cli
from app.judgement import parallel
from app.judgement.parallel import measuring_on, screen_on, spread_here
from app.platform.deployment import Deployment
from app.platform.work import Work
from gis_layers import partitions
from gis_layers.errors import ClusterFailed, ClusterUnreachable, ForeignWorkers
from gis_layers.partitions import LOCAL, Parallelism, map_partitions
from gis_layers.stores import places, runs
from risk_model.errors import UnreadableSite
from risk_model.grading import Plot, grading_terms, lay_cells, lay_grounds, measuring_here
from risk_model.siting import screen_sites
from risk_model.vocabulary import ProjectClass, Site
from tests.app.conftest import METRIC
from tests.app.seeds import publish_zones, seeded_database
from tests.clusters import Cluster, dask_cluster
from tests.judges import numbers_of, numbers_slowly, refuse
from tests.risk_model.ground import BOOK, ON, extent, extents, surveyed, zone, zones
from tests.risk_model.screened import rows_of
from tests.saying import refusing

TOWN = shapely.box(0, 0, 2000, 2000)
ROUND = shapely.Point(1000, 1000).buffer(700)


@pytest.fixture(scope="module")
def dask() -> Iterator[Cluster]:
    with dask_cluster(workers=2) as started:
        yield started


@pytest.fixture(scope="module")
def numbered() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"number": np.arange(24)}, geometry=shapely.points(np.arange(24.0), 0), crs=METRIC)


def ways(dask: Cluster) -> list[Parallelism]:
    return [Parallelism(1, dask.address), Parallelism(7, dask.address), Parallelism(2)]


def test_measuring_gives_the_same_bits_however_it_is_spread(dask):
    rows = [zone("a", "flood", ROUND, "高"), zone("b", "flood", TOWN.buffer(-300), "低")]
    grounds = lay_grounds(zones(*rows), extents(extent("flood", TOWN), extent("geological", ROUND)), BOOK, ON)
    cells = lay_cells(shapely.Point(900, 900).buffer(950), 100.0)
    for plot in (Plot(cells.geometry, 100.0), Plot(cells.geometry[::9])):
        here = measuring_here(BOOK)(plot, grounds)
        for spread in ways(dask) if plot.cell_m else ways(dask)[:2]:
            heard: list[float] = []
            there = measuring_on(spread, BOOK, METRIC, heard.append)(plot, grounds)
            assert heard == sorted(heard)
            assert heard[-1] == pytest.approx(1.0 / grading_terms(BOOK).measurings)
            for one, other in zip(here, there, strict=True):
                for name in ("area_m2", "known", "score"):
                    assert getattr(one, name).tobytes() == getattr(other, name).tobytes()


def test_opinions_are_the_same_however_they_are_spread(dask):
    chance = np.random.default_rng(5)
    corners = chance.uniform(0, 2000, (40, 2))
    sites = [
        Site(shapely.box(x, y, x + 60, y + 40), list(ProjectClass)[n % 7], name=f"项目 {n}" if n % 3 else "")
        for n, (x, y) in enumerate(corners)
    ]
    published = zones(zone("a", "flood", ROUND, "极高"), zone("b", "geological", TOWN, "低")), surveyed(), BOOK
    here = rows_of(screen_sites(sites, *published, ON))
    assert len({severity for severity, *_ in here[0]}) > 1
    for spread in ways(dask):
        assert rows_of(screen_on(spread, sites, published, on=ON)) == here


def test_many_sites_are_spread_over_the_processors_and_few_are_not(monkeypatch):
    monkeypatch.setattr(parallel, "cores", lambda: 2)
    assert spread_here(parallel.MANY_SITES - 1) == LOCAL
    assert spread_here(parallel.MANY_SITES) == Parallelism(2)
    assert spread_here(2 * parallel.SITES_A_PARTITION + 1) == Parallelism(4)
    monkeypatch.setattr(parallel, "cores", lambda: 1)
    assert spread_here(10 * parallel.MANY_SITES) == LOCAL


def test_a_file_of_many_sites_gets_the_answers_it_gets_in_one_process(town, tmp_path, monkeypatch):
    monkeypatch.setattr(parallel, "MANY_SITES", 8)
    told = {}
    for name, words in {"one": ["--partitions", "1"], "several": []}.items():
        out = tmp_path / f"{name}.csv"
        ran = CliRunner().invoke(cli, ["check", str(_twenty_sites(tmp_path)), "--out", str(out), "--json", *words])
        assert ran.exit_code == 0, ran.output
        told[name] = out.read_bytes(), json.loads(ran.stdout)["verdicts"]
    assert told["one"] == told["several"]


def test_whoever_waits_may_stop_processes_of_this_machine(numbered):
    def enough(_share):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        map_partitions(numbered, numbers_of, None, Parallelism(24), progress=enough)


def test_what_a_process_refuses_is_refused_in_the_same_words(numbered):
    with refusing(UnreadableSite, match="Site 7 covers no ground"):
        map_partitions(numbered, refuse, None, Parallelism(3))


def test_sites_with_parts_are_refused_however_they_are_spread(dask):
    plot = shapely.box(0, 0, 60, 40)
    whole = Site(plot, ProjectClass.K4, parts=(Site(plot, ProjectClass.K1),))
    for spread in ways(dask):
        with pytest.raises(UnreadableSite):
            screen_on(spread, [whole], (zones(), surveyed(), BOOK), on=ON)


def test_a_killed_worker_loses_nothing_and_doubles_nothing(dask, numbered, tmp_path):
    victim = dask.start_worker()
    try:

        def kill_when_it_works(_share):
            while victim.poll() is None:
                if any(note.name.endswith(f"-{victim.pid}") for note in tmp_path.iterdir()):
                    victim.kill()
                    victim.wait()

        spread = Parallelism(12, dask.address)
        said = map_partitions(numbered, numbers_slowly, str(tmp_path), spread, progress=kill_when_it_works)
    finally:
        victim.kill()
        victim.wait()
        dask.await_workers(2)
    assert [number for part in said for number in part] == list(range(24))
    notes = [note.name.split("-") for note in tmp_path.iterdir()]
    begun = {part for part, pid in notes if int(pid) == victim.pid}
    assert begun
    assert begun <= {part for part, pid in notes if int(pid) != victim.pid}


def test_what_a_partition_refuses_is_refused_in_the_same_words(dask, numbered):
    for spread in (LOCAL, Parallelism(3, dask.address)):
        with refusing(UnreadableSite, match="Site 7 covers no ground"):
            map_partitions(numbered, refuse, None, spread)


def test_whoever_waits_may_stop_the_cluster(dask, numbered, tmp_path):
    def enough(_share):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        map_partitions(numbered, numbers_slowly, str(tmp_path), Parallelism(24, dask.address), progress=enough)
    assert len(list(tmp_path.iterdir())) < 24


def test_workers_of_another_version_are_not_asked(dask, numbered, monkeypatch):
    other = partitions.describe_programs() | {"anzhi": "0123456789ab"}
    with refusing(ForeignWorkers, match=r"a worker runs other programs .* instead of 0123456789ab"):
        partitions._judge_as_told(numbered, (refuse, None, other))
    monkeypatch.setattr(partitions, "describe_programs", lambda: other)
    with refusing(ForeignWorkers, match=r"worker tcp://127\.0\.0\.1.*install the same version"):
        map_partitions(numbered, refuse, None, Parallelism(2, dask.address))


def test_a_scheduler_that_goes_away_ends_the_work(numbered, tmp_path, monkeypatch):
    monkeypatch.setattr(partitions, "WITHOUT_WORKERS_S", 0.1)
    monkeypatch.setattr(partitions, "CONNECT_S", 1)
    with dask_cluster(workers=1) as short_lived:

        def go_away(_share):
            short_lived.scheduler.kill()
            short_lived.workers[0].kill()

        with pytest.raises(ClusterFailed):
            map_partitions(
                numbered, numbers_slowly, str(tmp_path), Parallelism(6, short_lived.address), progress=go_away
            )


def test_a_scheduler_without_workers_is_said_to_have_none(numbered, monkeypatch):
    monkeypatch.setattr(partitions, "CONNECT_S", 1)
    with (
        LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=None) as empty,
        refusing(ClusterUnreachable, match="has no worker"),
    ):
        map_partitions(numbered, refuse, None, Parallelism(2, empty.scheduler_address))


@seeded_database("surveyed")
def flooded(deployment: Deployment) -> None:
    west = shapely.box(99.75, 39.30, 99.77, 39.32)
    publish_zones(deployment, "flood", west, grade=("极高", 1, "flood4"))
    frame = gpd.GeoDataFrame(
        {"name": ["西村"], "population": [900]}, geometry=[shapely.multipolygons([west])], crs=4490
    )
    with deployment.sessions.begin() as session:
        places.append_places(session, "villages", frame)


@pytest.fixture
def town(deployment, flooded, monkeypatch):
    monkeypatch.setenv("ANZHI_DATABASE_URL", deployment.url)


def test_a_grid_graded_by_a_cluster_is_the_same_run(dask, deployment, town):
    digests = set()
    for spread in (LOCAL, Parallelism(5, dask.address)):
        with deployment.sessions.begin() as session:
            run = grade_town(Work(session, deployment), GradingOrder("grid", "officer", 100.0, spread=spread))
            digests.add((run.results_digest, run.inputs_digest, run.area_count))
    assert len(digests) == 1


def _twenty_sites(folder: Path) -> Path:
    shapes = [shapely.box(99.745 + n / 1000, 39.31, 99.7455 + n / 1000, 39.3105) for n in range(20)]
    sites = gpd.GeoDataFrame({"name": [f"s{n}" for n in range(20)], "project_class": "K4"}, geometry=shapes, crs=4490)
    sites.to_file(folder / "sites.gpkg")
    return folder / "sites.gpkg"


def test_a_file_checked_by_a_cluster_gets_the_same_answers(dask, town, tmp_path):
    sites, told = _twenty_sites(tmp_path), {}
    for name, words in {"here": [], "there": ["--cluster", dask.address, "--partitions", "3"]}.items():
        out = tmp_path / f"{name}.csv"
        ran = CliRunner().invoke(cli, ["check", str(sites), "--out", str(out), "--json", *words])
        assert ran.exit_code == 0, ran.output
        told[name] = out.read_bytes(), json.loads(ran.stdout)["verdicts"]
    assert told["here"] == told["there"]


def test_a_cluster_that_does_not_answer_leaves_nothing_half_written(deployment, town, tmp_path, monkeypatch):
    monkeypatch.setattr(partitions, "CONNECT_S", 0.5)
    away, out = ["--cluster", "tcp://127.0.0.1:9"], tmp_path / "out.csv"
    gpd.GeoDataFrame({"project_class": ["K4"]}, geometry=[shapely.box(99.75, 39.3, 99.751, 39.301)], crs=4490).to_file(
        tmp_path / "sites.gpkg"
    )
    for words in (["grade"], ["grade", "--unit", "grid"], ["check", str(tmp_path / "sites.gpkg"), "--out", str(out)]):
        ran = CliRunner().invoke(cli, [*words, *away])
        assert isinstance(ran.exception, ClusterUnreachable)
        assert "tcp://127.0.0.1:9" in str(ran.exception)
    assert not out.exists()
    with deployment.sessions() as session:
        assert runs.count_runs(session, None) == 0
