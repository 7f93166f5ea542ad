"""How Alembic reaches the database: the connection, with its transaction, is handed in by `store.engine.migrate`."""

from alembic import context

from talus_host.store import schema_pages  # noqa: F401  its tables are of the same database
from talus_host.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
