"""Refusals by the database, told as the field that is wrong and what to do: one table for every door."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg2
from sqlalchemy.exc import StatementError

from gis_layers.errors import GisError
from risk_model.message import Message, msg

REFUSING = (StatementError, psycopg2.Error)
"""What comes up where the database refuses: by statements, and by COPY, which the driver answers itself."""

WORD = msg("不是可用的词；可用的词见接口说明")
NEGATIVE = msg("数量不能小于 0；楼层从 1 起")
UNSOUND = msg("图形无效、为空或超出经纬度范围；请改正后重交")
TAKEN = msg("已经登记过，不能重复；请换一个，或修改已有的那一条")
GONE = msg("所指的对象不存在或刚被删除；请重新查询后再试")
BLANK = msg("不能空着，也不能只有空格")
MISSING = msg("缺少这个值，不能保存")
AT_ONCE = msg("别人刚做了同样的事；请重新读取后再试")
CONTRADICTION = msg("与同一条的其他内容矛盾；请核对状态、等级和日期")
KEPT = msg("这类记录只增不改；请新增一条")
TOO_LARGE = msg("数字太大，存不下")
UNSTORABLE = msg("含有不能保存的字符或数值；请检查后重试")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Fault and the ``field`` it is in, named as requests name it; None where no one field is to blame.

    ``conflict``: the request is sound by itself and only comes against what is stored.
    """

    field: str | None
    message: Message
    conflict: bool = False

    @property
    def code(self) -> str:
        """The reason as programs read it; ``schema`` where the description of the request could have said so."""
        if self.conflict:
            return "taken" if self.message == TAKEN else "overtaken"
        return {UNSOUND: "geometry", TOO_LARGE: "storable", UNSTORABLE: "storable"}.get(self.message, "schema")


class RefusedByDatabase(GisError):
    """A write the database refused; ``refusal`` names the field."""

    def __init__(self, refusal: Refusal) -> None:
        told = msg("{field}：{trouble}", field=refusal.field, trouble=refusal.message)
        super().__init__(told if refusal.field else refusal.message)
        self.refusal = refusal


CONSTRAINTS: tuple[tuple[str, Refusal], ...] = (
    ("uq_accounts_username", Refusal("username", TAKEN, conflict=True)),
    ("uq_hidden_dangers_code", Refusal("code", TAKEN, conflict=True)),
    ("uq_inspections_.+", Refusal("day", TAKEN, conflict=True)),
    ("uq_place_names_.+", Refusal("alias", TAKEN, conflict=True)),
    ("ix_place_names_of_the_register", Refusal("code", TAKEN, conflict=True)),
    ("uq_unit_sets_name", Refusal("name", TAKEN, conflict=True)),
    ("uq_unit_polygons_.+", Refusal("code", TAKEN, conflict=True)),
    ("uq_regional_assessments_number", Refusal("number", TAKEN, conflict=True)),
    ("ck_regional_assessments_number_given", Refusal("number", BLANK)),
    ("ck_regional_assessments_kinds_given", Refusal("kinds", MISSING)),
    ("ck_regional_assessments_days_in_order", Refusal("valid_to", CONTRADICTION)),
    ("uq_villages_code", Refusal("code", TAKEN, conflict=True)),
    ("uq_draft_zones_draft_id_zone_id", Refusal("zone", TAKEN, conflict=True)),
    ("pk_editions|ix_zone_versions_one_in_force|uq_zone_versions_.+", Refusal(None, AT_ONCE, conflict=True)),
    ("pk_rulebook_versions|uq_rulebook_versions_proposal_id", Refusal(None, AT_ONCE, conflict=True)),
    ("pk_failed_sign_ins", Refusal("username", AT_ONCE, conflict=True)),
    ("ix_hidden_danger_acts_one_notice", Refusal(None, AT_ONCE, conflict=True)),
    ("fk_hidden_dangers_enterprise_id", Refusal("enterprise_id", GONE, conflict=True)),
    ("fk_(inspections|risk_points)_enterprise_id", Refusal("number", GONE, conflict=True)),
    ("fk_forces_station_id", Refusal("station_id", GONE, conflict=True)),
    ("fk_rulebook_(proposals|versions)_equal_to|ck_rulebook_versions_equal_to_an_older_one", Refusal("equal_to", GONE)),
    ("fk_(unit_polygons|grading_runs)_set_id", Refusal("set", GONE, conflict=True)),
    ("fk_grading_runs_edition", Refusal(None, AT_ONCE, conflict=True)),
    (".+_geometry_sound|ck_place_names_position_within_its_box", Refusal("geometry", UNSOUND)),
    ("ck_accounts_area_sound", Refusal("area", UNSOUND)),
    ("ck_(constraint_surveys|surveyed_layers)_extent_sound", Refusal("extent", UNSOUND)),
    ("ck_surveyed_layers_office_given", Refusal("office", BLANK)),
    ("ck_surveyed_layers_valid_after_survey", Refusal("valid_until", CONTRADICTION)),
    ("ck_surveyed_layers_max_age_in_bounds", Refusal("max_age_days", TOO_LARGE)),
    ("ck_accounts_role_known|ck_tokens_role_known", Refusal("role", WORD)),
    ("ck_accounts_hazards_named", Refusal("hazards", WORD)),
    ("ck_enterprises_(base_grade|declared_grade)_known", Refusal("base_grade", WORD)),
    ("ck_enterprises_declared_hazard_level_known", Refusal("major_hazard_level", WORD)),
    ("ck_enterprises_sector_known", Refusal("sector", WORD)),
    ("ck_enterprises_size_known", Refusal("size", WORD)),
    ("ck_facilities_shelter_term_known", Refusal("shelter_term", WORD)),
    ("ck_(forces|stations)_duty_known", Refusal("duty", WORD)),
    ("ck_(constraint_areas|constraint_surveys|facilities|forces|stations)_kind_known", Refusal("kind", WORD)),
    ("ck_hidden_dangers_channel_known", Refusal("channel", WORD)),
    ("ck_hidden_dangers_supervision_known", Refusal("supervision", WORD)),
    ("ck_(hidden_dangers|forces)_state_known", Refusal("state", WORD)),
    ("ck_projects_class_known", Refusal("project_class", WORD)),
    ("ck_projects_seismic_class_known", Refusal("seismic_class", WORD)),
    ("ck_forces_(capabilities_are_words|unknown_capabilities_are_capabilities)", Refusal("capabilities", WORD)),
    ("ck_stations_provisions_known", Refusal("provisions", WORD)),
    ("ck_forces_team_level_known", Refusal("team_level", WORD)),
    ("ck_forces_equipment_is_a_list", Refusal("equipment", WORD)),
    ("ck_enterprises_inventory_is_a_list", Refusal("inventory", WORD)),
    ("ck_risk_points_(figures_of_the_method|conditions_are_a_list|conditions_of_a_diagnosis)", Refusal("risk_points", WORD)),
    ("ck_enterprises_staff_counted", Refusal("staff", NEGATIVE)),
    ("ck_(forces_crew_and_turnout|stations_crew)_counted", Refusal("crew", NEGATIVE)),
    ("ck_facilities_size_counted", Refusal("capacity", NEGATIVE)),
    ("ck_(villages|unit_polygons)_population_counted|ck_village_groups_people_counted", Refusal("population", NEGATIVE)),
    ("ck_roads_oneway_known", Refusal("oneway", WORD)),
    ("ck_roads_speed_driven", Refusal("speed_kmh", CONTRADICTION)),
    ("ck_roads_length_measured", Refusal("length_m", NEGATIVE)),
    ("ck_closures_kind_known", Refusal("kind", WORD)),
    ("ck_closures_share_left_where_slowed", Refusal("share_left", CONTRADICTION)),
    ("ck_closures_reason_given", Refusal("reason", BLANK)),
    ("ck_closures_reporter_given", Refusal("reporter", BLANK)),
    ("ck_closures_review_after_opening", Refusal("review_at", CONTRADICTION)),
    ("ck_incidents_(kind|level|converted_from)_known", Refusal("kind", WORD)),
    ("ck_incidents_said_given", Refusal("said", BLANK)),
    ("ck_incidents_reporter_given", Refusal("reported_by", BLANK)),
    ("ck_incidents_(wind_from_a_bearing|danger_measured)", Refusal("danger_m", NEGATIVE)),
    ("ck_incidents_danger_sound", Refusal("danger", CONTRADICTION)),
    ("ck_incidents_closed_after_it_occurred", Refusal("occurred_at", CONTRADICTION)),
    ("uq_assignments_force_taken", Refusal("force", TAKEN, conflict=True)),
    ("ck_duty_shifts_ends_after_it_begins", Refusal("ends_at", CONTRADICTION)),
    ("ck_duty_shifts_somebody_on_duty", Refusal("officer", BLANK)),
    ("ck_village_contacts_role_known", Refusal("role", WORD)),
    ("ck_village_contacts_name_given", Refusal("name", BLANK)),
    ("ck_buildings_floors_counted", Refusal("floors", NEGATIVE)),
    ("ck_buildings_households_counted", Refusal("households", NEGATIVE)),
    ("ck_grading_runs_cell_has_a_size|ck_grading_runs_cell_of_a_grid", Refusal("cell_m", CONTRADICTION)),
    ("ck_grading_runs_set_of_polygons", Refusal("set", CONTRADICTION)),
    ("ck_grading_runs_unit_known", Refusal("unit", WORD)),
    ("ck_hidden_dangers_(closed|proven)_on_a_day|ck_hidden_dangers_days_in_order", Refusal("state", CONTRADICTION)),
    ("ck_hidden_dangers_(deadline|general|major)_where_.+|ck_hidden_dangers_level_known", Refusal("state", CONTRADICTION)),
    ("ck_incidents_rescue_level_known", Refusal("rescue_level", WORD)),
    ("ck_(draft_zones|zone_versions)_corridor_kind_known", Refusal("corridor_kind", WORD)),
    ("ck_(draft_zones|zone_versions)_grade_with_its_scheme", Refusal("grade", CONTRADICTION)),
    ("uq_geohazard_sites_code", Refusal("code", TAKEN, conflict=True)),
    ("ck_geohazard_sites_kind_known", Refusal("kind", WORD)),
    ("ck_geohazard_sites_state_known", Refusal("state", WORD)),
    ("ck_geohazard_sites_name_given", Refusal("name", BLANK)),
    ("ck_geohazard_sites_code_given", Refusal("code", BLANK)),
    ("ck_geohazard_sites_people_counted", Refusal("people", NEGATIVE)),
    ("ck_geohazard_sites_struck_off_(on_a_day|by_a_document)", Refusal("struck_off_on", CONTRADICTION)),
    ("ck_geohazard_sites_days_in_order", Refusal("struck_off_on", CONTRADICTION)),
    ("uq_zone_documents_hazard_product_number", Refusal("number", TAKEN, conflict=True)),
    ("ck_zone_documents_kind_known", Refusal("kind", WORD)),
    ("ck_zone_documents_level_known", Refusal("level", WORD)),
    ("ck_zone_documents_secrecy_known", Refusal("secrecy", WORD)),
    ("ck_zone_documents_title_given", Refusal("title", BLANK)),
    ("ck_zone_documents_number_given", Refusal("number", BLANK)),
    ("ck_zone_documents_authority_given", Refusal("authority", BLANK)),
    ("ck_drafts_standing_known", Refusal("standing", WORD)),
    ("ck_accounts_username_folded", Refusal("username", UNSTORABLE)),
    ("ck_accounts_display_name_given", Refusal("display_name", BLANK)),
    ("ck_place_names_(name_not_empty|words_framed)", Refusal("name", BLANK)),
    ("ck_unit_sets_named", Refusal("name", BLANK)),
    ("ck_unit_sets_something_in_it", Refusal("file", MISSING)),
    ("ck_guidance_baselines_named_with_a_reason", Refusal("reason", BLANK)),
    ("ck_(editions|rulebook_proposals|rulebook_versions)_reason_given", Refusal("reason", BLANK)),
    ("ck_decision_steps_returned_with_a_comment", Refusal("comment", BLANK)),
    ("ck_rulebook_proposals_something_proposed", Refusal("steps", MISSING)),
    ("ck_(decisions|rulebook_versions)_(four_eyes|withdrawn_by_its_author)", Refusal(None, AT_ONCE, conflict=True)),
)  # fmt: skip
"""Every constraint a request or a delivery can meet, by the whole of its name."""

UNMET: tuple[tuple[str, str], ...] = (
    ("(ck|fk|uq)_checks_.+|ck_check_counters_.+|ck_check_answers_.+|(ck|fk|uq)_kept_papers_.+|ck_audit_days_.+", "numbered, counted and hashed by the service"),
    ("ck_receipts_.+|fk_receipts_draft_id", "counted, hashed and named by the service of a file that was loaded"),
    ("pk_(?!editions|rulebook_versions|failed_sign_ins).+|alembic_version_pkc", "keys are numbered by the database, or one row replaces the other"),
    ("uq_(first_admin_links|sessions|tokens)_digest|ck_(first_admin_links|sessions|known_clients)_.+", "digests, tokens and moments are made by the service"),
    ("fk_(sessions|known_clients)_account_id", "accounts are disabled, never deleted"),
    ("ck_accounts_(only_demo_without_password|password_is_hashed)", "hashes are made by the service"),
    ("ck_failed_sign_ins_.+", "failures are counted by the service"),
    ("(ck|fk|uq)_jobs?_.+|fk_job_files_job_id|ck_job_files_role_known", "states and turns of a job and the names of its files are given by the service"),
    ("(fk|uq)_graded_areas_.+|ck_graded_areas_(?!geometry_sound).+|ck_grading_runs_(ended_after_it_started|something_graded)", "written by a grading run of its own results"),
    ("ck_enterprise_grades_.+|ck_enterprises_(effective_grade_known|effective_where_base|major_hazard_level_known|version_counted)", "reckoned by the rules, never handed in"),
    ("ck_(hidden_dangers|facilities|projects|closures|stations|forces)_version_counted|ck_closures_lifted_by_somebody", "counted and signed by the service"),
    ("ck_(incidents|assignments|duty_shifts|village_contacts)_version_counted|ck_incidents_closed_by_somebody|ck_duty_shifts_((handed|taken)_by_somebody|signed_by_two)|ck_village_contacts_retired_by_somebody", "counted and signed by the service"),
    ("(ck|fk)_assignments_(?!version_counted).+|(ck|fk)_dispatch_log_.+", "states, authorities and entries of the log are written by the service of what it holds"),
    ("(ck|fk)_hidden_danger_acts_.+", "acts and notices, written by the service"),
    ("(ck|fk|uq)_(siting_reviews|(struck_)?review_(requests|opinions|conditions|notices|withdrawals|documents))_(?!geometry_sound).+", "what a review holds is checked by the service before it is written, numbered under a lock, and never deleted"),
    ("ck_place_names_(kind_known|source_known|position_of_the_register)", "names are written from registers that stand, or for a place that was found"),
    ("ck_basemap_pictures_.+", "painted by the service"),
    ("ck_guidance_baselines_figures_by_village", "figures are reckoned by the service"),
    ("fk_guidance_baselines_.+", "a baseline is kept of a run read in the same transaction; runs are never deleted"),
    ("fk_constraint_(areas|ground)_survey_id|fk_(draft_zones|surveyed_ground|surveyed_layers|zone_lineage|zone_versions|drafts)_.+", "written in one transaction with what they point to, which is never deleted"),
    ("ck_(constraint_surveys|surveyed_layers)_(extent_kind_known|extent_unless_zones|editions_in_order)", "the kind of an extent is read before anything is written"),
    ("ck_(draft_zones_op_known|drafts_edition_when_published|drafts_state_known|editions_number_positive|zone_versions_editions_in_order)", "steps of a publication, numbered by the service"),
    ("fk_draft_documents_.+", "documents are looked up before a draft names them, and never deleted"),
    ("ck_(zone_documents|geohazard_sites)_version_counted", "counted by the service"),
    ("(ck|fk)_geohazard_site_acts_.+", "acts and patrols, written by the service"),
    ("(ck|fk|uq)_draft_(edits|edit_zones|lineage|presences|papers|impacts)_.+|ck_drafts_version_counted", "edits are numbered and kept whole by the service"),
    ("ck_deputies_.+", "days in order and two people, checked by the service that appoints"),
    ("(ck|fk|uq)_decision(s|_steps)_(?!four_eyes|withdrawn_by_its_author|returned_with_a_comment).+|ck_rulebook_versions_(number_positive|proposed_by_somebody)|fk_rulebook_versions_(fingerprint|proposal_id)", "steps of a decision, written by the service"),
)  # fmt: skip
"""Constraints no request can meet, each with the reason: where one is met, the program is wrong, and says so."""


def find_refusal(constraint: str) -> Refusal | None:
    """Refusal by the constraint of this name; None for one that no request can meet."""
    return next((refusal for pattern, refusal in CONSTRAINTS if re.fullmatch(pattern, constraint)), None)


def explain(error: BaseException) -> Refusal | None:
    """Fault of a request that the database refused; None where the fault is not the request's."""
    cause: Any = error.orig if isinstance(error, StatementError) else error
    if isinstance(cause, psycopg2.IntegrityError):
        return _of_constraint(cause.diag)
    if isinstance(cause, psycopg2.errors.RaiseException):
        return Refusal(None, KEPT, conflict=True)
    if isinstance(cause, psycopg2.errors.NumericValueOutOfRange):
        return Refusal(None, TOO_LARGE)
    if isinstance(cause, psycopg2.DataError):
        return Refusal(cause.diag.column_name, UNSTORABLE)
    return Refusal(None, UNSTORABLE) if isinstance(cause, UnicodeError | OverflowError) else None


def _of_constraint(told: Any) -> Refusal | None:
    if told.constraint_name:
        return find_refusal(told.constraint_name)
    if told.column_name:
        return Refusal({"geom": "geometry"}.get(told.column_name, told.column_name), MISSING)
    return Refusal(None, KEPT, conflict=True)


@contextmanager
def refusals_named() -> Iterator[None]:
    """Raises RefusedByDatabase instead of what the driver raised, where the request is to blame."""
    try:
        yield
    except REFUSING as error:
        refusal = explain(error)
        if refusal is None:
            raise
        raise RefusedByDatabase(refusal) from error
