"""An opinion in sentences: every word people read of it, in its order, in whichever language and on whatever paper.

All texts are sayings (``risk_model.message``): whoever shows them says them in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from risk_model.message import Message, bilingual


def as_written(text: str) -> Message:
    """A text of somebody's own, which no language changes."""
    return bilingual(text, "")


Say = Callable[[str], str]
"""Says words in the language of a reader."""


@dataclass(frozen=True, slots=True)
class Badge:
    """A word in a coloured field; ``look`` are the classes of its colours, ``sign`` the mark that needs no colour."""

    sign: str
    words: str
    look: str


@dataclass(frozen=True, slots=True)
class Recording:
    """Number, moment and maker of a check on record."""

    number: str
    moment: str
    maker: str


@dataclass(frozen=True, slots=True)
class ToldGap:
    """A theme without data; ``must``: no opinion may do without it."""

    name: str
    must: bool
    why: str


@dataclass(frozen=True, slots=True)
class ToldUnasked:
    """A theme no rule asks about, with why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class ToldCondition:
    """A condition with its rules and what each regional assessment means for it (``bearings``: kind and words)."""

    name: str
    closed: bool
    state: str
    rules: str
    bearings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ToldNote:
    """A duty pointed to and what it rests on."""

    words: str
    basis: str


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """One row of the evidence: what was met, how far, what follows by which rule."""

    name: str
    zone: str | None
    """Its zone on the map; None for an object."""
    badge: Badge | None
    measures: tuple[str, ...]
    """How far it meets the site, and what is to be known of that."""
    survey: str
    """When, at which scale and by whom it was surveyed."""
    mark: str
    follows: str
    basis: str
    rule: str | None
    rule_kind: str
    procedure: str
    outcome: Badge | str


@dataclass(frozen=True, slots=True)
class ToldTheme:
    """A theme with its findings; where it has none, ``told`` says why."""

    key: str
    name: str
    status: str
    reach: str
    told: str
    outcome: Badge | str
    findings: tuple[ToldFinding, ...]
    surveys: tuple[str, ...] = ()
    """How it was surveyed, where it is clear."""


@dataclass(frozen=True, slots=True)
class ShiftedVerdict:
    """The verdict with every boundary moved so far; ``now``: not at all."""

    moved: str
    verdict: str
    badge: Badge
    now: bool


@dataclass(frozen=True, slots=True)
class Firmness:
    """How firm the verdict is against errors of the boundaries."""

    words: str
    steps: tuple[ShiftedVerdict, ...]
    told: tuple[Message, ...] = ()
    """A sentence for each moved border that makes another verdict, and those on the zones' own scale."""


@dataclass(frozen=True, slots=True)
class ToldClass:
    """The verdict as a project of one class; ``now``: the class that was declared.

    ``own`` is that of a part of this class, where it is another than that on the whole site.
    """

    key: str
    name: str
    verdict: str
    badge: Badge
    now: bool
    own: str = ""


@dataclass(frozen=True, slots=True)
class ToldSitePart:
    """A part of the site: its class and area (``about``), its verdict and what that rests on.

    ``by_class`` is the verdict on the whole site were this part of each class; empty of checks made before it was told.
    """

    name: str
    about: tuple[str, ...]
    verdict: str
    badge: Badge
    reason: str
    by_class: tuple[ToldClass, ...] = ()


@dataclass(frozen=True, slots=True)
class ToldSiteParts:
    """The parts of a site in their order, and how the verdict of the site follows from them."""

    title: str
    parts: tuple[ToldSitePart, ...]
    note: str


@dataclass(frozen=True, slots=True)
class ToldGrounds:
    """Edition, rules and dates an opinion rests on; fingerprints whole."""

    edition: str
    published: str
    edition_fingerprint: str
    rulebook: str
    rulebook_fingerprint: str
    judged_on: str
    data_date: str


@dataclass(frozen=True, slots=True)
class ToldVisits:
    """Record of visits to a site: ``facts`` about it by name, and a table with a row for each of ``stages``."""

    heading: str
    facts: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    stages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldPlace:
    """A place to compare with: its verdict, what is to be known of it, and the themes that differ (name, at the site, there)."""

    name: str
    badge: Badge
    about: tuple[str, ...]
    differences: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ToldPlaces:
    """Places to compare with; ``none_because`` is empty where there are some, ``facts`` are the smallest move and cut by name."""

    title: str
    places: tuple[ToldPlace, ...]
    none_because: str
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    tried: str


@dataclass(frozen=True, slots=True)
class ToldPart:
    """A list of the appendix: its heading and rows, each a sentence and what is small beneath it."""

    heading: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ToldOpinion:
    """A screening opinion, from its title to what it is not."""

    title: str
    about: tuple[str, ...]
    record: Recording | None
    verdict: str
    badge: Badge
    borderline: bool
    reason: str
    advice: tuple[str, ...]
    gaps: tuple[ToldGap, ...]
    conditions: tuple[ToldCondition, ...]
    notes: tuple[ToldNote, ...]
    tally: str
    themes: tuple[ToldTheme, ...]
    firmness: Firmness | None
    grounds: ToldGrounds
    synthetic: bool
    not_asked: tuple[ToldUnasked, ...] = ()
    response: tuple[ToldNote, ...] = ()
    """Who comes there first, and what the road is worth; empty where nobody asked."""
    by_class: tuple[ToldClass, ...] = ()
    places: ToldPlaces | None = None
    appendix: tuple[ToldPart, ...] = ()
    """What is too long for two sheets, of the same themes, reasons and forces."""
    parts: ToldSiteParts | None = None
