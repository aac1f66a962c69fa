"""Equipment of the forces as a view: who has an excavator is asked of one list."""

from alembic import op

revision = "0036"
down_revision = "0031"


def upgrade() -> None:
    op.execute("""
        CREATE VIEW equipment AS
        SELECT forces.id * 100000 + tool.place AS id, forces.id AS force_id, tool.entry ->> 'name' AS name,
            (tool.entry ->> 'count')::bigint AS count, forces.name AS force, forces.kind, forces.state, forces.village_code,
            forces.contact_name, forces.contact_phone, forces.last_verified, forces.synthetic, forces.geom
        FROM forces, jsonb_array_elements(forces.equipment) WITH ORDINALITY AS tool (entry, place)
    """)


def downgrade() -> None:
    op.execute("DROP VIEW equipment")
