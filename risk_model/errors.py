"""Errors in judgement. The message says what to do next; nothing here knows of HTTP."""

from collections.abc import Sequence
from typing import Any

from risk_model.message import Message, msg


class RiskModelError(Exception):
    """Base of every error this package raises."""


class InvalidRule(RiskModelError):
    """A rule file is wrong; the message names the file, the rule and the mend."""


class UnknownGrade(RiskModelError):
    """A grade word or rank that its scheme does not have."""


class UnknownScheme(RiskModelError):
    """A grade scheme the rulebook does not have."""


class UnknownHazard(RiskModelError):
    """A hazard key the rulebook does not have."""


class UnreadableSite(RiskModelError):
    """A site that cannot be judged: empty, or of a geometry type that has no footprint."""


class UnsoundWeights(RiskModelError):
    """Weights that cannot be had from what was given: contradictory judgements, or figures that tell nothing."""


class UnsoundBreaks(RiskModelError):
    """Class breaks that do not fall, or more classes than a scheme has grades."""


class InvalidAssessment(RiskModelError):
    """A figure of an assessment or an inventory that its method does not know; it is never rounded to one it does."""


class ChangeRefused(RiskModelError):
    """A local change that may not be made: ``article`` and ``field`` say what, ``why`` and the message why."""

    def __init__(self, article: str, field: str, why: Message) -> None:
        super().__init__(
            msg("{article} · {field}：{why}", article=article, field=field, why=why)
            if field
            else msg("{article}：{why}", article=article, why=why)
        )
        self.article, self.field, self.why = article, field, why


class StepNotAllowed(RiskModelError):
    """A step that does not lead on from here: ``allowed`` are the keys of those that do."""

    def __init__(self, step: str, state: str | None, allowed: Sequence[tuple[str, Message]]) -> None:
        names = [name for _, name in allowed]
        super().__init__(
            msg("此时不能这样办理；现在可以：{allowed}", allowed=names) if names else msg("这件事已经了结，不能再办理")
        )
        self.step, self.state, self.allowed = step, state, tuple(key for key, _ in allowed)


class PersonExcluded(RiskModelError):
    """A step by somebody who may not take it because of what they did, or did not do, before."""

    def __init__(self, step: str, name: Message) -> None:
        super().__init__(msg("「{step}」须由另一位有权限的人办理", step=name))
        self.step = step


class StepIncomplete(RiskModelError):
    """A step without what must be there for it: ``missing`` names that."""

    def __init__(self, name: Message, missing: Sequence[str]) -> None:
        super().__init__(msg("「{step}」还缺少：{missing}", step=name, missing=list(missing)))
        self.missing = tuple(missing)


class _AtAPlace(RiskModelError):
    """Trouble at a ``place``: a point in the metric CRS, None where it has none."""

    def __init__(self, why: Message, place: Any | None) -> None:
        super().__init__(why)
        self.place = place


class ZoneNotCut(_AtAPlace):
    """A line that cuts no zone; ``place`` is the end of it that stays inside, or its middle where it misses all."""


class ZonesApart(_AtAPlace):
    """Zones that do not hang together and so cannot become one; ``place`` lies in one that is apart."""


class ZonesUnsound(_AtAPlace):
    """Zones whose outlines overlap or cross themselves where an edit needs them clean; ``place`` says where."""


class FixRefused(_AtAPlace):
    """A problem that cannot be mended in the way asked for; ``place`` is that of the problem."""


class DifferenceMisplaced(RiskModelError):
    """Differences laid on a state of the zones they were not found from."""
