"""The words of joint reviews: gates, kinds of project, departments, what they say or owe, documents, where a review or a notice stands."""

from __future__ import annotations

from enum import StrEnum


class ReviewStage(StrEnum):
    """Gate of a joint review; which comes first differs by the kind of project."""

    PLANNING = "planning"
    APPROVAL = "approval"
    CONSTRUCTION = "construction"
    ACCEPTANCE = "acceptance"


class ReviewRoute(StrEnum):
    """Kind of project by the way it is permitted."""

    AUTHORISED = "authorised"
    FILED = "filed"
    GRANTED = "granted"
    RURAL_HOUSE = "rural_house"


class ReviewDepartment(StrEnum):
    """Department a joint review asks."""

    NATURAL_RESOURCES = "natural_resources"
    EMERGENCY = "emergency"
    WATER = "water"
    ECOLOGY = "ecology"
    FORESTRY = "forestry"
    AGRICULTURE = "agriculture"
    HOUSING = "housing"
    TRANSPORT = "transport"
    DEVELOPMENT_REFORM = "development_reform"
    EARTHQUAKE = "earthquake"
    FIRE = "fire"
    OTHER = "other"


class DepartmentStanding(StrEnum):
    """Standing of a department at a gate: its opinion, or that it owes one, is late, or is late where that counts as none."""

    AGREE = "agree"
    CONDITIONAL = "conditional"
    DISAGREE = "disagree"
    MORE_MATERIAL = "more_material"
    NOT_CONCERNED = "not_concerned"
    AWAITED = "awaited"
    OVERDUE = "overdue"
    SILENT = "silent"


class ReviewState(StrEnum):
    """Stage of a joint review; those of a decision are the decision."""

    OPEN = "open"
    RETURNED = "returned"
    APPROVED = "approved"
    CONDITIONAL = "conditional"
    REJECTED = "rejected"
    ANNULLED = "annulled"


class ReviewObjection(StrEnum):
    """What speaks against a decision on a review."""

    VERDICT = "verdict"
    OPINIONS_OWED = "opinions_owed"
    DEPARTMENTS_OBJECT = "departments_object"
    CONDITIONS_OPEN = "conditions_open"
    NO_NEXT_GATE = "no_next_gate"
    JUDGEMENT_PENDING = "judgement_pending"
    DOCUMENTS_LACKING = "documents_lacking"


class ReviewDocumentKind(StrEnum):
    """Kind of document kept with a review."""

    SITING_APPLICATION = "siting_application"
    RURAL_HOUSE_APPLICATION = "rural_house_application"
    SITE_BOUNDARY = "site_boundary"
    PROJECT_APPROVAL = "project_approval"
    PLANNING_CONDITIONS = "planning_conditions"
    GEOLOGICAL_ASSESSMENT = "geological_assessment"
    FLOOD_ASSESSMENT = "flood_assessment"
    PERMIT_APPLICATION = "permit_application"
    LAND_DOCUMENT = "land_document"
    DESIGN_SCHEME = "design_scheme"
    RURAL_HOUSE_PERMITS = "rural_house_permits"
    COMPLETION_RECORD = "completion_record"
    REPLY = "reply"
    SIGNED_SHEET = "signed_sheet"
    OTHER = "other"


class ReviewNoticeState(StrEnum):
    """Standing of a judgement anew that came out otherwise: taken over by a review under way, or told to the office of a decided one."""

    APPLIED = "applied"
    OPEN = "open"
    REOPENED = "reopened"
    NOTED = "noted"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
