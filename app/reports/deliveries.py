"""资料清单: what is expected of whom, what was received and from whom, and what nobody knows without the rest."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from app.http.masking import MAY_NOT_CALL, masked_name
from app.platform.errors import NotFound
from app.platform.iso import IsoDay, IsoMoment
from app.platform.principals import Principal
from app.platform.work import Work
from gis_layers.exchange import Secrecy
from gis_layers.stores import receipts
from gis_layers.stores.records import read_facts
from risk_model.codes import enumeration
from risk_model.message import msg
from risk_model.rulebook import RuleBook

State = Literal["received", "unregistered", "waiting", "missing"]
"""Held and its file is known; held, and nobody wrote down whence; received, and nothing of it in force; never received."""

STATE_SECRETS = tuple(level.value for level in Secrecy if level.is_state_secret)
_EXPECTED = Path(__file__).with_name("expected.toml")


class DeliveryItem(TypedDict):
    """A file that was received: what it is, who provided it, what was loaded and refused; ``edition`` once it was published."""

    id: int
    at: IsoMoment
    layers: list[str]
    detail: str | None
    file: str
    size: int
    sha256: str
    features_read: int
    features_loaded: int
    features_refused: int
    provider: str | None
    document_number: str | None
    handed_over_by: str | None
    received_on: IsoDay
    classification: str | None
    imported_by: str
    draft: int | None
    edition: int | None


@dataclass(frozen=True, slots=True)
class InTwo:
    """Words in both languages."""

    chinese: str
    english: str


@dataclass(frozen=True, slots=True)
class Layer:
    """One expected layer: who is responsible for delivering it, and what its absence makes unknown."""

    key: str
    group: str
    title: InTwo
    office: InTwo
    without: InTwo
    command: str
    page: str

    @property
    def import_layer(self) -> str:
        """The code under which a page imports it; empty where nothing does yet."""
        return self.command.split()[2] if self.command else ""

    @property
    def hazard(self) -> str:
        """The hazard of zones and of the ground they were surveyed on."""
        return self.key.partition("/")[2] if self.group in ("zones", "extents") else ""


@dataclass(frozen=True, slots=True)
class Line:
    """One layer of the list: what is held of it, the file it came with last, and one that waits to be published."""

    layer: Layer
    state: State
    rows: int
    synthetic: bool
    receipt: DeliveryItem | None
    waiting: DeliveryItem | None


@dataclass(frozen=True, slots=True)
class DeliveryList:
    """资料清单: every expected layer, those of each group together."""

    lines: list[Line]

    @property
    def groups(self) -> list[tuple[str, list[Line]]]:
        """The groups that have a line, in their order."""
        keys = enumeration("delivery_group")
        grouped = [(key, [line for line in self.lines if line.layer.group == key]) for key in keys]
        return [(key, lines) for key, lines in grouped if lines]

    @property
    def counted(self) -> Counter[str]:
        """Number of lines of each state."""
        return Counter(line.state for line in self.lines)

    def line_of(self, key: str) -> Line:
        """The line of a layer. Raises NotFound."""
        found = next((line for line in self.lines if line.layer.key == key), None)
        if found is None:
            raise NotFound(msg("资料清单中没有 {layer}", layer=key))
        return found


def read_deliveries(work: Work, principal: Principal) -> DeliveryList:
    """The list as it stands; the names of people as ``principal`` may see them."""
    return DeliveryList(read_list(work, principal))


def read_list(work: Work, principal: Principal) -> list[Line]:
    """Every expected layer; the names of people as ``principal`` may see them."""
    held, latest = receipts.read_holdings(work.session), receipts.latest_receipts(work.session)
    drafted = receipts.latest_receipts(work.session, in_force=False)
    synthetic = bool(read_facts(work.session).get("synthetic"))

    def line(layer: Layer) -> Line:
        holding = held.get(layer.key, receipts.Holding(0))
        told, waiting = (
            describe(*row, principal) if row else None for row in (latest.get(layer.key), drafted.get(layer.key))
        )
        own = holding.synthetic or (synthetic and told is None and holding.rows > 0)
        return Line(layer, _state(holding.rows, told, waiting), holding.rows, own, told, waiting)

    return [line(layer) for layer in expected(work.rulebook, held)]


def expected(rulebook: RuleBook, held: Mapping[str, receipts.Holding]) -> Iterator[Layer]:
    """Expected layers: zones of every hazard the rules know, their surveyed ground where zones stand, the rest."""
    told = _document()
    of_hazards = {entry["key"]: entry for entry in told["layers"] if entry["group"] == "zones"}
    for key, hazard in rulebook.hazards.items():
        name = InTwo(hazard.name_zh, hazard.name_en)
        entry = of_hazards.get(f"zones/{key}", {})
        office = InTwo(entry.get("office_zh", "未注明"), entry.get("office_en", "not stated"))
        default = next(iter(of_hazards.values()))
        command = entry.get("command", f"anzhi import zones FILE --hazard {key} --product hazard")
        yield Layer(f"zones/{key}", "zones", name, office, _filled(default, "without", name), command, "")
        if held.get(f"zones/{key}"):
            ground = told["extents"]
            command = ground["command"].replace("{key}", key)
            words = (_filled(ground, "title", name), office, _filled(ground, "without", name))
            yield Layer(f"extent/{key}", "extents", *words, command, "")
    for entry in told["layers"]:
        if entry["group"] != "zones":
            title, office, without = (_words(entry, name) for name in ("title", "office", "without"))
            yield Layer(entry["key"], entry["group"], title, office, without, entry["command"], entry["page"])


def read_history(
    session: Session, principal: Principal, *, limit: int | None = None, offset: int = 0
) -> list[DeliveryItem]:
    """Every file that was received, newest first."""
    return [describe(*row, principal) for row in receipts.list_receipts(session, limit=limit, offset=offset)]


def describe(receipt: receipts.Receipt, edition: int | None, principal: Principal) -> DeliveryItem:
    """A file on the list in plain values, the names of people as ``principal`` may see them."""
    told: DeliveryItem = {
        "id": receipt.id,
        "at": receipt.at.isoformat(),
        "layers": list(receipt.layers),
        "detail": receipt.detail,
        "file": receipt.file_name,
        "size": receipt.file_size,
        "sha256": receipt.sha256,
        "features_read": receipt.declared,
        "features_loaded": receipt.loaded,
        "features_refused": receipt.refused,
        "provider": receipt.provider,
        "document_number": receipt.document_number,
        "handed_over_by": receipt.handed_over_by,
        "received_on": receipt.received_on.isoformat(),
        "classification": receipt.secrecy,
        "imported_by": receipt.imported_by,
        "draft": receipt.draft_id,
        "edition": edition,
    }
    return told if principal.role not in MAY_NOT_CALL else _masked(told)


def _masked(told: DeliveryItem) -> DeliveryItem:
    """The file without who handed it over and took it in: they are named to those who work here."""
    secret = told["classification"] in STATE_SECRETS
    file = "***" if secret else told["file"]
    return {**told, "handed_over_by": masked_name(told["handed_over_by"]), "imported_by": "***", "file": file}


def _state(rows: int, receipt: DeliveryItem | None, waiting: DeliveryItem | None) -> State:
    if rows:
        return "received" if receipt else "unregistered"
    return "waiting" if receipt or waiting else "missing"


@cache
def _document() -> dict[str, Any]:
    return tomllib.loads(_EXPECTED.read_text(encoding="utf-8"))


def _words(entry: Mapping[str, str], name: str) -> InTwo:
    return InTwo(entry[f"{name}_zh"], entry[f"{name}_en"])


def _filled(entry: Mapping[str, str], name: str, hazard: InTwo) -> InTwo:
    words = _words(entry, name)
    return InTwo(words.chinese.replace("{hazard}", hazard.chinese), words.english.replace("{hazard}", hazard.english))


Tell = Callable[[str], str]
"""A sentence of the interface in the reader's language."""
