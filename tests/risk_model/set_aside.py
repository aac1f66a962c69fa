"""Land set aside for tests: areas of farmland and redline with what was surveyed of each."""

import shapely

from risk_model.siting import review_site, review_sites
from risk_model.vocabulary import ConstraintSet, ProjectClass, Site
from tests.risk_model.ground import BOOK, FIELD, ON, WIDE, extent, extents, surveyed, zone, zones

KINDS = ("farmland", "ecological_redline")


def area(kind, geometry, name="一号地", number=1):
    return zone(str(number), kind, geometry, product="area", name=name, version=0, extent_id=KINDS.index(kind) + 1)


def survey(kind, geometry=WIDE, *, own=False):
    return extent(kind, geometry, product="area", own=own, number=KINDS.index(kind) + 1)


def set_aside(*areas, surveys=None):
    """Areas; every kind surveyed far around unless ``surveys`` says otherwise."""
    told = [survey(kind) for kind in KINDS] if surveys is None else surveys
    return ConstraintSet(zones(*areas), extents(*told))


def told(land, geometry=FIELD, project_class="K4", *, rows=(), ground=None, book=BOOK, building=None):
    """The opinion on one site among zones ``rows`` and the land set aside ``land``."""
    one = Site(geometry, ProjectClass(project_class), building_type=building)
    return review_site(one, zones(*rows), ground or surveyed(), book, ON, constraints=land)


def told_of_many(land, sites, *, rows=()):
    return review_sites(sites, zones(*rows), surveyed(), BOOK, ON, constraints=land, threads=1)


def box(x, y, width, height):
    return shapely.box(x, y, x + width, y + height)
