"""Alembic's environment: one transaction for the whole upgrade, geometry types understood."""

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import create_engine

from gis_layers.tables import metadata

engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "")
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_object=alembic_helpers.include_object,
        process_revision_directives=alembic_helpers.writer,
        render_item=alembic_helpers.render_item,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
