"""Word files: the sentences of a paper set into a template, ours or the office's own, which may place words and do nothing else."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Final

from jinja2 import StrictUndefined
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.platform.errors import Refused
from app.reports import phrases
from app.reports.evidence_rows import record_words, rows_of
from app.reports.paper import Paper
from app.reports.picture import MAP, detail_name
from app.reports.word_file import packed
from app.reports.word_lists import (
    CELLS,
    Words,
    all_lists,
    appendix_lists,
    badge_words,
    duty_lists,
    evidence_rows,
    unknown_lists,
)
from risk_model.message import Message, msg

UNREADABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
PICTURE_CM: Final = 17.0
CODE_CM: Final = 2.4
DETAIL_CM: Final = 8.4
PICTURES: Final = frozenset({"picture", "code", "details"})
MUST: Final = frozenset({"number", "title", "verdict", "reasons", "lists", "rows", "disclaimer", "profile"})
"""What no paper may leave out, whoever laid it out."""
IN_A_ROW: Final = frozenset({"lists", "rows"})
APART: Final = frozenset({"unknown", "duties", "concerned", "appendix"})
"""What stands for the fields ``IN_A_ROW`` where the long lists go to an appendix."""
_STAGE: Final = ("visit", "date", "who", "words")
SAMPLE: Final[Mapping[str, Words]] = {
    **dict.fromkeys(("house", "number", "disclaimer", "profile", "heading", "synthetic", "title", "about"), "…"),
    **dict.fromkeys(("record", "verdict", "evidence", "grounds_heading", "appendix_heading", "details_heading"), "…"),
    "reasons": ["…"],
    **{name: [{"heading": "…", "rows": ["…"]}] for name in ("lists", "unknown", "duties", "appendix")},
    "columns": ["…"] * len(CELLS),
    **{name: [dict.fromkeys(CELLS, "…")] for name in ("rows", "concerned")},
    "firmness": {"heading": "…", "steps": "…"},
    "grounds": [{"name": "…", "words": "…"}],
    "signed_by": ["…"],
    "visits": {
        "heading": "…",
        "facts": [{"name": "…", "words": "…"}],
        "columns": ["…"] * len(_STAGE),
        "stages": [dict.fromkeys(_STAGE, "…")],
    },
}
"""What a template may place, all of it there: it is tried on this."""


class Placing(ImmutableSandboxedEnvironment):
    """Environment of a template that places words: it calls nothing, and sees of no object more than its words."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:  # noqa: ARG002 - as the library has it
        """Only how far a loop has come; words are items and no attributes."""
        return isinstance(obj, LoopContext) and not attr.startswith("_")

    def is_safe_callable(self, obj: object) -> bool:  # noqa: ARG002
        """Nothing is."""
        return False


def write_docx(paper: Paper, maps: Mapping[str, bytes], template: bytes) -> bytes:
    """``paper`` as a Word file laid out by ``template``, with its ``maps`` by name.

    Raises Refused for a template that cannot be used.
    """
    code = paper.recognition.picture() if paper.recognition else None
    return _placed(
        context_of(paper),
        {"picture": (maps.get(MAP), PICTURE_CM), "code": (code, CODE_CM)},
        template,
        _details(paper, maps),
    )


def _details(paper: Paper, maps: Mapping[str, bytes]) -> list[tuple[str, bytes]]:
    details = enumerate(paper.picture.details if paper.picture else ())
    return [(one.words, maps[detail_name(number)]) for number, one in details if detail_name(number) in maps]


def try_template(template: bytes) -> int:
    """Bytes of a paper of dots laid out by ``template``. Raises Refused for one that cannot be used."""
    return len(_placed(SAMPLE, {"picture": (None, PICTURE_CM), "code": (None, CODE_CM)}, template))


def _placed(
    words: Mapping[str, Words],
    pictures: Mapping[str, tuple[bytes | None, float]],
    template: bytes,
    details: Sequence[tuple[str, bytes]] = (),
) -> bytes:
    from docx.shared import Cm  # noqa: PLC0415 - loaded by whoever writes one
    from docxtpl import DocxTemplate, InlineImage  # noqa: PLC0415

    try:
        document = DocxTemplate(io.BytesIO(template))
        _hold_to_fields(document.get_undeclared_template_variables(Placing()))
        drawn = {
            name: InlineImage(document, io.BytesIO(picture), Cm(width)) if picture else ""
            for name, (picture, width) in pictures.items()
        }
        drawn["details"] = [
            {"words": UNREADABLE.sub("", said), "picture": InlineImage(document, io.BytesIO(one), Cm(DETAIL_CM))}
            for said, one in details
        ]
        document.render({**words, **drawn}, Placing(), autoescape=True)
        return packed(document)
    except Refused:
        raise
    except Exception as trouble:  # a Word file can be wrong in every way there is
        raise _broken(str(trouble)) from trouble


def _hold_to_fields(names: set[str]) -> None:
    """Raises Refused for a template without what no paper may leave out, or with a field nobody fills."""
    must = MUST - IN_A_ROW | APART if names >= APART else MUST
    if lacking := must - names:
        raise _broken(msg("缺少字段 {names}", names=", ".join(sorted(lacking))))
    if unknown := names - {*SAMPLE, *PICTURES}:
        raise _broken(msg("没有这样的字段：{names}", names=", ".join(sorted(unknown))))


def _broken(why: str) -> Refused:
    return Refused(
        msg("Word 模板不能用（{why}）；请管理员改正 ANZHI_REPORT_TEMPLATE 的文件，运行 anzhi doctor 查看", why=why),
        code="unready",
    )


def context_of(paper: Paper) -> dict[str, Words]:
    """All a template may place, in the paper's language: words, lists and tables of words."""
    opinion, say = paper.opinion, paper.say
    words: dict[str, Words] = {
        "house": say(paper.house),
        "number": paper.number or say(phrases.UNRECORDED),
        "disclaimer": say(phrases.DISCLAIMER),
        "profile": say(paper.profile),
        "heading": say(phrases.HEADING),
        "synthetic": say(phrases.SYNTHETIC) if paper.synthetic else "",
        "title": say(opinion.title),
        "about": " · ".join(say(words) for words in opinion.about),
        "record": " · ".join(say(words) for words in record_words(opinion)),
        "verdict": badge_words(opinion.badge, say) + (f" · {say(phrases.BORDERLINE)}" if opinion.borderline else ""),
        "reasons": [say(words) for words in (opinion.reason, *opinion.advice)],
        "lists": all_lists(paper),
        "unknown": unknown_lists(paper),
        "duties": duty_lists(paper),
        "evidence": f"{say(phrases.EVIDENCE)} · {say(opinion.tally)}",
        "columns": [say(words) for words in phrases.COLUMNS],
        "rows": _rows(paper),
        "concerned": evidence_rows(paper),
        "firmness": _firmness(paper),
        "grounds_heading": say(phrases.GROUNDS),
        "appendix_heading": say(phrases.APPENDIX),
        "appendix": appendix_lists(paper),
        "details_heading": say(phrases.DETAILS),
        "grounds": _grounds(paper),
        "signed_by": [say(who) for who in phrases.SIGNED_BY],
        "visits": _visits(paper),
    }
    return {name: _readable(told) for name, told in words.items()}


def _readable(told: Words) -> Words:
    """``told`` without the signs no XML can hold, all the way down."""
    if isinstance(told, str | Message):
        return UNREADABLE.sub("", str(told))
    if isinstance(told, Mapping):
        return {name: _readable(words) for name, words in told.items()}
    return [_readable(words) for words in told]


def _rows(paper: Paper) -> list[dict[str, str]]:
    rows = [row for theme in paper.opinion.themes for row in rows_of(theme)]
    return [
        {name: "\n".join(paper.say(words) for words in cell) for name, cell in zip(CELLS, row, strict=True)}
        for row in rows
    ]


def _firmness(paper: Paper) -> dict[str, str]:
    say, firmness = paper.say, paper.opinion.firmness
    if firmness is None:
        return {}
    steps = [f"{say(step.moved)}: {badge_words(step.badge, say)}" for step in firmness.steps]
    return {
        "heading": f"{say(phrases.FIRMNESS)} · {say(firmness.words)}",
        "steps": "\n".join(["; ".join(steps), *map(say, firmness.told)]),
    }


def _visits(paper: Paper) -> dict[str, Words]:
    """What is known of the visits; who came fills in the rest by hand."""
    say, visits = paper.say, paper.visits
    if visits is None:
        return {}
    return {
        "heading": say(visits.heading),
        "facts": [{"name": say(name), "words": say(words)} for name, words in visits.facts],
        "columns": [say(words) for words in visits.columns],
        "stages": [{**dict.fromkeys(_STAGE, ""), "visit": say(stage)} for stage in visits.stages],
    }


def _grounds(paper: Paper) -> list[dict[str, str]]:
    say, grounds = paper.say, paper.opinion.grounds
    pairs = [(say(grounds.edition), grounds.published), (say(grounds.rulebook), "")]
    pairs += [(say(name), say(words)) for name, words in paper.provenance]
    return [{"name": name, "words": words} for name, words in pairs]
