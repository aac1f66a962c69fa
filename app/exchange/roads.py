"""Import of roads told in order: inspected at the gate, what is known already refused, kept, named, the network they make looked over, one transaction."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import shapely

from app.exchange.registers import audit_import, placed
from app.intake.receipts import enter, take_in
from app.judgement.road_network import find_network
from app.platform.work import Work
from gis_layers.crs import to_storage
from gis_layers.exchange import Delivery, Problem, ReadingOptions, read_roads
from gis_layers.roads import ConnectivityFault, find_faults
from gis_layers.stores import places
from gis_layers.stores.gazetteer import refresh_names
from risk_model.codes import code_name, enumeration
from risk_model.message import msg
from risk_model.shapes import as_array

ROADS = "roads"


def import_roads(work: Work, path: Path, options: ReadingOptions, *, author: str) -> Delivery:
    """Load roads beside those there are; a road that is drawn alike already is refused, so that a file may come twice."""
    taken = take_in(work.deployment, path, options)
    delivery = _without_known(read_roads(path, placed(work, options)), places.read_places(work.session, ROADS))
    if not delivery.frame.empty:
        places.append_places(work.session, ROADS, delivery.frame.drop(columns="feature"))
        refresh_names(work.session, work.settings.metric_crs)
        audit_import(work.session, author, ROADS, path, delivery.report)
        delivery = _looked_over(work, delivery)
    enter(work.session, taken, delivery.report, layers=[ROADS], by=author)
    return delivery


def _looked_over(work: Work, delivery: Delivery) -> Delivery:
    """The delivery with a line for each kind of fault the network has with it: read before anybody drives on it."""
    network = find_network(work)
    faults = [] if network is None else find_faults(network)
    worst = {fault.kind: fault for fault in reversed(faults)}
    counts = Counter(fault.kind for fault in faults)
    said = [
        Problem(None, msg("路网检查：{kind} {n} 处", kind=code_name("connectivity", kind), n=counts[kind]), _place_of(work, worst[kind]), _LOOK)
        for kind in enumeration("connectivity")
        if kind in worst
    ]  # fmt: skip
    return replace(delivery, report=replace(delivery.report, problems=(*delivery.report.problems, *said)))


def _place_of(work: Work, fault: ConnectivityFault) -> tuple[float, float]:
    (at,) = to_storage(as_array([fault.at]), work.settings.metric_crs)
    return float(at.x), float(at.y)


def _without_known(delivery: Delivery, known: gpd.GeoDataFrame) -> Delivery:
    """The delivery without features all of whose lines stand on record, drawn in whichever direction."""
    if delivery.frame.empty:
        return delivery
    before = set(shapely.to_wkb(shapely.normalize(known.geometry.to_numpy())))
    frame = delivery.frame
    is_known = [line in before for line in shapely.to_wkb(shapely.normalize(frame.geometry.to_numpy()))]
    whole = frame.assign(is_known=is_known).groupby("feature")["is_known"].all()
    twice = whole.index[whole]
    firsts = frame[frame["feature"].isin(twice)].drop_duplicates("feature")
    problems = [
        Problem(int(feature), msg("这条道路已经登记，线形相同"), (line.coords[0][0], line.coords[0][1]), _ONCE)
        for feature, line in zip(firsts["feature"], firsts.geometry, strict=True)
    ]
    return replace(delivery, frame=frame[~frame["feature"].isin(twice)], report=delivery.report.refusing(problems))


_LOOK = "在“路网检查”页（/dispatch/roads）上逐处查看；是测绘遗漏的，修正后重新导入"
_ONCE = "已经登记，没有重复导入；线形有变化时导入新的线"
