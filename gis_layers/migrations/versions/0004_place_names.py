"""The gazetteer: names of places in every way they are typed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "place_names",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("west", sa.Double(), nullable=True),
        sa.Column("south", sa.Double(), nullable=True),
        sa.Column("east", sa.Double(), nullable=True),
        sa.Column("north", sa.Double(), nullable=True),
        sa.Column("village", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("pinyin", sa.Text(), nullable=False),
        sa.Column("initials", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('village', 'group', 'station', 'shelter', 'facility', 'enterprise', 'project', 'water', 'road', "
            "'stake')",
            name=op.f("ck_place_names_kind_known"),
        ),
        sa.CheckConstraint("source IN ('register','alias')", name=op.f("ck_place_names_source_known")),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_place_names_name_not_empty")),
        sa.CheckConstraint(
            "words ~ '^ .+ $' AND pinyin ~ '^ .+ $' AND initials ~ '^ .+ $'",
            name=op.f("ck_place_names_words_framed"),
        ),
        sa.CheckConstraint(
            "num_nulls(lon, lat, west, south, east, north) = CASE source WHEN 'alias' THEN 6 ELSE 0 END",
            name=op.f("ck_place_names_position_of_the_register"),
        ),
        sa.CheckConstraint(
            "west <= lon AND lon <= east AND south <= lat AND lat <= north "
            "AND west >= -180 AND east <= 180 AND south >= -90 AND north <= 90",
            name=op.f("ck_place_names_position_within_its_box"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_names")),
        sa.UniqueConstraint("kind", "owner", "name", "source", name=op.f("uq_place_names_kind_owner_name_source")),
    )
    op.create_index(
        "ix_place_names_of_the_register",
        "place_names",
        ["kind", "owner"],
        unique=True,
        postgresql_where="source = 'register'",
    )


def downgrade() -> None:
    op.drop_table("place_names")
