"""Run by alembic; the connection is handed in by whoever migrates."""

from alembic import context

from desktop.models import Base
from desktop.models.migrations.render import render_item

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=render_item,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
