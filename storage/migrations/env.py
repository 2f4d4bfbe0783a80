"""How alembic reaches the database: `storage.schema` hands it an open connection."""

from alembic import context

from storage import tables

context.configure(connection=context.config.attributes["connection"], target_metadata=tables.LEAD.metadata)
with context.begin_transaction():
    context.run_migrations()
