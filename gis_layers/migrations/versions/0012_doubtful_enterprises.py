"""A plant nobody could identify is not low risk: its grade in force may be none where its base is blue."""

from alembic import op

revision = "0012"
down_revision = "0011"

BEFORE = {
    ("enterprise_grades", "effective_of_base_and_overlay"): (
        "(effective_grade IS NULL) = (base_grade IS NULL AND overlay_grade IS NULL)"
    ),
    ("enterprises", "effective_where_base"): "base_grade IS NULL OR effective_grade IS NOT NULL",
}
AFTER = {
    ("enterprise_grades", "effective_of_base_and_overlay"): (
        "CASE WHEN effective_grade IS NULL THEN coalesce(base_grade, 'blue') = 'blue' AND "
        "coalesce(overlay_grade, 'blue') = 'blue' ELSE base_grade IS NOT NULL OR overlay_grade IS NOT NULL END"
    ),
    ("enterprises", "effective_where_base"): "coalesce(base_grade, 'blue') = 'blue' OR effective_grade IS NOT NULL",
}


def upgrade() -> None:
    _check(AFTER)


def downgrade() -> None:
    _check(BEFORE)


def _check(conditions: dict[tuple[str, str], str]) -> None:
    for (table, name), condition in conditions.items():
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
