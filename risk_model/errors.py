"""Errors in judgement. The message says what to do next; nothing here knows of HTTP."""

from risk_model.message import bilingual, msg


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
    """A local change that may not be made: ``article`` and ``field`` say what, the message (and ``why_en``) why."""

    def __init__(self, article: str, field: str, why: str, why_en: str) -> None:
        both = bilingual(why, why_en)
        super().__init__(
            msg("{article} · {field}：{why}", article=article, field=field, why=both)
            if field
            else msg("{article}：{why}", article=article, why=both)
        )
        self.article, self.field, self.why, self.why_en = article, field, why, why_en
